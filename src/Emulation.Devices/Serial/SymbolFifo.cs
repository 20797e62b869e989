using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A hardware FIFO of received or transmitted symbols.</summary>
/// <param name="capacity">Symbols it holds.</param>
internal sealed class SymbolFifo(int capacity)
{
    private readonly SerialSymbol[] _symbols = new SerialSymbol[capacity];
    private int _first;

    internal int Count { get; private set; }

    internal bool FirstIsBreak => Count > 0 && this[0].IsBreak;

    internal bool HasBreakAfterFirst
    {
        get
        {
            for (int i = 1; i < Count; i++)
            {
                if (this[i].IsBreak)
                    return true;
            }

            return false;
        }
    }

    private ref SerialSymbol this[int index] => ref _symbols[(_first + index) % _symbols.Length];

    /// <summary>Adds a symbol; the caller has checked that there is room.</summary>
    internal void Add(SerialSymbol symbol) => this[Count++] = symbol;

    internal bool TryTake(out SerialSymbol symbol)
    {
        symbol = Count > 0 ? this[0] : default;
        if (Count == 0)
            return false;
        _first = (_first + 1) % _symbols.Length;
        Count--;
        return true;
    }

    internal void Clear() => _first = Count = 0;

    internal void Save(StateWriter writer)
    {
        writer.Write(Count);
        for (int i = 0; i < Count; i++)
            writer.Write((ushort)(this[i].Value | (this[i].IsBreak ? 0x100 : 0)));
    }

    internal void Load(StateReader reader)
    {
        int count = reader.ReadCount(2);
        if (count > _symbols.Length)
            throw reader.Damaged($"{count} symbols in a FIFO of {_symbols.Length}");
        Clear();
        for (int i = 0; i < count; i++)
        {
            ushort saved = reader.ReadUInt16();
            Add(new SerialSymbol((byte)saved, (saved & 0x100) != 0));
        }
    }
}
