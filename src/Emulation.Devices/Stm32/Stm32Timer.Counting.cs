using Emulation.Core;

namespace Emulation.Devices;

public sealed partial class Stm32Timer
{
    // no update at the natural end of a counter that was beyond its reload value
    private bool BeyondReload => !Center && !_down && _count > _reload;

    private bool Center => (_cr1.Value & 0x60) != 0;

    private int SlaveMode => (int)_smcr.Value & 7;

    private bool ExternalClock2 => (_smcr.Value & 0x4000) != 0;

    private bool Encodes => _options.Encoder && SlaveMode is >= 1 and <= 3;

    private bool CountsClock => Enabled && !Encodes && SlaveMode != 7 && !ExternalClock2 && (SlaveMode != 5 || _gate);

    private bool UpdatesDisabled => (_cr1.Value & 2) != 0;

    /// <summary>Brings the counter to the present time.</summary>
    private void Sync()
    {
        if (!_cycles.IsRunning)
            return;
        ulong now = _cycles.Value;
        ulong passed = now - _consumed;
        _consumed = now;
        if (passed != 0)
            Advance(passed);
    }

    /// <summary>Starts or stops to count the clock, as the registers say.</summary>
    private void Follow()
    {
        if (CountsClock == _cycles.IsRunning)
            return;
        _consumed = 0;
        if (CountsClock)
        {
            _cycles.Set(0);
            _cycles.Start();
        }
        else
        {
            _cycles.Reset();
        }
    }

    /// <summary>Lets edges of the counter's clock pass, in front of the prescaler.</summary>
    private void Advance(ulong edges)
    {
        while (edges != 0 && Enabled)
        {
            ulong divider = _prescaler + 1UL;
            ulong whole = TicksToWrap();
            if (whole == 0)
            {
                // a reload value of 0 blocks the counter (17.3.1)
                _phase = (uint)((_phase + edges) % divider);
                return;
            }

            ulong needed = (whole * divider) - _phase;
            if (edges < needed)
            {
                ulong total = _phase + edges;
                Move(total / divider);
                _phase = (uint)(total % divider);
                return;
            }

            edges -= needed;
            Move(whole - 1);
            _phase = 0;
            Wrap();
            edges = SkipPeriods(edges);
        }
    }

    /// <summary>Ticks until the count wraps or turns round; 0 when it does not move.</summary>
    private ulong TicksToWrap()
    {
        if (_reload == 0)
            return 0;
        if (Center)
            return _down ? Math.Max(1, _count) : _count < _reload ? _reload - _count : 1;
        if (_down)
            return _count + 1UL;
        return BeyondReload ? _max - _count + 1UL : _reload - _count + 1UL;
    }

    // Whole periods that nothing but flags can tell from one another; an even number, for outputs that toggle.
    private ulong SkipPeriods(ulong edges)
    {
        ulong wraps = Center ? 2UL : 1;
        ulong period = (Center ? 2UL * _reload : _reload + 1UL) * (_prescaler + 1UL);
        if (period == 0 || edges / period < 8 || !Enabled || !Steady)
            return edges;
        ulong skipped = ((edges / period) - 4) & ~1UL;
        ulong turns = skipped * wraps;
        if (turns > _repeat)
        {
            ulong reload = RepetitionReload + 1;
            _repeat = (uint)(reload - 1 - ((turns - _repeat - 1) % reload));
            if (!UpdatesDisabled)
                MarkUpdate(software: false);
        }
        else
        {
            _repeat -= (uint)turns;
        }

        return edges - (skipped * period);
    }

    private ulong RepetitionReload => _options.IsAdvanced ? _rcr.Value : 0;

    private bool Steady
    {
        get
        {
            if ((_cr1.Value & 8) != 0)
                return false;
            if (UpdatesDisabled)
                return true;
            bool steady = _prescaler == _psc.Value && _reload == _arr.Value;
            for (int i = 0; i < _channels.Length; i++)
                steady &= !IsOutput(i) || _channels[i].Compare == (uint)_ccr[i].Value;
            return steady;
        }
    }

    /// <summary>Moves the count by ticks that do not reach its end.</summary>
    private void Move(ulong ticks)
    {
        if (ticks == 0)
            return;
        uint from = _count;
        _count = _down ? from - (uint)ticks : from + (uint)ticks;
        for (int i = 0; i < _channels.Length; i++)
        {
            uint at = _channels[i].Compare;
            bool reached = _down ? at < from && at >= _count : at > from && at <= _count;
            if (reached && IsOutput(i))
                Match(i);
        }
    }

    // overflow or underflow
    private void Wrap()
    {
        bool natural = BeyondReload;
        bool underflow = _down;
        bool over = false;
        if (Center)
        {
            _count = _down ? 0 : _reload;
            _down = !_down;
        }
        else
        {
            _count = 0;
        }

        ShowDirection();
        if (!natural)
        {
            for (int i = 0; i < _channels.Length; i++)
            {
                if (IsOutput(i) && _channels[i].Compare > _reload)
                    _sr.Value |= 2u << i;
            }

            over = _repeat == 0;
            if (over)
                Update(software: false);
            else
                _repeat--;
        }

        if (underflow && !Center)
            _count = _reload;
        for (int i = 0; i < _channels.Length; i++)
        {
            if (IsOutput(i) && _channels[i].Compare == _count)
                Match(i);
        }

        if (over && (_cr1.Value & 8) != 0 && !UpdatesDisabled)
        {
            _cr1.Value &= ~1UL;
            UpdateReferences();
        }
    }

    /// <summary>The update event UEV (17.3.1).</summary>
    private void Update(bool software)
    {
        _repeat = (uint)RepetitionReload;
        if (UpdatesDisabled)
            return;
        _prescaler = (uint)_psc.Value;
        _reload = (uint)_arr.Value;
        for (int i = 0; i < _channels.Length; i++)
        {
            if (IsOutput(i))
                _channels[i].Compare = (uint)_ccr[i].Value;
            _channels[i].Cleared = false;
        }

        MarkUpdate(software);
        if (_options.IsAdvanced && (_bdtr.Value & 0x4000) != 0 && !BreakActive)
            _bdtr.Value |= 0x8000;
    }

    private void MarkUpdate(bool software)
    {
        if (software && (_cr1.Value & 4) != 0)
            return;
        _sr.Value |= UpdateFlag;
        _updated = true;
        if ((_dier.Value & 0x100) != 0)
            UpdateRequest.Set(true);
        if ((_cr2.Value & 8) == 0)
            return;
        for (int i = 0; i < _channels.Length; i++)
        {
            if ((_dier.Value >> (9 + i) & 1) != 0)
                _channels[i].Request.Set(true);
        }
    }

    /// <summary>UG, or a trigger in reset mode: the count starts anew.</summary>
    private void Restart()
    {
        _phase = 0;
        _down = !Center && (_cr1.Value & 0x10) != 0;
        Update(software: true);
        _count = _down ? _reload : 0;
        _resetPulse = true;
    }

    private void SetCount(uint value) => _count = value;

    private void LoadReload()
    {
        if ((_cr1.Value & 0x80) == 0)
            _reload = (uint)_arr.Value;
    }

    // DIR is read-only where the counter turns round by itself (17.4.1)
    private void ShowDirection()
    {
        if (Center || Encodes)
            _cr1.Value = (_cr1.Value & ~0x10UL) | (_down ? 0x10UL : 0);
    }

    private void OnControl(ulong old)
    {
        ShowDirection();
        if (!Center && !Encodes)
            _down = (_cr1.Value & 0x10) != 0;
        if (((_cr1.Value ^ old) & 0x80) != 0)
            LoadReload();
    }
}
