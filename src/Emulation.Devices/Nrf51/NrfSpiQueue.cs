using Emulation.Core;

namespace Emulation.Devices;

/// <summary>The double buffers of the nRF51's SPI master: a byte on the wire and one that waits, a byte that was received and one behind it.</summary>
internal sealed class NrfSpiQueue
{
    private readonly SymbolFifo _received = new(2);

    public byte LastWritten { get; set; }

    public byte Shift { get; set; }

    public byte? Waiting { get; set; }

    public byte LastRead { get; set; }

    public bool IsFull => _received.Count == 2;

    public int Count => _received.Count;

    public void Add(byte value) => _received.Add(new SerialSymbol(value));

    public byte Take()
    {
        if (_received.TryTake(out SerialSymbol symbol))
            LastRead = symbol.Value;
        return LastRead;
    }

    public void Reset()
    {
        _received.Clear();
        (LastWritten, Shift, Waiting, LastRead) = (0, 0, null, 0);
    }

    public void Save(StateWriter writer)
    {
        _received.Save(writer);
        writer.Write(LastWritten);
        writer.Write(Shift);
        writer.Write((ushort)(Waiting ?? 0x100));
        writer.Write(LastRead);
    }

    public void Load(StateReader reader)
    {
        _received.Load(reader);
        LastWritten = reader.ReadByte();
        Shift = reader.ReadByte();
        ushort waiting = reader.ReadUInt16();
        Waiting = waiting > 0xff ? null : (byte)waiting;
        LastRead = reader.ReadByte();
    }
}
