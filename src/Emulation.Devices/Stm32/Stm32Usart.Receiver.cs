using Emulation.Core;

namespace Emulation.Devices;

public sealed partial class Stm32Usart
{
    private bool Pending => _frames.Count > 0 || _line.PendingInput > 0;

    private bool Listens => Runs && _receiveEnabled.Value && !(_rtsEnabled is { Value: true } && (_status & ReceiveNotEmpty) != 0);

    /// <summary>Sends a frame of up to 9 bits to the guest, before what waits at the serial line. Called under the device lock.</summary>
    /// <param name="data">The data bits, without parity.</param>
    /// <param name="errors">What is wrong with it.</param>
    public void Receive(ushort data, UsartErrors errors = UsartErrors.None)
    {
        _frames.Enqueue(((ushort)(data & 0x1ff), errors & (UsartErrors)7));
        StartReceiving();
    }

    private void StartReceiving()
    {
        if (_frameArriving || !Pending || !Listens)
            return;
        _frameArriving = true;
        _receiving.Arm(FrameCycles);
    }

    // the end of a frame, or a frame's time without one: an idle line
    private void OnReceiveTime()
    {
        if (!_frameArriving)
        {
            OnIdleLine();
            return;
        }

        _frameArriving = false;
        if (!TakeFrame(out UsartErrors errors))
            return;
        if (IsForUs())
            Accept(errors);
        if (Pending && Listens)
        {
            _frameArriving = true;
            _receiving.Extend(FrameCycles);
        }
        else
        {
            _receiving.Extend(FrameCycles);
        }

        Update();
    }

    private void OnIdleLine()
    {
        if (_mute.Value)
        {
            if (!_wakeByAddress.Value)
                _mute.Value = false;
            return;
        }

        _status |= Idle;
        Update();
    }

    private ushort _arrived;

    private bool TakeFrame(out UsartErrors errors)
    {
        errors = UsartErrors.None;
        if (_frames.TryDequeue(out (ushort Frame, UsartErrors Errors) frame))
        {
            errors = frame.Errors;
            _arrived = WithParity((ushort)(frame.Frame & ((1 << DataBits) - 1)));
            if ((errors & UsartErrors.Parity) != 0 && _parityControl.Value)
                _arrived ^= (ushort)(1 << DataBits);
            return true;
        }

        if (!_line.TryReceive(out SerialSymbol symbol))
            return false;
        if (symbol.IsBreak)
        {
            _arrived = 0;
            errors = UsartErrors.Framing | (_parityControl.Value && _parityOdd.Value ? UsartErrors.Parity : UsartErrors.None);
            if (_lin.Value)
                _status |= LinBreak;
            return true;
        }

        _arrived = WithParity((ushort)(symbol.Value & ((1 << DataBits) - 1)));
        if (_options.PeerBaudRate != 0)
        {
            byte sampled = Sample(_arrived, _options.PeerBaudRate, OwnRate, out bool framing);
            _arrived = (ushort)((_arrived & 0x100) | sampled);
            errors = framing ? UsartErrors.Framing : UsartErrors.None;
            if (_parityControl.Value && WithParity((ushort)(_arrived & ((1 << DataBits) - 1))) != _arrived)
                errors |= UsartErrors.Parity;
        }

        return true;
    }

    // mute mode: 30.3.6
    private bool IsForUs()
    {
        int top = _nineBits.Value ? 8 : 7;
        if (_wakeByAddress.Value && (_arrived >> top & 1) != 0)
            _mute.Value = (ulong)(_arrived & 0xf) != _address.Value;
        if (_mute.Value)
            return false;
        if ((_status & ReceiveNotEmpty) == 0)
            _received = _arrived;
        return true;
    }

    private void Accept(UsartErrors errors)
    {
        if ((errors & UsartErrors.Parity) != 0 && _parityControl.Value)
            _status |= ParityError;
        if ((_status & ReceiveNotEmpty) != 0)
        {
            // the shift register is overwritten, DR stays (30.3.3)
            _status |= Overrun;
            return;
        }

        _status |= ReceiveNotEmpty;
        if ((errors & UsartErrors.Framing) != 0)
            _status |= FramingError;
        if ((errors & UsartErrors.Noise) != 0)
            _status |= NoiseFlag;
    }
}
