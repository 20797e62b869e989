using Emulation.Core;

namespace Emulation.Devices;

/// <summary>What all virtio devices share: status, feature negotiation, queues, configuration space. Virtio 1.2, sections 2 and 3.</summary>
/// <remarks>
/// A driver that breaks the rules of its queues gets DEVICE_NEEDS_RESET and one line in the log; the device then does nothing until it is reset.
/// The work done for one notification is bounded; what is left goes on after a short virtual time.
/// </remarks>
public abstract partial class VirtioDevice
{
    /// <summary>Most bytes one request may carry; more breaks the device.</summary>
    internal const long MaxRequestBytes = 64L << 20;

    private const int MaxChainsPerRun = 1024;
    private const long MaxBytesPerRun = MaxRequestBytes;
    private const VirtioFeatures TransportFeatures = VirtioFeatures.Version1 | VirtioFeatures.IndirectDescriptors | VirtioFeatures.EventIndex
        | VirtioFeatures.PackedRing | VirtioFeatures.RingReset;

    private readonly Virtqueue[] _queues;
    private IVirtioTransport? _transport;
    private GuestMemory? _memory;
    private GuestLog? _log;
    private DescriptorChain? _chain;
    private VirtioStatus _status;
    private VirtioFeatures _driverFeatures;
    private uint _pending;
    private long _budget;

    private protected VirtioDevice(uint id, params ReadOnlySpan<ushort> queueSizes)
    {
        DeviceId = id;
        _queues = new Virtqueue[queueSizes.Length];
        for (int i = 0; i < _queues.Length; i++)
            _queues[i] = new Virtqueue(i, queueSizes[i]);
    }

    /// <summary>The kind of device, as drivers know it. Virtio 1.2, section 5.</summary>
    public uint DeviceId { get; }

    /// <summary>Ring features that are not offered, for tests and old drivers. Version 1 is always offered.</summary>
    public VirtioFeatures WithoutFeatures { get; init; }

    /// <summary>Whether a driver has brought the device up.</summary>
    public bool IsRunning => _status.HasFlag(VirtioStatus.DriverOk) && !NeedsReset;

    /// <summary>Whether the driver broke the rules and has not reset the device since.</summary>
    public bool NeedsReset => _status.HasFlag(VirtioStatus.NeedsReset);

    internal ulong OfferedFeatures => (ulong)(TransportFeatures & ~(WithoutFeatures & ~VirtioFeatures.Version1)) | DeviceFeatures;

    internal ulong DriverFeatures
    {
        get => (ulong)_driverFeatures;
        set
        {
            if (_status.HasFlag(VirtioStatus.FeaturesOk))
                Break("features written after FEATURES_OK");
            else
                _driverFeatures = (VirtioFeatures)value;
        }
    }

    internal VirtioStatus Status => _status;

    internal uint ConfigGeneration { get; private set; }

    internal ReadOnlySpan<Virtqueue> Queues => _queues;

    /// <summary>Bytes of configuration space.</summary>
    internal abstract int ConfigLength { get; }

    /// <summary>Features of this kind of device, as offered.</summary>
    private protected abstract ulong DeviceFeatures { get; }

    /// <summary>Held by whoever calls the device from outside the machine.</summary>
    private protected Lock DeviceLock => Transport.DeviceLock;

    private IVirtioTransport Transport => _transport ?? throw new InvalidOperationException("the virtio device is not on a transport yet");

    internal void Attach(IVirtioTransport transport, AddressSpace memory, GuestLog log)
    {
        if (_transport is not null)
            throw new InvalidOperationException($"the virtio device is already on transport '{_transport.Name}'");
        _transport = transport;
        _memory = new GuestMemory(memory);
        _log = log;
        int longest = 0;
        foreach (Virtqueue queue in _queues)
            longest = Math.Max(longest, queue.MaxSize);
        _chain = new DescriptorChain(_memory, longest);
    }

    /// <summary>Returns to the state before a driver came.</summary>
    /// <param name="powerOn">Whether what the host gave is forgotten too: the machine starts anew, and not only the driver.</param>
    internal void Reset(bool powerOn)
    {
        _status = VirtioStatus.None;
        _driverFeatures = VirtioFeatures.None;
        IsLegacy = false;
        _pending = 0;
        ConfigGeneration = 0;
        foreach (Virtqueue queue in _queues)
            queue.Reset();
        ResetCore(powerOn);
    }

    /// <summary>The driver writes its status. Virtio 1.2, 2.1 and 3.1.1; writing 0 is for the transport, which resets itself as well.</summary>
    internal void WriteStatus(byte value)
    {
        VirtioStatus written = (VirtioStatus)value & VirtioStatus.WrittenByDriver;
        if (NeedsReset)
        {
            _status |= written;
            return;
        }

        if ((_status & ~written) != 0)
        {
            Break("status bit cleared without a reset");
            return;
        }

        VirtioStatus added = written & ~_status;
        if (added.HasFlag(VirtioStatus.FeaturesOk))
        {
            // ACKNOWLEDGE is of no consequence, and U-Boot's drivers reset it away
            if (!written.HasFlag(VirtioStatus.Driver))
            {
                Break("FEATURES_OK before DRIVER");
                return;
            }

            // an answer of the protocol and not an error: the driver reads the bit back
            if (!AcceptsFeatures())
            {
                LogError("driver asked for features that are not offered, or not for version 1");
                written &= ~VirtioStatus.FeaturesOk;
            }
        }

        if (added.HasFlag(VirtioStatus.DriverOk) && !written.HasFlag(VirtioStatus.FeaturesOk))
        {
            Break("DRIVER_OK before FEATURES_OK");
            return;
        }

        _status |= written;
    }

    internal void EnableQueue(Virtqueue queue)
    {
        if (NeedsReset || queue.Ready)
            return;
        if (!_status.HasFlag(VirtioStatus.FeaturesOk))
            Break("queue enabled before FEATURES_OK");
        else if (queue.Enable(_memory!, _driverFeatures) is { } fault)
            Break($"queue {queue.Index}: {fault}");
    }

    /// <summary>Ends the use of one queue and forgets its progress. Virtio 1.2, 2.6.1.</summary>
    internal void ResetQueue(Virtqueue queue)
    {
        if (!_driverFeatures.HasFlag(VirtioFeatures.RingReset) || !_status.HasFlag(VirtioStatus.FeaturesOk))
        {
            LogError("queue reset that was not negotiated");
            return;
        }

        queue.Reset();
        _pending &= ~(1u << queue.Index);
    }

    /// <summary>The driver says that it made requests available.</summary>
    internal void Notify(uint index)
    {
        if (NeedsReset)
            return;
        if (_status == VirtioStatus.None)
            LogError("notification after reset");
        else if (!TakesRequests)
            Break("notification before DRIVER_OK");
        else if (index >= (uint)_queues.Length)
            Break("notification for a queue that does not exist");
        else if (!_queues[index].Ready)
            Break($"notification for queue {index}, which is not enabled");
        else
            Run(_queues[index]);
    }

    /// <summary>Goes on with queues whose work was cut off.</summary>
    internal void Continue()
    {
        uint pending = _pending;
        _pending = 0;
        for (int i = 0; i < _queues.Length && TakesRequests; i++)
        {
            if ((pending & (1u << i)) != 0 && _queues[i].Ready)
                Run(_queues[i]);
        }
    }

    /// <summary>Reads configuration space; what lies past its end is 0.</summary>
    internal ulong ReadConfig(ulong offset, int size)
    {
        Span<byte> space = stackalloc byte[ConfigLength + 8];
        space.Clear();
        if (offset + (ulong)size > (ulong)ConfigLength)
        {
            LogError("read past the end of configuration space");
            if (offset >= (ulong)ConfigLength)
                return 0;
        }

        FillConfig(space[..ConfigLength]);
        ulong value = 0;
        for (int i = size - 1; i >= 0; i--)
            value = (value << 8) | space[(int)offset + i];
        return value;
    }

    /// <summary>Writes configuration space.</summary>
    internal virtual void WriteConfig(ulong offset, int size, ulong value) => LogError("write to read-only configuration space");

    internal void Save(StateWriter writer)
    {
        writer.Write((byte)_status);
        writer.Write((ulong)_driverFeatures);
        writer.Write(ConfigGeneration);
        writer.Write(_pending);
        foreach (Virtqueue queue in _queues)
            queue.Save(writer);
        SaveCore(writer);
    }

    internal void Load(StateReader reader)
    {
        _status = (VirtioStatus)reader.ReadByte();
        _driverFeatures = (VirtioFeatures)reader.ReadUInt64();
        ConfigGeneration = reader.ReadUInt32();
        _pending = reader.ReadUInt32();
        foreach (Virtqueue queue in _queues)
            queue.Load(reader, _memory!, _driverFeatures);
        LoadCore(reader);
    }

    /// <summary>The driver is in error: the device stops until it is reset. Virtio 1.2, 2.1.2.</summary>
    internal void Break(string reason)
    {
        if (NeedsReset)
            return;
        LogError($"needs reset: {reason}");
        _status |= VirtioStatus.NeedsReset;
        if (_status.HasFlag(VirtioStatus.DriverOk))
            _transport!.InterruptConfiguration();
    }

    internal void LogError(string message) => _log!.Error(_transport!.Name, message);

    /// <summary>Handles one request. It ends, now or later, in one call of <see cref="Complete"/> unless the device breaks.</summary>
    private protected abstract void Handle(Virtqueue queue, DescriptorChain chain);

    /// <summary>Whether the device would take a request from a queue now.</summary>
    private protected virtual bool HasWork(Virtqueue queue) => true;

    /// <summary>Writes the whole configuration space.</summary>
    private protected abstract void FillConfig(Span<byte> config);

    private protected virtual void ResetCore(bool powerOn) { }

    private protected virtual void SaveCore(StateWriter writer) { }

    private protected virtual void LoadCore(StateReader reader) { }

    private protected bool Negotiated(ulong feature) => ((ulong)_driverFeatures & feature) != 0;

    /// <summary>Gives a request back.</summary>
    /// <param name="queue">The queue it came from.</param>
    /// <param name="chain">The request.</param>
    /// <param name="written">Bytes written to it from its start.</param>
    private protected void Complete(Virtqueue queue, DescriptorChain chain, uint written)
    {
        // whoever handles a request may have reset the device: then nobody waits for the answer
        if (!NeedsReset && queue.Ring is { } ring && !ring.TryPush(chain, written))
            Break(queue);
    }

    /// <summary>Counts work against what one notification may cause.</summary>
    private protected void Charge(long bytes) => _budget -= bytes;

    /// <summary>Tells the driver that the configuration space changed.</summary>
    private protected void ConfigChanged()
    {
        ConfigGeneration++;
        if (IsRunning)
            _transport!.InterruptConfiguration();
    }

    /// <summary>Looks at a queue without having been notified: the device itself has something for the driver.</summary>
    private protected void Poll(int index)
    {
        if (TakesRequests && _queues[index].Ready)
            Run(_queues[index]);
    }

    private bool AcceptsFeatures()
        => ((ulong)_driverFeatures & ~OfferedFeatures) == 0 && _driverFeatures.HasFlag(VirtioFeatures.Version1);

    private void Run(Virtqueue queue)
    {
        // A hostile guest can let the device's own writes make more requests available: the end must not depend on an empty ring.
        _budget = MaxBytesPerRun;
        Ring ring = queue.Ring!;
        for (int chains = 0; HasWork(queue); chains++)
        {
            if (chains == MaxChainsPerRun || _budget <= 0)
            {
                _pending |= 1u << queue.Index;
                Transport.ScheduleContinue();
                break;
            }

            PopResult result = ring.TryPop(_chain!);
            if (result == PopResult.Empty)
            {
                if (!ring.TryEnableNotifications(out bool more))
                    Break(queue);
                if (NeedsReset || !more)
                    break;
                continue;
            }

            if (result == PopResult.Chain && _chain!.Readable + _chain.Writable <= MaxRequestBytes)
            {
                Charge((long)(_chain.Readable + _chain.Writable));
                Handle(queue, _chain);
            }
            else
            {
                Break(result == PopResult.Broken ? $"queue {queue.Index}: {ring.Fault}" : $"queue {queue.Index}: request of more than 64 MiB");
            }

            if (NeedsReset || !ReferenceEquals(queue.Ring, ring))
                return;
        }

        if (NeedsReset)
            return;
        if (!ring.TryTakeSignal(out bool interrupt))
            Break(queue);
        else if (interrupt)
            Transport.InterruptQueue(queue.Index);
    }

    private void Break(Virtqueue queue) => Break($"queue {queue.Index}: {queue.Ring!.Fault}");
}
