using System.Buffers.Binary;
using System.Text;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>
/// Firmware configuration: named items the machine hands to its firmware, read byte by byte or by DMA. QEMU documentation, "fw_cfg", MMIO layout.
/// Ports: 24 bytes of big-endian MMIO; guest memory.
/// </summary>
/// <remarks>The board adds items before the machine starts; they are not part of snapshots, but what a guest wrote into writable files is.</remarks>
public sealed class FwCfg : MmioDevice
{
    private const ushort SignatureKey = 0x0000;
    private const ushort FeaturesKey = 0x0001;
    private const ushort DirectoryKey = 0x0019;
    private const ushort FirstFileKey = 0x0020;
    private const ushort FileKeyEnd = 0x4000;
    private const int MaxFileName = 55;
    private const uint DmaError = 1;
    private const uint DmaRead = 2;
    private const uint DmaSkip = 4;
    private const uint DmaSelect = 8;
    private const uint DmaWrite = 16;

    private readonly AddressSpace _memory;
    private readonly Dictionary<ushort, Item> _items = [];
    private readonly SortedDictionary<string, (ushort Key, Item Item)> _files = new(StringComparer.Ordinal);
    private readonly BitField _addressHigh;
    private Item? _selected;
    private ushort _key;
    private uint _offset;

    /// <summary>Creates the device with its signature, features and an empty directory.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="memory">What DMA reaches.</param>
    /// <param name="log">Where guest errors go.</param>
    public FwCfg(string name, AddressSpace memory, GuestLog log)
        : base(name, log, 0x18, AccessSizes.All, bigEndian: true)
    {
        _memory = memory;
        Registers.Define(0x08, "selector", width: 16, access: RegisterAccess.WriteOnly).Bits(15, 0, "key", FieldMode.WriteOnly, write: v => Select((ushort)v));
        Registers.Define(0x10, "DMA address high", access: RegisterAccess.WriteOnly).Bits(31, 0, "address", out _addressHigh, FieldMode.WriteOnly);
        Registers.Define(0x14, "DMA address low", access: RegisterAccess.WriteOnly).Bits(31, 0, "address, starts", FieldMode.WriteOnly, write: StartDma);
        Registers.Define(0x10, "DMA signature", reset: 0x51454d5520434647, width: 64, access: RegisterAccess.ReadOnly).Bits(63, 0, "QEMU CFG", FieldMode.ReadOnly);
        AddItem(SignatureKey, "QEMU"u8);
        AddItem(FeaturesKey, [0x03, 0, 0, 0]);
        UpdateDirectory();
        Select(SignatureKey);
    }

    /// <summary>Adds or replaces an item with a fixed key.</summary>
    /// <param name="key">The key, as the firmware knows it.</param>
    /// <param name="data">The bytes.</param>
    public void AddItem(ushort key, ReadOnlySpan<byte> data)
    {
        if (key is >= FirstFileKey and < FileKeyEnd)
            throw new ArgumentOutOfRangeException(nameof(key), key, $"keys from 0x{FirstFileKey:x} to 0x{FileKeyEnd:x} belong to files");
        _items[key] = new Item(data.ToArray(), null, Writable: false);
        Select(_key);
    }

    /// <summary>Adds a file that the guest can read.</summary>
    /// <param name="name">Its name: at most 55 ASCII characters.</param>
    /// <param name="data">The bytes.</param>
    /// <returns>The key it got.</returns>
    public ushort AddFile(string name, ReadOnlySpan<byte> data) => AddFile(name, new Item(data.ToArray(), null, Writable: false));

    /// <summary>Adds a file that the guest can also write, by DMA.</summary>
    /// <param name="name">Its name: at most 55 ASCII characters.</param>
    /// <param name="data">The bytes after reset; the size stays.</param>
    /// <param name="written">Called under the device lock with the whole content after each write.</param>
    /// <returns>The key it got.</returns>
    public ushort AddWritableFile(string name, ReadOnlySpan<byte> data, Action<ReadOnlyMemory<byte>>? written = null)
        => AddFile(name, new Item(data.ToArray(), written, Writable: true));

    /// <inheritdoc/>
    public override ulong Read(ulong offset, int size)
    {
        if (offset >= 8)
            return base.Read(offset, size);
        // the data register is a stream: its first byte is the most significant, whatever the width
        ulong value = 0;
        for (int i = 0; i < size; i++)
            value = (value << 8) | NextByte();
        return value;
    }

    /// <inheritdoc/>
    public override void Write(ulong offset, int size, ulong value)
    {
        if (offset >= 8)
            base.Write(offset, size, value);
        else
            Log.Error(Name, "write to the data register, which is done by DMA only");
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        Select(SignatureKey);
        foreach ((_, Item item) in _files.Values.Where(static f => f.Item.Writable))
            item.Initial.CopyTo(item.Data, 0);
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_key);
        writer.Write(_offset);
        foreach ((_, Item item) in _files.Values.Where(static f => f.Item.Writable))
            writer.Write(item.Data.AsSpan());
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        Select(reader.ReadUInt16());
        _offset = reader.ReadUInt32();
        foreach ((_, Item item) in _files.Values.Where(static f => f.Item.Writable))
        {
            ReadOnlySpan<byte> data = reader.ReadBytes();
            if (data.Length != item.Data.Length)
                throw reader.Damaged($"a file of {data.Length} bytes where this machine has {item.Data.Length}");
            data.CopyTo(item.Data);
        }
    }

    private ushort AddFile(string name, Item item)
    {
        if (name.Length is 0 or > MaxFileName || !Ascii.IsValid(name))
            throw new ArgumentException($"'{name}' is not a name of 1 to {MaxFileName} ASCII characters", nameof(name));
        int key = FirstFileKey + _files.Count;
        if (key >= FileKeyEnd)
            throw new InvalidOperationException($"{Name} has no key left for '{name}'");
        if (!_files.TryAdd(name, ((ushort)key, item)))
            throw new ArgumentException($"{Name} has a file '{name}' already", nameof(name));
        _items.Add((ushort)key, item);
        UpdateDirectory();
        return (ushort)key;
    }

    private void UpdateDirectory()
    {
        byte[] directory = new byte[4 + (64 * _files.Count)];
        BinaryPrimitives.WriteInt32BigEndian(directory, _files.Count);
        Span<byte> entry = directory.AsSpan(4);
        foreach ((string name, (ushort key, Item item)) in _files)
        {
            BinaryPrimitives.WriteInt32BigEndian(entry, item.Data.Length);
            BinaryPrimitives.WriteUInt16BigEndian(entry[4..], key);
            Encoding.ASCII.GetBytes(name, entry[8..]);
            entry = entry[64..];
        }

        AddItem(DirectoryKey, directory);
    }

    private void Select(ushort key)
    {
        _key = key;
        _offset = 0;
        _selected = _items.GetValueOrDefault(key);
    }

    private byte NextByte()
    {
        if (_selected == null || _offset >= (uint)_selected.Data.Length)
            return 0;
        return _selected.Data[_offset++];
    }

    private void StartDma(ulong low)
    {
        ulong address = (_addressHigh.Value << 32) | low;
        _addressHigh.Value = 0;
        Span<byte> descriptor = stackalloc byte[16];
        if (!_memory.TryRead(address, descriptor))
        {
            Log.Error(Name, $"the DMA descriptor at 0x{address:x} is not in memory");
            return;
        }

        uint control = BinaryPrimitives.ReadUInt32BigEndian(descriptor);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(descriptor[4..]);
        ulong buffer = BinaryPrimitives.ReadUInt64BigEndian(descriptor[8..]);
        if ((control & DmaSelect) != 0)
            Select((ushort)(control >> 16));
        bool ok = Transfer(control, length, buffer);
        if (!ok)
            Log.Error(Name, $"DMA of {length} bytes at 0x{buffer:x} failed (control 0x{control:x})");
        BinaryPrimitives.WriteUInt32BigEndian(descriptor, ok ? 0 : DmaError);
        if (!_memory.TryWrite(address, descriptor[..4]))
            Log.Error(Name, $"the DMA descriptor at 0x{address:x} cannot be written");
    }

    private bool Transfer(uint control, uint length, ulong buffer)
    {
        if (length == 0)
            return true;
        if ((control & (DmaRead | DmaWrite | DmaSkip)) == 0)
            return true;
        bool ok = (control & (DmaRead | DmaWrite)) == 0
            || (length - 1 <= ulong.MaxValue - buffer && ((control & DmaRead) != 0 ? ReadItem(length, buffer) : WriteItem(length, buffer)));
        // a transfer that failed moves on as well
        _offset = (uint)Math.Min((ulong)_offset + length, uint.MaxValue);
        return ok;
    }

    private bool ReadItem(uint length, ulong buffer)
    {
        ReadOnlySpan<byte> data = _selected == null ? [] : _selected.Data.AsSpan((int)Math.Min(_offset, (uint)_selected.Data.Length));
        data = data[..(int)Math.Min(length, (uint)data.Length)];
        if (!_memory.TryWrite(buffer, data))
            return false;
        // past the end of an item there are zeros
        ReadOnlySpan<byte> zeros = stackalloc byte[RamBlock.PageSize];
        for (ulong done = (ulong)data.Length; done < length; done += (ulong)zeros.Length)
        {
            if (!_memory.TryWrite(buffer + done, zeros[..(int)Math.Min((ulong)zeros.Length, length - done)]))
                return false;
        }

        return true;
    }

    private bool WriteItem(uint length, ulong buffer)
    {
        if (_selected is not { Writable: true } item || _offset > (uint)item.Data.Length || length > (uint)item.Data.Length - _offset)
            return false;
        if (!_memory.TryRead(buffer, item.Data.AsSpan((int)_offset, (int)length)))
            return false;
        item.Written?.Invoke(item.Data);
        return true;
    }

    private sealed record Item(byte[] Data, Action<ReadOnlyMemory<byte>>? Written, bool Writable)
    {
        internal byte[] Initial { get; } = Writable ? [.. Data] : [];
    }
}
