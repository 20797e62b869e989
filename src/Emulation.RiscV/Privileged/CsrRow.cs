namespace Emulation.RiscV;

/// <summary>One control and status register: who may access it, and what an access does.</summary>
/// <param name="Number">12-bit number; bits 9:8 are the lowest privilege that may access it, bits 11:10 = 3 make it read-only.</param>
/// <param name="Name">Name in the manual.</param>
/// <param name="Read">Its value, without side effects but those of the register itself; null when reading is illegal.</param>
/// <param name="Write">Takes a value that is already cut to XLEN bits; null when writing is illegal.</param>
internal sealed record CsrRow(int Number, string Name, Func<RiscVCpu, ulong>? Read, Action<RiscVCpu, ulong>? Write = null)
{
    /// <summary>Whether a hart has it; null for always.</summary>
    public Func<PrivilegedFeatures, bool>? Exists { get; init; }

    /// <summary>Further conditions on an access (second argument: whether it writes); null for none. False raises an illegal-instruction exception.</summary>
    public Func<RiscVCpu, bool, bool>? Allows { get; init; }

    /// <summary>What set and clear instructions start from, where that is not what they return.</summary>
    public Func<RiscVCpu, ulong>? ReadForModify { get; init; }

    /// <summary>Lowest privilege that may access it.</summary>
    public PrivilegeLevel Privilege => (PrivilegeLevel)((Number >> 8) & 3);

    /// <summary>Whether the number itself forbids writing.</summary>
    public bool ReadOnly => Number >> 10 == 3;

    /// <summary>The two rows of a 64-bit register: all of it (RV64) or its low half (RV32), and the high half that only RV32 has.</summary>
    public static IEnumerable<CsrRow> Wide(
        int number,
        int highNumber,
        string name,
        Func<RiscVCpu, ulong> read,
        Action<RiscVCpu, ulong>? write,
        Func<PrivilegedFeatures, bool>? exists = null,
        Func<RiscVCpu, bool, bool>? allows = null)
    {
        Action<RiscVCpu, ulong>? low = write is null ? null : (c, v) => write(c, c.Xlen == 32 ? (read(c) & ~(ulong)uint.MaxValue) | v : v);
        Action<RiscVCpu, ulong>? high = write is null ? null : (c, v) => write(c, (read(c) & uint.MaxValue) | (v << 32));
        yield return new CsrRow(number, name, read, low) { Exists = exists, Allows = allows };
        yield return new CsrRow(highNumber, name + "h", c => read(c) >> 32, high)
        {
            Exists = f => f.Xlen == 32 && (exists is null || exists(f)),
            Allows = allows,
        };
    }
}
