using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Emulation.Core;

namespace Emulation.Arm;

/// <summary>Physical memory as table walks see it: descriptors of 64 bits. Tables outside RAM and ROM are an external abort.</summary>
/// <param name="memory">Physical memory.</param>
internal sealed unsafe class TableMemory(AddressSpace memory)
{
    private const int Bytes = 8;
    private FlatView? _view;
    private RamBlock? _ram;
    private ulong _first;
    private ulong _count;
    private ulong _offset;

    /// <summary>Reads a descriptor.</summary>
    /// <param name="place">Physical address, a multiple of 8.</param>
    /// <param name="bigEndian">SCTLR.EE.</param>
    /// <param name="entry">The descriptor.</param>
    public bool TryRead(ulong place, bool bigEndian, out ulong entry)
    {
        if (place - _first >= _count || !ReferenceEquals(_view, memory.View))
        {
            entry = 0;
            if (!TryFind(place, out RamRegion? region, out FlatRange range))
                return false;

            // Nearly all tables lie in one piece of memory
            (_view, _ram, _first, _offset) = (memory.View, region.Ram, range.Start, range.Offset - range.Start);
            _count = range.Last - range.Start - (Bytes - 2);
        }

        entry = _ram!.Read(place + _offset, Bytes);
        if (bigEndian)
            entry = BinaryPrimitives.ReverseEndianness(entry);
        return true;
    }

    /// <summary>Changes a descriptor if it is still what was read.</summary>
    /// <param name="place">Physical address, a multiple of 8.</param>
    /// <param name="bigEndian">SCTLR.EE.</param>
    /// <param name="expected">What was read.</param>
    /// <param name="updated">What it becomes.</param>
    /// <param name="stored">Whether it was.</param>
    /// <returns>False for an external abort.</returns>
    public bool TryUpdate(ulong place, bool bigEndian, ulong expected, ulong updated, out bool stored)
    {
        stored = false;
        if (!TryFind(place, out RamRegion? region, out FlatRange range) || region.ReadOnly)
            return false;
        if (bigEndian)
            (expected, updated) = (BinaryPrimitives.ReverseEndianness(expected), BinaryPrimitives.ReverseEndianness(updated));
        ulong offset = range.Offset + (place - range.Start);
        byte* p = region.Ram.PrepareWrite(offset);
        if (p == null)
        {
            // The table shares its page with translated code, so the store has to be reported to the code's owner.
            // Not one atomic step against other CPUs, like two device accesses in a row: the re-read narrows the window.
            stored = region.Ram.Read(offset, Bytes) == expected;
            if (stored)
                region.Ram.Write(offset, Bytes, updated);
            return true;
        }

        stored = Interlocked.CompareExchange(ref Unsafe.AsRef<ulong>(p), updated, expected) == expected;
        return true;
    }

    private bool TryFind(ulong place, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RamRegion? region, out FlatRange range)
    {
        region = null;
        if (!memory.TryFind(place, out range) || range.Region is not RamRegion ram || range.Last - place < Bytes - 1)
            return false;
        region = ram;
        return true;
    }
}
