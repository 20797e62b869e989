namespace Emulation.Devices;

/// <content>The clocks that the registers make.</content>
public sealed partial class StellarisSystemControl
{
    // hertz by RCC.XTAL; the first ones are without the PLL
    private static ReadOnlySpan<uint> Crystals =>
    [
        1_000_000, 1_843_200, 2_000_000, 2_457_600, 3_579_545, 3_686_400, 4_000_000, 4_096_000,
        4_915_200, 5_000_000, 5_120_000, 6_000_000, 6_144_000, 7_372_800, 8_000_000, 8_192_000,
    ];

    // F over R + 1 is what makes 400 MHz of the crystal
    private ulong PllFactors
    {
        get
        {
            uint crystal = Crystals[(int)(_rcc.Value >> 6 & 0xf)];
            uint divisor = 1;
            while (divisor < 16 && (ulong)StellarisClocks.PllFrequency * divisor % crystal != 0)
                divisor++;
            ulong factor = (((ulong)StellarisClocks.PllFrequency * divisor) + (crystal / 2)) / crystal;
            return ((factor & 0x1ff) << 5) | (divisor - 1);
        }
    }

    private bool UsesRcc2 => (_rcc2.Value >> 31 & 1) != 0;

    private ulong Gating(int index)
    {
        bool gates = (_rcc.Value & SleepGating) != 0 && _mode != 0;
        return !gates ? _run[index].Value : _mode == 1 ? _sleep[index].Value : _deep[index].Value;
    }

    private void UpdateGates()
    {
        foreach (StellarisUnit unit in StellarisUnit.All)
            _clocks.Gate(unit.Name).Enabled = (Gating(unit.Index) >> unit.Bit & 1) != 0;
    }

    private void UpdateClocks()
    {
        ulong rcc = _rcc.Value, rcc2 = _rcc2.Value;
        int oscillator = (int)(UsesRcc2 ? rcc2 >> 4 & 7 : rcc >> 4 & 3);
        bool bypass = ((UsesRcc2 ? rcc2 : rcc) >> 11 & 1) != 0;
        bool power = ((UsesRcc2 ? rcc2 : rcc) >> 13 & 1) == 0;
        uint divider = (uint)(UsesRcc2 ? rcc2 >> 23 & 0x3f : rcc >> 23 & 0xf) + 1;
        bool divides = (rcc >> 22 & 1) != 0;
        if (_mode == 2)
        {
            (oscillator, bypass, power) = ((int)(_deepClock.Value >> 4 & 7), true, false);
            (divider, divides) = ((uint)(_deepClock.Value >> 23 & 0x3f) + 1, true);
        }

        // an oscillator that is the source cannot be disabled
        _clocks.Main.Enabled = (rcc & 1) == 0 || oscillator == 0;
        _clocks.Internal.Enabled = (rcc & 2) == 0 || oscillator is 1 or 2;
        _clocks.Oscillator.Selected = oscillator;
        UpdatePll(power, (uint)(rcc >> 6 & 0xf) | ((uint)oscillator << 4));
        bool pll = !bypass && _locked;
        // 400 MHz by two; less than MINSYSDIV (DC1) is taken as that: 50 MHz
        _clocks.System.Divider = pll ? Math.Max(divider, 4) : divides ? divider : 1;
        _clocks.Source.Selected = pll ? 1 : 0;
        _clocks.Converter.Selected = _locked ? 1 : 0;
        int pwm = (int)(rcc >> 17 & 7);
        _clocks.PwmDivider.Divider = (rcc >> 20 & 1) != 0 ? 2u << Math.Min(pwm, 5) : 1;
        UpdateGates();
    }

    private void UpdatePll(bool power, uint setting)
    {
        if (!power)
        {
            (_locked, _lockedTo) = (false, 0);
            _lock.Disarm();
            _clocks.Pll.Set(0, 1);
            return;
        }

        uint wanted = setting | 0x100;
        if (_lockedTo == wanted)
            return;
        (_locked, _lockedTo) = (false, wanted);
        _lock.Arm(_clock.Now + LockTime);
    }

    private void OnLocked()
    {
        _locked = true;
        _clocks.Pll.Set(StellarisClocks.PllFrequency, Crystals[(int)(_lockedTo & 0xf)]);
        _raw |= PllLock;
        UpdateClocks();
        UpdateIrq();
    }
}
