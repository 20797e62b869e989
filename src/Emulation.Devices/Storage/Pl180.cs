using System.Buffers.Binary;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Arm PrimeCell multimedia card interface PL180 with an SD card or none. Arm DDI 0172A. Ports: 4 KiB MMIO; out IRQ "intr0" (MCIINTR0) and "intr1" (MCIINTR1).</summary>
/// <remarks>Commands and data take no time. A card that does not answer gives a time-out at once; so does one that has an error in place of data.</remarks>
public sealed class Pl180 : MmioDevice
{
    private const int FifoWords = 16;
    private const uint CommandTimeOut = 1 << 2, DataCrcFail = 1 << 1, DataTimeOut = 1 << 3, CommandResponseEnd = 1 << 6, CommandSent = 1 << 7, DataEnd = 1 << 8,
        DataBlockEnd = 1 << 10, TxActive = 1 << 12, RxActive = 1 << 13, TxHalfEmpty = 1 << 14, RxHalfFull = 1 << 15, TxFull = 1 << 16, RxFull = 1 << 17,
        TxEmpty = 1 << 18, RxEmpty = 1 << 19, TxAvailable = 1 << 20, RxAvailable = 1 << 21, Latched = 0x7ff;

    private readonly SdCard? _card;
    private readonly uint[] _fifo = new uint[FifoWords];
    private readonly BitField _power;
    private readonly BitField _argument;
    private readonly BitField _dataLength;
    private readonly BitField _blockSize;
    private readonly FlagField _dataEnable;
    private readonly FlagField _fromCard;
    private readonly BitField _mask0;
    private readonly BitField _mask1;
    private readonly BitField _responseCommand;
    private readonly BitField _response;
    private int _fifoFirst;
    private int _fifoCount;
    private uint _left;
    private uint _latched;

    /// <summary>Creates the interface.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="card">The card in its slot, part of its snapshot; null for none.</param>
    /// <param name="log">Where guest errors go.</param>
    public Pl180(string name, SdCard? card, GuestLog log) : base(name, log, 0x1000, AccessSizes.Word)
    {
        _card = card;
        Irq0 = AddLine("intr0");
        Irq1 = AddLine("intr1");
        Registers.Define(0x00, "MCIPower").Bits(1, 0, "Ctrl", out _power).Bits(7, 2, "voltage, open drain, Rod").Ignored(31, 8).Then(OnPower);
        Registers.Define(0x04, "MCIClock").Bits(11, 0, "divider, enable, power saving, bypass, wide bus").Ignored(31, 12);
        Registers.Define(0x08, "MCIArgument").Bits(31, 0, "argument", out _argument);
        Register command = Registers.Define(0x0c, "MCICommand").Bits(9, 0, "index, response, long response, interrupt, pending").Flag(10, "enable").Ignored(31, 11);
        command.Then(() => WriteCommand((uint)command.Value));
        Registers.Define(0x10, "MCIRespCmd", access: RegisterAccess.ReadOnly).Bits(5, 0, "index", out _responseCommand, FieldMode.ReadOnly).Reserved(31, 6);
        Registers.DefineMany(0x14, 4, 4, "MCIResponse", access: RegisterAccess.ReadOnly).Bits(31, 0, "response", out _response, FieldMode.ReadOnly);
        Registers.Define(0x24, "MCIDataTimer").Bits(31, 0, "time");
        Registers.Define(0x28, "MCIDataLength").Bits(15, 0, "length", out _dataLength).Ignored(31, 16);
        Registers.Define(0x2c, "MCIDataCtrl").Flag(0, "enable", out _dataEnable).Flag(1, "direction", out _fromCard).Bits(3, 2, "mode, DMA enable")
            .Bits(7, 4, "block size", out _blockSize).Ignored(31, 8).Then(StartData);
        Registers.Define(0x30, "MCIDataCnt", access: RegisterAccess.ReadOnly).Bits(15, 0, "left", FieldMode.ReadOnly, read: () => _left).Reserved(31, 16);
        Registers.Define(0x34, "MCIStatus", access: RegisterAccess.ReadOnly).Bits(21, 0, "status", FieldMode.ReadOnly, read: () => Status).Reserved(31, 22);
        Registers.Define(0x38, "MCIClear", access: RegisterAccess.WriteOnly).Bits(10, 0, "clear", FieldMode.WriteOnly, write: Clear).Ignored(31, 11);
        Registers.Define(0x3c, "MCIMask0").Bits(21, 0, "mask", out _mask0).Ignored(31, 22).Then(Update);
        Registers.Define(0x40, "MCIMask1").Bits(21, 0, "mask", out _mask1).Ignored(31, 22).Then(Update);
        Registers.Define(0x44, "MCISelect").Bits(3, 0, "card").Ignored(31, 4);
        Registers.Define(0x48, "MCIFifoCnt", access: RegisterAccess.ReadOnly).Bits(14, 0, "words left", FieldMode.ReadOnly, read: () => (_left + 3) / 4).Reserved(31, 15);
        Registers.DefineMany(0x80, FifoWords, 4, "MCIFIFO").Bits(31, 0, "data", read: _ => ReadFifo(), write: (_, value) => WriteFifo((uint)value));
        PrimeCell.DefineIdentification(Registers, 0x80, 0x11, 0x04, 0);
    }

    /// <summary>The first interrupt output.</summary>
    public IrqLine Irq0 { get; }

    /// <summary>The second interrupt output, with a mask of its own; boards that have one interrupt connect both to it.</summary>
    public IrqLine Irq1 { get; }

    private bool Receives => _dataEnable.Value && _fromCard.Value && (_left > 0 || _fifoCount > 0);

    private bool Sends => _dataEnable.Value && !_fromCard.Value && _left > 0;

    private uint Status
    {
        get
        {
            uint status = _latched;
            if (Receives)
                status |= RxActive;
            if (Sends)
                status |= TxActive | (_fifoCount <= FifoWords / 2 ? TxHalfEmpty : 0) | (_fifoCount == FifoWords ? TxFull : 0) | (_fifoCount == 0 ? TxEmpty : TxAvailable);
            else if (_fromCard.Value)
                status |= (_fifoCount >= FifoWords / 2 ? RxHalfFull : 0) | (_fifoCount == FifoWords ? RxFull : 0) | (_fifoCount == 0 ? RxEmpty : RxAvailable);
            return status;
        }
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        ClearFifo();
        (_left, _latched) = (0, 0);
        _card?.Reset();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_fifoFirst);
        writer.Write(_fifoCount);
        writer.Write(_fifo.AsSpan());
        writer.Write(_left);
        writer.Write(_latched);
        _card?.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _fifoFirst = reader.ReadInt32();
        _fifoCount = reader.ReadInt32();
        if ((uint)_fifoFirst >= FifoWords || (uint)_fifoCount > FifoWords)
            throw reader.Damaged("place in a FIFO out of range");
        reader.Read(_fifo.AsSpan());
        _left = reader.ReadUInt32() & 0xffff;
        _latched = reader.ReadUInt32() & Latched;
        _card?.Load(reader);
    }

    private void ClearFifo()
    {
        (_fifoFirst, _fifoCount) = (0, 0);
        Array.Clear(_fifo);
    }

    private void OnPower()
    {
        if (_power.Value == 0)
            _card?.Reset();
    }

    private void WriteCommand(uint command)
    {
        const uint Response = 1 << 6, LongResponse = 1 << 7, Enable = 1 << 10, PowerOn = 3;
        if ((command & Enable) == 0)
            return;
        Span<byte> response = stackalloc byte[16];
        response.Clear();
        int length = _power.Value == PowerOn && _card is not null ? _card.Command((int)command & 0x3f, (uint)_argument.Value, response) : 0;
        if ((command & Response) == 0)
        {
            _latched |= CommandSent;
        }
        else if (length == 0)
        {
            _latched |= CommandTimeOut;
        }
        else
        {
            bool wide = (command & LongResponse) != 0;
            _responseCommand.Value = wide ? 0x3f : command & 0x3f;
            for (int i = 0; i < 4; i++)
                _response[i] = BinaryPrimitives.ReadUInt32BigEndian(response[(4 * i)..]);
            // the last bit of a long response is not received
            if (wide)
                _response[3] &= ~1UL;
            _latched |= CommandResponseEnd;
        }

        Move();
    }

    private void StartData()
    {
        ClearFifo();
        _left = _dataEnable.Value ? (uint)_dataLength.Value : 0;
        Move();
    }

    private ulong ReadFifo()
    {
        if (_fifoCount == 0 || !_fromCard.Value)
            return 0;
        uint word = _fifo[_fifoFirst];
        _fifoFirst = (_fifoFirst + 1) % FifoWords;
        _fifoCount--;
        Move();
        return word;
    }

    private void WriteFifo(uint value)
    {
        if (!Sends || _fifoCount == FifoWords)
        {
            Log.Error(Name, "write to the FIFO, which does not take data now");
            return;
        }

        _fifo[(_fifoFirst + _fifoCount++) % FifoWords] = value;
        Move();
    }

    // Whatever can go between the card and the FIFO does so.
    private void Move()
    {
        if (_card is not null && _dataEnable.Value)
        {
            if (_fromCard.Value)
                Receive(_card);
            else
                Send(_card);
        }

        Update();
    }

    private void Receive(SdCard card)
    {
        while (_left > 0 && _fifoCount < FifoWords && card.HasData)
        {
            uint word = 0;
            for (int i = 0; i < 4 && _left > 0 && card.HasData; i++)
            {
                word |= (uint)card.ReadByte() << (8 * i);
                CountByte();
            }

            _fifo[(_fifoFirst + _fifoCount++) % FifoWords] = word;
        }

        if (_left > 0 && !card.HasData && card.TakeFailure())
            Fail(DataTimeOut);
    }

    private void Send(SdCard card)
    {
        while (_left > 0 && _fifoCount > 0 && card.TakesData)
        {
            uint word = _fifo[_fifoFirst];
            _fifoFirst = (_fifoFirst + 1) % FifoWords;
            _fifoCount--;
            for (int i = 0; i < 4 && _left > 0 && card.TakesData; i++)
            {
                card.WriteByte((byte)(word >> (8 * i)));
                CountByte();
            }
        }

        // the card answers a block that it could not take
        if (card.TakeFailure())
            Fail(DataCrcFail);
    }

    private void CountByte()
    {
        _left--;
        uint done = (uint)_dataLength.Value - _left;
        if ((done & ((1u << (int)_blockSize.Value) - 1)) == 0)
            _latched |= DataBlockEnd;
        if (_left == 0)
            _latched |= DataEnd;
    }

    private void Fail(uint cause)
    {
        _latched |= cause;
        _left = 0;
    }

    private void Clear(ulong bits)
    {
        _latched &= ~(uint)bits;
        Update();
    }

    private void Update()
    {
        uint status = Status;
        Irq0.Set((status & _mask0.Value) != 0);
        Irq1.Set((status & _mask1.Value) != 0);
    }
}
