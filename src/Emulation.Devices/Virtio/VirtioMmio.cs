using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A virtio device behind registers in memory, or an empty slot for one. Virtio 1.2, section 4.2, version 2 of the interface.</summary>
/// <remarks>Registers are 32 bits wide; configuration space takes any width. All are little-endian.</remarks>
public sealed class VirtioMmio : IMmio, IDevice, IVirtioTransport
{
    /// <summary>Bytes of the register window.</summary>
    public const ulong WindowSize = 0x1000;

    private const uint MagicValue = 0x7472_6976;    // "virt"
    private const uint Vendor = 0x4c55_4d45;        // "EMUL"
    private const uint QueueInterrupt = 1;
    private const uint ConfigInterrupt = 2;
    private const ulong ConfigStart = 0x100;
    private const long ContinueAfter = 10_000;      // nanoseconds

    private readonly AddressSpace _memory;
    private readonly VirtualClock _clock;
    private readonly GuestLog _log;
    private readonly ClockTimer _continue;
    private uint _deviceFeaturesSelect;
    private uint _driverFeaturesSelect;
    private uint _queueSelect;
    private uint _interruptStatus;

    /// <summary>Creates the registers.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="memory">The memory the device's queues are in.</param>
    /// <param name="clock">The machine's clock.</param>
    /// <param name="log">Where mistakes of the guest go.</param>
    /// <param name="device">What is in the slot; null leaves it empty, which drivers see as device id 0.</param>
    public VirtioMmio(string name, AddressSpace memory, VirtualClock clock, GuestLog log, VirtioDevice? device = null)
    {
        Name = name;
        _memory = memory;
        _clock = clock;
        _log = log;
        Device = device;
        Irq = new IrqLine($"{name}.irq");
        _continue = clock.CreateTimer($"{name}.continue", () => Device?.Continue());
        device?.Attach(this, memory, log);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Level-triggered interrupt: high while a cause is not acknowledged.</summary>
    public IrqLine Irq { get; }

    /// <summary>What is in the slot, or null.</summary>
    public VirtioDevice? Device { get; }

    Lock IVirtioTransport.DeviceLock => _memory.DeviceLock;

    /// <summary>The window to put into an address space.</summary>
    /// <param name="size">Its bytes: at least 256, where configuration space begins.</param>
    public MmioRegion CreateRegion(ulong size = WindowSize) => new(Name, size, this);

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        if (offset >= ConfigStart && Device is not null)
            return Device.ReadConfig(offset - ConfigStart, size);
        if (offset < ConfigStart && (size != 4 || offset % 4 != 0))
        {
            _log.Error(Name, $"register read of {size} bytes");
            return 0;
        }

        return offset switch
        {
            0x000 => MagicValue,
            0x004 => 2,
            0x008 => Device?.DeviceId ?? 0,
            0x00c => Vendor,
            _ => Device is null || offset >= ConfigStart ? 0 : ReadRegister(Device, offset),
        };
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        if (Device is null)
            _log.Error(Name, "write to an empty slot");
        else if (offset >= ConfigStart)
            Device.WriteConfig(offset - ConfigStart, size, value);
        else if (size != 4 || offset % 4 != 0)
            _log.Error(Name, $"register write of {size} bytes");
        else
            WriteRegister(Device, offset, (uint)value);
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _deviceFeaturesSelect = _driverFeaturesSelect = _queueSelect = 0;
        ResetDevice(powerOn: true);
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write(Device?.DeviceId ?? 0);
        writer.Write(_deviceFeaturesSelect);
        writer.Write(_driverFeaturesSelect);
        writer.Write(_queueSelect);
        writer.Write(_interruptStatus);
        _continue.Save(writer);
        Device?.Save(writer);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        uint id = reader.ReadUInt32();
        if (id != (Device?.DeviceId ?? 0))
            throw reader.Damaged($"virtio device {id} where this machine has {Device?.DeviceId ?? 0}");
        _deviceFeaturesSelect = reader.ReadUInt32();
        _driverFeaturesSelect = reader.ReadUInt32();
        _queueSelect = reader.ReadUInt32();
        _interruptStatus = reader.ReadUInt32();
        _continue.Load(reader);
        Device?.Load(reader);
        Irq.Restore(_interruptStatus != 0);
    }

    void IVirtioTransport.InterruptQueue(int queue) => Interrupt(QueueInterrupt);

    void IVirtioTransport.InterruptConfiguration() => Interrupt(ConfigInterrupt);

    void IVirtioTransport.ScheduleContinue() => _continue.Arm(_clock.Now + ContinueAfter);

    private uint ReadRegister(VirtioDevice device, ulong offset)
    {
        Virtqueue? queue = Selected(device);
        switch (offset)
        {
            case 0x010: return VirtioHalves.Of(device.OfferedFeatures, _deviceFeaturesSelect);
            case 0x034: return queue?.MaxSize ?? 0u;
            case 0x044: return queue is { Ready: true } ? 1u : 0;
            case 0x060: return _interruptStatus;
            case 0x070: return (uint)device.Status;
            // no shared memory regions: length and base are all ones
            case 0x0b0 or 0x0b4 or 0x0b8 or 0x0bc: return uint.MaxValue;
            // a reset of a queue is over when the write that began it is
            case 0x0c0: return 0;
            case 0x0fc: return device.ConfigGeneration;
            default:
                _log.Error(Name, $"read of write-only or missing register 0x{offset:x}");
                return 0;
        }
    }

    private void WriteRegister(VirtioDevice device, ulong offset, uint value)
    {
        switch (offset)
        {
            case 0x014: _deviceFeaturesSelect = value; break;
            case 0x020: WriteFeatures(device, value); break;
            case 0x024: _driverFeaturesSelect = value; break;
            case 0x030: _queueSelect = value; break;
            case 0x050: device.Notify(value); break;
            case 0x064:
                _interruptStatus &= ~value;
                UpdateIrq();
                break;
            case 0x070:
                if ((byte)value == 0)
                    ResetDevice(powerOn: false);
                else
                    device.WriteStatus((byte)value);
                break;
            case 0x0ac: break;  // selects among no shared memory regions
            case 0x038 or 0x044 or 0x080 or 0x084 or 0x090 or 0x094 or 0x0a0 or 0x0a4 or 0x0c0:
                if (Selected(device) is { } queue)
                    WriteQueue(device, queue, offset, value);
                else
                    _log.Error(Name, "write to a queue that does not exist");
                break;
            default:
                _log.Error(Name, $"write to read-only or missing register 0x{offset:x}");
                break;
        }
    }

    private static void WriteQueue(VirtioDevice device, Virtqueue queue, ulong offset, uint value)
    {
        if (offset == 0x044)
        {
            if ((value & 1) != 0)
                device.EnableQueue(queue);
            else
                queue.Disable();
            return;
        }

        if (offset == 0x0c0)
        {
            if ((value & 1) != 0)
                device.ResetQueue(queue);
            return;
        }

        if (queue.Ready)
        {
            device.Break($"queue {queue.Index} moved while it is enabled");
            return;
        }

        switch (offset)
        {
            case 0x038: queue.Size = value; break;
            case 0x080: queue.DescriptorArea = VirtioHalves.With(queue.DescriptorArea, 0, value); break;
            case 0x084: queue.DescriptorArea = VirtioHalves.With(queue.DescriptorArea, 1, value); break;
            case 0x090: queue.DriverArea = VirtioHalves.With(queue.DriverArea, 0, value); break;
            case 0x094: queue.DriverArea = VirtioHalves.With(queue.DriverArea, 1, value); break;
            case 0x0a0: queue.DeviceArea = VirtioHalves.With(queue.DeviceArea, 0, value); break;
            case 0x0a4: queue.DeviceArea = VirtioHalves.With(queue.DeviceArea, 1, value); break;
        }
    }

    private void WriteFeatures(VirtioDevice device, uint value)
    {
        switch (_driverFeaturesSelect)
        {
            case 0: device.DriverFeatures = VirtioHalves.With(device.DriverFeatures, 0, value); break;
            case 1: device.DriverFeatures = VirtioHalves.With(device.DriverFeatures, 1, value); break;
            default:
                if (value != 0)
                    _log.Error(Name, "driver asked for features past bit 63");
                break;
        }
    }

    private Virtqueue? Selected(VirtioDevice device)
        => _queueSelect < (uint)device.Queues.Length ? device.Queues[(int)_queueSelect] : null;

    private void ResetDevice(bool powerOn)
    {
        _interruptStatus = 0;
        _continue.Disarm();
        Device?.Reset(powerOn);
        UpdateIrq();
    }

    private void Interrupt(uint cause)
    {
        _interruptStatus |= cause;
        UpdateIrq();
    }

    private void UpdateIrq() => Irq.Set(_interruptStatus != 0);
}
