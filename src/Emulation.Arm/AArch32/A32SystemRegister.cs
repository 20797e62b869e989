namespace Emulation.Arm;

/// <summary>One system register of AArch32, or one operation of that space: which part of the AArch64 state it is, and what an access does.</summary>
/// <param name="Name">Operands that name it.</param>
/// <param name="Text">Its name in the manual.</param>
internal sealed record A32SystemRegister(A32SystemName Name, string Text)
{
    /// <summary>Where it is stored; null when it is made of something else.</summary>
    public SystemSlot? Slot { get; init; }

    /// <summary>The AArch64 register that it is a view of, by its encoding; 0 for none.</summary>
    public int Twin { get; init; }

    /// <summary>It is the upper half of the slot or of the AArch64 register.</summary>
    public bool IsUpper { get; init; }

    /// <summary>Bits that a write changes.</summary>
    public ulong Mask { get; init; } = ulong.MaxValue;

    /// <summary>Its value, where that is not what is stored.</summary>
    public Func<ArmCpu, ulong>? Read { get; init; }

    /// <summary>Takes a value, already cut by the mask and of the whole slot, where more is to be done than to store it.</summary>
    public Action<ArmCpu, ulong>? Write { get; init; }

    /// <summary>Whether there is a read.</summary>
    public bool IsReadable { get; init; } = true;

    /// <summary>Whether there is a write.</summary>
    public bool IsWritable { get; init; } = true;

    /// <summary>Whether User mode reads it, as far as the AArch64 register's traps allow.</summary>
    public bool UserReads { get; init; }

    /// <summary>Whether User mode writes it.</summary>
    public bool UserWrites { get; init; }

    /// <summary>What a CPU has that has the register.</summary>
    public ArmFeature Requires { get; init; } = ArmFeature.AArch32;

    /// <summary>Whether each Security state has its own, where EL3 is AArch32.</summary>
    public bool IsBanked { get; init; }

    /// <summary>Whether a CPU has it; null for always.</summary>
    public Func<ArmCpu, bool>? Exists { get; init; }

    /// <summary>Where an access traps, as <see cref="SystemRegister.Trap"/>; that of the AArch64 register applies too.</summary>
    public Func<ArmCpu, bool, int>? Trap { get; init; }

    private bool IsWide => Name.Crn == A32SystemName.Pair;

    public ulong ReadOn(ArmCpu cpu)
    {
        ulong value = Read is { } read ? read(cpu) : Twin != 0 ? SystemRegisterTable.Find(Twin)!.ReadOn(cpu) : Slot is { } slot ? cpu[slot] : 0;
        if (IsUpper)
            value >>= 32;
        return IsWide ? value : (uint)value;
    }

    public void WriteOn(ArmCpu cpu, ulong value)
    {
        ulong mask = IsWide ? Mask : (uint)Mask;
        if (IsUpper)
            (value, mask) = (value << 32, mask << 32);
        if (Twin != 0)
        {
            SystemRegister twin = SystemRegisterTable.Find(Twin)!;
            ulong before = mask == ulong.MaxValue || twin.ReadLevel == SystemRegister.Nobody ? 0 : twin.ReadOn(cpu);
            twin.WriteOn(cpu, (before & ~mask) | (value & mask));
            return;
        }

        if (Slot is { } slot)
            value = (cpu[slot] & ~mask) | (value & mask);
        if (Write is { } write)
            write(cpu, value);
        else if (Slot is { } place)
            cpu[place] = value;
    }
}
