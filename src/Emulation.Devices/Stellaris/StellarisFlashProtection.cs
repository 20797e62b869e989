using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Registers of the flash controller in the window of the system control: protection, microsecond count and user words. LM3S6965 data sheet, "Flash Memory Control", "System Control offset".</summary>
/// <remarks>Bits of FMPRE and FMPPE can only be cleared. Execute-only blocks can be read all the same. A commit is not remembered over a reset. Saved and reset by <see cref="StellarisFlash"/>.</remarks>
public sealed class StellarisFlashProtection
{
    internal StellarisFlashProtection(string name, GuestLog log, uint[] read, uint[] program, uint[] user)
    {
        Registers = new RegisterMap(name, log);
        Registers.Define(0x130, "FMPRE").Bits(31, 0, "READ_ENABLE", read: () => read[0], write: v => read[0] &= (uint)v);
        Registers.Define(0x134, "FMPPE").Bits(31, 0, "PROG_ENABLE", read: () => program[0], write: v => program[0] &= (uint)v);
        Registers.Define(0x140, "USECRL", 0x31).Bits(7, 0, "USEC").Ignored(31, 8);
        Registers.Define(0x1d0, "USER_DBG").Bits(31, 0, "NW, DATA, DBG1, DBG0", read: () => user[0], write: v => user[0] &= (uint)v);
        Registers.Define(0x1e0, "USER_REG0").Bits(31, 0, "NW, DATA", read: () => user[1], write: v => user[1] &= (uint)v);
        Registers.Define(0x1e4, "USER_REG1").Bits(31, 0, "NW, DATA", read: () => user[2], write: v => user[2] &= (uint)v);
        Registers.DefineMany(0x200, 4, 4, "FMPRE").Bits(31, 0, "READ_ENABLE", read: i => read[i], write: (i, v) => read[i] &= (uint)v);
        Registers.DefineMany(0x400, 4, 4, "FMPPE").Bits(31, 0, "PROG_ENABLE", read: i => program[i], write: (i, v) => program[i] &= (uint)v);
    }

    /// <summary>The registers; offsets are those of the system control.</summary>
    public RegisterMap Registers { get; }

    /// <summary>Whether an offset of the system control's window belongs here.</summary>
    /// <param name="offset">Byte offset.</param>
    public static bool Covers(ulong offset) => (offset & ~3UL) is 0x130 or 0x134 or 0x140 or 0x1d0 or 0x1e0 or 0x1e4 or (>= 0x200 and < 0x210) or (>= 0x400 and < 0x410);
}
