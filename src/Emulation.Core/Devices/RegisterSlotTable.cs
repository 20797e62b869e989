using System.Numerics;

namespace Emulation.Core;

/// <summary>The register at an offset: its layout, which element, and where the element starts.</summary>
internal readonly record struct RegisterSlot(RegisterLayout Layout, int Index, ulong Start)
{
    internal int Lane(ulong offset) => (int)(offset - Start);
}

/// <summary>Finds registers by offset: an array while that is small, else a dictionary.</summary>
internal sealed class RegisterSlotTable
{
    private const int DenseSlots = 1024;

    private readonly RegisterSlot[] _dense = [];
    private readonly Dictionary<ulong, RegisterSlot>? _sparse;
    private readonly int _shift;

    internal RegisterSlotTable(List<RegisterLayout> layouts, RegisterAccess without)
    {
        List<RegisterLayout> used = layouts.FindAll(l => l.Access != without);
        if (used.Count == 0)
            return;
        // every register is aligned to its width, so the narrowest width is a granule that none shares
        _shift = BitOperations.Log2((uint)used.Min(static l => l.Bytes));
        ulong slots = used.Max(static l => l.Offset + ((ulong)(l.Count - 1) * l.Stride) + (ulong)l.Bytes) >> _shift;
        if (slots <= DenseSlots)
            _dense = new RegisterSlot[slots];
        else
            _sparse = [];
        foreach (RegisterLayout layout in used)
        {
            for (int i = 0; i < layout.Count; i++)
                AddElement(layout, i);
        }
    }

    internal bool TryFind(ulong offset, out RegisterSlot slot)
    {
        ulong index = offset >> _shift;
        if (_sparse != null)
            return _sparse.TryGetValue(index, out slot);
        slot = index < (ulong)_dense.Length ? _dense[index] : default;
        return slot.Layout != null;
    }

    private void AddElement(RegisterLayout layout, int index)
    {
        ulong start = layout.Offset + ((ulong)index * layout.Stride);
        for (ulong at = start; at < start + (ulong)layout.Bytes; at += 1UL << _shift)
        {
            if (_sparse != null)
                _sparse.Add(at >> _shift, new RegisterSlot(layout, index, start));
            else
                _dense[at >> _shift] = new RegisterSlot(layout, index, start);
        }
    }
}
