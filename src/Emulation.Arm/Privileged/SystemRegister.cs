namespace Emulation.Arm;

/// <summary>One system register, or one system instruction that is encoded like one: who may access it, and what an access does.</summary>
/// <param name="Name">Name in the manual.</param>
/// <param name="Encoding">op0 &lt;&lt; 14 | op1 &lt;&lt; 11 | CRn &lt;&lt; 7 | CRm &lt;&lt; 3 | op2.</param>
internal sealed record SystemRegister(string Name, int Encoding)
{
    /// <summary>Of <see cref="ReadLevel"/> and <see cref="WriteLevel"/>: nobody.</summary>
    public const int Nobody = 4;

    /// <summary>Where it is stored; null when it is made of something else.</summary>
    public SystemSlot? Slot { get; init; }

    /// <summary>Bits that a write changes.</summary>
    public ulong Mask { get; init; } = ulong.MaxValue;

    /// <summary>Value after reset; null for 0.</summary>
    public Func<ArmCpu, ulong>? Reset { get; init; }

    /// <summary>Its value, where that is not what is stored.</summary>
    public Func<ArmCpu, ulong>? Read { get; init; }

    /// <summary>Takes a value, already cut by the mask, where more is to be done than to store it.</summary>
    public Action<ArmCpu, ulong>? Write { get; init; }

    /// <summary>Whether a CPU has it; null for always.</summary>
    public Func<ArmCpu, bool>? Exists { get; init; }

    /// <summary>Where an access (second argument: whether it writes) traps: 0 for nowhere, -1 when it is UNDEFINED, else a level.</summary>
    public Func<ArmCpu, bool, int>? Trap { get; init; }

    /// <summary>Lowest level that reads it.</summary>
    public int ReadLevel { get; init; } = LevelOf(Encoding);

    /// <summary>Lowest level that writes it.</summary>
    public int WriteLevel { get; init; } = LevelOf(Encoding);

    /// <summary>Implemented by a device: <see cref="IArmSystemRegisters"/>.</summary>
    public bool IsExternal { get; init; }

    /// <summary>Nothing but storage, which nothing looks at before the next exception or return: translated code reads and writes the slot.</summary>
    public bool IsPlain { get; init; }

    /// <summary>Only HCR_EL2.TVM and TRVM trap it.</summary>
    public bool IsVirtualMemory { get; init; }

    public int Op0 => Encoding >> 14;

    public int Op1 => (Encoding >> 11) & 7;

    public int Crn => (Encoding >> 7) & 15;

    /// <summary>Packs the fields of an encoding.</summary>
    public static int Encode(int op0, int op1, int crn, int crm, int op2) => (op0 << 14) | (op1 << 11) | (crn << 7) | (crm << 3) | op2;

    /// <summary>Puts the value after reset into the slot.</summary>
    public void ResetOn(ArmCpu cpu)
    {
        if (Slot is { } slot && Reset is { } reset && (Exists is null || Exists(cpu)))
            cpu[slot] = reset(cpu);
    }

    public ulong ReadOn(ArmCpu cpu) => Read is { } read ? read(cpu) : Slot is { } slot ? cpu[slot] : 0;

    public void WriteOn(ArmCpu cpu, ulong value)
    {
        if (Slot is { } slot)
            value = (cpu[slot] & ~Mask) | (value & Mask);
        if (Write is { } write)
            write(cpu, value);
        else if (Slot is { } place)
            cpu[place] = value;
    }

    // D17.1 "About the AArch64 System registers": op1 says the lowest level
    private static int LevelOf(int encoding) => ((encoding >> 11) & 7) switch
    {
        3 => 0,
        4 or 5 => 2,
        6 => 3,
        _ => 1,
    };
}
