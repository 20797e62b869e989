using System.Buffers.Binary;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>An end of an <see cref="SpiLink"/> on its machine's bus: in place of the slave at the master's, in place of the master at the slave's.</summary>
/// <param name="link">Name of the link.</param>
internal sealed class SpiLinkNode(string link) : Part, ISpiDevice
{
    private const byte SelectMessage = 0, DeselectMessage = 1, WordMessage = 2, OutputMessage = 3;
    private const int MaxLoaded = 16, WordLength = 13;

    private readonly List<uint> _loaded = [];
    private uint _idle = uint.MaxValue;

    // loaded words that were sent, as this end counts them; and how many the slave had counted when it told what is loaded
    private ulong _sent;
    private ulong _base;
    private bool _told;
    private bool _selected;
    private bool _exchanging;
    private ISpiSlave? _slave;
    private PinDriver? _select;

    public string Link => link;

    public Action<ReadOnlyMemory<byte>>? Send { get; set; }

    /// <summary>Makes it the end at the master.</summary>
    public void Command()
    {
        if (_selected && !_told)
            Send?.Invoke(new[] { SelectMessage });
        _told = true;
    }

    /// <summary>Makes it the end at the slave.</summary>
    public void Serve(ISpiSlave slave, PinDriver? select)
    {
        (_slave, _select) = (slave, select);
        slave.OutputChanged += Tell;
        if (!_told)
        {
            select?.Set(true);
            Tell();
        }
    }

    /// <inheritdoc/>
    public bool Supports(SpiMode mode) => true;

    /// <inheritdoc/>
    public void Select() => SetSelected(true);

    /// <inheritdoc/>
    public void Deselect() => SetSelected(false);

    /// <inheritdoc/>
    public uint Exchange(uint value, in SpiFrame frame)
    {
        int index = (int)Math.Min(_sent - _base, MaxLoaded);
        bool loaded = index < _loaded.Count;
        uint answer = loaded ? _loaded[index] : _idle;
        if (loaded)
            _sent++;
        byte[] message = new byte[WordLength];
        message[0] = WordMessage;
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(1), value);
        (message[5], message[6], message[7], message[8]) = ((byte)frame.Bits, (byte)frame.Mode, (byte)frame.Lanes, (byte)frame.Direction);
        (message[9], message[10]) = ((byte)(frame.LsbFirst ? 1 : 0), (byte)(loaded ? 1 : 0));
        Send?.Invoke(message);
        return answer & frame.Mask;
    }

    /// <summary>Something came from the other end.</summary>
    public void Deliver(ReadOnlySpan<byte> message)
    {
        switch (message[0])
        {
            case SelectMessage:
                _select?.Set(false);
                _slave?.Select();
                break;
            case DeselectMessage:
                _slave?.Deselect();
                _select?.Set(true);
                break;
            case WordMessage when message.Length == WordLength:
                Take(message);
                break;
            case OutputMessage:
                Learn(message);
                break;
        }
    }

    /// <inheritdoc/>
    public override void PowerCycle() { }                     // what is on its way between the machines has no power supply

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        writer.Write(_sent);
        writer.Write(_base);
        writer.Write(_told);
        writer.Write(_selected);
        writer.Write(_idle);
        writer.Write(_loaded.Count);
        foreach (uint word in _loaded)
            writer.Write(word);
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        (_sent, _base, _told, _selected, _idle) = (reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadUInt32());
        _loaded.Clear();
        for (int left = reader.ReadCount(4); left > 0; left--)
            _loaded.Add(reader.ReadUInt32());
        if (_base > _sent || _loaded.Count > MaxLoaded)
            throw reader.Damaged($"the SPI link '{link}' has sent {_sent} words after {_base}, and {_loaded.Count} more are loaded");
    }

    /// <inheritdoc/>
    public override IPart Fork() => new SpiLinkNode(link);

    private void SetSelected(bool selected)
    {
        if (_selected == selected)
            return;
        _selected = selected;
        Send?.Invoke(new[] { selected ? SelectMessage : DeselectMessage });
    }

    private void Take(ReadOnlySpan<byte> message)
    {
        var frame = new SpiFrame(message[5], (SpiMode)message[6], message[9] != 0, message[7], (SpiDirection)message[8]);
        bool loaded = message[10] != 0;
        if (loaded)
            _sent++;
        _exchanging = true;
        _slave?.Exchange(BinaryPrimitives.ReadUInt32LittleEndian(message[1..]), loaded, frame);
        _exchanging = false;
        Tell();
    }

    private void Tell()
    {
        if (_exchanging || _slave is not { } slave || Send is not { } send)
            return;
        Span<uint> words = stackalloc uint[MaxLoaded];
        int count = Math.Clamp(slave.Peek(words, out uint idle), 0, MaxLoaded);
        byte[] message = new byte[13 + (4 * count)];
        message[0] = OutputMessage;
        BinaryPrimitives.WriteUInt64LittleEndian(message.AsSpan(1), _sent);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(9), idle);
        for (int i = 0; i < count; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(13 + (4 * i)), words[i]);
        if (_told && Same(words[..count], idle))
            return;
        (_told, _base, _idle) = (true, _sent, idle);
        _loaded.Clear();
        _loaded.AddRange(words[..count]);
        send(message);
    }

    // what the other end knows by what it was told, and by the words that it has got since
    private bool Same(ReadOnlySpan<uint> words, uint idle)
        => idle == _idle && _sent - _base <= (ulong)_loaded.Count && System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_loaded)[(int)(_sent - _base)..].SequenceEqual(words);

    private void Learn(ReadOnlySpan<byte> message)
    {
        _base = Math.Min(_sent, BinaryPrimitives.ReadUInt64LittleEndian(message[1..]));
        _idle = BinaryPrimitives.ReadUInt32LittleEndian(message[9..]);
        _loaded.Clear();
        for (int at = 13; at + 4 <= message.Length; at += 4)
            _loaded.Add(BinaryPrimitives.ReadUInt32LittleEndian(message[at..]));
    }
}
