using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Reset and clock control of the STM32F405/407. RM0090 rev 19, chapter 7. Ports: 1 KiB MMIO; out IRQ "rcc", out NMI "css".</summary>
/// <remarks>
/// Start-up times are the typical ones of DS8626 (tables 37 to 43): HSI 2.2 µs, HSE 2 ms, LSI 15 µs, LSE 2 s; the PLLs lock in 100 µs. Spread spectrum leaves the mean frequency
/// alone and is kept as written. A clock that <c>LPENR</c> turns off in Sleep mode runs on.
/// </remarks>
public sealed partial class Stm32F4Rcc : MmioDevice
{
    private const uint RegistersOfBackup = 0x0000_8307;
    private const uint FlagsOfReset = 0xfe00_0000;

    private readonly Stm32F4Clocks _clocks;
    private readonly Stm32System _system;
    private readonly Oscillator[] _oscillators;
    private readonly Dictionary<string, List<Action>> _resets = [];
    private readonly (Stm32Bus Bus, Register Enable, Register Reset)[] _buses;
    private readonly Stm32RetainedRegisters _retained;
    private readonly Register _cr;
    private readonly Register _pllcfgr;
    private readonly Register _cfgr;
    private readonly Register _cir;
    private readonly Register _bdcr;
    private readonly Register _csr;
    private readonly Register _plli2scfgr;
    private readonly List<Action> _backupResets = [];
    private readonly FlagField _hsiOn, _hseOn, _hseBypass, _cssOn, _pllOn, _plli2sOn, _lseOn, _lseBypass, _rtcOn, _backupReset, _lsiOn;
    private readonly BitField _switch, _ahbPrescaler, _apb1Prescaler, _apb2Prescaler, _rtcPrescaler, _rtcSource;
    private readonly BitField _interrupts, _interruptMask;
    private uint _pllcfgrBefore, _cfgrBefore, _bdcrBefore;
    private int _selected;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clocks">What it controls.</param>
    /// <param name="system">Resets.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public Stm32F4Rcc(string name, Stm32F4Clocks clocks, Stm32System system, VirtualClock clock, GuestLog log)
        : base(name, log, 0x400, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(clocks);
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(clock);
        (_clocks, _system) = (clocks, system);
        Irq = AddLine("rcc");
        Nmi = AddLine("css");
        _cr = Registers.Define(0x00, "RCC_CR", reset: 0x83)
            .Flag(0, "HSION", out _hsiOn).Flag(1, "HSIRDY", FieldMode.ReadOnly, read: () => IsReady(Hsi)).Reserved(2, 2)
            .Bits(7, 3, "HSITRIM").Bits(15, 8, "HSICAL", FieldMode.ReadOnly)
            .Flag(16, "HSEON", out _hseOn).Flag(17, "HSERDY", FieldMode.ReadOnly, read: () => IsReady(Hse)).Flag(18, "HSEBYP", out _hseBypass)
            .Flag(19, "CSSON", out _cssOn).Reserved(23, 20)
            .Flag(24, "PLLON", out _pllOn).Flag(25, "PLLRDY", FieldMode.ReadOnly, read: () => IsReady(MainPll))
            .Flag(26, "PLLI2SON", out _plli2sOn).Flag(27, "PLLI2SRDY", FieldMode.ReadOnly, read: () => IsReady(I2sPll)).Reserved(31, 28).Then(Apply);
        _pllcfgr = Registers.Define(0x04, "RCC_PLLCFGR", reset: 0x2400_3010)
            .Bits(5, 0, "PLLM").Bits(14, 6, "PLLN").Ignored(15, 15).Bits(17, 16, "PLLP").Ignored(21, 18).Flag(22, "PLLSRC").Ignored(23, 23)
            .Bits(27, 24, "PLLQ").Ignored(31, 28).Then(OnPllConfiguration);
        _cfgr = Registers.Define(0x08, "RCC_CFGR")
            .Bits(1, 0, "SW", out _switch).Bits(3, 2, "SWS", FieldMode.ReadOnly, read: () => (ulong)_selected)
            .Bits(7, 4, "HPRE", out _ahbPrescaler).Ignored(9, 8).Bits(12, 10, "PPRE1", out _apb1Prescaler).Bits(15, 13, "PPRE2", out _apb2Prescaler)
            .Bits(20, 16, "RTCPRE", out _rtcPrescaler).Bits(22, 21, "MCO1").Flag(23, "I2SSRC").Bits(26, 24, "MCO1PRE").Bits(29, 27, "MCO2PRE").Bits(31, 30, "MCO2")
            .Then(OnConfiguration);
        _cir = Registers.Define(0x0c, "RCC_CIR")
            .Bits(5, 0, "LSIRDYF to PLLI2SRDYF", out _interrupts, FieldMode.ReadOnly).Ignored(6, 6).Flag(7, "CSSF", out FlagField security, FieldMode.ReadOnly)
            .Bits(13, 8, "LSIRDYIE to PLLI2SRDYIE", out _interruptMask).Ignored(15, 14)
            .Bits(21, 16, "LSIRDYC to PLLI2SRDYC", FieldMode.ReadWrite, read: static () => 0, write: v => _interrupts!.Value &= ~v).Ignored(22, 22)
            .Flag(23, "CSSC", FieldMode.ReadWrite, read: static () => false, write: v => security.Value &= !v).Reserved(31, 24).Then(Update);
        _buses =
        [
            DefineBus(Stm32Bus.Ahb1, "AHB1", 0x10),
            DefineBus(Stm32Bus.Ahb2, "AHB2", 0x14),
            DefineBus(Stm32Bus.Ahb3, "AHB3", 0x18),
            DefineBus(Stm32Bus.Apb1, "APB1", 0x20),
            DefineBus(Stm32Bus.Apb2, "APB2", 0x24),
        ];
        _bdcr = Registers.Define(0x70, "RCC_BDCR")
            .Flag(0, "LSEON", out _lseOn).Flag(1, "LSERDY", FieldMode.ReadOnly, read: () => IsReady(Lse)).Flag(2, "LSEBYP", out _lseBypass).Reserved(7, 3)
            .Bits(9, 8, "RTCSEL", out _rtcSource).Reserved(14, 10).Flag(15, "RTCEN", out _rtcOn).Flag(16, "BDRST", out _backupReset).Reserved(31, 17)
            .Then(OnBackupControl);
        _csr = Registers.Define(0x74, "RCC_CSR", reset: 0x0e00_0000)
            .Flag(0, "LSION", out _lsiOn).Flag(1, "LSIRDY", FieldMode.ReadOnly, read: () => IsReady(Lsi)).Reserved(23, 2)
            .Flag(24, "RMVF", FieldMode.ReadWrite, read: static () => false, write: v => ClearResetFlags(v)).Bits(31, 25, "reset flags", FieldMode.ReadOnly)
            .Then(Apply);
        Registers.Define(0x80, "RCC_SSCGR").Bits(12, 0, "MODPER").Bits(27, 13, "INCSTEP").Reserved(29, 28).Flag(30, "SPREADSEL").Flag(31, "SSCGEN");
        _plli2scfgr = Registers.Define(0x84, "RCC_PLLI2SCFGR", reset: 0x2000_3000)
            .Ignored(5, 0).Bits(14, 6, "PLLI2SN").Ignored(27, 15).Bits(30, 28, "PLLI2SR").Ignored(31, 31).Then(Apply);

        const int MilliSecond = 1_000_000;
        _oscillators =
        [
            new(this, clock, "LSI", 0, () => 15_000, () => _lsiOn.Value || _watchdogNeedsLsi, () => true, on => _clocks.Lsi.Enabled = on),
            new(this, clock, "LSE", 1, () => _lseBypass.Value ? 1000 : 2000L * MilliSecond, () => _lseOn.Value, () => !_clocks.Lse.Nominal.IsZero, on => _clocks.Lse.Enabled = on),
            new(this, clock, "HSI", 2, () => 2200, () => _hsiOn.Value, () => true, on => _clocks.Hsi.Enabled = on),
            new(this, clock, "HSE", 3, () => _hseBypass.Value ? 1000 : 2 * MilliSecond, () => _hseOn.Value, () => !_clocks.Hse.Nominal.IsZero && !_hseFailed, on => _clocks.Hse.Enabled = on),
            new(this, clock, "PLL", 4, () => 100_000, () => _pllOn.Value, () => IsReady(PllSource), SetMainPll),
            new(this, clock, "PLLI2S", 5, () => 100_000, () => _plli2sOn.Value, () => IsReady(PllSource), SetI2sPll),
        ];
        _retained = new Stm32RetainedRegisters(system, (_bdcr, RegistersOfBackup), (_csr, FlagsOfReset));
        ResetState();
    }

    /// <summary>The global interrupt: clocks that became ready.</summary>
    public IrqLine Irq { get; }

    /// <summary>The clock security system's interrupt, to the CPU's NMI.</summary>
    public IrqLine Nmi { get; }

    /// <summary>Why the device was reset last, and before since the guest cleared the flags.</summary>
    public Stm32ResetCause ResetFlags => (Stm32ResetCause)(_csr.Value & FlagsOfReset);

    /// <summary>Says what the reset bit of a peripheral does.</summary>
    /// <param name="peripheral">The name in the manual, such as <c>USART2</c>.</param>
    /// <param name="reset">Resets the device; run while the guest holds the bit at 1, at its rise.</param>
    public void OnReset(string peripheral, Action reset)
    {
        if (!Stm32F4RccTable.Units.Any(u => u.Name == peripheral && u.Parts.HasFlag(Stm32RccParts.Reset)))
            throw new ArgumentException($"'{Name}' has no reset bit for '{peripheral}'", nameof(peripheral));
        if (!_resets.TryGetValue(peripheral, out List<Action>? actions))
            _resets.Add(peripheral, actions = []);
        actions.Add(reset);
    }

    /// <summary>Says what the reset of the backup domain (BDRST) does.</summary>
    /// <param name="reset">Resets the device.</param>
    public void OnBackupReset(Action reset) => _backupResets.Add(reset);

    /// <inheritdoc/>
    public override void Write(ulong offset, int size, ulong value)
    {
        (_pllcfgrBefore, _cfgrBefore, _bdcrBefore) = ((uint)_pllcfgr.Value, (uint)_cfgr.Value, (uint)_bdcr.Value);
        base.Write(offset, size, value);
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        bool system = _retained.Restore();
        if (_system.Pending is { } cause)
            _csr.Value |= (uint)cause;
        _selected = Hsi - 2;
        _hseFailed = _watchdogNeedsLsi = _security = false;
        for (int i = 0; i < _oscillators.Length; i++)
        {
            if (!system || i != Lse)
                _oscillators[i].Reset(ready: i == Hsi);
        }

        _clocks.Bus.Enabled = true;
        Apply();
        ApplyBuses();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_selected);
        writer.Write(_hseFailed);
        writer.Write(_watchdogNeedsLsi);
        writer.Write(_security);
        _system.Save(writer);
        _retained.Save(writer);
        foreach (Oscillator oscillator in _oscillators)
            oscillator.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _selected = reader.ReadInt32();
        if (_selected is < 0 or > 2)
            throw reader.Damaged("the system clock is none of three");
        _hseFailed = reader.ReadBoolean();
        _watchdogNeedsLsi = reader.ReadBoolean();
        _security = reader.ReadBoolean();
        _system.Load(reader);
        _retained.Load(reader);
        foreach (Oscillator oscillator in _oscillators)
            oscillator.Load(reader);
    }

    private (Stm32Bus Bus, Register Enable, Register Reset) DefineBus(Stm32Bus bus, string name, ulong reset)
    {
        Register resets = Registers.Define(reset, $"RCC_{name}RSTR");
        Register enables = Registers.Define(reset + 0x20, $"RCC_{name}ENR", Stm32F4RccTable.EnableReset(bus));
        Register sleep = Registers.Define(reset + 0x40, $"RCC_{name}LPENR", Stm32F4RccTable.SleepReset(bus));
        DefineBits(enables, bus, Stm32RccParts.Enable, (unit, on) => SetGate(unit, on));
        DefineBits(sleep, bus, Stm32RccParts.Sleep, null);
        DefineBits(resets, bus, Stm32RccParts.Reset, null);
        resets.Then(() => ResetPeripherals(bus, resets));
        return (bus, enables, resets);
    }

    // a bit of each peripheral, and reserved bits between
    private static void DefineBits(Register register, Stm32Bus bus, Stm32RccParts part, Action<Stm32RccUnit, bool>? write)
    {
        int next = 0;
        foreach (Stm32RccUnit unit in Stm32F4RccTable.Units.Where(u => u.Bus == bus && u.Parts.HasFlag(part)).OrderBy(static u => u.Bit))
        {
            if (unit.Bit > next)
                register.Ignored(unit.Bit - 1, next);
            register.Flag(unit.Bit, unit.Name, write: write is null ? null : on => write(unit, on));
            next = unit.Bit + 1;
        }

        register.Ignored(31, next);
    }

    private void ResetPeripherals(Stm32Bus bus, Register register)
    {
        foreach (Stm32RccUnit unit in Stm32F4RccTable.Units)
        {
            if (unit.Bus == bus && (register.Value >> unit.Bit & 1) != 0 && unit.Parts.HasFlag(Stm32RccParts.Reset) && _resets.TryGetValue(unit.Name, out List<Action>? actions))
                actions.ForEach(static a => a());
        }
    }

    private void SetGate(Stm32RccUnit unit, bool on)
    {
        _clocks.Gate(unit.Name).Enabled = on;
        if (_clocks.FindTimerGate(unit.Name) is { } timer)
            timer.Enabled = on;
    }

    private void ApplyBuses()
    {
        foreach (Stm32RccUnit unit in Stm32F4RccTable.Units.Where(static u => u.Parts.HasFlag(Stm32RccParts.Enable)))
            SetGate(unit, (Array.Find(_buses, b => b.Bus == unit.Bus).Enable.Value >> unit.Bit & 1) != 0);
    }

    private void ClearResetFlags(bool clear)
    {
        if (clear)
            _csr.Value &= ~(ulong)FlagsOfReset;
    }
}
