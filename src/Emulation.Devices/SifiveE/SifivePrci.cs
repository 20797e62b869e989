using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Clock control of the SiFive FE310: ring oscillator, crystal oscillator, PLL. FE310-G002 Manual, "Power, Reset, Clock, Interrupt (PRCI)". Ports: 4 KiB MMIO.</summary>
/// <remarks>The manual says that the PLL locks within 100 µs, and nothing of how long the oscillators need: the crystal gets 1 ms, the ring oscillator 1 µs.</remarks>
public sealed class SifivePrci : MmioDevice
{
    private const long RingStart = 1_000;
    private const long CrystalStart = 1_000_000;
    private const long LockTime = 100_000;

    private readonly SifiveClocks _clocks;
    private readonly VirtualClock _clock;
    private readonly BitField _ringDivider;
    private readonly BitField _ringTrim;
    private readonly FlagField _ringEnable;
    private readonly FlagField _crystalEnable;
    private readonly BitField _r;
    private readonly BitField _f;
    private readonly BitField _q;
    private readonly FlagField _select;
    private readonly FlagField _reference;
    private readonly FlagField _bypass;
    private readonly BitField _outputDivider;
    private readonly BitField _divideByOne;
    private long _ringReadyAt;
    private long _crystalReadyAt;
    private long _lockAt;
    private (ulong R, ulong F, ulong Q, bool Reference) _settings;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clocks">What it controls.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public SifivePrci(string name, SifiveClocks clocks, VirtualClock clock, GuestLog log)
        : base(name, log, 0x1000, AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(clock);
        (_clocks, _clock) = (clocks, clock);
        Registers.Define(0x00, "hfrosccfg", reset: 0x4010_0004)
            .Bits(5, 0, "hfroscdiv", out _ringDivider).Ignored(15, 6).Bits(20, 16, "hfrosctrim", out _ringTrim).Ignored(29, 21)
            .Flag(30, "hfroscen", out _ringEnable).Flag(31, "hfroscrdy", FieldMode.ReadOnly, read: () => clock.Now >= _ringReadyAt).Then(UpdateRing);
        Registers.Define(0x04, "hfxosccfg", reset: 0x4000_0000)
            .Ignored(29, 0).Flag(30, "hfxoscen", out _crystalEnable).Flag(31, "hfxoscrdy", FieldMode.ReadOnly, read: () => clock.Now >= _crystalReadyAt).Then(UpdateCrystal);
        Registers.Define(0x08, "pllcfg", reset: 0x0006_0df1)
            .Bits(2, 0, "pllr", out _r).Ignored(3, 3).Bits(9, 4, "pllf", out _f).Bits(11, 10, "pllq", out _q).Ignored(15, 12)
            .Flag(16, "pllsel", out _select).Flag(17, "pllrefsel", out _reference).Flag(18, "pllbypass", out _bypass).Ignored(30, 19)
            .Flag(31, "plllock", FieldMode.ReadOnly, read: () => clock.Now >= _lockAt).Then(UpdatePll);
        Registers.Define(0x0c, "plloutdiv", reset: 0x100)
            .Bits(5, 0, "plloutdiv", out _outputDivider).Ignored(7, 6).Bits(13, 8, "plloutdivby1", out _divideByOne).Ignored(31, 14).Then(UpdateOutput);
        Registers.Define(0xf0, "procmoncfg").Unimplemented(31, 0, "process monitor");
        Settle();
    }

    private (ulong R, ulong F, ulong Q, bool Reference) Settings => (_r.Value, _f.Value, _q.Value, _reference.Value);

    /// <inheritdoc/>
    protected override void ResetState() => Settle();

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_ringReadyAt);
        writer.Write(_crystalReadyAt);
        writer.Write(_lockAt);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _ringReadyAt = reader.ReadInt64();
        _crystalReadyAt = reader.ReadInt64();
        _lockAt = reader.ReadInt64();
        _settings = Settings;
    }

    // the chip runs from the ring oscillator when it leaves reset; the crystal has just begun
    private void Settle()
    {
        _settings = Settings;
        _ringReadyAt = 0;
        _crystalReadyAt = _clock.Now + CrystalStart;
        _lockAt = long.MaxValue;
        UpdateRing();
        UpdateCrystal();
        UpdateClocks();
        UpdateOutput();
    }

    private void UpdateRing()
    {
        _clocks.Hfrosc.Enabled = _ringEnable.Value;
        SifiveClocks.Trim(_clocks.Hfrosc, _ringTrim.Value);
        _clocks.Hfroscclk.Divider = (uint)_ringDivider.Value + 1;
        Follow(_ringEnable, ref _ringReadyAt, RingStart);
    }

    private void UpdateCrystal()
    {
        _clocks.Hfxosc.Enabled = _crystalEnable.Value;
        Follow(_crystalEnable, ref _crystalReadyAt, CrystalStart);
    }

    private void Follow(FlagField enable, ref long readyAt, long start)
    {
        if (!enable.Value)
            readyAt = long.MaxValue;
        else if (readyAt == long.MaxValue)
            readyAt = _clock.Now + start;
    }

    private void UpdatePll()
    {
        if (_bypass.Value)
            _lockAt = long.MaxValue;
        else if (_settings != Settings || _lockAt == long.MaxValue)
            _lockAt = _clock.Now + LockTime;
        _settings = Settings;
        UpdateClocks();
    }

    // refr = ref / (R + 1), vco = refr * 2 (F + 1), pllout = vco / 2^Q; Q = 0 is not supported and taken as 1 here
    private void UpdateClocks()
    {
        _clocks.PllReference.Selected = _reference.Value ? 1 : 0;
        _clocks.Pll.Set(2 * ((uint)_f.Value + 1), ((uint)_r.Value + 1) << (int)Math.Max(1, _q.Value));
        _clocks.PllOutput.Selected = _bypass.Value ? 1 : 0;
        _clocks.Hfclk.Selected = _select.Value ? 1 : 0;
    }

    private void UpdateOutput() => _clocks.Pllclk.Divider = _divideByOne.Value != 0 ? 1 : 2 * ((uint)_outputDivider.Value + 1);
}
