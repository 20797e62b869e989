using Emulation.Core;

namespace Emulation.Devices;

/// <content>The master's transfers. RM0090 27.3.3.</content>
public sealed partial class Stm32I2c
{
    private const uint BitsPerByte = 9;

    // What software asked for and what can be done now.
    private void Advance()
    {
        if (_timer.IsArmed || _held || (Control & Enable) == 0 || (_owns && _bus.IsHeld))
            return;
        // a byte that is being transferred, or waits for its turn, comes first
        bool between = _phase switch
        {
            Phase.Idle => true,
            Phase.Data => !_shifting,
            Phase.AwaitAddress or Phase.AwaitSecond => true,
            _ => false,
        };
        if (!between)
            return;
        bool drained = _phase != Phase.Data || _receives || (_flags & Txe) != 0;
        if ((Control & StopBit) != 0 && drained)
        {
            _cr1.Value &= ~(ulong)StopBit;
            if (_owns)
            {
                _phase = Phase.Stopping;
                _timer.Arm(Period);
                return;
            }
        }

        if ((Control & StartBit) != 0 && drained)
        {
            if (_owns || (!_bus.IsBusy && !_bus.IsStuck))
            {
                _waits = false;
                _phase = Phase.Starting;
                _timer.Arm(Period);
            }
            else
            {
                _waits = true;
            }

            return;
        }

        Continue();
    }

    private void Continue()
    {
        if (_phase != Phase.Data || _shifting)
            return;
        if (_receives)
        {
            // two bytes that software has not taken stretch the clock
            if (!_ended && (_flags & Btf) == 0)
                Shift();
        }
        else if ((_flags & Txe) == 0)
        {
            (_shift, _flags) = (_data, (_flags | Txe) & ~Btf);
            Shift();
        }
        else if ((Control & PecBit) != 0 && (Control & PecEnable) != 0)
        {
            _cr1.Value &= ~(ulong)PecBit;
            (_shift, _isPec) = (_pec, true);
            Shift();
        }
    }

    private void Shift()
    {
        _shifting = true;
        // a slave that stretches the clock holds it after the acknowledge of the byte before
        _held = _bus.IsHeld;
        if (!_held)
            _timer.Arm(BitsPerByte * Period);
    }

    private void OnClockReleased()
    {
        if (!_owns)
            return;
        if (_held)
        {
            _held = false;
            _timer.Arm(BitsPerByte * Period);
        }
        else
        {
            Advance();
        }

        Update();
    }

    private void OnFreed()
    {
        if (!_waits)
            return;
        Advance();
        Update();
    }

    private void OnTimer()
    {
        switch (_phase)
        {
            case Phase.Starting:
                OnStarted();
                break;
            case Phase.Address:
                OnAddress();
                break;
            case Phase.Stopping:
                _bus.Stop(Name);
                (_owns, _phase, _receives) = (false, Phase.Idle, false);
                // what was received stays until it is read
                _flags &= _holdsByte ? ~Txe : ~(Txe | Btf);
                Advance();
                break;
            case Phase.Data:
                _shifting = false;
                if (_receives)
                    OnReceived();
                else
                    OnSent();
                break;
        }

        Update();
    }

    private void OnStarted()
    {
        if (!_bus.Start(Name))
        {
            (_phase, _waits) = (Phase.Idle, true);
            return;
        }

        _cr1.Value &= ~(ulong)StartBit;
        (_owns, _phase, _receives, _ended, _pec, _nackNext) = (true, Phase.AwaitAddress, false, false, 0, false);
        _flags = (_flags | Sb) & ~(_holdsByte ? Txe : Txe | Btf);
    }

    private void OnAddress()
    {
        I2cAck ack = _bus.Write(_shift);
        AddToPec(_shift);
        if (!Settle(ack))
            return;
        const byte TenBitHeader = 0xf0, TenBitMask = 0xf9;
        if ((_shift & TenBitMask) == TenBitHeader && !_second)
        {
            _flags |= Add10;
            _phase = Phase.AwaitSecond;
            return;
        }

        _second = false;
        // with the end of the address phase a transmitter's DR is empty (27.6.6, TxE)
        _flags |= _receives ? Addr : Addr | Txe;
        _phase = Phase.Addressed;
    }

    // ADDR is cleared: transmitters want data, receivers begin.
    private void BeginData()
    {
        _phase = Phase.Data;
        _nextAck = true;
        if (_receives)
        {
            Shift();
        }
        else
        {
            Advance();
        }

        Update();
    }

    private void OnSent()
    {
        I2cAck ack = _bus.Write(_shift);
        if (!_isPec)
            AddToPec(_shift);
        _isPec = false;
        if (!Settle(ack))
            return;
        if ((_flags & Txe) != 0)
            _flags |= Btf;
        Advance();
    }

    private void OnReceived()
    {
        bool ack = (Control & PositionBit) != 0 ? _nextAck : (Control & AckBit) != 0;
        _nextAck = (Control & AckBit) != 0;
        ack &= !_nackNext;
        _nackNext = false;
        bool isPec = (Control & PecBit) != 0 && (Control & PecEnable) != 0;
        byte value = _bus.Read(ack && !isPec).Value;
        if (isPec)
        {
            _cr1.Value &= ~(ulong)PecBit;
            if (value != _pec)
                _flags |= PecErr;
            ack = false;
        }
        else
        {
            AddToPec(value);
        }

        _ended = !ack;
        if ((_flags & Rxne) != 0)
            (_shift, _holdsByte, _flags) = (value, true, _flags | Btf);
        else
            (_data, _flags) = (value, _flags | Rxne);
        Advance();
    }

    // NACK and lost arbitration end what software had planned.
    private bool Settle(I2cAck ack)
    {
        if (ack.ArbitrationLost)
        {
            _flags = (_flags | Arlo) & ~(Txe | Btf);
            (_phase, _owns, _second) = (Phase.Idle, false, false);
            return false;
        }

        if (ack.IsAcknowledged)
            return true;
        _flags |= Af;
        _second = false;
        // the bus stays taken until software stops or starts again
        _phase = Phase.AwaitAddress;
        Advance();
        return false;
    }

    private void Put(byte value)
    {
        if (_slave != SlaveState.Idle && _slaveSends)
        {
            SlavePut(value);
            return;
        }

        if ((_flags & Sb) != 0 && _phase == Phase.AwaitAddress)
        {
            _flags &= ~Sb;
            _receives = (value & 1) != 0;
            SendAddress(value);
        }
        else if (_phase == Phase.AwaitSecond)
        {
            _flags &= ~Add10;
            _second = true;
            SendAddress(value);
        }
        else
        {
            _data = value;
            _flags &= ~(Txe | Btf);
            Advance();
        }

        Update();
    }

    private void SendAddress(byte value)
    {
        (_shift, _phase) = (value, Phase.Address);
        _timer.Arm(BitsPerByte * Period);
    }

    private ulong Take()
    {
        bool held = HoldsClock;
        byte value = _data;
        // the byte in the shift register moves up, and the clock goes on
        if (_holdsByte)
            (_data, _holdsByte, _flags) = (_shift, false, _flags & ~Btf);
        else
            _flags &= ~Rxne;
        Advance();
        Update();
        ReleaseClock(held);
        return value;
    }

    // 27.3.7: with LAST, the byte after the last but one transfer is not acknowledged
    private void OnReceivedByDma()
    {
        if (_owns && _receives && ReceiveRequest.Left == 1 && (_cr2.Value & DmaLast) != 0)
            _nackNext = true;
    }

    private void AddToPec(byte value)
    {
        if ((Control & PecEnable) == 0)
            return;
        const int Polynomial = 7;
        int crc = _pec ^ value;
        for (int i = 0; i < 8; i++)
            crc = (crc << 1) ^ ((crc & 0x80) != 0 ? Polynomial : 0);
        _pec = (byte)crc;
    }
}
