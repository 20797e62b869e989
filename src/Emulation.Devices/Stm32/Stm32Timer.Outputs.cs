using Emulation.Core;

namespace Emulation.Devices;

public sealed partial class Stm32Timer
{
    private bool BreakActive => (_bdtr.Value & 0x1000) != 0 && BreakInput.Input == ((_bdtr.Value & 0x2000) != 0);

    private bool MainOutput => !_options.IsAdvanced || (_bdtr.Value & 0x8000) != 0;

    private static bool IsPwm(int mode) => mode is 6 or 7;

    private uint ChannelControl(int channel) => (uint)(_ccmr[channel / 2].Value >> (8 * (channel & 1))) & 0xff;

    private bool IsOutput(int channel) => (ChannelControl(channel) & 3) == 0;

    // OCxM in use; preloaded ones wait for a commutation
    private int OutputMode(int channel) => (int)(_modes >> (4 * channel)) & 7;

    private bool OutputBit(int channel, int bit) => (_outputs >> ((4 * channel) + bit) & 1) != 0;

    private void Match(int channel)
    {
        // centre-aligned modes 1 and 2 flag only one direction (CMS)
        uint aligned = (uint)(_cr1.Value >> 5) & 3;
        Stm32TimerChannel state = _channels[channel];
        if (aligned is 0 or 3 || (aligned == 1) == _down)
        {
            _sr.Value |= 2u << channel;
            state.Matched = true;
            if ((_dier.Value >> (9 + channel) & 1) != 0 && (_cr2.Value & 8) == 0)
                state.Request.Set(true);
        }

        if (!state.Cleared)
            state.Reference = OutputMode(channel) switch { 1 => true, 2 => false, 3 => !state.Reference, _ => state.Reference };
    }

    private void UpdateReferences()
    {
        for (int i = 0; i < _channels.Length; i++)
        {
            Stm32TimerChannel channel = _channels[i];
            if (!IsOutput(i))
                continue;
            int mode = OutputMode(i);
            if ((ChannelControl(i) & 0x80) != 0 && ExternalLevel)
                channel.Cleared = true;
            if (mode is 4 or 5)
                channel.Reference = mode == 5;
            else if (IsPwm(mode))
                channel.Reference = (_down ? _count <= channel.Compare : _count < channel.Compare) == (mode == 6);
            if (channel.Cleared)
                channel.Reference = false;
        }
    }

    private void LoadCompare(int channel)
    {
        // a channel with preload takes it at the next update
        if (channel < _channels.Length && (ChannelControl(channel) & 8) == 0)
            _channels[channel].Compare = (uint)_ccr[channel].Value;
    }

    private void OnChannelControl(ulong oldEnables)
    {
        for (int i = 0; i < _channels.Length; i++)
        {
            LoadCompare(i);
            if ((_ccer.Value >> (4 * i) & 1) == 0)
                _channels[i].Swallowed = 0;
        }

        if (oldEnables != _ccer.Value)
            OnInputs();
        if (!_options.IsAdvanced || (_cr2.Value & 1) == 0)
            Commutate();
        else
            _outputs = (_outputs & 0x5555) | ((uint)_ccer.Value & 0xaaaa);
    }

    private void Commutate()
    {
        _outputs = (uint)_ccer.Value;
        _modes = 0;
        for (int i = 0; i < _channels.Length; i++)
            _modes |= (ChannelControl(i) >> 4 & 7) << (4 * i);
    }

    private void DriveOutputs()
    {
        for (int i = 0; i < _channels.Length; i++)
        {
            Stm32TimerChannel channel = _channels[i];
            if (!IsOutput(i))
            {
                channel.Output.Drive(PinDrive.Floating);
                channel.Complement?.Drive(PinDrive.Floating);
                continue;
            }

            bool both = OutputBit(i, 0) && OutputBit(i, 2);
            uint dead = DeadCycles;
            if (channel.Complement == null || !both || dead == 0 || !(channel.Output.IsObserved || channel.Complement.IsObserved))
            {
                channel.DeadTime?.Disarm();
                channel.Driven = channel.Reference;
            }
            else if (channel.Driven != channel.Reference && !channel.DeadTime!.IsArmed)
            {
                channel.DeadTime.Arm(dead);
            }
            else if (channel.Driven == channel.Reference)
            {
                channel.DeadTime!.Disarm();
            }

            Drive(i, channel);
        }
    }

    // what the dead time keeps back: both outputs are inactive while OCxREF has changed and its delayed copy has not
    private void Drive(int index, Stm32TimerChannel channel)
    {
        bool enabled = OutputBit(index, 0), inverted = OutputBit(index, 1), complement = OutputBit(index, 2), complementInverted = OutputBit(index, 3);
        if (!MainOutput)
        {
            bool idle = (_bdtr.Value & 0x400) != 0 && (enabled || complement);
            channel.Output.Drive(!idle ? PinDrive.Floating : (_cr2.Value >> (8 + (2 * index)) & 1) != 0 ? PinDrive.High : PinDrive.Low);
            channel.Complement?.Drive(!idle ? PinDrive.Floating : (_cr2.Value >> (9 + (2 * index)) & 1) != 0 ? PinDrive.High : PinDrive.Low);
            return;
        }

        bool offState = _options.IsAdvanced && (_bdtr.Value & 0x800) != 0 && (enabled || complement);
        bool active = enabled && channel.Reference && channel.Driven;
        if (enabled)
            channel.Output.Drive(active != inverted);
        else
            channel.Output.Drive(!offState ? PinDrive.Floating : inverted ? PinDrive.High : PinDrive.Low);
        if (channel.Complement == null)
            return;
        // alone, the complementary output follows OCxREF itself (table 92)
        bool complementActive = enabled ? !channel.Reference && !channel.Driven : channel.Reference;
        if (complement)
            channel.Complement.Drive(complementActive != complementInverted);
        else
            channel.Complement.Drive(!offState ? PinDrive.Floating : complementInverted ? PinDrive.High : PinDrive.Low);
    }

    private uint DeadCycles
    {
        get
        {
            uint code = (uint)_bdtr.Value & 0xff;
            uint units = code switch
            {
                < 0x80 => code,
                < 0xc0 => (64 + (code & 0x3f)) * 2,
                < 0xe0 => (32 + (code & 0x1f)) * 8,
                _ => (32 + (code & 0x1f)) * 16,
            };
            return units * SampleDivision;
        }
    }

    private void OnDeadTime(int index)
    {
        _channels[index].Driven = _channels[index].Reference;
        Drive(index, _channels[index]);
    }

    private void OnBreakInput()
    {
        if (!_options.IsAdvanced || !BusClock.IsRunning || !BreakActive)
            return;
        Sync();
        Break();
        Settle();
    }

    private void Break()
    {
        _bdtr.Value &= ~0x8000UL;
        _sr.Value |= BreakFlag;
    }

    private void OnBreakControl()
    {
        if (BreakActive)
            Break();
    }

    // LOCK is written once; its level says what does not change any more (17.4.18)
    private void ApplyLock(ulong bdtr, ulong ccer, ulong cr2, ulong ccmr1, ulong ccmr2)
    {
        int level = (int)(bdtr >> 8) & 3;
        if (level == 0)
            return;
        Keep(_bdtr, bdtr, level == 1 ? 0x73ffu : 0x7fffu);
        Keep(_cr2, cr2, 0x7f00);
        if (level >= 2)
            Keep(_ccer, ccer, 0xaaaa);
        if (level < 3)
            return;
        Keep(_ccmr[0], ccmr1, (((uint)ccmr1 & 3) == 0 ? 0x78u : 0) | (((uint)ccmr1 & 0x300) == 0 ? 0x7800u : 0));
        Keep(_ccmr[1], ccmr2, (((uint)ccmr2 & 3) == 0 ? 0x78u : 0) | (((uint)ccmr2 & 0x300) == 0 ? 0x7800u : 0));
    }

    private static void Keep(Register register, ulong old, uint mask) => register.Value = (register.Value & ~(ulong)mask) | (old & mask);
}
