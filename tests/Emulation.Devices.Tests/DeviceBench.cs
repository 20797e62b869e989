using Emulation.Core;

namespace Emulation.Devices.Tests;

/// <summary>What a device under test is plugged into: a clock that the test moves, memory at 0x8000_0000, a log that is kept.</summary>
public sealed class DeviceBench
{
    public const ulong RamBase = 0x8000_0000;

    private long _now;

    public DeviceBench(long now = 0)
    {
        _now = now;
        Clock.SetSource(() => _now);
        Log.Logged += (device, message) => Messages.Add($"{device}: {message}");
        Memory = new AddressSpace("memory", Log, DeviceLock);
        Ram = new RamBlock("ram", 1 << 20);
        Memory.Root.Add(RamBase, new RamRegion(Ram));
        Port = new SerialPort("serial", DeviceLock);
        Port.Transmitted += Sent.Add;
    }

    public VirtualClock Clock { get; } = new();

    public GuestLog Log { get; } = new();

    public Lock DeviceLock { get; } = new();

    public List<string> Messages { get; } = [];

    public AddressSpace Memory { get; }

    public RamBlock Ram { get; }

    public SerialPort Port { get; }

    public List<byte> Sent { get; } = [];

    public long Now => _now;

    /// <summary>Moves time forward, expiring each timer at its own deadline.</summary>
    public void Advance(long nanoseconds)
    {
        long end = _now + nanoseconds;
        while (Clock.NextDeadline <= end)
        {
            _now = Math.Max(_now, Clock.NextDeadline);
            Clock.RunDue();
        }

        _now = end;
    }

    /// <summary>Brings two clocks to the same count of armed timers, which is machine state and not the device's.</summary>
    public static void AlignTimerSequence(DeviceBench first, DeviceBench second)
    {
        ulong a = first.NextSequence(), b = second.NextSequence();
        while (a < b)
            a = first.NextSequence();
        while (b < a)
            b = second.NextSequence();
    }

    public static byte[] Save(IDevice device)
    {
        var writer = new StateWriter();
        device.Save(writer);
        return writer.Written.ToArray();
    }

    public static void Load(IDevice device, byte[] state)
    {
        var reader = new StateReader(device.Name, device.StateVersion, state);
        device.Load(reader);
        reader.Remaining.Should().Be(0);
    }

    private ulong NextSequence()
    {
        ClockTimer timer = Clock.CreateTimer("probe", static () => { });
        timer.Arm(long.MaxValue - 1);
        var writer = new StateWriter();
        timer.Save(writer);
        timer.Disarm();
        return BitConverter.ToUInt64(writer.Written[8..]);
    }
}
