using Emulation.Core;

namespace Emulation.Devices;

/// <content>Mailboxes, FIFOs and the bus. RM0090 32.7.1 to 32.7.6.</content>
public sealed partial class Stm32Can
{
    private const int FifoDepth = 3;
    private const uint Completed = 1, Ok = 2, Lost = 4, TransmitError = 8, AbortRequest = 0x80;

    /// <inheritdoc/>
    public bool TryGetFrame(out CanFrame frame)
    {
        int mailbox = IsOnBus && !IsLooped ? Next() : -1;
        frame = mailbox < 0 ? default : FrameOf(mailbox);
        return mailbox >= 0;
    }

    /// <inheritdoc/>
    public void TransmissionStarted(in CanFrame frame) => _sending = Next();

    /// <inheritdoc/>
    public void ArbitrationLost(in CanFrame frame)
    {
        int mailbox = Next();
        if (mailbox < 0)
            return;
        if ((Control & NoRetry) != 0 || _abort[mailbox])
            Complete(mailbox, Lost);
        else
            _mailboxFlags[mailbox] |= Lost;
        Update();
    }

    /// <inheritdoc/>
    public void Transmitted(in CanFrame frame)
    {
        int mailbox = _sending;
        _sending = -1;
        _counters.OnTransmitted();
        _lastError.Value = 0;
        if (mailbox >= 0)
            Complete(mailbox, Ok);
        Update();
    }

    /// <inheritdoc/>
    public void Received(in CanFrame frame)
    {
        if (_asleep)
        {
            WakeUp();
            return;
        }

        if (!IsOnBus || IsLooped)
            return;
        _counters.OnReceived();
        _lastError.Value = 0;
        Keep(frame);
        Update();
    }

    /// <inheritdoc/>
    public void Failed(CanError error, bool isTransmitter)
    {
        ulong before = ErrorState();
        _counters.OnFailed(error, isTransmitter);
        _lastError.Value = (ulong)error;
        int mailbox = _sending;
        if (isTransmitter && mailbox >= 0)
        {
            _sending = -1;
            if ((Control & NoRetry) != 0 || _abort[mailbox])
                Complete(mailbox, TransmitError);
            else
                _mailboxFlags[mailbox] |= TransmitError;
        }

        ulong risen = ErrorState() & ~before;
        uint enables = (uint)_ier.Value;
        if ((risen & (enables >> 8 & 7)) != 0 || (enables & 0x800) != 0)
            _msr.Value |= ErrorInterrupt;
        if ((risen & 4) != 0 && (Control & AutoRecovery) != 0)
            _modeTimer.Arm(RecoveryBits * BitCycles);
        Update();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        foreach (bool flag in (bool[])[_initialized, _asleep, .. _pending, .. _abort])
            writer.Write(flag);
        writer.Write(_sending);
        writer.Write(_requests);
        for (int i = 0; i < 3; i++)
        {
            writer.Write(_mailboxFlags[i]);
            writer.Write(_requested[i]);
        }

        for (int i = 0; i < 2; i++)
        {
            writer.Write(_fifoFlags[i]);
            writer.Write(_fifos[i].Count);
            foreach ((CanFrame frame, int match) in _fifos[i])
            {
                writer.Write(frame.Id);
                writer.Write(frame.IsExtended);
                writer.Write(frame.IsRemote);
                writer.Write(frame.Dlc);
                writer.Write(frame.Bytes);
                writer.Write(match);
            }
        }

        _counters.Save(writer);
        _modeTimer.Save(writer);
        _loopTimer.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        (_initialized, _asleep) = (reader.ReadBoolean(), reader.ReadBoolean());
        for (int i = 0; i < 3; i++)
            _pending[i] = reader.ReadBoolean();
        for (int i = 0; i < 3; i++)
            _abort[i] = reader.ReadBoolean();
        _sending = reader.ReadInt32();
        if (_sending is < -1 or > 2)
            throw reader.Damaged("a CAN controller has three mailboxes");
        _requests = reader.ReadUInt64();
        for (int i = 0; i < 3; i++)
            (_mailboxFlags[i], _requested[i]) = (reader.ReadUInt32(), reader.ReadUInt64());
        for (int i = 0; i < 2; i++)
        {
            _fifoFlags[i] = reader.ReadUInt32();
            _fifos[i].Clear();
            int count = reader.ReadInt32();
            if (count is < 0 or > FifoDepth)
                throw reader.Damaged("a CAN FIFO holds three frames");
            while (_fifos[i].Count < count)
                _fifos[i].Add((new CanFrame(reader.ReadUInt32(), reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadInt32(), reader.ReadUInt64()), reader.ReadInt32()));
        }

        _counters.Load(reader);
        _modeTimer.Load(reader);
        _loopTimer.Load(reader);
    }

    // The mailbox of lowest identifier, or of the oldest request with TXFP.
    private int Next()
    {
        int best = -1;
        for (int i = 0; i < 3; i++)
        {
            if (!_pending[i])
                continue;
            bool earlier = best >= 0 && ((Control & FifoPriority) != 0 ? _requested[i] < _requested[best] : FrameOf(i).Priority < FrameOf(best).Priority);
            if (best < 0 || earlier)
                best = i;
        }

        return best;
    }

    private CanFrame FrameOf(int mailbox)
    {
        uint identifier = (uint)_mailboxes[mailbox * 4];
        bool extended = (identifier & 4) != 0, remote = (identifier & 2) != 0;
        int length = (int)_mailboxes[(mailbox * 4) + 1] & 0xf;
        ulong bytes = _mailboxes[(mailbox * 4) + 2] | (_mailboxes[(mailbox * 4) + 3] << 32);
        int count = remote ? 0 : Math.Min(8, length);
        bytes = count == 8 ? bytes : bytes & ((1UL << (8 * count)) - 1);
        return new CanFrame(extended ? identifier >> 3 : identifier >> 21, extended, remote, length, bytes);
    }

    private void OnMailbox(int word)
    {
        const ulong Request = 1, LengthFields = 0xffff_010f;
        int mailbox = word / 4;
        if (word % 4 == 1)
            _mailboxes[word] &= LengthFields;                 // TIME, TGT, DLC of CAN_TDTxR (32.9.3)
        if (word % 4 != 0 || (_mailboxes[word] & Request) == 0 || _pending[mailbox])
            return;
        (_pending[mailbox], _abort[mailbox], _mailboxFlags[mailbox], _requested[mailbox]) = (true, false, 0, ++_requests);
        Send();
        Update();
    }

    private void Send()
    {
        if (!IsOnBus || Next() < 0)
            return;
        if (!IsLooped)
        {
            _bus.Request();
            return;
        }

        if (_loopTimer.IsArmed)
            return;
        _sending = Next();
        CanFrame frame = FrameOf(_sending);
        _loopTimer.Arm((ulong)CanFrameBits.Length(frame) * BitCycles);
    }

    private void OnLoop()
    {
        int mailbox = _sending;
        _sending = -1;
        if (mailbox >= 0)
        {
            Keep(FrameOf(mailbox));
            Complete(mailbox, Ok);
        }

        Send();
        Update();
    }

    private void Complete(int mailbox, uint flags)
    {
        (_pending[mailbox], _abort[mailbox]) = (false, false);
        _mailboxFlags[mailbox] |= Completed | flags;
        _mailboxes[mailbox * 4] &= ~1UL;
    }

    private ulong ReadMailboxes()
    {
        uint value = 0;
        for (int i = 0; i < 3; i++)
        {
            value |= (_mailboxFlags[i] | (_abort[i] ? AbortRequest : 0)) << (8 * i);
            value |= _pending[i] ? 0 : 1u << (26 + i);
        }

        int free = Array.IndexOf(_pending, false), last = Last();
        return value | ((uint)Math.Max(0, free < 0 ? last : free) << 24) | (last >= 0 && _pending.Count(static p => p) > 1 ? 1u << (29 + last) : 0);
    }

    // the pending mailbox that comes last
    private int Last()
    {
        int worst = -1;
        for (int i = 0; i < 3; i++)
        {
            if (_pending[i] && (worst < 0 || FrameOf(i).Priority >= FrameOf(worst).Priority))
                worst = i;
        }

        return worst;
    }

    private void WriteMailboxes(uint value)
    {
        for (int i = 0; i < 3; i++)
        {
            uint bits = value >> (8 * i) & 0xff;
            if ((bits & Completed) != 0)
                _mailboxFlags[i] = 0;
            _mailboxFlags[i] &= ~(bits & 0xf);
            if ((bits & AbortRequest) == 0 || !_pending[i])
                continue;
            if (_sending == i)
                _abort[i] = true;
            else
                Complete(i, 0);
        }

        Update();
    }

    private void Keep(in CanFrame frame)
    {
        if (_filters.Find(frame, _isSecond) is not { } found)
            return;
        List<(CanFrame, int)> fifo = _fifos[found.Fifo];
        if (fifo.Count == FifoDepth)
        {
            _fifoFlags[found.Fifo] |= 16;
            if ((Control & FifoLocked) == 0)
                fifo[^1] = (frame, found.Match);
            return;
        }

        fifo.Add((frame, found.Match));
        if (fifo.Count == FifoDepth)
            _fifoFlags[found.Fifo] |= 8;
    }

    private ulong ReadFifo(int fifo) => (uint)_fifos[fifo].Count | _fifoFlags[fifo];

    private void WriteFifo(int fifo, uint value)
    {
        _fifoFlags[fifo] &= ~(value & 0x18);
        if ((value & 0x20) != 0 && _fifos[fifo].Count > 0)
        {
            _fifos[fifo].RemoveAt(0);
            _fifoFlags[fifo] &= ~8u;
        }

        Update();
    }

    private ulong ReadFrame(int fifo, int word)
    {
        if (_fifos[fifo].Count == 0)
            return 0;
        (CanFrame frame, int match) = _fifos[fifo][0];
        return word switch
        {
            0 => Stm32CanFilters.Identifier(frame),
            1 => (uint)frame.Dlc | ((uint)match << 8),
            2 => (uint)frame.Bytes,
            _ => frame.Bytes >> 32,
        };
    }

    // 32.4.3: with AWUM a frame wakes the controller; it is not received
    private void WakeUp()
    {
        _msr.Value |= WakeInterrupt;
        if ((Control & AutoWake) != 0)
        {
            _mcr.Value &= ~(ulong)SleepRequest;
            OnControl();
        }

        Update();
    }
}
