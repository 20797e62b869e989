using System.Buffers.Binary;
using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Devices.Tests.Virtio;

/// <summary>A machine without a CPU: RAM, ROM and one virtio device, and the register accesses of a driver.</summary>
internal sealed class VirtioRig : IDisposable
{
    public const ulong RamBase = 0x8000_0000;
    public const ulong RomBase = 0x9000_0000;
    public const ulong Window = 0x1000_1000;

    public const int MagicValue = 0x000, Version = 0x004, DeviceId = 0x008, DeviceFeatures = 0x010, DeviceFeaturesSel = 0x014, DriverFeatures = 0x020,
        DriverFeaturesSel = 0x024, QueueSel = 0x030, QueueNumMax = 0x034, QueueNum = 0x038, QueueReady = 0x044, QueueNotify = 0x050,
        InterruptStatus = 0x060, InterruptAck = 0x064, Status = 0x070, QueueDesc = 0x080, QueueDriver = 0x090, QueueDevice = 0x0a0, ShmSel = 0x0ac,
        ShmLen = 0x0b0, ShmBase = 0x0b8, QueueReset = 0x0c0, ConfigGeneration = 0x0fc, Config = 0x100;

    public const uint Acknowledge = 1, Driver = 2, DriverOk = 4, FeaturesOk = 8, NeedsReset = 64;

    private long _now;

    public VirtioRig(VirtioDevice? device, ulong ramSize = 1 << 20)
    {
        Log.Logged += (_, message) => Lines.Add(message);
        Space = new AddressSpace("test", Log);
        Ram = new RamBlock("ram", ramSize);
        Rom = new RamBlock("rom", 0x1000);
        Rom.Write(0, [.. Enumerable.Repeat((byte)0xa5, 0x1000)]);
        Space.Root.Add(RamBase, new RamRegion(Ram));
        Space.Root.Add(RomBase, new RamRegion(Rom, readOnly: true));
        Clock.SetSource(() => _now);
        Mmio = null!;
        Plug(device);
    }

    public GuestLog Log { get; } = new();

    public List<string> Lines { get; } = [];

    public VirtualClock Clock { get; } = new();

    public AddressSpace Space { get; }

    public RamBlock Ram { get; }

    public RamBlock Rom { get; }

    public VirtioMmio Mmio { get; private set; }

    private MmioRegion? _region;

    /// <summary>Puts another device behind the window: a machine that loads a snapshot.</summary>
    public void Plug(VirtioDevice? device)
    {
        if (_region is not null)
            Space.Root.Remove(_region);
        Mmio = new VirtioMmio("virtio", Space, Clock, Log, device);
        _region = Mmio.CreateRegion();
        Space.Root.Add(Window, _region);
    }

    public uint Get(int register, int size = 4)
    {
        Space.Read(Window + (ulong)register, size, out ulong value).Should().Be(BusResult.Ok);
        return (uint)value;
    }

    public void Set(int register, uint value, int size = 4) => Space.Write(Window + (ulong)register, size, value);

    public void Set64(int register, ulong value)
    {
        Set(register, (uint)value);
        Set(register + 4, (uint)(value >> 32));
    }

    public ulong OfferedFeatures()
    {
        Set(DeviceFeaturesSel, 0);
        ulong low = Get(DeviceFeatures);
        Set(DeviceFeaturesSel, 1);
        return low | ((ulong)Get(DeviceFeatures) << 32);
    }

    public void WriteFeatures(ulong features)
    {
        Set(DriverFeaturesSel, 0);
        Set(DriverFeatures, (uint)features);
        Set(DriverFeaturesSel, 1);
        Set(DriverFeatures, (uint)(features >> 32));
    }

    /// <summary>Reset to FEATURES_OK, as virtio_dev_probe does.</summary>
    public void Negotiate(ulong features)
    {
        Set(Status, 0);
        Get(Status).Should().Be(0);
        Set(Status, Acknowledge);
        Set(Status, Acknowledge | Driver);
        WriteFeatures(features);
        Set(Status, Acknowledge | Driver | FeaturesOk);
        (Get(Status) & FeaturesOk).Should().NotBe(0);
    }

    public void Start() => Set(Status, Get(Status) | DriverOk);

    public bool IsBroken => (Get(Status) & NeedsReset) != 0;

    public void Advance(long nanoseconds)
    {
        _now += nanoseconds;
        Clock.RunDue();
    }

    public void Write(ulong address, ReadOnlySpan<byte> bytes) => Space.TryWrite(address, bytes).Should().BeTrue();

    public byte[] Read(ulong address, int count)
    {
        byte[] bytes = new byte[count];
        Space.TryRead(address, bytes).Should().BeTrue();
        return bytes;
    }

    public ushort Read16(ulong address) => BinaryPrimitives.ReadUInt16LittleEndian(Read(address, 2));

    public void Write16(ulong address, ushort value) => Space.Write(address, 2, value);

    public void Write32(ulong address, uint value) => Space.Write(address, 4, value);

    public void Write64(ulong address, ulong value) => Space.Write(address, 8, value);

    public byte[] Save()
    {
        var writer = new StateWriter();
        Mmio.Save(writer);
        return writer.Written.ToArray();
    }

    public void Load(byte[] state) => Mmio.Load(new StateReader("virtio", 1, state));

    public void Dispose()
    {
        Ram.Dispose();
        Rom.Dispose();
    }
}
