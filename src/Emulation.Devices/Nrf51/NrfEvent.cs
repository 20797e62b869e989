using Emulation.Core;

namespace Emulation.Devices;

/// <summary>An event of an <see cref="NrfPeripheral"/>.</summary>
internal sealed class NrfEvent
{
    public NrfEvent(ulong offset, string name, FlagField flag) => (Offset, Name, Flag) = (offset, name, flag);

    /// <summary>Offset of its register.</summary>
    public ulong Offset { get; }

    public string Name { get; }

    /// <summary>What the register shows.</summary>
    public FlagField Flag { get; }

    /// <summary>Its bit in INTENSET and EVTEN.</summary>
    public uint Mask => 1u << (int)((Offset - NrfPeripheral.EventBase) / 4);
}
