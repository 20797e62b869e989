using Emulation.Core;

namespace Emulation.Arm;

/// <summary>The private peripheral bus, 0xE0000000 to 0xE00FFFFF: the System Control Space, its Non-secure alias, debug components, the ROM table. DDI 0403E, B3.1.1; DDI 0553, B5.</summary>
internal sealed class PrivateBus : IMmio
{
    private const ulong Size = 1 << 20, ControlSpace = 0xe000, NonSecureAlias = 0x2e000, SpaceSize = 0x1000, Trigger = 0xef00;
    private const ulong DebugFirst = 0xdf0, DebugLast = 0xdff, Identification = 0xfb8;
    private readonly ArmMCpu _cpu;
    private readonly RegisterMap[] _spaces;

    public PrivateBus(ArmMCpu cpu)
    {
        _cpu = cpu;
        Region = new MmioRegion($"{cpu.Name} private peripheral bus", Size, this) { Sizes = AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word };
        Shared = new RegisterMap($"{cpu.Name} dcb", cpu.Context.Log);
        _spaces = new RegisterMap[cpu.Model.HasSecurity ? 2 : 1];
        for (int bank = 0; bank < _spaces.Length; bank++)
        {
            _spaces[bank] = new RegisterMap($"{cpu.Name} scs{(bank == 1 ? "_s" : cpu.Model.HasSecurity ? "_ns" : "")}", cpu.Context.Log);
            foreach (IMRegisters group in Groups(cpu))
                group.Define(_spaces[bank], bank);
        }
    }

    public MmioRegion Region { get; }

    /// <summary>What of the System Control Space is the same to both Security states: the Debug Control Block, identification.</summary>
    public RegisterMap Shared { get; }

    /// <summary>The System Control Space of a Security state.</summary>
    public RegisterMap Space(int bank) => _spaces[bank];

    /// <summary>Whether unprivileged code may access: STIR, with CCR.USERSETMPEND.</summary>
    public bool AllowsUnprivileged(uint address, bool write)
        => write && (address & ~3u) == 0xe000_0000 + Trigger && (_cpu.System.Ccr[_cpu.Bank] & 2) != 0;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        if (Find(offset, out ulong inside) is { } map)
            return map.Read(inside, size);
        _cpu.Debug.TryRead((uint)offset, size, out ulong value);
        return value;
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        if (Find(offset, out ulong inside) is { } map)
            map.Write(inside, size, value);
        else
            _cpu.Debug.TryWrite((uint)offset, size, value);
    }

    public void Reset()
    {
        foreach (RegisterMap space in _spaces)
            space.Reset();
        Shared.Reset();
    }

    public void Save(StateWriter writer)
    {
        foreach (RegisterMap space in _spaces)
            space.Save(writer);
        Shared.Save(writer);
    }

    public void Load(StateReader reader)
    {
        foreach (RegisterMap space in _spaces)
            space.Load(reader);
        Shared.Load(reader);
    }

    private static IEnumerable<IMRegisters> Groups(ArmMCpu cpu)
    {
        yield return new SystemControlRegisters(cpu);
        yield return new FaultRegisters(cpu);
        yield return new NvicRegisters(cpu);
        yield return new MIdRegisters(cpu);
        yield return new FloatRegisters(cpu);
        yield return cpu.SysTick;
        if (cpu.SysTickSecure is { } secure)
            yield return secure;
    }

    // the alias is zero to Non-secure code
    private RegisterMap? Find(ulong offset, out ulong inside)
    {
        inside = offset & (SpaceSize - 1);
        switch (offset & ~(SpaceSize - 1))
        {
            case ControlSpace:
                return inside is (>= DebugFirst and <= DebugLast) or >= Identification ? Shared : _spaces[_cpu.Bank];
            case NonSecureAlias when _cpu.IsSecure:
                return inside is (>= DebugFirst and <= DebugLast) or >= Identification ? Shared : _spaces[0];
            default:
                return null;
        }
    }
}
