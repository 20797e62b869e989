using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Arm PrimeCell real-time clock PL031: seconds, with a match interrupt. Arm DDI 0224C. Ports: 4 KiB MMIO; out IRQ "intr" (RTCINTR).</summary>
/// <remarks>The clock always runs, as its enable bit is set for good once it is; it counts virtual time from an epoch that the board gives.</remarks>
public sealed class Pl031 : MmioDevice
{
    private readonly VirtualClock _clock;
    private readonly ClockTimer _match;
    private readonly BitField _matchValue;
    private readonly BitField _load;
    private readonly FlagField _mask;
    private long _epoch;
    private uint _offset;
    private bool _raw;

    /// <summary>Creates the clock.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="epoch">Nanoseconds since 1970-01-01 UTC at virtual time 0.</param>
    public Pl031(string name, VirtualClock clock, GuestLog log, ulong epoch)
        : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _clock = clock;
        _epoch = (long)Math.Min(epoch, long.MaxValue / 2);
        Irq = AddLine("intr");
        _match = clock.CreateTimer($"{name}.match", OnMatch);
        Registers.Define(0x00, "RTCDR", access: RegisterAccess.ReadOnly).Bits(31, 0, "seconds", FieldMode.ReadOnly, read: () => Time);
        Registers.Define(0x04, "RTCMR").Bits(31, 0, "match", out _matchValue).Then(SetMatch);
        Registers.Define(0x08, "RTCLR").Bits(31, 0, "load", out _load).Then(SetTime);
        Registers.Define(0x0c, "RTCCR", reset: 1).Ignored(0, 0).Reserved(31, 1);
        Registers.Define(0x10, "RTCIMSC").Flag(0, "mask", out _mask).Reserved(31, 1).Then(UpdateIrq);
        Registers.Define(0x14, "RTCRIS", access: RegisterAccess.ReadOnly).Flag(0, "raw", FieldMode.ReadOnly, read: () => _raw).Reserved(31, 1);
        Registers.Define(0x18, "RTCMIS", access: RegisterAccess.ReadOnly).Flag(0, "masked", FieldMode.ReadOnly, read: () => _raw && _mask!.Value).Reserved(31, 1);
        Registers.Define(0x1c, "RTCICR", access: RegisterAccess.WriteOnly).Flag(0, "clear", FieldMode.WriteOnly, write: Clear).Ignored(31, 1);
        PrimeCell.DefineIdentification(Registers, 0x31, 0x10, 0x04, 0);
    }

    /// <summary>The match interrupt.</summary>
    public IrqLine Irq { get; }

    /// <summary>The time it shows: seconds since 1970-01-01 UTC, modulo 2^32.</summary>
    public uint Time => (uint)((_epoch + _clock.Now) / VirtualClock.Second) + _offset;

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _offset = 0;
        _raw = false;
        _match.Disarm();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_epoch);
        writer.Write(_offset);
        writer.Write(_raw);
        _match.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _epoch = reader.ReadInt64() & (long.MaxValue / 2);
        _offset = reader.ReadUInt32();
        _raw = reader.ReadBoolean();
        _match.Load(reader);
    }

    private void SetTime()
    {
        _offset += (uint)_load.Value - Time;
        if (_match.IsArmed)
            SetMatch();
    }

    private void SetMatch()
    {
        uint left = (uint)_matchValue.Value - Time;
        if (left == 0)
        {
            OnMatch();
            return;
        }

        // the second in which they are equal begins here
        long second = ((_epoch + _clock.Now) / VirtualClock.Second) + left;
        _match.Arm((second * VirtualClock.Second) - _epoch);
    }

    private void OnMatch()
    {
        _match.Disarm();
        _raw = true;
        UpdateIrq();
    }

    private void Clear(bool clear)
    {
        if (clear)
            _raw = false;
        UpdateIrq();
    }

    private void UpdateIrq() => Irq.Set(_raw && _mask.Value);
}
