using System.Buffers.Binary;
using Emulation.Devices;

namespace Emulation.Devices.Tests.Virtio;

/// <summary>A block driver: headers, data split at random, status bytes.</summary>
internal sealed class BlockDriver
{
    public const uint In = 0, Out = 1, Flush = 4, GetId = 8, Discard = 11, WriteZeroes = 13;

    private const ulong QueueArea = VirtioRig.RamBase;
    private const ulong DataArea = VirtioRig.RamBase + QueueDriver.AreaSize;
    private const ulong SlotSize = 0x2000;
    private const ulong MaxData = SlotSize - 0x100;

    private readonly VirtioRig _rig;
    private readonly Dictionary<int, Request> _requests = [];
    private readonly Queue<int> _slots = new(Enumerable.Range(0, 64));

    public BlockDriver(VirtioRig rig, ulong features, int queueSize = 32)
    {
        _rig = rig;
        rig.Negotiate(features);
        Queue = QueueDriver.Create(rig, 0, queueSize, QueueArea, features);
        rig.Start();
        Queue.WantInterrupt(true);
    }

    public QueueDriver Queue { get; }

    /// <summary>Makes a request available. Data goes out for writes and ranges, comes in otherwise.</summary>
    public Request Submit(uint type, ulong sector, byte[] data, int pieces = 1, bool indirect = false)
    {
        ((ulong)data.Length).Should().BeLessThanOrEqualTo(MaxData);
        int slot = _slots.Dequeue();
        ulong at = DataArea + ((ulong)slot * SlotSize);
        byte[] header = new byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(header, type);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), sector);
        _rig.Write(at, header);
        bool comesIn = type is In or GetId;
        ulong dataAt = at + 0x80;
        _rig.Write(dataAt, data);
        _rig.Write(at + 0x40, [0xee]);
        var buffers = new List<DriverBuffer> { new(at, 16, false) };
        for (int i = 0, done = 0; i < pieces && done < data.Length; i++)
        {
            int count = i == pieces - 1 ? data.Length - done : Math.Max(1, (data.Length - done) / (pieces - i));
            buffers.Add(new DriverBuffer(dataAt + (ulong)done, (uint)count, comesIn));
            done += count;
        }

        buffers.Add(new DriverBuffer(at + 0x40, 1, true));
        var request = new Request(slot, data.Length, dataAt, at + 0x40, comesIn);
        _requests.Add(Queue.Add(buffers.ToArray(), indirect), request);
        return request;
    }

    /// <summary>Takes one finished request.</summary>
    public bool TryFinish(out Request request)
    {
        request = default!;
        if (!Queue.TryTake(out int token, out uint length))
            return false;
        _requests.Remove(token, out request!).Should().BeTrue();
        request.Written = length;
        request.Status = _rig.Read(request.StatusAt, 1)[0];
        request.Data = _rig.Read(request.DataAt, request.Length);
        _slots.Enqueue(request.Slot);
        return true;
    }

    /// <summary>One request from start to end, with the interrupt a driver waits for.</summary>
    public Request Do(uint type, ulong sector, byte[] data, int pieces = 1, bool indirect = false)
    {
        Request request = Submit(type, sector, data, pieces, indirect);
        Queue.WantInterrupt(true);
        Queue.Kick();
        _rig.Mmio.Irq.Level.Should().BeTrue("a finished request raises the interrupt");
        (_rig.Get(VirtioRig.InterruptStatus) & 1).Should().Be(1);
        _rig.Set(VirtioRig.InterruptAck, 1);
        _rig.Mmio.Irq.Level.Should().BeFalse();
        TryFinish(out Request done).Should().BeTrue();
        done.Should().BeSameAs(request);
        return done;
    }

    public static byte[] Ranges(params (ulong Sector, uint Count, uint Flags)[] ranges)
    {
        byte[] bytes = new byte[ranges.Length * 16];
        for (int i = 0; i < ranges.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * 16), ranges[i].Sector);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan((i * 16) + 8), ranges[i].Count);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan((i * 16) + 12), ranges[i].Flags);
        }

        return bytes;
    }

    internal sealed class Request(int slot, int length, ulong dataAt, ulong statusAt, bool comesIn)
    {
        public int Slot => slot;

        public int Length => length;

        public ulong DataAt => dataAt;

        public ulong StatusAt => statusAt;

        public bool ComesIn => comesIn;

        public uint Written { get; set; }

        public byte Status { get; set; }

        public byte[] Data { get; set; } = [];
    }
}
