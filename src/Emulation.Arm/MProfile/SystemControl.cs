using Emulation.Core;

namespace Emulation.Arm;

/// <summary>State of the System Control Block and of the floating-point context registers. Registers are defined by <see cref="SystemControlRegisters"/> and others.</summary>
/// <remarks>Arrays have one element for each Security state, Non-secure first.</remarks>
internal sealed class SystemControl
{
    /// <summary>HFSR.VECTTBL.</summary>
    public const uint VectorTableFault = 1 << 1;

    /// <summary>HFSR.FORCED.</summary>
    public const uint Forced = 1 << 30;

    /// <summary>HFSR.DEBUGEVT.</summary>
    public const uint DebugEvent = 1u << 31;

    /// <summary>MMARVALID and BFARVALID in their bytes.</summary>
    public const uint AddressValid = 1 << 7;

    /// <summary>SFSR.SFARVALID.</summary>
    public const uint SecureAddressValid = 1 << 6;

    private const uint SleepOnExit = 1 << 1, SleepDeep = 1 << 2, SendEventOnPending = 1 << 4;
    private const uint NonBaseThread = 1, UnalignedTrap = 1 << 3, DivisionTrap = 1 << 4, IgnoreBusFaults = 1 << 8, StackAlign = 1 << 9, IgnoreStackFaults = 1 << 10;

    private readonly ArmMCpu _cpu;

    public SystemControl(ArmMCpu cpu) => _cpu = cpu;

    public uint[] Vtor { get; } = new uint[2];

    public uint[] Scr { get; } = new uint[2];

    public uint[] Ccr { get; } = new uint[2];

    /// <summary>AIRCR.PRIGROUP.</summary>
    public uint[] Groups { get; } = new uint[2];

    /// <summary>AIRCR.PRIS.</summary>
    public bool PrioritizesSecure { get; set; }

    /// <summary>AIRCR.BFHFNMINS.</summary>
    public bool FaultsAreNonSecure { get; set; }

    /// <summary>AIRCR.SYSRESETREQS.</summary>
    public bool ResetIsSecure { get; set; }

    /// <summary>The enable bits of SHCSR, at their places.</summary>
    public uint[] Enables { get; } = new uint[2];

    /// <summary>MMFSR and UFSR, where CFSR has them.</summary>
    public uint[] BankedFaultStatus { get; } = new uint[2];

    /// <summary>BFSR.</summary>
    public uint BusFaultStatus { get; set; }

    public uint HardFaultStatus { get; set; }

    public uint DebugFaultStatus { get; set; }

    public uint[] MemManageAddress { get; } = new uint[2];

    public uint BusFaultAddress { get; set; }

    public uint SecureFaultStatus { get; set; }

    public uint SecureFaultAddress { get; set; }

    public uint AuxiliaryControl { get; set; }

    public uint CacheSelection { get; set; }

    /// <summary>CPACR.</summary>
    public uint[] CoprocessorAccess { get; } = new uint[2];

    /// <summary>NSACR.</summary>
    public uint NonSecureAccess { get; set; }

    /// <summary>The controls of FPCCR: ASPEN (banked) and, in the Secure bank or the only one, LSPEN and what the Security Extension adds.</summary>
    public uint[] FloatContext { get; } = new uint[2];

    /// <summary>What entry noted in FPCCR: LSPACT, USER, THREAD and the "ready" bits.</summary>
    public uint[] LazyContext { get; } = new uint[2];

    /// <summary>FPCAR.</summary>
    public uint[] LazyAddress { get; } = new uint[2];

    /// <summary>FPDSCR.</summary>
    public uint[] FloatDefaults { get; } = new uint[2];

    public bool AnyLazy => ((LazyContext[0] | LazyContext[1]) & 1) != 0;

    /// <summary>SCR.SEVONPEND.</summary>
    public bool SendsEventOnPending => ((Scr[0] | Scr[1]) & SendEventOnPending) != 0;

    /// <summary>FPCCR.TS: the Secure state's context has all registers.</summary>
    public bool FloatIsSecure => _cpu.Model.HasSecurity && (FloatContext[1] & (1 << 26)) != 0;

    /// <summary>NSACR.CP10.</summary>
    public bool NonSecureMayUseFloat => !_cpu.Model.HasSecurity || (NonSecureAccess & (1 << 10)) != 0;

    public int PriorityGroup(bool secure) => (int)Groups[secure ? 1 : 0];

    public bool SleepsOnExit(int bank) => (Scr[bank] & SleepOnExit) != 0;

    public bool SleepsDeeply(int bank) => (Scr[bank] & SleepDeep) != 0;

    public bool TrapsUnaligned(int bank) => (Ccr[bank] & UnalignedTrap) != 0;

    public bool TrapsDivision(int bank) => (Ccr[bank] & DivisionTrap) != 0;

    public bool AlignsStack(int bank) => !_cpu.Model.IsMainline || _cpu.Model.IsV8 || (Ccr[bank] & StackAlign) != 0;

    public bool AllowsNestedThread => (Ccr[0] & NonBaseThread) != 0;

    /// <summary>CCR.BFHFNMIGN counts: at negative priority.</summary>
    public bool IgnoresBusFaults(int bank) => (Ccr[bank] & IgnoreBusFaults) != 0 && _cpu.Exceptions.RequestsNegative(bank);

    /// <summary>CCR.STKOFHFNMIGN counts.</summary>
    public bool IgnoresStackLimit(int bank) => (Ccr[bank] & IgnoreStackFaults) != 0 && _cpu.Exceptions.RequestsNegative(bank);

    /// <summary>FPCCR.ASPEN.</summary>
    public bool FloatKeepsState(int bank) => (FloatContext[bank] >> 31) != 0;

    /// <summary>FPCCR.LSPEN.</summary>
    public bool SavesLazily(int bank) => (FloatContext[_cpu.Model.HasSecurity ? 1 : bank] & (1 << 30)) != 0;

    /// <summary>FPCCR.CLRONRET.</summary>
    public bool ClearsFloatOnReturn => (FloatContext[_cpu.Model.HasSecurity ? 1 : 0] & (1 << 28)) != 0;

    /// <summary>CFSR.</summary>
    public uint FaultStatusOf(int bank) => BankedFaultStatus[bank] | (BusFaultStatus << 8);

    public bool IsFaultEnabled(int number, int bank) => number switch
    {
        MException.MemManage => (Enables[bank] & (1 << 16)) != 0,
        MException.BusFault => ((Enables[0] | Enables[1]) & (1 << 17)) != 0,
        MException.UsageFault => (Enables[bank] & (1 << 18)) != 0,
        MException.SecureFault => (Enables[1] & (1 << 19)) != 0,
        _ => true,
    };

    public void Reset()
    {
        foreach (uint[] bank in Banks)
            Array.Clear(bank);
        (PrioritizesSecure, FaultsAreNonSecure, ResetIsSecure) = (false, false, false);
        (BusFaultStatus, HardFaultStatus, DebugFaultStatus, BusFaultAddress) = (0, 0, 0, 0);
        (SecureFaultStatus, SecureFaultAddress, AuxiliaryControl, CacheSelection, NonSecureAccess) = (0, 0, 0, 0, 0);
        ArmMCpuModel model = _cpu.Model;
        uint control = model.IsV8 ? 0x201u : model.IsMainline ? StackAlign : 0x208;
        for (int bank = 0; bank < 2; bank++)
        {
            Ccr[bank] = control;
            FloatContext[bank] = model.HasFloat ? 0xc000_0000 : 0;
        }

        LazyContext[1] = model is { HasSecurity: true, HasFloat: true } ? 4u : 0;
        Vtor[model.HasSecurity ? 1 : 0] = _cpu.Options.VectorTable;
        if (model.HasSecurity)
            Vtor[0] = _cpu.Options.NonSecureVectorTable;
    }

    public void Save(StateWriter writer)
    {
        foreach (uint[] bank in Banks)
            writer.Write(bank.AsSpan());
        writer.Write(PrioritizesSecure);
        writer.Write(FaultsAreNonSecure);
        writer.Write(ResetIsSecure);
        foreach (uint value in (uint[])[BusFaultStatus, HardFaultStatus, DebugFaultStatus, BusFaultAddress, SecureFaultStatus, SecureFaultAddress, AuxiliaryControl, CacheSelection, NonSecureAccess])
            writer.Write(value);
    }

    public void Load(StateReader reader)
    {
        foreach (uint[] bank in Banks)
            reader.Read(bank.AsSpan());
        for (int bank = 0; bank < 2; bank++)
            Groups[bank] &= 7;
        (PrioritizesSecure, FaultsAreNonSecure, ResetIsSecure) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
        (BusFaultStatus, HardFaultStatus, DebugFaultStatus, BusFaultAddress) = (reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32());
        (SecureFaultStatus, SecureFaultAddress, AuxiliaryControl) = (reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32());
        (CacheSelection, NonSecureAccess) = (reader.ReadUInt32(), reader.ReadUInt32());
    }

    private uint[][] Banks => [Vtor, Scr, Ccr, Groups, Enables, BankedFaultStatus, MemManageAddress, CoprocessorAccess, FloatContext, LazyContext, LazyAddress, FloatDefaults];
}
