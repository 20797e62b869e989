using Emulation.Core;

namespace Emulation.Devices;

/// <summary>I²C controller of the SiFive FE310-G002, the OpenCores one with registers four bytes apart. FE310-G002 Manual, "Inter-Integrated Circuit (I²C) Master Interface". Ports: 4 KiB MMIO; out IRQ "irq"; an I²C bus.</summary>
/// <remarks>A bit takes 5 (prescale + 1) clocks. A START that finds the bus taken waits until it is free.</remarks>
public sealed class SifiveI2c : MmioDevice, IInterruptSource
{
    private const ulong Start = 0x80;
    private const ulong StopBit = 0x40;
    private const ulong ReadBit = 0x20;
    private const ulong WriteBit = 0x10;
    private const ulong Nack = 0x08;
    private const ulong Acknowledge = 0x01;

    private readonly I2cBus _bus;
    private readonly ClockSignal _signal;
    private readonly VirtualClock _clock;
    private readonly ClockTimer _timer;
    private readonly BitField _prescaleLow;
    private readonly BitField _prescaleHigh;
    private readonly FlagField _enable;
    private readonly FlagField _interrupt;
    private byte _transmit;
    private byte _received;
    private ulong _command;
    private bool _notAcknowledged;
    private bool _lost;
    private bool _flag;
    private bool _started;
    private bool _stretched;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="bus">The bus.</param>
    /// <param name="signal">The clock that is divided.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public SifiveI2c(string name, I2cBus bus, ClockSignal signal, VirtualClock clock, GuestLog log)
        : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ArgumentNullException.ThrowIfNull(clock);
        (_bus, _signal, _clock) = (bus, signal, clock);
        Irq = AddLine("irq");
        _timer = clock.CreateTimer($"{name}.bit", OnDone);
        Registers.Define(0x00, "prescale_low", 0xff).Bits(7, 0, "prescale", out _prescaleLow).Ignored(31, 8);
        Registers.Define(0x04, "prescale_high", 0xff).Bits(7, 0, "prescale", out _prescaleHigh).Ignored(31, 8);
        Registers.Define(0x08, "control").Ignored(5, 0).Flag(6, "IEN", out _interrupt).Flag(7, "EN", out _enable).Ignored(31, 8).Then(OnControl);
        Registers.Define(0x0c, "data").Bits(7, 0, "transmit, receive", read: () => _received, write: v => _transmit = (byte)v).Ignored(31, 8);
        Registers.Define(0x10, "command_status").Bits(7, 0, "command, status", read: () => Status, write: Command).Ignored(31, 8);
        bus.Freed += OnFreed;
    }

    /// <summary>The interrupt output.</summary>
    public IrqLine Irq { get; }

    /// <inheritdoc/>
    IReadOnlyList<IrqLine> IInterruptSource.RequiredLines => Lines;

    private ulong Status => (_notAcknowledged ? 0x80UL : 0) | (_bus.IsBusy ? 0x40UL : 0) | (_lost ? 0x20UL : 0) | ((_command & (ReadBit | WriteBit)) != 0 ? 2UL : 0) | (_flag ? 1UL : 0);

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _timer.Disarm();
        (_transmit, _received, _command) = (0, 0, 0);
        _notAcknowledged = _lost = _flag = _started = _stretched = false;
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        _timer.Save(writer);
        writer.Write(_transmit);
        writer.Write(_received);
        writer.Write(_command);
        writer.Write(_notAcknowledged);
        writer.Write(_lost);
        writer.Write(_flag);
        writer.Write(_started);
        writer.Write(_stretched);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _timer.Load(reader);
        _transmit = reader.ReadByte();
        _received = reader.ReadByte();
        _command = reader.ReadUInt64() & 0xff;
        _notAcknowledged = reader.ReadBoolean();
        _lost = reader.ReadBoolean();
        _flag = reader.ReadBoolean();
        _started = reader.ReadBoolean();
        _stretched = reader.ReadBoolean();
    }

    private void OnControl()
    {
        if (!_enable.Value && (_command != 0 || _started))
        {
            _timer.Disarm();
            _command = 0;
            _started = false;
            _bus.Stop(Name);
        }

        UpdateIrq();
    }

    private void Command(ulong value)
    {
        if ((value & Acknowledge) != 0)
        {
            _flag = false;
            UpdateIrq();
        }

        if (_enable.Value && _command == 0 && (value & (Start | StopBit | ReadBit | WriteBit)) != 0)
        {
            _command = value;
            _lost = false;
            Begin();
        }
    }

    // the time of everything that the command asks for; the bus sees it at the end of the byte
    private void Begin()
    {
        if ((_command & Start) != 0 && _bus.IsBusy && _bus.Owner != Name)
            return;
        ulong bits = ((_command & Start) != 0 ? 1UL : 0) + ((_command & (ReadBit | WriteBit)) != 0 ? 9UL : 0) + ((_command & StopBit) != 0 ? 1UL : 0);
        long length = _signal.Frequency.TimeOf(bits * 5 * (((_prescaleHigh.Value << 8) | _prescaleLow.Value) + 1));
        _stretched = false;
        _timer.Arm(length == long.MaxValue ? length : _clock.Now + length);
    }

    private void OnFreed()
    {
        if (_command != 0 && !_timer.IsArmed)
            Begin();
    }

    private void OnDone()
    {
        if (_stretched)
        {
            Finish();
            return;
        }

        if ((_command & Start) != 0)
        {
            if (!_bus.Start(Name))
            {
                Lose();
                return;
            }

            _started = true;
        }

        long stretch = 0;
        if ((_command & WriteBit) != 0)
        {
            I2cAck ack = _bus.Write(_transmit);
            _notAcknowledged = !ack.IsAcknowledged;
            stretch = ack.Stretch;
            if (ack.ArbitrationLost)
            {
                Lose();
                return;
            }
        }
        else if ((_command & ReadBit) != 0)
        {
            I2cByte result = _bus.Read((_command & Nack) == 0);
            (_received, stretch) = (result.Value, result.Stretch);
        }

        if (stretch > 0)
        {
            _stretched = true;
            _timer.Arm(_clock.Now + stretch);
            return;
        }

        Finish();
    }

    private void Finish()
    {
        bool stop = (_command & StopBit) != 0;
        _command = 0;
        _flag = true;
        if (stop)
        {
            _started = false;
            _bus.Stop(Name);
        }

        UpdateIrq();
    }

    private void Lose()
    {
        (_command, _lost, _flag, _started) = (0, true, true, false);
        UpdateIrq();
    }

    private void UpdateIrq() => Irq.Set(_flag && _interrupt.Value && _enable.Value);
}
