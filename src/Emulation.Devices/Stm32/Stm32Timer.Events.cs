using Emulation.Core;

namespace Emulation.Devices;

public sealed partial class Stm32Timer
{
    private bool _updated;
    private bool _resetPulse;
    private bool _publishing;

    private int MasterMode => _options.Master ? (int)(_cr2.Value >> 4) & 7 : 0;

    private void OnDeadline()
    {
        Sync();
        Settle();
    }

    private void OnClockChanged()
    {
        // the counter was brought to this moment with the old frequency
        Sync();
        Settle();
    }

    private void BringUpToDate()
    {
        if (_publishing || !_cycles.IsRunning)
            return;
        Sync();
        // nobody watched what happened until now
        (_updated, _resetPulse) = (false, false);
        foreach (Stm32TimerChannel channel in _channels)
            channel.Matched = false;
        Settle();
    }

    private void OnStatusWritten()
    {
        // the flag stays while the break input is active (17.4.5)
        if (_options.IsAdvanced && BreakActive)
            _sr.Value |= BreakFlag;
    }

    /// <summary>After anything that may have changed: tells the world, and plans the next event.</summary>
    private void Settle()
    {
        if (_publishing)
            return;
        _publishing = true;
        Follow();
        UpdateReferences();
        UpdateIrqs();
        DriveOutputs();
        Publish();
        _publishing = false;
        Reschedule();
    }

    private void UpdateIrqs()
    {
        uint pending = (uint)(_sr.Value & _dier.Value);
        if (!_options.IsAdvanced)
        {
            UpdateIrq.Set((pending & 0xff) != 0);
            return;
        }

        UpdateIrq.Set((pending & UpdateFlag) != 0);
        CompareIrq.Set((pending & 0x1e) != 0);
        TriggerIrq.Set((pending & (TriggerFlag | ComFlag)) != 0);
        BreakIrq.Set((pending & BreakFlag) != 0);
    }

    private void Publish()
    {
        (bool updated, bool reset) = (_updated, _resetPulse);
        (_updated, _resetPulse) = (false, false);
        foreach (Stm32TimerChannel channel in _channels)
            channel.Trigger.Set(channel.Reference);
        bool matched = _channels.Length > 0 && _channels[0].Matched;
        foreach (Stm32TimerChannel channel in _channels)
            channel.Matched = false;
        if (!_options.Master)
            return;
        switch (MasterMode)
        {
            case 0: Pulse(reset); break;
            case 1: TriggerOutput.Set(Enabled); break;
            case 2: Pulse(updated); break;
            case 3: Pulse(matched); break;
            default: TriggerOutput.Set(MasterMode - 4 < _channels.Length && _channels[MasterMode - 4].Reference); break;
        }
    }

    private void Pulse(bool now)
    {
        TriggerOutput.Set(false);
        if (now)
            TriggerOutput.Pulse();
    }

    /// <summary>Arms the timer for the next thing that anybody would notice.</summary>
    private void Reschedule()
    {
        if (_publishing)
            return;
        ulong ticks = _cycles.IsRunning && Enabled && _reload != 0 ? NextTicks() : 0;
        if (ticks == 0)
        {
            _next.Disarm();
            return;
        }

        long deadline = _cycles.TimeOf(_consumed + (ticks * (_prescaler + 1UL)) - _phase);
        if (_next.Deadline != deadline)
            _next.Arm(deadline);
    }

    private ulong NextTicks()
    {
        ulong wrap = TicksToWrap();
        ulong next = WrapMatters() ? wrap : 0;
        for (int i = 0; i < _channels.Length; i++)
        {
            if (!IsOutput(i) || !MatchMatters(i))
                continue;
            ulong ticks = TicksToMatch(i, wrap);
            if (next == 0 || ticks < next)
                next = ticks;
        }

        return next;
    }

    // the match may lie beyond the wrap: then the wrap is looked at first
    private ulong TicksToMatch(int channel, ulong wrap)
    {
        uint at = _channels[channel].Compare;
        if (_down)
            return at < _count ? Math.Min(_count - at, wrap) : wrap;
        return at > _count ? Math.Min(at - _count, wrap) : wrap;
    }

    private bool WrapMatters()
    {
        uint enabled = (uint)_dier.Value, status = (uint)_sr.Value;
        bool matters = (enabled & ~status & UpdateFlag) != 0
            || ((enabled & 0x100) != 0 && !UpdateRequest.Level)
            || (TriggerOutput.IsObserved && (MasterMode == 2 || (MasterMode == 1 && (_cr1.Value & 8) != 0)))
            || (_bdtr.Value & 0xc000) == 0x4000;
        if (!matters && (_cr2.Value & 8) != 0)
        {
            for (int i = 0; i < _channels.Length; i++)
                matters |= (enabled >> (9 + i) & 1) != 0 && !_channels[i].Request.Level;
        }

        return matters;
    }

    private bool MatchMatters(int channel)
    {
        Stm32TimerChannel state = _channels[channel];
        uint enabled = (uint)_dier.Value, status = (uint)_sr.Value;
        if ((enabled & ~status & (2u << channel)) != 0)
            return true;
        if ((enabled >> (9 + channel) & 1) != 0 && (_cr2.Value & 8) == 0 && !state.Request.Level)
            return true;
        if (channel == 0 && MasterMode == 3 && TriggerOutput.IsObserved)
            return true;
        int mode = OutputMode(channel);
        if (mode is 0 or 4 or 5 || !ReferenceChanges(channel, mode))
            return false;
        return state.Trigger.IsObserved
            || (MasterMode == 4 + channel && TriggerOutput.IsObserved)
            || (OutputBit(channel, 0) && state.Output.IsObserved)
            || (OutputBit(channel, 2) && state.Complement is { IsObserved: true });
    }

    // an output that is active on match, and is active, has nothing to come
    private bool ReferenceChanges(int channel, int mode) => mode switch
    {
        1 => !_channels[channel].Reference,
        2 => _channels[channel].Reference,
        _ => true,
    };

    private void Acknowledge(DmaRequest request)
    {
        // a burst through DMAR goes on until its registers are done (17.3.21)
        if (_burstUsed && _burst != 0)
            return;
        _burstUsed = false;
        request.Set(false);
        Sync();
        Settle();
    }

    private ulong AccessBurst(uint? value)
    {
        if (_channels.Length == 0 || !_options.Dma)
            return 0;
        int index = ((int)_dcr.Value & 0x1f) + _burst;
        _burst = (_burst + 1) % (((int)(_dcr.Value >> 8) & 0x1f) + 1);
        _burstUsed = true;
        // DMAR itself, and what lies beyond it, is no target
        if (index >= 0x4c / 4)
            return 0;
        if (value is { } v)
            Write((ulong)index * 4, 4, v);
        else
            return Read((ulong)index * 4, 4);
        return 0;
    }
}
