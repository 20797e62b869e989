using Emulation.Core;

namespace Emulation.Devices;

/// <content>What the registers make of the clocks.</content>
public sealed partial class Stm32F4Rcc
{
    // in the order of the bits of RCC_CIR
    private const int Lsi = 0;
    private const int Lse = 1;
    private const int Hsi = 2;
    private const int Hse = 3;
    private const int MainPll = 4;
    private const int I2sPll = 5;
    private const ulong SecurityFlag = 1 << 7;
    private const int PllClock = 2;

    private bool _hseFailed;
    private bool _watchdogNeedsLsi;
    private bool _security;

    private int PllSource => (_pllcfgr.Value >> 22 & 1) != 0 ? Hse : Hsi;

    /// <summary>The crystal stops, as a test's fault: with the clock security system the guest gets an NMI and runs on from the HSI (7.2.7).</summary>
    public void FailHse()
    {
        bool was = IsReady(Hse);
        _hseFailed = true;
        if (was && _cssOn.Value)
        {
            _hseOn.Value = _cssOn.Value = false;
            if (_selected == 1 || (_selected == PllClock && PllSource == Hse))
                _switch.Value = 0;
            if (PllSource == Hse)
                _pllOn.Value = _plli2sOn.Value = false;
            _hsiOn.Value = true;
            _oscillators[Hsi].Reset(ready: true);
            _selected = 0;
            _cir.Value |= SecurityFlag;
        }

        Apply();
        Update();
    }

    /// <summary>The crystal works again; the oscillator starts where the guest has it on.</summary>
    public void RepairHse()
    {
        _hseFailed = false;
        Apply();
    }

    /// <summary>Stop or Standby mode begins: the clocks of the 1.2 V domain stand still (5.3.4).</summary>
    public void EnterStop() => _clocks.Bus.Enabled = false;

    /// <summary>Stop mode ends: the HSI runs the system, the HSE and the PLLs are off (5.3.4).</summary>
    public void LeaveStop()
    {
        _clocks.Bus.Enabled = true;
        _switch.Value = 0;
        _hseOn.Value = _pllOn.Value = _plli2sOn.Value = false;
        _hsiOn.Value = true;
        _oscillators[Hsi].Reset(ready: true);
        _selected = 0;
        Apply();
    }

    /// <summary>A running watchdog keeps its oscillator on (7.2.5).</summary>
    public void ForceLsi()
    {
        _watchdogNeedsLsi = true;
        Apply();
    }

    private bool IsReady(int oscillator) => _oscillators is not null && _oscillators[oscillator].IsReady;

    private void OnReady(int oscillator)
    {
        _interrupts.Value |= 1UL << oscillator;
        Apply();
        Update();
    }

    private void Update()
    {
        Irq.Set((_interrupts.Value & _interruptMask.Value) != 0);
        Nmi.Set((_cir.Value & SecurityFlag) != 0);
    }

    // 7.3.2: source and division factor are for both PLLs off, the rest for the main PLL off
    private void OnPllConfiguration()
    {
        const ulong Shared = 0x0040_003f;
        if (_pllOn.Value)
            _pllcfgr.Value = _pllcfgrBefore;
        else if (_plli2sOn.Value)
            _pllcfgr.Value = (_pllcfgr.Value & ~Shared) | (_pllcfgrBefore & Shared);
        if (_pllOn.Value || _plli2sOn.Value)
            Log.Error(Name, "RCC_PLLCFGR is written while a PLL is on");
        Apply();
    }

    private void OnConfiguration()
    {
        const ulong Switch = 3;
        if (_switch.Value == 3)
        {
            Log.Error(Name, "RCC_CFGR.SW is set to a clock that there is not");
            _cfgr.Value = (_cfgr.Value & ~Switch) | (_cfgrBefore & Switch);
        }

        Apply();
    }

    private void OnBackupControl()
    {
        const ulong Source = 0x300;
        if (!_system.BackupWritable)
        {
            _bdcr.Value = _bdcrBefore;
            Log.Error(Name, "RCC_BDCR is written while PWR_CR.DBP is 0");
            return;
        }

        // the RTC's clock is chosen once (7.3.20)
        if ((_bdcrBefore & Source) != 0 && ((_bdcr.Value ^ _bdcrBefore) & Source) != 0)
            _bdcr.Value = (_bdcr.Value & ~Source) | (_bdcrBefore & Source);
        if (_backupReset.Value)
        {
            _bdcr.Value &= 1 << 16;
            foreach (Action reset in _backupResets)
                reset();
        }

        Apply();
    }

    // Hardware keeps on what runs the system (7.3.1), then all follows from the registers.
    private void Apply()
    {
        if (_oscillators is null)
            return;
        bool onPll = _selected == PllClock;
        _hsiOn.Value |= _selected == 0 || (onPll && PllSource == Hsi);
        _hseOn.Value |= (_selected == 1 || (onPll && PllSource == Hse)) && !_hseFailed;
        _pllOn.Value |= onPll && !_hseFailed;
        _clocks.PllSource.Selected = PllSource == Hse ? 1 : 0;
        _clocks.PllInput.Divider = Math.Max(1, (uint)_pllcfgr.Value & 0x3f);
        _clocks.Pll.Divider = 2 * (((uint)_pllcfgr.Value >> 16 & 3) + 1);
        _clocks.Pll48.Divider = Math.Max(1, (uint)_pllcfgr.Value >> 24 & 0xf);
        _clocks.PllI2s.Divider = Math.Max(1, (uint)_plli2scfgr.Value >> 28 & 7);
        foreach (Oscillator oscillator in _oscillators)
            oscillator.Update();
        if (_switch.Value < 3 && IsReady(_switch.Value switch { 0 => Hsi, 1 => Hse, _ => MainPll }))
            _selected = (int)_switch.Value;
        ApplyDividers();
    }

    private void ApplyDividers()
    {
        uint configuration = (uint)_cfgr.Value;
        _clocks.Hclk.Divider = AhbDivider((int)_ahbPrescaler.Value);
        (uint first, uint second) = (ApbDivider((int)_apb1Prescaler.Value), ApbDivider((int)_apb2Prescaler.Value));
        _clocks.Pclk1.Divider = first;
        _clocks.Pclk2.Divider = second;
        // 7.2: the timers' clock is twice that of a bus that is divided
        _clocks.TimerClock1.Set(first == 1 ? 1u : 2, first);
        _clocks.TimerClock2.Set(second == 1 ? 1u : 2, second);
        _clocks.Sysclk.Selected = _selected;
        _clocks.I2s.Selected = (int)(configuration >> 23 & 1);
        _clocks.Mco1Source.Selected = (int)(configuration >> 21 & 3);
        _clocks.Mco2Source.Selected = (int)(configuration >> 30);
        _clocks.Mco1.Divider = OutputDivider(configuration >> 24 & 7);
        _clocks.Mco2.Divider = OutputDivider(configuration >> 27 & 7);
        _clocks.HseRtcGate.Enabled = _rtcPrescaler.Value >= 2;
        _clocks.HseRtc.Divider = Math.Max(1, (uint)_rtcPrescaler.Value);
        _clocks.RtcSource.Selected = (int)_rtcSource.Value;
        _clocks.Rtc.Enabled = _rtcOn.Value;
    }

    private void SetMainPll(bool on) => _clocks.PllVco.Set(on ? (uint)_pllcfgr.Value >> 6 & 0x1ff : 0, 1);

    private void SetI2sPll(bool on) => _clocks.PllI2sVco.Set(on ? (uint)_plli2scfgr.Value >> 6 & 0x1ff : 0, 1);

    private static uint AhbDivider(int field) => field < 8 ? 1 : (uint)(field < 12 ? 2 << (field - 8) : 4 << (field - 8));

    private static uint ApbDivider(int field) => field < 4 ? 1 : 2u << (field - 4);

    private static uint OutputDivider(uint field) => field < 4 ? 1 : field - 2;

    /// <summary>An oscillator or PLL that needs time to start.</summary>
    private sealed class Oscillator
    {
        private readonly Stm32F4Rcc _rcc;
        private readonly VirtualClock _clock;
        private readonly int _index;
        private readonly Func<long> _time;
        private readonly Func<bool> _wanted;
        private readonly Func<bool> _possible;
        private readonly Action<bool> _switch;
        private readonly ClockTimer _timer;

        public Oscillator(Stm32F4Rcc rcc, VirtualClock clock, string name, int index, Func<long> time, Func<bool> wanted, Func<bool> possible, Action<bool> change)
        {
            (_rcc, _clock, _index, _time, _wanted, _possible, _switch) = (rcc, clock, index, time, wanted, possible, change);
            _timer = clock.CreateTimer($"{rcc.Name} {name}", OnStarted);
        }

        public bool IsReady { get; private set; }

        public void Update()
        {
            bool on = _wanted() && _possible();
            if (!on)
            {
                _timer.Disarm();
                IsReady = false;
            }
            else if (!IsReady && !_timer.IsArmed)
            {
                _timer.Arm(_clock.Now + _time());
            }

            _switch(IsReady);
        }

        public void Reset(bool ready)
        {
            _timer.Disarm();
            IsReady = ready;
        }

        public void Save(StateWriter writer)
        {
            writer.Write(IsReady);
            _timer.Save(writer);
        }

        public void Load(StateReader reader)
        {
            IsReady = reader.ReadBoolean();
            _timer.Load(reader);
        }

        private void OnStarted()
        {
            IsReady = true;
            _rcc.OnReady(_index);
        }
    }
}
