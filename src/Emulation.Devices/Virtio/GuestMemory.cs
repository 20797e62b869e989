using System.Buffers.Binary;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A device's view of guest memory: RAM only, every access checked, the last range remembered.</summary>
/// <remarks>Registers are never touched, so a ring that a guest lays over a device's own window is a bad address and not a recursion.</remarks>
internal sealed class GuestMemory(AddressSpace space)
{
    private FlatView? _view;
    private FlatRange _range;
    private RamRegion? _ram;

    public bool TryRead16(ulong address, out ushort value)
    {
        if (TryFind(address, write: false) && _range.Last - address >= 1)
        {
            // one host load: the other side may be writing it on another thread
            value = (ushort)_ram!.Ram.Read(_range.Offset + (address - _range.Start), 2);
            return true;
        }

        Span<byte> bytes = stackalloc byte[2];
        bool read = TryRead(address, bytes);
        value = read ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : (ushort)0;
        return read;
    }

    public bool TryWrite16(ulong address, ushort value)
    {
        if (TryFind(address, write: true) && _range.Last - address >= 1)
        {
            _ram!.Ram.Write(_range.Offset + (address - _range.Start), 2, value);
            return true;
        }

        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        return TryWrite(address, bytes);
    }

    public bool TryRead(ulong address, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            if (!TryFind(address, write: false))
                return false;
            int count = (int)Math.Min((ulong)destination.Length - 1, _range.Last - address) + 1;
            _ram!.Ram.Read(_range.Offset + (address - _range.Start), destination[..count]);
            destination = destination[count..];
            address += (ulong)count;
            if (address == 0 && !destination.IsEmpty)
                return false;
        }

        return true;
    }

    public bool TryWrite(ulong address, ReadOnlySpan<byte> source)
    {
        while (!source.IsEmpty)
        {
            if (!TryFind(address, write: true))
                return false;
            int count = (int)Math.Min((ulong)source.Length - 1, _range.Last - address) + 1;
            _ram!.Ram.Write(_range.Offset + (address - _range.Start), source[..count]);
            source = source[count..];
            address += (ulong)count;
            if (address == 0 && !source.IsEmpty)
                return false;
        }

        return true;
    }

    /// <summary>Whether all of a range is memory, writable if so asked; a range that wraps around the top is not.</summary>
    public bool IsMemory(ulong address, ulong length, bool writable)
    {
        if (length == 0)
            return true;
        ulong last = address + (length - 1);
        if (last < address)
            return false;
        while (TryFind(address, writable))
        {
            if (_range.Last >= last)
                return true;
            address = _range.Last + 1;
        }

        return false;
    }

    private bool TryFind(ulong address, bool write)
    {
        FlatView view = space.View;
        if (!ReferenceEquals(view, _view) || _ram is null || address < _range.Start || address > _range.Last)
        {
            _view = view;
            _ram = space.TryFind(address, out _range) ? _range.Region as RamRegion : null;
        }

        return _ram is not null && !(write && _ram.ReadOnly);
    }
}
