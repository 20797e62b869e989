using Emulation.Cpu;

namespace Emulation.Arm;

// Registers. DDI 0403E, B1.4; DDI 0553, B3.
public sealed unsafe partial class ArmMCpu
{
    private const uint ControlUnprivileged = 1, ControlProcessStack = 2;
    private const uint XpsrAlign = 1 << 9, XpsrThumb = 1 << 24, XpsrSfpa = 1 << 20;
    private const uint FlagsQ = 1 << 27;

    private readonly uint[] _msp = new uint[2], _psp = new uint[2], _msplim = new uint[2], _psplim = new uint[2];
    private readonly uint[] _primask = new uint[2], _faultmask = new uint[2], _basepri = new uint[2], _control = new uint[2];
    private readonly bool _isHosted;
    private int _ipsr;
    private bool _secure, _fpca, _sfpa;

    /// <summary>Reads or writes a register. Writing is for a CPU that does not run.</summary>
    /// <param name="register">Which.</param>
    public uint this[ArmMRegister register]
    {
        get => Get(register);
        set => Set(register, value);
    }

    /// <summary>Reads or writes a register by name: those of <see cref="ArmMRegister"/> in lower case, R13 to R15 also by number, S0 to S31 and D0 to D15.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">There is no such register.</exception>
    public override ulong this[string name]
    {
        get => TryFindRegister(name, out ArmMRegister register) ? Get(register) : base[name];
        set
        {
            if (TryFindRegister(name, out ArmMRegister register))
                Set(register, (uint)value);
            else
                base[name] = value;
        }
    }

    /// <summary>xPSR.</summary>
    public uint Xpsr
    {
        get
        {
            uint it = (uint)A32Mode.It(Header.Mode);
            return ArmStatus.ReadNzcv(this, Registers) | ((uint)this[Registers.A32.Sticky] << 27) | ((it & 3) << 25) | ((Header.Mode & A32Mode.Thumb) != 0 ? XpsrThumb : 0)
                | ((uint)this[Registers.A32.Ge] << 16) | (it >> 2 << 10) | (uint)_ipsr;
        }
    }

    /// <summary>Masks of a bank: PRIMASK, FAULTMASK, BASEPRI.</summary>
    internal (uint Primask, uint Faultmask, uint Basepri) Masks(int bank) => (_primask[bank], _faultmask[bank], _basepri[bank]);

    private bool UsesProcessStack => _ipsr == 0 && (_control[Bank] & ControlProcessStack) != 0;

    private uint Sp
    {
        get => (uint)this[Registers.X[StackPointer]];
        set => this[Registers.X[StackPointer]] = value & ~3u;
    }

    private uint Lr
    {
        get => (uint)this[Registers.X[LinkRegister]];
        set => this[Registers.X[LinkRegister]] = value;
    }

    private bool HasControlFloat => Model.HasFloat;

    // N, Z, C, V, Q and GE, T, IT
    private void WriteXpsrState(uint value)
    {
        ArmStatus.WriteNzcv(this, Registers, value & 0xf000_0000);
        this[Registers.A32.Sticky] = Model.IsMainline ? (value >> 27) & 1 : 0;
        if (Model.Isa.Has(ArmFeature.DSP))
            this[Registers.A32.Ge] = (value >> 16) & 15;
        int it = Model.IsMainline ? (int)(((value >> 25) & 3) | ((value >> 10) & 0x3f) << 2) : 0;
        SetMode(A32Mode.WithIt(Header.Mode & ~A32Mode.Thumb, it) | ((value & XpsrThumb) != 0 ? A32Mode.Thumb : 0));
    }

    // the stack pointer in use is R13; the others are kept aside
    private ref uint Active => ref UsesProcessStack ? ref _psp[Bank] : ref _msp[Bank];

    private void SaveSp() => Active = Sp;

    private void LoadSp() => Sp = Active;

    private uint GetStack(bool process, int bank)
    {
        SaveSp();
        return process ? _psp[bank] : _msp[bank];
    }

    private void SetStack(bool process, int bank, uint value)
    {
        SaveSp();
        (process ? _psp : _msp)[bank] = value & ~3u;
        LoadSp();
    }

    private uint ControlOf(int bank)
        => _control[bank] | (HasControlFloat && _fpca ? 4u : 0) | (bank == 1 && _sfpa ? 8u : 0);

    /// <summary>Mode word and stack limit for the present state: after any change of it.</summary>
    internal void UpdateMode()
    {
        bool privileged = IsPrivileged, urgent = Exceptions.RequestsNegative(Bank);
        uint mode = (Header.Mode & (A32Mode.Thumb | A32Mode.ItMask)) | A32Mode.AArch32;
        int mmu = (privileged ? MMode.PrivilegedMmu : 0) | (urgent ? MMode.UrgentMmu : 0) | (_secure ? MMode.SecureMmu : 0);
        mode |= (uint)mmu << ArmMode.MmuShift;
        if (privileged)
            mode |= MMode.Privileged;
        if (_ipsr != 0)
            mode |= MMode.Handler;
        if (_secure)
            mode |= MMode.Secure;
        if (!Model.IsMainline || System.TrapsUnaligned(Bank))
            mode |= MMode.Aligned;
        if (System.TrapsDivision(Bank))
            mode |= MMode.DivisionTraps;
        if (Model.IsV8 && (UsesProcessStack ? _psplim : _msplim)[Bank] != 0)
            mode |= MMode.StackLimit;
        if (!Model.HasFloat || !FloatEnabled(_secure, privileged))
            mode |= MMode.NoFloat;
        else if (FloatNeedsCheck)
            mode |= MMode.FloatWaits;
        if (mode != Header.Mode)
            SetMode(mode);
    }

    private uint Get(ArmMRegister register) => register switch
    {
        <= ArmMRegister.Lr => (uint)this[Registers.X[(int)register]],
        ArmMRegister.Pc => (uint)Header.Pc,
        ArmMRegister.Xpsr => Xpsr,
        ArmMRegister.Msp => GetStack(false, Bank),
        ArmMRegister.Psp => GetStack(true, Bank),
        ArmMRegister.Primask => _primask[Bank],
        ArmMRegister.Basepri => _basepri[Bank],
        ArmMRegister.Faultmask => _faultmask[Bank],
        ArmMRegister.Control => ControlOf(Bank),
        ArmMRegister.Msplim => _msplim[Bank],
        ArmMRegister.Psplim => _psplim[Bank],
        ArmMRegister.MspNonSecure => GetStack(false, 0),
        ArmMRegister.PspNonSecure => GetStack(true, 0),
        ArmMRegister.Fpscr => Fpscr,
        _ => throw new ArgumentOutOfRangeException(nameof(register), $"there is no register {register}"),
    };

    private void Set(ArmMRegister register, uint value)
    {
        switch (register)
        {
            case ArmMRegister.Sp: Sp = value; break;
            case <= ArmMRegister.Lr: this[Registers.X[(int)register]] = value; break;
            case ArmMRegister.Pc: SetPc(value); break;
            case ArmMRegister.Xpsr:
                SaveSp();
                WriteXpsrState(value);
                _ipsr = (int)(value & 0x1ff);
                LoadSp();
                break;
            case ArmMRegister.Msp: SetStack(false, Bank, value); break;
            case ArmMRegister.Psp: SetStack(true, Bank, value); break;
            case ArmMRegister.MspNonSecure: SetStack(false, 0, value); break;
            case ArmMRegister.PspNonSecure: SetStack(true, 0, value); break;
            case ArmMRegister.Primask: _primask[Bank] = value & 1; break;
            case ArmMRegister.Faultmask: _faultmask[Bank] = value & 1; break;
            case ArmMRegister.Basepri: _basepri[Bank] = value & Exceptions.PriorityMask; break;
            case ArmMRegister.Control: WriteControl(Bank, value, true); break;
            case ArmMRegister.Msplim: _msplim[Bank] = value & ~7u; break;
            case ArmMRegister.Psplim: _psplim[Bank] = value & ~7u; break;
            case ArmMRegister.Fpscr: Fpscr = value; break;
            default: throw new ArgumentOutOfRangeException(nameof(register), $"there is no register {register}");
        }

        Exceptions.Update();
        UpdateMode();
        RequestAttention();
    }

    private static bool TryFindRegister(string name, out ArmMRegister register)
    {
        register = name switch
        {
            "r13" => ArmMRegister.Sp,
            "r14" => ArmMRegister.Lr,
            "r15" => ArmMRegister.Pc,
            "msp_ns" => ArmMRegister.MspNonSecure,
            "psp_ns" => ArmMRegister.PspNonSecure,
            _ => (ArmMRegister)(-1),
        };
        return register >= 0 || (name.Length > 0 && char.IsAsciiLetterLower(name[0]) && Enum.TryParse(name, true, out register) && Enum.IsDefined(register));
    }
}
