using Emulation.Core;

namespace Emulation.Devices;

/// <summary>GPIO tasks and events of the nRF51: four channels, each an input that raises an event or an output that a task drives. nRF51 Series Reference Manual, chapter 15, "GPIOTE". Ports: 4 KiB MMIO; out IRQ "irq"; the port's pins.</summary>
public sealed class NrfGpiote : NrfPeripheral
{
    private const int ChannelCount = 4;
    private const ulong ModeEvent = 1;
    private const ulong ModeTask = 3;
    private const ulong LowToHigh = 1;
    private const ulong HighToLow = 2;

    private readonly NrfGpio _gpio;
    private readonly NrfEvent[] _inputs = new NrfEvent[ChannelCount];
    private readonly NrfEvent _port;
    private readonly BitField _mode;
    private readonly BitField _pin;
    private readonly BitField _polarity;
    private readonly FlagField _initial;
    private readonly int[] _owned = [-1, -1, -1, -1];
    private readonly bool[] _level = new bool[ChannelCount];

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="gpio">The port.</param>
    /// <param name="log">Where guest errors go.</param>
    public NrfGpiote(string name, NrfGpio gpio, GuestLog log)
        : base(name, log)
    {
        ArgumentNullException.ThrowIfNull(gpio);
        _gpio = gpio;
        for (int i = 0; i < ChannelCount; i++)
        {
            int channel = i;
            AddTask((ulong)i * 4, $"TASKS_OUT[{i}]", () => Drive(channel));
            _inputs[i] = AddEvent(EventBase + ((ulong)i * 4), $"EVENTS_IN[{i}]");
        }

        _port = AddEvent(0x17c, "EVENTS_PORT");
        DefineInterrupts();
        Registers.DefineMany(0x510, ChannelCount, 4, "CONFIG").Bits(1, 0, "MODE", out _mode).Ignored(7, 2).Bits(12, 8, "PSEL", out _pin).Ignored(15, 13)
            .Bits(17, 16, "POLARITY", out _polarity).Ignored(19, 18).Flag(20, "OUTINIT", out _initial).Ignored(31, 21).Then(Configure);
        gpio.InputChanged += OnInputChanged;
        gpio.Detected += () => Raise(_port);
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        for (int i = 0; i < ChannelCount; i++)
            Configure(i);
        Array.Clear(_level);
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        for (int i = 0; i < ChannelCount; i++)
        {
            writer.Write(_owned[i]);
            writer.Write(_level[i]);
        }
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        for (int i = 0; i < ChannelCount; i++)
        {
            _owned[i] = reader.ReadInt32();
            if (_owned[i] is < -1 or >= NrfGpio.PinCount)
                throw reader.Damaged($"channel {i} has pin {_owned[i]}");
            _level[i] = reader.ReadBoolean();
        }
    }

    private void Configure(int channel)
    {
        int pin = _mode[channel] == ModeTask ? (int)_pin[channel] : -1;
        if (_owned[channel] >= 0 && _owned[channel] != pin)
            _gpio.Override(_owned[channel], null);
        bool fresh = pin >= 0 && _owned[channel] != pin;
        _owned[channel] = pin;
        if (!fresh)
            return;
        _level[channel] = _initial[channel];
        _gpio.Override(pin, _level[channel]);
    }

    private void Drive(int channel)
    {
        if (_owned[channel] < 0)
            return;
        _level[channel] = _polarity[channel] switch { LowToHigh => true, HighToLow => false, 0 => _level[channel], _ => !_level[channel] };
        _gpio.Override(_owned[channel], _level[channel]);
    }

    private void OnInputChanged(int pin)
    {
        bool level = _gpio.ReadPin(pin);
        for (int i = 0; i < ChannelCount; i++)
        {
            if (_mode[i] == ModeEvent && (int)_pin[i] == pin && (_polarity[i] & (level ? LowToHigh : HighToLow)) != 0)
                Raise(_inputs[i]);
        }
    }
}
