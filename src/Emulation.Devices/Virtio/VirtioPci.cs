using System.Buffers.Binary;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A virtio device as a PCI function. Virtio 1.2, section 4.1.</summary>
/// <remarks>
/// Base address register 1 has the MSI-X table, 4 the structures: common at 0, interrupt status at 0x1000, the device's own at 0x2000, notifications at 0x3000.
/// Legacy registers are in base address register 0.
/// </remarks>
public sealed partial class VirtioPci : PciFunction, IVirtioTransport
{
    private const ushort VirtioVendor = 0x1af4;
    private const ushort FirstModernDevice = 0x1040;
    private const ushort NoVector = 0xffff;
    private const uint NotifyMultiplier = 4;
    private const uint CommonOffset = 0, StatusOffset = 0x1000, DeviceOffset = 0x2000, NotifyOffset = 0x3000;
    private const int StructureBar = 4, MsixBar = 1;
    private const byte QueueInterrupt = 1, ConfigInterrupt = 2;
    private const long ContinueAfter = 10_000;      // nanoseconds

    private readonly AddressSpace _memory;
    private readonly VirtualClock _clock;
    private readonly ClockTimer _continue;
    private readonly ushort[] _queueVectors;
    private readonly Structures _structures;
    private readonly int _accessCapability;
    private ushort _configVector;
    private uint _deviceFeaturesSelect;
    private uint _driverFeaturesSelect;
    private ushort _queueSelect;
    private byte _interruptStatus;

    /// <summary>Creates the function.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="memory">The memory the device's queues are in.</param>
    /// <param name="clock">The machine's clock.</param>
    /// <param name="log">Where mistakes of the guest go.</param>
    /// <param name="device">The device.</param>
    /// <param name="which">Which registers the function has.</param>
    /// <exception cref="ArgumentException">The function is to be transitional, or legacy, and there are no such devices of this kind.</exception>
    public VirtioPci(string name, AddressSpace memory, VirtualClock clock, GuestLog log, VirtioDevice device, VirtioPciInterface which = VirtioPciInterface.Modern)
        : base(name, log, VirtioVendor, PciIdOf(device ?? throw new ArgumentNullException(nameof(device)), which), ClassOf(device.DeviceId),
            revision: (byte)(which == VirtioPciInterface.Modern ? 1 : 0))
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(clock);
        _memory = memory;
        _clock = clock;
        Device = device;
        Interface = which;
        _queueVectors = new ushort[device.Queues.Length];
        _continue = clock.CreateTimer($"{name}.continue", device.Continue);
        _structures = new Structures(this);
        SetSubsystem(VirtioVendor, (ushort)((which == VirtioPciInterface.Modern ? FirstModernDevice : 0) + device.DeviceId));
        SetInterruptPin(1);
        AddMsix(MsixBar, device.Queues.Length + 1);
        _accessCapability = which == VirtioPciInterface.Legacy ? ConfigSize : AddStructures();
        if (which != VirtioPciInterface.Modern)
            AddLegacyRegisters();
        device.Attach(this, memory, log);
        ResetState();
    }

    /// <summary>The device.</summary>
    public VirtioDevice Device { get; }

    Lock IVirtioTransport.DeviceLock => _memory.DeviceLock;

    void IVirtioTransport.InterruptQueue(int queue) => Interrupt(QueueInterrupt, _queueVectors[queue]);

    void IVirtioTransport.InterruptConfiguration() => Interrupt(ConfigInterrupt, _configVector);

    void IVirtioTransport.ScheduleContinue() => _continue.Arm(_clock.Now + ContinueAfter);

    /// <inheritdoc/>
    internal override uint ReadConfig(int offset, int size)
    {
        // the last field of the access capability stands for a place in a structure (4.1.4.9)
        if (offset >= _accessCapability + 16 && offset < _accessCapability + 20 && AccessTarget(out ulong at, out int width))
            return (uint)_structures.Read(at, width) >> (8 * (offset - _accessCapability - 16));
        return base.ReadConfig(offset, size);
    }

    /// <inheritdoc/>
    internal override void WriteConfig(int offset, int size, uint value)
    {
        if (offset == _accessCapability + 16 && AccessTarget(out ulong at, out int width))
            _structures.Write(at, width, value);
        else
            base.WriteConfig(offset, size, value);
    }

    private protected override void ResetState()
    {
        _deviceFeaturesSelect = _driverFeaturesSelect = 0;
        _queueSelect = 0;
        ResetDevice(powerOn: true);
    }

    private protected override void SaveState(StateWriter writer)
    {
        writer.Write(Device.DeviceId);
        writer.Write(_deviceFeaturesSelect);
        writer.Write(_driverFeaturesSelect);
        writer.Write(_queueSelect);
        writer.Write(_interruptStatus);
        writer.Write(_configVector);
        foreach (ushort vector in _queueVectors)
            writer.Write(vector);
        _continue.Save(writer);
        if (Interface != VirtioPciInterface.Modern)
            Device.SaveLegacy(writer);
        Device.Save(writer);
    }

    private protected override void LoadState(StateReader reader)
    {
        uint id = reader.ReadUInt32();
        if (id != Device.DeviceId)
            throw reader.Damaged($"virtio device {id} where this machine has {Device.DeviceId}");
        _deviceFeaturesSelect = reader.ReadUInt32();
        _driverFeaturesSelect = reader.ReadUInt32();
        _queueSelect = reader.ReadUInt16();
        _interruptStatus = reader.ReadByte();
        _configVector = reader.ReadUInt16();
        for (int i = 0; i < _queueVectors.Length; i++)
            _queueVectors[i] = reader.ReadUInt16();
        _continue.Load(reader);
        if (Interface != VirtioPciInterface.Modern)
            Device.LoadLegacy(reader);
        Device.Load(reader);
    }

    // base class, subclass and interface as drivers of older systems look for them
    private static uint ClassOf(uint device) => device switch
    {
        1 => 0x02_0000,
        2 => 0x01_0000,
        3 => 0x07_8000,
        _ => 0x00_ff00,
    };

    private int AddStructures()
    {
        AddBar(StructureBar, PciBarKind.PrefetchableMemory64, new MmioRegion($"{Name}.structures", 0x4000, _structures));
        AddStructure(1, CommonOffset, 0x40);
        AddStructure(3, StatusOffset, 1);
        AddStructure(4, DeviceOffset, 0x1000);
        AddStructure(2, NotifyOffset, 0x1000, NotifyMultiplier);
        int access = AddStructure(5, 0, 0, 0);
        SetWritable(access + 4, [0xff, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
        return access;
    }

    private int AddStructure(byte type, uint offset, uint length, params ReadOnlySpan<uint> more)
    {
        Span<byte> body = stackalloc byte[14 + (4 * more.Length)];
        body.Clear();
        body[0] = (byte)(16 + (4 * more.Length));
        body[1] = type;
        body[2] = StructureBar;
        BinaryPrimitives.WriteUInt32LittleEndian(body[6..], offset);
        BinaryPrimitives.WriteUInt32LittleEndian(body[10..], length);
        for (int i = 0; i < more.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(body[(14 + (4 * i))..], more[i]);
        return AddCapability(0x09, body);
    }

    private bool AccessTarget(out ulong offset, out int width)
    {
        offset = base.ReadConfig(_accessCapability + 8, 4);
        width = (int)base.ReadConfig(_accessCapability + 12, 4);
        return base.ReadConfig(_accessCapability + 4, 1) == StructureBar && width is 1 or 2 or 4 && offset % (ulong)width == 0 && offset < 0x4000;
    }

    private void Interrupt(byte cause, ushort vector)
    {
        if (Msix!.IsEnabled)
        {
            Msix.Notify(vector);
            return;
        }

        _interruptStatus |= cause;
        SetInterrupt(true);
    }

    private byte TakeInterruptStatus()
    {
        byte status = _interruptStatus;
        _interruptStatus = 0;
        SetInterrupt(false);
        return status;
    }

    private void ResetDevice(bool powerOn)
    {
        _interruptStatus = 0;
        _configVector = NoVector;
        Array.Fill(_queueVectors, NoVector);
        _continue.Disarm();
        Device.Reset(powerOn);
        SetInterrupt(false);
    }

    private Virtqueue? Selected => _queueSelect < Device.Queues.Length ? Device.Queues[_queueSelect] : null;

    private void FillCommon(Span<byte> common)
    {
        Virtqueue? queue = Selected;
        Put32(0x00, _deviceFeaturesSelect, common);
        Put32(0x04, VirtioHalves.Of(Device.OfferedFeatures, _deviceFeaturesSelect), common);
        Put32(0x08, _driverFeaturesSelect, common);
        Put32(0x0c, VirtioHalves.Of(Device.DriverFeatures, _driverFeaturesSelect), common);
        Put16(0x10, _configVector, common);
        Put16(0x12, (ushort)Device.Queues.Length, common);
        common[0x14] = (byte)Device.Status;
        common[0x15] = (byte)Device.ConfigGeneration;
        Put16(0x16, _queueSelect, common);
        if (queue is null)
            return;
        Put16(0x18, (ushort)queue.Size, common);
        Put16(0x1a, _queueVectors[queue.Index], common);
        Put16(0x1c, queue.Ready ? (ushort)1 : (ushort)0, common);
        Put16(0x1e, (ushort)queue.Index, common);
        BinaryPrimitives.WriteUInt64LittleEndian(common[0x20..], queue.DescriptorArea);
        BinaryPrimitives.WriteUInt64LittleEndian(common[0x28..], queue.DriverArea);
        BinaryPrimitives.WriteUInt64LittleEndian(common[0x30..], queue.DeviceArea);
        Put16(0x38, (ushort)queue.Index, common);

        static void Put16(int at, ushort value, Span<byte> to) => BinaryPrimitives.WriteUInt16LittleEndian(to[at..], value);

        static void Put32(int at, uint value, Span<byte> to) => BinaryPrimitives.WriteUInt32LittleEndian(to[at..], value);
    }

    private void WriteCommon(int offset, uint value)
    {
        switch (offset)
        {
            case 0x00: _deviceFeaturesSelect = value; break;
            case 0x08: _driverFeaturesSelect = value; break;
            case 0x0c:
                if (_driverFeaturesSelect <= 1)
                    Device.DriverFeatures = VirtioHalves.With(Device.DriverFeatures, _driverFeaturesSelect, value);
                else if (value != 0)
                    Log.Error(Name, "driver asked for features past bit 63");
                break;
            case 0x10: _configVector = Vector(value); break;
            case 0x14:
                if ((byte)value == 0)
                    ResetDevice(powerOn: false);
                else
                    Device.WriteStatus((byte)value);
                break;
            case 0x16: _queueSelect = (ushort)value; break;
            case >= 0x18 and < 0x3c:
                if (Selected is { } queue)
                    WriteQueue(queue, offset, value);
                else
                    Log.Error(Name, "write to a queue that does not exist");
                break;
            default: Log.Error(Name, $"write to read-only or missing common field 0x{offset:x}"); break;
        }
    }

    private void WriteQueue(Virtqueue queue, int offset, uint value)
    {
        switch (offset)
        {
            case 0x1a: _queueVectors[queue.Index] = Vector(value); return;
            case 0x1c:
                // only 1 may be written (4.1.4.3.2)
                if ((value & 0xffff) == 1)
                    Device.EnableQueue(queue);
                return;
            case 0x3a:
                if ((value & 1) != 0)
                    Device.ResetQueue(queue);
                return;
        }

        if (queue.Ready)
        {
            Device.Break($"queue {queue.Index} moved while it is enabled");
            return;
        }

        switch (offset)
        {
            case 0x18: queue.Size = (ushort)value; break;
            case 0x20 or 0x24: queue.DescriptorArea = VirtioHalves.With(queue.DescriptorArea, (uint)offset >> 2 & 1, value); break;
            case 0x28 or 0x2c: queue.DriverArea = VirtioHalves.With(queue.DriverArea, (uint)offset >> 2 & 1, value); break;
            case 0x30 or 0x34: queue.DeviceArea = VirtioHalves.With(queue.DeviceArea, (uint)offset >> 2 & 1, value); break;
            default: Log.Error(Name, $"write to read-only or missing common field 0x{offset:x}"); break;
        }
    }

    private ushort Vector(uint value) => (value & 0xffff) < (uint)Msix!.Vectors ? (ushort)value : NoVector;

    /// <summary>The structures in the base address register.</summary>
    private sealed class Structures(VirtioPci owner) : IMmio
    {
        public ulong Read(ulong offset, int size)
        {
            switch (offset)
            {
                case < 0x40:
                    Span<byte> common = stackalloc byte[0x48];
                    common.Clear();
                    owner.FillCommon(common);
                    ulong whole = BinaryPrimitives.ReadUInt64LittleEndian(common[(int)offset..]);
                    return size == 8 ? whole : whole & ((1UL << (8 * size)) - 1);
                case StatusOffset: return owner.TakeInterruptStatus();
                case >= DeviceOffset and < NotifyOffset: return owner.Device.ReadConfig(offset - DeviceOffset, size);
                default: return 0;
            }
        }

        public void Write(ulong offset, int size, ulong value)
        {
            switch (offset)
            {
                case < 0x40:
                    owner.WriteCommon((int)offset, (uint)value);
                    if (size == 8)
                        owner.WriteCommon((int)offset + 4, (uint)(value >> 32));
                    break;
                case >= DeviceOffset and < NotifyOffset: owner.Device.WriteConfig(offset - DeviceOffset, size, value); break;
                case >= NotifyOffset: owner.Device.Notify((uint)(offset - NotifyOffset) / NotifyMultiplier); break;
                default: owner.Log.Error(owner.Name, $"write where no structure is, 0x{offset:x}"); break;
            }
        }
    }
}
