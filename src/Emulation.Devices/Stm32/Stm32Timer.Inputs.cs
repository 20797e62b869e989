namespace Emulation.Devices;

public sealed partial class Stm32Timer
{
    private int Selected => (int)(_smcr.Value >> 4) & 7;

    private bool ExternalLevel => _externalTrigger.Level != ((_smcr.Value & 0x8000) != 0);

    // P of CCER; both P and NP make every edge count
    private bool Inverted(int input) => (_ccer.Value >> ((4 * input) + 1) & 1) != 0 && !BothEdges(input);

    private bool BothEdges(int input) => (_ccer.Value >> ((4 * input) + 1) & 5) == 5;

    private bool Level(int input) => input < _channels.Length && _channels[input].Input.Level != Inverted(input);

    private bool ActiveEdge(int input) => BothEdges(input) || Level(input);

    // pins changed, or what stands between them and the filters
    private void OnInputs()
    {
        if (!BusClock.IsRunning)
            return;
        for (int i = 0; i < _channels.Length; i++)
        {
            bool level = _channels[i].Output.Input;
            if (i == 0 && (_cr2.Value & 0x80) != 0 && _channels.Length == 4)
                level ^= _channels[1].Output.Input ^ _channels[2].Output.Input;
            int filter = IsOutput(i) ? 0 : (int)(ChannelControl(i) >> 4);
            _channels[i].Input.Set(level, filter, SampleDivision);
        }
    }

    /// <summary>An input has a new level behind its filter.</summary>
    private void OnInputEdge(int input)
    {
        if (!BusClock.IsRunning)
            return;
        Sync();
        bool active = ActiveEdge(input);
        bool edgeDetector = input == 0 && Selected == 4;
        int pair = input ^ 1;
        if (active && (ChannelControl(input) & 3) == 1)
            Capture(input);
        if (pair < _channels.Length && (ChannelControl(pair) & 3) == 2 && (BothEdges(pair) || _channels[input].Input.Level != Inverted(pair)))
            Capture(pair);
        if (edgeDetector)
            CaptureByTrigger();
        if (Encodes && input < 2)
            Encode(input);
        else if (edgeDetector)
            OnTrigger(rising: true, pulse: true);
        else if ((Selected == 5 && input == 0) || (Selected == 6 && input == 1))
            OnTrigger(rising: active, pulse: BothEdges(input));
        Settle();
    }

    private void Encode(int input)
    {
        // mode 1 counts edges of TI2, mode 2 of TI1, mode 3 both (SMS)
        if (!Enabled || (SlaveMode == 1 && input == 0) || (SlaveMode == 2 && input == 1))
            return;
        bool same = Level(0) == Level(1);
        _down = input == 0 ? same : !same;
        ShowDirection();
        Advance(1);
    }

    private void Capture(int channel)
    {
        if ((_ccer.Value >> (4 * channel) & 1) == 0)
            return;
        int every = 1 << (int)(ChannelControl(channel) >> 2 & 3);
        Stm32TimerChannel state = _channels[channel];
        if (++state.Swallowed < every)
            return;
        state.Swallowed = 0;
        TakeCount(channel);
    }

    private void TakeCount(int channel)
    {
        uint flag = 2u << channel;
        if ((_sr.Value & flag) != 0)
            _sr.Value |= 0x200u << channel;
        _sr.Value |= flag;
        _ccr[channel].Value = _count;
        _channels[channel].Matched = true;
        if ((_dier.Value >> (9 + channel) & 1) != 0)
            _channels[channel].Request.Set(true);
    }

    // CCxS = 11: TRC, which is an internal trigger or TI1's edge detector
    private void CaptureByTrigger()
    {
        for (int i = 0; i < _channels.Length; i++)
        {
            if ((ChannelControl(i) & 3) == 3)
                Capture(i);
        }
    }

    private void OnCompareRead(int channel)
    {
        if (channel < _channels.Length && !IsOutput(channel))
            _sr.Value &= ~(2UL << channel);
    }

    private void OnExternalTrigger()
    {
        if (BusClock.IsRunning)
            _externalTrigger.Set(ExternalTrigger.Input, (int)(_smcr.Value >> 8) & 15, SampleDivision);
    }

    private void OnExternalTriggerFiltered()
    {
        if (!BusClock.IsRunning)
            return;
        Sync();
        bool rising = ExternalLevel;
        if (rising && ++_externalSwallowed < 1 << (int)(_smcr.Value >> 12 & 3))
            return;
        if (rising)
            _externalSwallowed = 0;
        if (ExternalClock2 && rising && !Encodes && (SlaveMode != 5 || _gate))
            Advance(1);
        if (Selected == 7)
            OnTrigger(rising, pulse: false);
        Settle();
    }

    private void OnInternalTrigger(int index)
    {
        // what this timer causes itself, round a ring of timers, it does not hear
        if (!BusClock.IsRunning || _publishing)
            return;
        Sync();
        bool level = _triggers[index]!.Level;
        if (level)
            CaptureByTrigger();
        OnTrigger(level, pulse: false);
        Settle();
    }

    /// <summary>TRGI changed: the slave mode controller (17.3.14, SMS).</summary>
    private void OnTrigger(bool rising, bool pulse)
    {
        if (SlaveMode == 5)
        {
            _sr.Value |= TriggerFlag;
            _gate = rising && !pulse;
            return;
        }

        if (!rising)
            return;
        if (SlaveMode is 4 or 6 or 7)
            SetTriggerFlag();
        switch (SlaveMode)
        {
            case 4: Restart(); break;
            case 6: _cr1.Value |= 1; break;
            case 7: Advance(1); break;
            default: break;
        }

        if (_options.IsAdvanced && (_cr2.Value & 5) == 5)
            Com();
    }

    private void SetTriggerFlag()
    {
        _sr.Value |= TriggerFlag;
        if ((_dier.Value & 0x4000) != 0)
            TriggerRequest.Set(true);
    }

    private void Com()
    {
        Commutate();
        _sr.Value |= ComFlag;
        if ((_dier.Value & 0x2000) != 0)
            ComRequest.Set(true);
    }

    private void OnSlaveMode()
    {
        Listen();
        OnExternalTrigger();
        if (SlaveMode == 5)
        {
            _gate = Selected switch
            {
                < 4 => _triggers[Selected]?.Level ?? false,
                5 => Level(0),
                6 => Level(1),
                7 => ExternalLevel,
                _ => false,
            };
        }

        if (!Encodes && !Center)
            _down = (_cr1.Value & 0x10) != 0;
    }

    private void OnEvents()
    {
        ulong events = _egr.Value;
        _egr.Value = 0;
        for (int i = 0; i < _channels.Length; i++)
        {
            if ((events >> (i + 1) & 1) == 0)
                continue;
            if (IsOutput(i))
            {
                _sr.Value |= 2u << i;
                _channels[i].Matched = true;
                if ((_dier.Value >> (9 + i) & 1) != 0)
                    _channels[i].Request.Set(true);
            }
            else
            {
                TakeCount(i);
            }
        }

        if ((events & 0x20) != 0)
            Com();
        if ((events & 0x40) != 0)
            SetTriggerFlag();
        if ((events & 0x80) != 0)
            Break();
        if ((events & 1) != 0)
            Restart();
    }

    // a trigger is listened to only while it is selected, so that its source need not compute it otherwise
    private void Listen()
    {
        bool captures = Enumerable.Range(0, _channels.Length).Any(i => (ChannelControl(i) & 3) == 3);
        int wanted = Selected < 4 && (SlaveMode >= 4 || captures) && _triggers[Selected] != null ? Selected : -1;
        if (wanted == _listening)
            return;
        Unlisten();
        _listening = wanted;
        if (wanted >= 0)
            _triggers[wanted]!.Changed += _triggerSinks[wanted];
    }

    private void Unlisten()
    {
        if (_listening >= 0)
            _triggers[_listening]!.Changed -= _triggerSinks[_listening];
        _listening = -1;
    }
}
