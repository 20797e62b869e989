using Emulation.Core;

namespace Emulation.Devices;

/// <summary>System control of the LM3S6965: identity, resets, clocks. LM3S6965 data sheet, "System Control". Ports: 4 KiB MMIO; out IRQ "sysctl".</summary>
/// <remarks>
/// The PLL locks 0.5 ms after it gets power or another crystal setting; until then the system clock is the oscillator's. The supply never fails.
/// Peripherals that are in reset by SRCR are reset when their bit is set, and answer.
/// </remarks>
public sealed partial class StellarisSystemControl : MmioDevice
{
    private const uint PllLock = 1 << 6;
    private const long LockTime = 500_000;
    private const uint RccReset = 0x078e_3ad1;
    private const uint Rcc2Reset = 0x0780_2810;
    private const uint SleepGating = 1 << 27;

    private readonly StellarisClocks _clocks;
    private readonly VirtualClock _clock;
    private readonly ClockTimer _lock;
    private readonly Dictionary<string, Action> _resets = [];
    private readonly Register[] _run = new Register[3], _sleep = new Register[3], _deep = new Register[3];
    private readonly Register _rcc, _rcc2, _deepClock, _mask;
    private readonly RegisterArray _softReset;
    private uint _raw;
    private ulong _resetBefore0, _resetBefore1, _resetBefore2;
    private StellarisResetCause _causes = StellarisResetCause.PowerOn;
    private StellarisResetCause _pending;
    private bool _locked;
    private uint _lockedTo;
    private int _mode;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clocks">The clocks it sets.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public StellarisSystemControl(string name, StellarisClocks clocks, VirtualClock clock, GuestLog log)
        : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(clocks);
        ArgumentNullException.ThrowIfNull(clock);
        (_clocks, _clock) = (clocks, clock);
        Irq = AddLine("sysctl");
        _lock = clock.CreateTimer($"{name} PLL", OnLocked);
        Constant(0x000, "DID0", 0x1001_0002);
        Constant(0x004, "DID1", 0x1073_402e);
        Constant(0x008, "DC0", 0x00ff_007f);
        Constant(0x010, "DC1", 0x0011_33ff);
        Constant(0x014, "DC2", 0x030f_5317);
        Constant(0x018, "DC3", 0x8f0f_87ff);
        Constant(0x01c, "DC4", 0x5000_007f);
        Registers.Define(0x030, "PBORCTL", 0x7ffd).Ignored(0, 0).Flag(1, "BORIOR").Ignored(31, 2);
        Registers.Define(0x034, "LDOPCTL").Bits(5, 0, "VADJ").Ignored(31, 6);
        _softReset = Registers.DefineMany(0x040, 3, 4, "SRCR").Bits(31, 0, "reset").Then(OnSoftReset);
        Registers.Define(0x050, "RIS", access: RegisterAccess.ReadOnly).Bits(31, 0, "raw", FieldMode.ReadOnly, read: () => _raw);
        _mask = Registers.Define(0x054, "IMC").Ignored(0, 0).Flag(1, "BORIM").Ignored(5, 2).Flag(6, "PLLLIM").Ignored(31, 7).Then(UpdateIrq);
        Registers.Define(0x058, "MISC").Bits(31, 0, "masked", read: () => _raw & _mask!.Value, write: ClearInterrupts);
        Registers.Define(0x05c, "RESC").Bits(5, 0, "LDO, SW, WDT, BOR, POR, EXT", read: () => (ulong)_causes, write: v => _causes &= (StellarisResetCause)v).Ignored(31, 6);
        _rcc = Registers.Define(0x060, "RCC", RccReset)
            .Flag(0, "MOSCDIS").Flag(1, "IOSCDIS").Ignored(3, 2).Bits(5, 4, "OSCSRC").Bits(9, 6, "XTAL").Ignored(10, 10).Flag(11, "BYPASS").Ignored(12, 12).Flag(13, "PWRDN").Ignored(16, 14)
            .Bits(19, 17, "PWMDIV").Flag(20, "USEPWMDIV").Ignored(21, 21).Flag(22, "USESYSDIV").Bits(26, 23, "SYSDIV").Flag(27, "ACG").Ignored(31, 28).Then(UpdateClocks);
        Registers.Define(0x064, "PLLCFG", access: RegisterAccess.ReadOnly).Bits(13, 0, "F, R", FieldMode.ReadOnly, read: () => PllFactors).Reserved(31, 14);
        _rcc2 = Registers.Define(0x070, "RCC2", Rcc2Reset)
            .Ignored(3, 0).Bits(6, 4, "OSCSRC2").Ignored(10, 7).Flag(11, "BYPASS2").Ignored(12, 12).Flag(13, "PWRDN2").Ignored(22, 14).Bits(28, 23, "SYSDIV2").Ignored(30, 29).Flag(31, "USERCC2")
            .Then(UpdateClocks);
        DefineGates(0x100, "RCGC", _run);
        DefineGates(0x110, "SCGC", _sleep);
        DefineGates(0x120, "DCGC", _deep);
        _deepClock = Registers.Define(0x144, "DSLPCLKCFG", 0x0780_0000).Ignored(3, 0).Bits(6, 4, "DSOSCSRC").Ignored(22, 7).Bits(28, 23, "DSDIVORIDE").Ignored(31, 29).Then(UpdateClocks);
        UpdateClocks();
    }

    /// <summary>Raised when a reset is asked for: the board resets the machine.</summary>
    public event Action? ResetDemanded;

    /// <summary>The interrupt output.</summary>
    public IrqLine Irq { get; }

    /// <summary>Samples per second that the converter may take: 125,000 to 1,000,000 (RCGC0.MAXADCSPD).</summary>
    public int ConverterSpeed => 125_000 << (int)((Gating(0) >> 8) & 3);

    /// <summary>The flash controller's registers in this window; null for none.</summary>
    public StellarisFlashProtection? FlashRegisters { get; set; }

    /// <inheritdoc/>
    public override ulong Read(ulong offset, int size)
        => FlashRegisters is { } flash && StellarisFlashProtection.Covers(offset) ? flash.Registers.Read(offset, size) : base.Read(offset, size);

    /// <inheritdoc/>
    public override void Write(ulong offset, int size, ulong value)
    {
        if (FlashRegisters is { } flash && StellarisFlashProtection.Covers(offset))
            flash.Registers.Write(offset, size, value);
        else
            base.Write(offset, size, value);
    }

    /// <summary>Asks for a reset of the machine.</summary>
    /// <param name="cause">Why.</param>
    public void RequestReset(StellarisResetCause cause)
    {
        _pending |= cause;
        ResetDemanded?.Invoke();
    }

    /// <summary>Says how a peripheral is reset by SRCR.</summary>
    /// <param name="unit">The name of its clock.</param>
    /// <param name="reset">Resets it.</param>
    public void OnReset(string unit, Action reset) => _resets[unit] = reset;

    /// <summary>The CPU sleeps or wakes.</summary>
    /// <param name="mode">0 awake, 1 asleep, 2 in deep sleep.</param>
    public void SetSleep(int mode)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)mode, 2u, nameof(mode));
        if (_mode == mode)
            return;
        _mode = mode;
        UpdateClocks();
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        // RESC keeps what was, but for power-on
        _causes = _pending == StellarisResetCause.None ? StellarisResetCause.PowerOn : _causes | _pending;
        _pending = StellarisResetCause.None;
        (_raw, _locked, _lockedTo, _mode) = (0, false, 0, 0);
        (_resetBefore0, _resetBefore1, _resetBefore2) = (0, 0, 0);
        _lock.Disarm();
        UpdateClocks();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_raw);
        writer.Write((int)_causes);
        writer.Write((int)_pending);
        writer.Write(_locked);
        writer.Write(_lockedTo);
        writer.Write(_mode);
        writer.Write(_resetBefore0);
        writer.Write(_resetBefore1);
        writer.Write(_resetBefore2);
        _lock.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _raw = reader.ReadUInt32();
        _causes = (StellarisResetCause)reader.ReadInt32() & (StellarisResetCause)0x3f;
        _pending = (StellarisResetCause)reader.ReadInt32() & (StellarisResetCause)0x3f;
        _locked = reader.ReadBoolean();
        _lockedTo = reader.ReadUInt32();
        _mode = reader.ReadInt32();
        if (_mode is < 0 or > 2)
            throw reader.Damaged("the CPU sleeps in an unknown way");
        _resetBefore0 = reader.ReadUInt64();
        _resetBefore1 = reader.ReadUInt64();
        _resetBefore2 = reader.ReadUInt64();
        _lock.Load(reader);
    }

    private void Constant(ulong offset, string name, ulong value)
        => Registers.Define(offset, name, value, access: RegisterAccess.ReadOnly).Reserved(31, 0);

    private void DefineGates(ulong offset, string name, Register[] registers)
    {
        const uint Hibernation = 1 << 6, ConverterSpeeds = 0xf << 8;
        for (int i = 0; i < 3; i++)
        {
            // the speed of the converter is not set for deep sleep
            uint bits = StellarisUnit.Mask(i) | (i == 0 && registers != _deep ? ConverterSpeeds : 0);
            Register register = Registers.Define(offset + (4 * (ulong)i), $"{name}{i}", i == 0 ? Hibernation : 0);
            register.Bits(31, 0, "gates").Then(() =>
            {
                register.Value &= bits;
                UpdateGates();
            });
            registers[i] = register;
        }
    }

    private void OnSoftReset(int index)
    {
        _softReset[index] &= StellarisUnit.Mask(index);
        ref ulong before = ref index == 0 ? ref _resetBefore0 : ref index == 1 ? ref _resetBefore1 : ref _resetBefore2;
        ulong set = _softReset[index] & ~before;
        before = _softReset[index];
        foreach (StellarisUnit unit in StellarisUnit.All)
        {
            if (unit.Index == index && (set >> unit.Bit & 1) != 0 && _resets.TryGetValue(unit.Name, out Action? reset))
                reset();
        }
    }

    private void ClearInterrupts(ulong bits)
    {
        _raw &= ~(uint)bits;
        UpdateIrq();
    }

    private void UpdateIrq() => Irq.Set((_raw & _mask.Value) != 0);
}
