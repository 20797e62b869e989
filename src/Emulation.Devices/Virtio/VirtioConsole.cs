using System.Buffers.Binary;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Virtio console with one port: bytes to and from the host, and a window size. Virtio 1.2, section 5.3.</summary>
public sealed class VirtioConsole : VirtioDevice
{
    private const ushort QueueSize = 128;
    private const int ReceiveQueue = 0;
    private const int Piece = 4096;
    private const int InputCapacity = 1 << 16;
    private const ulong FeatureSize = 1 << 0;
    private const ulong FeatureEmergencyWrite = 1 << 2;
    private const int EmergencyWriteOffset = 8;

    private readonly byte[] _input = new byte[InputCapacity];
    private int _first;
    private int _count;

    /// <summary>Creates a console of 80 by 25 characters.</summary>
    public VirtioConsole() : base(3, QueueSize, QueueSize) { }

    /// <summary>Called with what the guest sends, under the device lock.</summary>
    public Action<ReadOnlySpan<byte>>? Transmitted { get; set; }

    /// <summary>Width of the host's window in characters.</summary>
    public ushort Columns { get; private set; } = 80;

    /// <summary>Height of the host's window in characters.</summary>
    public ushort Rows { get; private set; } = 25;

    /// <summary>Bytes from the host that the guest has not taken yet.</summary>
    public int PendingInput => _count;

    internal override int ConfigLength => 12;

    private protected override ulong DeviceFeatures => FeatureSize | FeatureEmergencyWrite;

    /// <summary>Sends bytes to the guest. They wait in the device until it takes them; a reset of the machine drops them.</summary>
    /// <param name="bytes">What to send.</param>
    /// <returns>How many were accepted: fewer when the guest does not take them.</returns>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        lock (DeviceLock)
        {
            int accepted = 0;
            while (accepted < bytes.Length && _count < InputCapacity)
            {
                int end = (_first + _count) % InputCapacity;
                int part = Math.Min(bytes.Length - accepted, Math.Min(InputCapacity - _count, InputCapacity - end));
                bytes.Slice(accepted, part).CopyTo(_input.AsSpan(end));
                _count += part;
                accepted += part;
            }

            Poll(ReceiveQueue);
            return accepted;
        }
    }

    /// <summary>Tells the guest the size of the host's window.</summary>
    /// <param name="columns">Width in characters.</param>
    /// <param name="rows">Height in characters.</param>
    public void Resize(ushort columns, ushort rows)
    {
        lock (DeviceLock)
        {
            if ((columns, rows) == (Columns, Rows))
                return;
            (Columns, Rows) = (columns, rows);
            ConfigChanged();
        }
    }

    internal override void WriteConfig(ulong offset, int size, ulong value)
    {
        // 5.3.4: works before the driver is up
        if (offset == EmergencyWriteOffset && size is 1 or 2 or 4)
            Transmitted?.Invoke([(byte)value]);
        else
            base.WriteConfig(offset, size, value);
    }

    private protected override void FillConfig(Span<byte> config)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(config, Columns);
        BinaryPrimitives.WriteUInt16LittleEndian(config[2..], Rows);
        BinaryPrimitives.WriteUInt32LittleEndian(config[4..], 1);
    }

    private protected override bool HasWork(Virtqueue queue) => queue.Index != ReceiveQueue || _count > 0;

    private protected override void Handle(Virtqueue queue, DescriptorChain chain)
    {
        if (queue.Index == ReceiveQueue)
            Receive(queue, chain);
        else
            Transmit(queue, chain);
    }

    private protected override void ResetCore(bool powerOn)
    {
        // drivers reset the device when they start: what was typed ahead is not theirs to drop. The window is the host's in any case.
        if (powerOn)
            _first = _count = 0;
    }

    private protected override void SaveCore(StateWriter writer)
    {
        writer.Write(Columns);
        writer.Write(Rows);
        writer.Write(_count);
        int head = Math.Min(_count, InputCapacity - _first);
        writer.WriteRaw(_input.AsSpan(_first, head));
        writer.WriteRaw(_input.AsSpan(0, _count - head));
    }

    private protected override void LoadCore(StateReader reader)
    {
        Columns = reader.ReadUInt16();
        Rows = reader.ReadUInt16();
        int count = reader.ReadCount(1);
        if (count > InputCapacity)
            throw reader.Damaged($"{count} bytes of console input");
        _first = 0;
        _count = count;
        reader.ReadRaw(_input.AsSpan(0, count));
    }

    private void Receive(Virtqueue queue, DescriptorChain chain)
    {
        if (chain.Writable == 0)
        {
            Break($"queue {queue.Index}: receive buffer without room");
            return;
        }

        uint written = 0;
        while (_count > 0 && written < chain.Writable)
        {
            int part = (int)Math.Min((ulong)Math.Min(_count, InputCapacity - _first), chain.Writable - written);
            if (!chain.Write(written, _input.AsSpan(_first, part)))
            {
                Break("request outside memory");
                return;
            }

            written += (uint)part;
            _first = (_first + part) % InputCapacity;
            _count -= part;
        }

        Complete(queue, chain, written);
    }

    private void Transmit(Virtqueue queue, DescriptorChain chain)
    {
        Span<byte> piece = stackalloc byte[Piece];
        for (ulong done = 0; done < chain.Readable;)
        {
            Span<byte> part = piece[..(int)Math.Min(Piece, chain.Readable - done)];
            if (!chain.Read(done, part))
            {
                Break("request outside memory");
                return;
            }

            Transmitted?.Invoke(part);
            done += (ulong)part.Length;
        }

        Complete(queue, chain, 0);
    }
}
