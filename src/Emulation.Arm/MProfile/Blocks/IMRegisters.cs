using Emulation.Core;

namespace Emulation.Arm;

/// <summary>A group of registers of the System Control Space.</summary>
internal interface IMRegisters
{
    /// <summary>Defines them.</summary>
    /// <param name="map">The System Control Space (offsets from 0xE000E000) as a Security state sees it.</param>
    /// <param name="bank">The state: 1 for Secure, 0 for Non-secure or the only one.</param>
    void Define(RegisterMap map, int bank);
}
