using System.Runtime.InteropServices;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.MProfile.Manual;

/// <summary>A CPU that is brought into the state of a <see cref="ManualV8"/>, makes one step, and is compared with it.</summary>
internal sealed class ManualBench : IDisposable
{
    public const uint CodeNonSecure = 0x1000, CodeSecure = 0x1000_1000, Data = 0x3_0000;
    private const ushort Nop = 0xbf00;
    private const uint VectorsSecure = 0x1000_0000, NoMemory = 0x6000_0000, MpuControl = 0xe000_ed94, MpuBase = 0xe000_ed9c, SauControl = 0xe000_edd0;
    private static readonly ArmRegisters s_registers = ArmRegisters.Layout;
    private readonly MCpu _cpu;
    private readonly byte[] _stack = new byte[ManualV8.StackBytes];

    public ManualBench(EngineKind engine, ArmMCpuModel model)
    {
        _cpu = new MCpu(engine, new ArmMCpuOptions { Model = model, PriorityBits = 8, VectorTable = model.HasSecurity ? VectorsSecure : 0, Idau = model.HasSecurity ? new Halves() : null });
        _cpu.Memory.Map(0, 0x1_0000);
        _cpu.Memory.Map(ManualV8.StackFirst, ManualV8.StackBytes);
        _cpu.Memory.Map(0x1000_0000, 0x1_0000);
        _cpu.Memory.Map(Data, 0x1000);
        for (uint n = 2; n < 32; n++)
        {
            _cpu.Write(4 * n, ManualV8.HandlerOf((int)n, false) + 1);
            _cpu.Write(VectorsSecure + (4 * n), ManualV8.HandlerOf((int)n, true) + 1);
            _cpu.WriteCode(ManualV8.HandlerOf((int)n, false), Nop);
            _cpu.WriteCode(ManualV8.HandlerOf((int)n, true), Nop);
        }
    }

    public ArmMCpu Arm => _cpu.Cpu;

    private ArmMCpuModel Model => Arm.Model;

    /// <summary>Writes code for both Security states.</summary>
    public void WriteCode(params ReadOnlySpan<ushort> halfwords)
    {
        _cpu.WriteCode(CodeNonSecure, halfwords);
        _cpu.WriteCode(CodeSecure, halfwords);
    }

    /// <summary>Model and CPU of a kind.</summary>
    public static ManualV8 New(ArmMCpuModel model) => new()
    {
        IsV8 = model.IsV8,
        Security = model.HasSecurity,
        Main = model.IsMainline,
        Float = model.HasFloat,
        Dsp = model.Isa.Has(ArmFeature.DSP),
    };

    /// <summary>Gives the CPU the state of the model.</summary>
    public void Load(ManualV8 m)
    {
        ArmMCpu arm = Arm;
        arm.Reset();
        arm.SetPc(m.Pc);
        if (m.Security)
            arm.Write(SauControl, 2);                          // attribution by the IDAU alone
        _cpu.Memory.Write(ManualV8.StackFirst, MemoryMarshal.AsBytes(m.Words.AsSpan()));
        LoadControls(m);
        LoadExceptions(m);
        for (int i = 0; i < 13; i++)
            arm[(ArmMRegister)i] = m.R[i];
        for (int i = 0; i < 32 && m.Float; i++)
            arm[s_registers.A32.S[i]] = m.S[i];
        if (m.Float)
            arm.Fpscr = m.Fpscr;
        for (int k = Model.HasSecurity ? 0 : 1; k < 2; k++)
            LoadBank(m, k == 0 ? !m.Secure : m.Secure);
        arm[ArmMRegister.Xpsr] = m.Flags | (1u << 24) | (uint)m.Ipsr;
        arm[ArmMRegister.Lr] = m.Lr;
        arm.OnControlWrite();
        if (m.ReadOnly.First <= m.ReadOnly.Last)
            Protect(m);
    }

    // everything may be done but in the part that is read-only
    private void Protect(ManualV8 m)
    {
        uint control = m.ProtectsUrgent ? 7u : 5;
        if (!m.IsV8)
        {
            foreach ((uint first, uint size) in ((uint, uint)[])[(0, (3 << 24) | 63), (m.ReadOnly.First | 0x11, (6u << 24) | (9 << 1) | 1)])
            {
                Arm.Write(MpuBase, first | 0x10);
                Arm.Write(MpuBase + 4, size);
            }

            Arm.Write(MpuControl, control);
            return;
        }

        for (int bank = 0; bank < (m.Security ? 2 : 1); bank++)
        {
            uint alias = m.Security && bank == 0 && Arm.IsSecure ? 0x2_0000u : 0;
            if (m.Security && bank == 1 && !Arm.IsSecure)
                Arm.SwitchState(true);
            (uint First, uint Last)[] regions = [(2, m.ReadOnly.First - 1), (m.ReadOnly.First | 6, m.ReadOnly.Last), ((m.ReadOnly.Last + 1) | 2, uint.MaxValue)];
            for (uint r = 0; r < 3; r++)
            {
                Arm.Write(MpuControl + 4 + alias, r);
                Arm.Write(MpuBase + alias, regions[r].First);
                Arm.Write(MpuBase + 4 + alias, (regions[r].Last & ~31u) | 1);
            }

            Arm.Write(MpuControl + alias, control);
        }

        Arm.SwitchState(m.Secure);
        Arm.OnControlWrite();
    }

    private void LoadBank(ManualV8 m, bool secure)
    {
        ArmMCpu arm = Arm;
        arm.SwitchState(secure);
        int bank = secure ? 1 : 0;
        arm[ArmMRegister.Control] = (m.Npriv[bank] ? 1u : 0) | (m.Spsel[bank] ? 2u : 0) | (m.Fpca ? 4u : 0) | (m.Sfpa ? 8u : 0);
        arm[ArmMRegister.Msp] = m.Msp[bank];
        arm[ArmMRegister.Psp] = m.Psp[bank];
        arm[ArmMRegister.Msplim] = m.MspLimit[bank];
        arm[ArmMRegister.Psplim] = m.PspLimit[bank];
        arm[ArmMRegister.Primask] = m.Primask[bank] ? 1u : 0;
        arm[ArmMRegister.Faultmask] = m.Faultmask[bank] ? 1u : 0;
        arm[ArmMRegister.Basepri] = (uint)m.Basepri[bank];
    }

    private void LoadControls(ManualV8 m)
    {
        SystemControl system = Arm.System;
        (system.PrioritizesSecure, system.FaultsAreNonSecure, system.NonSecureAccess) = (m.Pris, m.Bfhfnmins, m.NsacrCp10 ? 0xc00u : 0);
        for (int bank = 0; bank < (m.Security ? 2 : 1); bank++)
        {
            bool last = bank == 1 || !m.Security;
            system.Groups[bank] = (uint)m.PriGroup[bank];
            system.Enables[bank] = (m.MemEnabled[bank] ? 1u << 16 : 0) | (last && m.BusEnabled ? 1u << 17 : 0) | (m.UsageEnabled[bank] ? 1u << 18 : 0) | (bank == 1 && m.SecureEnabled ? 1u << 19 : 0);
            system.Ccr[bank] = (m.StackAlign ? 0x200u : 0) | 1 | (m.Bfhfnmign[bank] ? 0x100u : 0) | (m.Stkofhfnmign[bank] ? 0x400u : 0);
            system.Vtor[bank] = m.NoVectors[bank] ? NoMemory : bank == 1 ? VectorsSecure : 0;
            if (!m.Float)
                continue;
            system.CoprocessorAccess[bank] = (uint)m.Cpacr[bank] * 0x50_0000;
            system.FloatContext[bank] = (1u << 31) | (m.Lspen ? 1u << 30 : 0) | (m.Clronret ? 1u << 28 : 0) | (bank == 1 && m.Ts ? 1u << 26 : 0);
            system.LazyContext[bank] = (m.Lspact[bank] ? 1u : 0) | (m.LazyUser[bank] ? 2u : 0) | (bank == 1 ? 4u : 0) | (m.LazyThread[bank] ? 8u : 0) | (m.LimitViolated[bank] ? 0x200u : 0) | m.Ready[bank];
            system.LazyAddress[bank] = m.Fpcar[bank];
        }
    }

    private void LoadExceptions(ManualV8 m)
    {
        MExceptions exceptions = Arm.Exceptions;
        for (int n = 2; n < 24; n++)
        {
            if (n >= ManualV8.First)
            {
                exceptions.SetEnabled(n, true);
                if (Model.HasSecurity)
                    exceptions.SetNonSecure(n, m.Itns[n]);
            }

            for (int index = n; index <= n + ManualV8.Secured; index += ManualV8.Secured)
            {
                if (m.Priorities[index] != 0)
                    exceptions.SetPriority(index, (byte)m.Priorities[index]);
                if (m.Active[index])
                    exceptions.SetActive(index, true);
                if (m.Pending[index])
                    exceptions.SetPending(index, true);
            }
        }
    }

    /// <summary>Runs an instruction.</summary>
    public void Step() => Arm.RunAlone(1);

    /// <summary>What differs; null for nothing.</summary>
    public string? Compare(ManualV8 m)
    {
        if ((Arm.Run(0) == CpuExit.UnhandledException) != m.LockedUp)
            return $"lockup expected {m.LockedUp}";
        if (m.LockedUp)
            return null;
        if (Differ("Secure", m.Secure, Arm.IsSecure) is { } state)
            return state;
        return CompareRegisters(m) ?? CompareStatus(m) ?? CompareExceptions(m) ?? CompareMemory(m);
    }

    private static string? Differ<T>(string what, T expected, T actual)
        where T : notnull
        => expected.Equals(actual) ? null : $"{what}: expected {expected:x}, is {actual:x}";

    private string? CompareRegisters(ManualV8 m)
    {
        ArmMCpu arm = Arm;
        string? differs = Differ("PC", m.Pc, arm[ArmMRegister.Pc]) ?? Differ("LR", m.Lr, arm[ArmMRegister.Lr]) ?? Differ("IPSR", m.Ipsr, arm.Ipsr) ?? Differ("T", m.T, (arm.Xpsr & (1 << 24)) != 0);
        if (!m.UnknownFlags)
            differs ??= Differ("flags", m.Flags, arm.Xpsr & (m.Dsp ? 0xf80f_0000 : m.Main ? 0xf800_0000 : 0xf000_0000));
        for (int i = 0; i < 13; i++)
        {
            if ((m.UnknownR >> i & 1) == 0)
                differs ??= Differ($"R{i}", m.R[i], arm[(ArmMRegister)i]);
        }

        for (int i = 0; i < 32 && m.Float && !m.UnknownFloat; i++)
            differs ??= Differ($"S{i}", m.S[i], (uint)arm[s_registers.A32.S[i]]);
        if (m.Float && !m.UnknownFloat)
            differs ??= Differ("FPSCR", m.Fpscr, arm.Fpscr);
        for (int k = 0; k < (Model.HasSecurity ? 2 : 1); k++)
        {
            bool secure = Model.HasSecurity && (k == 0 ? m.Secure : !m.Secure);
            int bank = secure ? 1 : 0;
            arm.SwitchState(secure);
            uint control = (m.Npriv[bank] ? 1u : 0) | (m.Spsel[bank] ? 2u : 0) | (m.Fpca ? 4u : 0) | (secure && m.Sfpa ? 8u : 0);
            differs ??= Differ($"CONTROL.{bank}", control, arm[ArmMRegister.Control]) ?? Differ($"MSP.{bank}", m.Msp[bank], arm[ArmMRegister.Msp])
                ?? Differ($"PSP.{bank}", m.Psp[bank], arm[ArmMRegister.Psp]) ?? Differ($"FAULTMASK.{bank}", m.Faultmask[bank] ? 1u : 0, arm[ArmMRegister.Faultmask]);
        }

        return differs;
    }

    private string? CompareStatus(ManualV8 m)
    {
        SystemControl system = Arm.System;
        string? differs = null;
        if (!m.Main)
            return null;
        uint bus = 0;
        for (int bank = 0; bank < (m.Security ? 2 : 1); bank++)
        {
            bus |= m.Cfsr[bank] & 0xff00;
            differs ??= Differ($"CFSR.{bank}", m.Cfsr[bank] & ~0xff00u, system.BankedFaultStatus[bank]);
            if (!m.Float)
                continue;
            uint context = (m.Lspact[bank] ? 1u : 0) | (m.LazyUser[bank] ? 2u : 0) | (m.LazyThread[bank] ? 8u : 0) | (m.LimitViolated[bank] ? 0x200u : 0);
            differs ??= Differ($"FPCCR.{bank}", context, system.LazyContext[bank] & 0x20b);
            if (m.Lspact[bank])
                differs ??= Differ($"FPCAR.{bank}", m.Fpcar[bank], system.LazyAddress[bank]) ?? Differ($"ready bits.{bank}", m.Ready[bank] & 0x70, system.LazyContext[bank] & 0x70);
        }

        return differs ?? Differ("BFSR", bus, system.BusFaultStatus << 8) ?? Differ("HFSR", m.Hfsr, system.HardFaultStatus) ?? Differ("SFSR", m.Sfsr, m.Security ? system.SecureFaultStatus : m.Sfsr);
    }

    private string? CompareExceptions(ManualV8 m)
    {
        string? differs = null;
        for (int n = 2; n < 24; n++)
        {
            for (int index = n; index <= n + ManualV8.Secured && differs is null; index += ManualV8.Secured)
            {
                differs = Differ($"active {index}", m.Active[index], Arm.Exceptions.IsActive(index)) ?? Differ($"pending {index}", m.Pending[index], Arm.Exceptions.IsPending(index));
            }
        }

        return differs;
    }

    private string? CompareMemory(ManualV8 m)
    {
        _cpu.Memory.Read(ManualV8.StackFirst, _stack);
        ReadOnlySpan<uint> words = MemoryMarshal.Cast<byte, uint>(_stack);
        for (int i = 0; i < words.Length; i++)
        {
            if (words[i] != m.Words[i])
                return $"memory at {ManualV8.StackFirst + (4 * i):x}: expected {m.Words[i]:x8}, is {words[i]:x8}";
        }

        return null;
    }

    public void Dispose() => _cpu.Dispose();

    /// <summary>Code with bit 28 of its address set is Secure; stacks and data are Non-secure.</summary>
    private sealed class Halves : IArmIdau
    {
        public IdauAttribution Check(uint address)
            => new((address >> 28 & 1) == 0, false, address & 0xf000_0000, address | 0x0fff_ffff, (byte)(address >> 28));
    }
}
