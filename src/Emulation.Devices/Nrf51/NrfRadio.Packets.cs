namespace Emulation.Devices;

/// <content>Packets on the air.</content>
public sealed partial class NrfRadio
{
    private int LengthBits => (int)(_format.Value & 15);

    private int Header => (int)((_format.Value >> 8) & 1) + (LengthBits > 0 ? 1 : 0) + (((_format.Value >> 16) & 15) != 0 ? 1 : 0);

    /// <summary>A packet arrives whose first bit was sent when its length in time ago.</summary>
    /// <param name="packet">What is sent.</param>
    internal void Receive(in RadioPacket packet)
    {
        if (_state != NrfRadioState.Rx || _phase != NrfRadioPhase.None || packet.Frequency != (int)_frequency.Value || packet.Mode != (int)_mode.Value)
            return;
        int match = MatchAddress(packet.Address);
        if (match < 0)
            return;
        int length = Math.Min(packet.Payload.Length, Header + (int)(_format1.Value & 0xff));
        _packet = packet.Payload.Span[..length].ToArray();
        _receiveMatch.Value = (ulong)match;
        _crcStatus.Value = 1;
        _rssi.Value = (ulong)Math.Clamp(-packet.Strength, 0, 127);
        if (!_memory.TryWrite(_pointer.Value, _packet))
            Log.Error(Name, $"there is no memory at 0x{_pointer.Value:x}");
        Raise(_addressEvent);
        Raise(_payload);
        Finish(NrfRadioState.RxIdle);
    }

    private void Start()
    {
        if (_state == NrfRadioState.RxIdle)
        {
            (_state, _phase, _packet) = (NrfRadioState.Rx, NrfRadioPhase.None, []);
            return;
        }

        if (_state != NrfRadioState.TxIdle)
            return;
        _packet = ReadPacket();
        (_state, _phase) = (NrfRadioState.Tx, NrfRadioPhase.Address);
        _timer.Arm(_clock.Now + BitTime(PreambleAndAddressBits));
    }

    private void OnTimer()
    {
        switch (_state)
        {
            case NrfRadioState.TxRampUp:
                _state = NrfRadioState.TxIdle;
                Raise(_ready);
                break;
            case NrfRadioState.RxRampUp:
                _state = NrfRadioState.RxIdle;
                Raise(_ready);
                break;
            case NrfRadioState.TxDisable or NrfRadioState.RxDisable:
                _state = NrfRadioState.Disabled;
                Raise(_disabled);
                break;
            case NrfRadioState.Tx:
                Transmit();
                break;
            default:
                break;
        }
    }

    private void Transmit()
    {
        switch (_phase)
        {
            case NrfRadioPhase.Address:
                _phase = NrfRadioPhase.Payload;
                _timer.Arm(_clock.Now + BitTime(8 * _packet.Length));
                Raise(_addressEvent);
                break;
            case NrfRadioPhase.Payload:
                _phase = NrfRadioPhase.Check;
                _timer.Arm(_clock.Now + BitTime(8 * (long)_crcLength.Value));
                Raise(_payload);
                break;
            default:
                Medium?.Send(this, new RadioPacket((int)_frequency.Value, (int)_mode.Value, AddressOf((int)_transmitAddress.Value), _packet, (sbyte)_power.Value));
                Finish(NrfRadioState.TxIdle);
                break;
        }
    }

    private void Finish(NrfRadioState idle)
    {
        (_state, _phase) = (idle, NrfRadioPhase.None);
        Raise(_end);
    }

    // S0, LENGTH and S1 take a byte each in memory where they have any bits
    private byte[] ReadPacket()
    {
        int fixedLength = (int)((_format1.Value >> 8) & 0xff), most = (int)(_format1.Value & 0xff), length = 0;
        Span<byte> header = stackalloc byte[3];
        if (!_memory.TryRead(_pointer.Value, header[..Header]))
        {
            Log.Error(Name, $"there is no memory at 0x{_pointer.Value:x}");
            return [];
        }

        if (LengthBits > 0)
            length = header[(int)((_format.Value >> 8) & 1)] & ((1 << LengthBits) - 1);
        byte[] packet = new byte[Math.Min(MaxPacket, Header + Math.Min(most, length + fixedLength))];
        _memory.TryRead(_pointer.Value, packet);
        return packet;
    }

    private ulong AddressOf(int logical)
    {
        ulong prefix = ((logical < 4 ? _prefix0.Value : _prefix1.Value) >> (8 * (logical & 3))) & 0xff;
        ulong address = (logical == 0 ? _base0.Value : _base1.Value) >> (32 - (8 * BaseLength));
        return (prefix << 32) | address | ((ulong)BaseLength << 40);
    }

    private int MatchAddress(ulong address)
    {
        for (int i = 0; i < 8; i++)
        {
            if (((_receiveAddresses.Value >> i) & 1) != 0 && AddressOf(i) == address)
                return i;
        }

        return -1;
    }
}
