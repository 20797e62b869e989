using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm;

/// <summary>What the memory protection units of Armv6-M, Armv7-M and Armv8-M share: MPU_TYPE, MPU_CTRL, MPU_RNR and when regions count at all.</summary>
/// <remarks>Offsets are those of the System Control Space (0xE000E000). CPUs with the Security Extension have one unit for each security state, each in its state's register map.</remarks>
internal abstract class MpuUnit
{
    /// <summary>Offset of MPU_TYPE.</summary>
    public const ulong Offset = 0xd90;

    private readonly Action _changed;
    private readonly FlagField _enable, _inFaults, _background;
    private readonly BitField _number;

    /// <summary>Defines the common registers.</summary>
    /// <param name="map">The System Control Space, as the unit's security state sees it.</param>
    /// <param name="count">Regions: 0 for a CPU without an MPU, whose registers read as zero.</param>
    /// <param name="suffix">Of register names: "_S", "_NS" or nothing.</param>
    /// <param name="changed">Called when answers may have changed: cached translations are to be forgotten.</param>
    protected MpuUnit(RegisterMap map, int count, string suffix, Action changed)
    {
        Count = count;
        _changed = changed;
        Bases = new uint[count];
        Attributes = new uint[count];
        map.Define(Offset, "MPU_TYPE" + suffix, (ulong)count << 8).Ignored(31, 24).Bits(23, 16, "IREGION", FieldMode.ReadOnly)
            .Bits(15, 8, "DREGION", FieldMode.ReadOnly).Ignored(7, 1).Flag(0, "SEPARATE", FieldMode.ReadOnly);
        FieldMode mode = count == 0 ? FieldMode.ReadOnly : FieldMode.ReadWrite;
        map.Define(Offset + 4, "MPU_CTRL" + suffix).Reserved(31, 3).Flag(2, "PRIVDEFENA", out _background, mode)
            .Flag(1, "HFNMIENA", out _inFaults, mode).Flag(0, "ENABLE", out _enable, mode).Then(Notify);
        Register number = map.Define(Offset + 8, "MPU_RNR" + suffix).Reserved(31, 8);
        if (count == 0)
            number.Bits(7, 0, "REGION", out _number, FieldMode.ReadOnly);
        else
            number.Bits(7, 0, "REGION", out _number);
    }

    /// <summary>Regions.</summary>
    public int Count { get; }

    /// <summary>MPU_CTRL.ENABLE.</summary>
    public bool IsEnabled => _enable.Value;

    /// <summary>MPU_CTRL.HFNMIENA.</summary>
    public bool IsEnabledInFaults => _inFaults.Value;

    /// <summary>Counts changes of answers.</summary>
    public int Changes { get; private set; }

    /// <summary>MPU_RBAR of every region.</summary>
    protected uint[] Bases { get; }

    /// <summary>MPU_RASR or MPU_RLAR of every region.</summary>
    protected uint[] Attributes { get; }

    /// <summary>MPU_RNR.</summary>
    protected int Number
    {
        get => (int)_number.Value;
        set => _number.Value = (uint)value;
    }

    /// <summary>What may be done at an address. It changes nothing.</summary>
    /// <param name="address">The address.</param>
    /// <param name="privileged">Whether the access is privileged.</param>
    /// <param name="negativePriority">Whether the execution priority (of the unit's security state) is negative: NMI, HardFault and FAULTMASK.</param>
    public ProtectionResult Check(uint address, bool privileged, bool negativePriority)
    {
        ProtectionResult background = DefaultMemoryMap.Check(address);
        if (DefaultMemoryMap.IsPrivateBus(address) || !IsEnabled || (negativePriority && !IsEnabledInFaults))
            return background;
        bool behind = _background.Value && privileged;
        ProtectionResult result = Find(address, privileged, behind ? background : background with { Rights = PageRights.None });
        if (DefaultMemoryMap.IsSystem(address))
            result = result with { Rights = result.Rights & ~PageRights.Execute };
        return result;
    }

    /// <summary>Brings what the register map does not store to its reset values.</summary>
    public void Reset()
    {
        Array.Clear(Bases);
        Array.Clear(Attributes);
        Notify();
    }

    /// <summary>Writes what the register map does not store.</summary>
    /// <param name="writer">The CPU's section.</param>
    public void Save(StateWriter writer)
    {
        foreach (uint value in Bases)
            writer.Write(value);
        foreach (uint value in Attributes)
            writer.Write(value);
    }

    /// <summary>Reads what <see cref="Save"/> wrote, after the register map.</summary>
    /// <param name="reader">The CPU's section.</param>
    public void Load(StateReader reader)
    {
        foreach (ref uint value in Bases.AsSpan())
            value = reader.ReadUInt32() & BaseBits;
        foreach (ref uint value in Attributes.AsSpan())
            value = reader.ReadUInt32() & AttributeBits;
        Notify();
    }

    /// <summary>Bits of MPU_RBAR that are stored.</summary>
    protected abstract uint BaseBits { get; }

    /// <summary>Bits of MPU_RASR or MPU_RLAR that are stored.</summary>
    protected abstract uint AttributeBits { get; }

    /// <summary>The answer of the regions.</summary>
    /// <param name="address">The address.</param>
    /// <param name="privileged">Whether the access is privileged.</param>
    /// <param name="background">The answer where no region is, with the addresses it is the same for.</param>
    protected abstract ProtectionResult Find(uint address, bool privileged, ProtectionResult background);

    /// <summary>A part of a register that counts for the region a number names; a number without a region stores nothing.</summary>
    /// <param name="values">What holds it.</param>
    /// <param name="region">The number.</param>
    /// <param name="mask">The bits of the field.</param>
    /// <param name="value">What is written, in place.</param>
    protected void Store(uint[] values, int region, uint mask, uint value)
    {
        if (region >= Count)
            return;
        // kernels write all regions at each change of threads, most of them with what they have: forgetting translations is dear
        uint next = (values[region] & ~mask) | (value & mask);
        if (next == values[region])
            return;
        values[region] = next;
        if (IsEnabled)
            Notify();
    }

    /// <summary>The register of a region; zero for a number without one.</summary>
    /// <param name="values">What holds it.</param>
    /// <param name="region">The number.</param>
    protected uint Fetch(uint[] values, int region) => region < Count ? values[region] : 0;

    /// <summary>After anything that answers depend on was written.</summary>
    protected void Notify()
    {
        Changes++;
        _changed();
    }
}
