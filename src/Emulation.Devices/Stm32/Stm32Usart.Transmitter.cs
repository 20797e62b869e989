using Emulation.Core;

namespace Emulation.Devices;

public sealed partial class Stm32Usart
{
    private enum TransmitState : byte
    {
        Idle,
        Preamble,
        Data,
        Break,
        Guard,
    }

    private bool MaySend => _ctsEnabled is not { Value: true } || !ClearToSend.Input;

    private void StartTransmitting()
    {
        if (_sending == TransmitState.Idle)
            SendNext(extend: false);
    }

    private void SendNext(bool extend)
    {
        if (!Runs || !_transmitEnabled.Value)
            return;
        if (_sendBreak.Value)
        {
            // a frame of zeros, then a stop bit; 13 bits with LIN (30.3.8)
            ulong halves = (_lin.Value ? 26 : FrameHalfBits) + 2;
            Begin(TransmitState.Break, ((halves * BitCycles) + 1) / 2, extend);
            _line.SetBreak(true);
        }
        else if ((_status & TransmitEmpty) == 0 && MaySend)
        {
            _shifting = _waiting;
            _status |= TransmitEmpty;
            Begin(TransmitState.Data, FrameCycles, extend);
        }
    }

    private void Begin(TransmitState state, ulong cycles, bool extend)
    {
        _sending = state;
        if (extend)
            _transmitting.Extend(cycles);
        else
            _transmitting.Arm(cycles);
    }

    private void OnTransmitted()
    {
        TransmitState ended = _sending;
        _sending = TransmitState.Idle;
        ushort sent = (ushort)(_shifting & ((1 << DataBits) - 1));
        if (ended == TransmitState.Break)
        {
            _sendBreak.Value = false;
            _line.SetBreak(false);
        }

        SendNext(extend: true);
        ulong guard = _smartcard.Value ? _guardTime?.Value ?? 0 : 0;
        if (_sending == TransmitState.Idle && ended == TransmitState.Data && guard != 0)
            Begin(TransmitState.Guard, guard * BitCycles, extend: true);
        else if (_sending == TransmitState.Idle && (_status & TransmitEmpty) != 0)
            _status |= TransmissionComplete;
        Update();
        if (ended == TransmitState.Data)
            Deliver(sent);
    }

    private void Deliver(ushort sent)
    {
        FrameSent?.Invoke(sent);
        if (_halfDuplex.Value && _receiveEnabled.Value)
        {
            // both share one wire: the receiver hears what is sent
            if ((_status & ReceiveNotEmpty) == 0)
                _received = WithParity(sent);
            Accept(UsartErrors.None);
            Update();
        }

        byte value = (byte)sent;
        if (_options.PeerBaudRate != 0)
            value = Sample((uint)WithParity(sent), OwnRate, _options.PeerBaudRate, out _);
        _line.Transmit(value);
    }

    private double OwnRate => BitCycles == 0 ? 1 : BusClock.Frequency.Hertz / BitCycles;

    private ushort WithParity(ushort data)
    {
        if (!_parityControl.Value)
            return data;
        bool odd = (System.Numerics.BitOperations.PopCount(data) & 1) != 0;
        return (ushort)(data | ((odd != _parityOdd.Value ? 1 : 0) << DataBits));
    }

    /// <summary>What a receiver gets that samples a frame in the middle of its own bits.</summary>
    private byte Sample(uint frame, double senderRate, double receiverRate, out bool framingError)
    {
        int bits = _nineBits.Value ? 9 : 8;
        uint wave = (frame << 1) | (uint.MaxValue << (bits + 1));
        uint value = 0;
        for (int i = 0; i <= bits; i++)
        {
            double at = (i + 1.5) * senderRate / receiverRate;
            bool high = at >= 31 || (wave >> (int)at & 1) != 0;
            value |= high ? 1u << i : 0;
        }

        framingError = (value >> bits & 1) == 0;
        return (byte)value;
    }
}
