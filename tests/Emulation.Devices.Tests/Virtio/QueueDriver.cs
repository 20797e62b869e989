using System.Buffers.Binary;

namespace Emulation.Devices.Tests.Virtio;

/// <summary>A buffer a driver offers.</summary>
internal readonly record struct DriverBuffer(ulong Address, uint Length, bool DeviceWrites);

/// <summary>A driver's end of a queue. Tokens are chosen by the driver and come back with the request.</summary>
internal abstract class QueueDriver(VirtioRig rig, int index, int size, ulong area, ulong features)
{
    public const ulong EventIndex = 1UL << 29, Indirect = 1UL << 28, Version1 = 1UL << 32, Packed = 1UL << 34, RingReset = 1UL << 40;

    /// <summary>Bytes of memory a queue of 256 entries and its indirect tables take.</summary>
    public const ulong AreaSize = 0x20000;

    private const ulong TableSize = 32 * 16;

    public VirtioRig Rig => rig;

    public int Size { get; } = size;

    public bool UsesEventIndex => (features & EventIndex) != 0;

    public int Free { get; protected set; } = size;

    public ulong Descriptors => area;

    public ulong DriverArea => area + 0x1000;

    public ulong DeviceArea => area + 0x2000;

    public static QueueDriver Create(VirtioRig rig, int index, int size, ulong area, ulong features)
    {
        rig.Write(area, new byte[0x4000]);
        QueueDriver driver = (features & Packed) != 0
            ? new PackedDriver(rig, index, size, area, features)
            : new SplitDriver(rig, index, size, area, features);
        driver.Enable();
        return driver;
    }

    /// <summary>Makes a request available, not yet announced.</summary>
    public abstract int Add(ReadOnlySpan<DriverBuffer> buffers, bool indirect);

    /// <summary>Announces what was added, if the device wants that.</summary>
    public void Kick(bool always = false)
    {
        if (DeviceWantsKick() || always)
            rig.Set(VirtioRig.QueueNotify, (uint)index);
    }

    /// <summary>Takes a finished request.</summary>
    public abstract bool TryTake(out int token, out uint length);

    /// <summary>Wants no interrupt, or one for the next finished request, or with the event index after <paramref name="delay"/> more.</summary>
    public abstract void WantInterrupt(bool wanted, int delay = 0);

    protected abstract bool DeviceWantsKick();

    protected ulong Table(int slot) => area + 0x4000 + ((ulong)slot * TableSize);

    protected void WriteDescriptor(ulong address, in DriverBuffer buffer, ushort third, ushort fourth)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, buffer.Address);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], buffer.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[12..], third);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[14..], fourth);
        rig.Write(address, bytes);
    }

    private void Enable()
    {
        rig.Set(VirtioRig.QueueSel, (uint)index);
        rig.Get(VirtioRig.QueueReady).Should().Be(0);
        ((int)rig.Get(VirtioRig.QueueNumMax)).Should().BeGreaterThanOrEqualTo(Size);
        rig.Set(VirtioRig.QueueNum, (uint)Size);
        rig.Set64(VirtioRig.QueueDesc, Descriptors);
        rig.Set64(VirtioRig.QueueDriver, DriverArea);
        rig.Set64(VirtioRig.QueueDevice, DeviceArea);
        rig.Set(VirtioRig.QueueReady, 1);
        rig.Get(VirtioRig.QueueReady).Should().Be(1);
    }
}

internal sealed class SplitDriver : QueueDriver
{
    private readonly Stack<int> _free = [];
    private readonly Dictionary<int, List<int>> _inFlight = [];
    private ushort _available;
    private ushort _kicked;
    private ushort _lastUsed;

    public SplitDriver(VirtioRig rig, int index, int size, ulong area, ulong features) : base(rig, index, size, area, features)
    {
        for (int i = size - 1; i >= 0; i--)
            _free.Push(i);
    }

    public override int Add(ReadOnlySpan<DriverBuffer> buffers, bool indirect)
    {
        var slots = new List<int>();
        for (int i = 0; i < (indirect ? 1 : buffers.Length); i++)
            slots.Add(_free.Pop());
        Free -= slots.Count;
        for (int i = 0; i < buffers.Length; i++)
        {
            int flags = (buffers[i].DeviceWrites ? 2 : 0) | (i + 1 < buffers.Length ? 1 : 0);
            ulong at = indirect ? Table(slots[0]) + ((ulong)i * 16) : Descriptors + ((ulong)slots[i] * 16);
            int next = i + 1 == buffers.Length ? 0 : indirect ? i + 1 : slots[i + 1];
            WriteDescriptor(at, buffers[i], (ushort)flags, (ushort)next);
        }

        if (indirect)
            WriteDescriptor(Descriptors + ((ulong)slots[0] * 16), new DriverBuffer(Table(slots[0]), (uint)buffers.Length * 16, false), 4, 0);
        Rig.Write16(DriverArea + 4 + ((ulong)(_available % Size) * 2), (ushort)slots[0]);
        Rig.Write16(DriverArea + 2, ++_available);
        _inFlight.Add(slots[0], slots);
        return slots[0];
    }

    public override bool TryTake(out int token, out uint length)
    {
        token = 0;
        length = 0;
        if (Rig.Read16(DeviceArea + 2) == _lastUsed)
            return false;
        byte[] entry = Rig.Read(DeviceArea + 4 + ((ulong)(_lastUsed % Size) * 8), 8);
        _lastUsed++;
        token = BinaryPrimitives.ReadInt32LittleEndian(entry);
        length = BinaryPrimitives.ReadUInt32LittleEndian(entry.AsSpan(4));
        _inFlight.Remove(token, out List<int>? slots).Should().BeTrue();
        foreach (int slot in slots!)
            _free.Push(slot);
        Free += slots.Count;
        return true;
    }

    public override void WantInterrupt(bool wanted, int delay = 0)
    {
        if (UsesEventIndex)
            Rig.Write16(DriverArea + 4 + ((ulong)Size * 2), (ushort)(_lastUsed + (wanted ? delay : -1)));
        else
            Rig.Write16(DriverArea, (ushort)(wanted ? 0 : 1));
    }

    protected override bool DeviceWantsKick()
    {
        ushort old = _kicked;
        _kicked = _available;
        if (!UsesEventIndex)
            return (Rig.Read16(DeviceArea) & 1) == 0;
        ushort awaited = Rig.Read16(DeviceArea + 4 + ((ulong)Size * 8));
        return (ushort)(_available - awaited - 1) < (ushort)(_available - old);
    }
}

internal sealed class PackedDriver : QueueDriver
{
    private readonly Stack<int> _ids = [];
    private readonly Dictionary<int, int> _inFlight = [];
    private int _next;
    private bool _wrap = true;
    private int _used;
    private bool _usedWrap = true;
    private int _sinceKick;

    public PackedDriver(VirtioRig rig, int index, int size, ulong area, ulong features) : base(rig, index, size, area, features)
    {
        for (int i = size - 1; i >= 0; i--)
            _ids.Push(i);
    }

    public override int Add(ReadOnlySpan<DriverBuffer> buffers, bool indirect)
    {
        int id = _ids.Pop();
        int slots = indirect ? 1 : buffers.Length;
        ulong head = Descriptors + ((ulong)_next * 16) + 14;
        int headFlags = 0;
        for (int i = 0; i < slots; i++)
        {
            int flags = _wrap ? 0x0080 : 0x8000;
            DriverBuffer buffer = indirect ? new DriverBuffer(Table(id), (uint)buffers.Length * 16, false) : buffers[i];
            flags |= indirect ? 4 : (buffer.DeviceWrites ? 2 : 0) | (i + 1 < slots ? 1 : 0);
            ulong at = Descriptors + ((ulong)_next * 16);
            // the head's flags last: they publish the list
            if (i == 0)
                headFlags = flags;
            WriteDescriptor(at, buffer, (ushort)id, i == 0 ? Rig.Read16(head) : (ushort)flags);
            if (++_next == Size)
            {
                _next = 0;
                _wrap = !_wrap;
            }
        }

        for (int i = 0; indirect && i < buffers.Length; i++)
            WriteDescriptor(Table(id) + ((ulong)i * 16), buffers[i], 0, (ushort)(buffers[i].DeviceWrites ? 2 : 0));
        Rig.Write16(head, (ushort)headFlags);
        Free -= slots;
        _sinceKick += slots;
        _inFlight.Add(id, slots);
        return id;
    }

    public override bool TryTake(out int token, out uint length)
    {
        token = 0;
        length = 0;
        ulong at = Descriptors + ((ulong)_used * 16);
        ushort flags = Rig.Read16(at + 14);
        if (((flags & 0x80) != 0) != _usedWrap || ((flags & 0x8000) != 0) != _usedWrap)
            return false;
        byte[] entry = Rig.Read(at, 16);
        length = BinaryPrimitives.ReadUInt32LittleEndian(entry.AsSpan(8));
        token = BinaryPrimitives.ReadUInt16LittleEndian(entry.AsSpan(12));
        ((flags & 2) != 0).Should().Be(length > 0);
        _inFlight.Remove(token, out int slots).Should().BeTrue();
        _ids.Push(token);
        Free += slots;
        _used += slots;
        if (_used >= Size)
        {
            _used -= Size;
            _usedWrap = !_usedWrap;
        }

        return true;
    }

    public override void WantInterrupt(bool wanted, int delay = 0)
    {
        int position = _used + delay;
        bool wrap = _usedWrap;
        if (position >= Size)
        {
            position -= Size;
            wrap = !wrap;
        }

        Rig.Write16(DriverArea, (ushort)(position | (wrap ? 0x8000 : 0)));
        Rig.Write16(DriverArea + 2, (ushort)(!wanted ? 1 : UsesEventIndex ? 2 : 0));
    }

    protected override bool DeviceWantsKick()
    {
        int since = _sinceKick;
        _sinceKick = 0;
        ushort position = Rig.Read16(DeviceArea);
        ushort flags = Rig.Read16(DeviceArea + 2);
        if (flags != 2)
            return flags == 0;
        int awaited = position & 0x7fff;
        if ((position >> 15 != 0) != _wrap)
            awaited -= Size;
        return (ushort)(_next - awaited - 1) < since;
    }
}
