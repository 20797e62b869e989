using Emulation.IR;

namespace Emulation.Jit;

/// <summary>Which registers of an instruction set live in IL locals, found by byte offset.</summary>
internal sealed class SlotMap
{
    private readonly short[] _byByte;

    public SlotMap(RegisterFile registers)
    {
        _byByte = new short[registers.Size];
        Array.Fill(_byByte, (short)-1);
        var cached = new List<RegisterSlot>();
        foreach (RegisterSlot slot in registers.Slots)
        {
            if (!slot.Cached || cached.Count == SlotSet.Capacity)
                continue;
            _byByte.AsSpan(slot.Offset, slot.Bytes).Fill((short)cached.Count);
            cached.Add(slot);
        }

        Cached = [.. cached];
    }

    public RegisterSlot[] Cached { get; }

    /// <summary>The cached slot that holds an access, or -1 when it lies in memory.</summary>
    /// <exception cref="NotSupportedException">The access is partly in one slot and partly elsewhere.</exception>
    public int Find(in IrInst access)
    {
        int offset = (int)access.Imm, last = offset + access.Type.Bytes() - 1;
        int slot = offset < _byByte.Length ? _byByte[offset] : -1;
        int end = last < _byByte.Length ? _byByte[last] : -1;
        return slot == end ? slot : throw new NotSupportedException($"an access of {access.Type} at {offset} spans register slots");
    }
}
