using Emulation.Core;

namespace Emulation.Devices;

/// <summary>
/// Goldfish real-time clock: nanoseconds since 1970 with an alarm. Android Goldfish virtual hardware specification, "Goldfish timer".
/// Ports: 4 KiB MMIO; out IRQ "irq".
/// </summary>
/// <remarks>The clock runs with virtual time from an epoch that the board gives; a guest that sets it moves it for itself only, until reset.</remarks>
public sealed class GoldfishRtc : MmioDevice
{
    private readonly VirtualClock _clock;
    private readonly ClockTimer _alarm;
    private readonly FlagField _enabled;
    private readonly BitField _timeHigh;
    private readonly BitField _alarmLow;
    private readonly BitField _alarmHigh;
    private ulong _epoch;
    private ulong _offset;
    private bool _pending;

    /// <summary>Creates the clock.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="epoch">Nanoseconds since 1970-01-01 UTC at virtual time 0.</param>
    public GoldfishRtc(string name, VirtualClock clock, GuestLog log, ulong epoch)
        : base(name, log, 0x1000, AccessSizes.Word)
    {
        _clock = clock;
        _epoch = epoch;
        Irq = AddLine("irq");
        _alarm = clock.CreateTimer($"{name}.alarm", Expire);

        Registers.Define(0x00, "TIME_LOW").Bits(31, 0, "time, latches TIME_HIGH", read: LatchTime, write: v => SetTime(0, v));
        Registers.Define(0x04, "TIME_HIGH", access: RegisterAccess.ReadOnly).Bits(31, 0, "latched time", out _timeHigh, FieldMode.ReadOnly);
        Registers.Define(0x04, "TIME_HIGH", access: RegisterAccess.WriteOnly).Bits(31, 0, "time", FieldMode.WriteOnly, write: v => SetTime(32, v));
        Registers.Define(0x08, "ALARM_LOW").Bits(31, 0, "alarm, arms", out _alarmLow).Then(SetAlarm);
        Registers.Define(0x0c, "ALARM_HIGH").Bits(31, 0, "alarm", out _alarmHigh);
        Registers.Define(0x10, "IRQ_ENABLED").Flag(0, "enabled", out _enabled).Ignored(31, 1).Then(UpdateIrq);
        Registers.Define(0x14, "CLEAR_ALARM", access: RegisterAccess.WriteOnly).Ignored(31, 0).Then(() => _alarm.Disarm());
        Registers.Define(0x18, "ALARM_STATUS", access: RegisterAccess.ReadOnly).Flag(0, "armed", FieldMode.ReadOnly, read: () => _alarm.IsArmed).Reserved(31, 1);
        Registers.Define(0x1c, "CLEAR_INTERRUPT", access: RegisterAccess.WriteOnly).Ignored(31, 0).Then(ClearInterrupt);
    }

    /// <summary>The alarm interrupt.</summary>
    public IrqLine Irq { get; }

    /// <summary>The time it shows, in nanoseconds since 1970-01-01 UTC.</summary>
    public ulong Time => _epoch + (ulong)_clock.Now + _offset;

    /// <inheritdoc/>
    public override int StateVersion => 2;

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _offset = 0;
        _pending = false;
        _alarm.Disarm();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_epoch);
        writer.Write(_offset);
        writer.Write(_pending);
        _alarm.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        // the guest's time goes on from where it was, whatever the host's is now
        if (reader.Version >= 2)
            _epoch = reader.ReadUInt64();
        _offset = reader.ReadUInt64();
        _pending = reader.ReadBoolean();
        _alarm.Load(reader);
    }

    private ulong LatchTime()
    {
        ulong time = Time;
        _timeHigh.Value = time >> 32;
        return time & uint.MaxValue;
    }

    private void SetTime(int shift, ulong half)
    {
        ulong time = Time;
        _offset += ((time & ~((ulong)uint.MaxValue << shift)) | (half << shift)) - time;
        if (_alarm.IsArmed)
            SetAlarm();
    }

    private void SetAlarm()
    {
        ulong at = (_alarmHigh.Value << 32) | _alarmLow.Value;
        ulong time = Time;
        if (at <= time)
        {
            Expire();
            return;
        }

        ulong left = at - time;
        _alarm.Arm(left > (ulong)(long.MaxValue - 1 - _clock.Now) ? long.MaxValue - 1 : _clock.Now + (long)left);
    }

    private void Expire()
    {
        _alarm.Disarm();
        _pending = true;
        UpdateIrq();
    }

    private void ClearInterrupt()
    {
        _pending = false;
        UpdateIrq();
    }

    private void UpdateIrq() => Irq.Set(_pending && _enabled.Value);
}
