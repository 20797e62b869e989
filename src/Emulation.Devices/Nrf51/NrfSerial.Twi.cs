using Emulation.Core;

namespace Emulation.Devices;

/// <content>TWI master.</content>
public sealed partial class NrfSerial
{
    private const ulong AddressNack = 2;
    private const ulong DataNack = 4;

    private void StartTwi(I2cDirection direction)
    {
        if (_enable.Value != TwiEnabled)
            return;
        // a byte may be in TXD before the start, and a start inside a transfer that sends does nothing
        if (direction == I2cDirection.Write && !_twi.IsReading && _twi.Step is (NrfTwiStep.Address or NrfTwiStep.Data or NrfTwiStep.Sending))
            return;
        if (direction == I2cDirection.Read)
            _twi.HasData = false;
        _twi.IsReading = direction == I2cDirection.Read;
        _twi.StopAsked = _twi.IsSuspended = false;
        BeginTwi();
    }

    private void BeginTwi()
    {
        if (_i2c.IsBusy && _i2c.Owner != Name)
        {
            _twi.Step = NrfTwiStep.Bus;
            return;
        }

        // START, seven bits, direction, acknowledge
        Step(NrfTwiStep.Address, 10);
    }

    private void Step(NrfTwiStep step, ulong bits, long extra = 0)
    {
        _twi.Step = step;
        _twiTimer.Arm(_clock.Now + BitTime(bits) + extra);
    }

    private void OnBusFreed()
    {
        if (_twi.Step == NrfTwiStep.Bus)
            BeginTwi();
    }

    private void OnTwi()
    {
        switch (_twi.Step)
        {
            case NrfTwiStep.Address:
                I2cAck ack = _i2c.Start((int)_address.Value, _twi.IsReading ? I2cDirection.Read : I2cDirection.Write, controller: Name);
                if (!ack.IsAcknowledged)
                    Fail(AddressNack);
                else if (_twi.IsReading)
                    Proceed();
                else if (_twi.HasData)
                    Step(NrfTwiStep.Sending, 9);
                else
                    AwaitData();
                break;
            case NrfTwiStep.Sending:
                _twi.HasData = false;
                I2cAck answer = _i2c.Write(_twi.Data);
                if (!answer.IsAcknowledged)
                {
                    Fail(DataNack);
                    break;
                }

                AwaitData();
                Raise(_sent);
                Raise(_boundary);
                break;
            case NrfTwiStep.Receiving:
                // a shortcut or task of the boundary decides about the acknowledge of this byte
                Raise(_boundary);
                _twi.Data = _i2c.Read(acknowledge: !_twi.StopAsked).Value;
                _twi.HasData = true;
                _twi.Step = NrfTwiStep.Held;
                if (_twi.StopAsked)
                    Finish();
                Raise(_ready);
                break;
            case NrfTwiStep.Stopping:
                _twi.Step = NrfTwiStep.Idle;
                _twi.StopAsked = false;
                _i2c.Stop(Name);
                Raise(_stopped);
                break;
            default:
                break;
        }
    }

    private void AwaitData()
    {
        _twi.Step = NrfTwiStep.Data;
        if (_twi.StopAsked)
            Finish();
        else if (_twi.HasData)
            Step(NrfTwiStep.Sending, 9);
    }

    /// <summary>The next byte is received, unless the CPU holds the clock.</summary>
    private void Proceed()
    {
        if (_twi.IsSuspended)
            _twi.Step = NrfTwiStep.Held;
        else
            Step(NrfTwiStep.Receiving, 9);
    }

    private void Finish() => Step(NrfTwiStep.Stopping, 1);

    private void Fail(ulong source)
    {
        _errorSource.Value |= source;
        _twi.HasData = false;
        _twi.Step = NrfTwiStep.Held;
        if (_twi.StopAsked)
            Finish();
        Raise(_error);
    }

    private void StopTwi()
    {
        if (_enable.Value != TwiEnabled)
            return;
        _twi.IsSuspended = false;
        switch (_twi.Step)
        {
            case NrfTwiStep.Idle:
                Raise(_stopped);
                break;
            case NrfTwiStep.Bus:
                _twi.Step = NrfTwiStep.Idle;
                Raise(_stopped);
                break;
            case NrfTwiStep.Data or NrfTwiStep.Held:
                Finish();
                break;
            default:
                _twi.StopAsked = true;
                break;
        }
    }

    private void SuspendTwi()
    {
        if (_enable.Value != TwiEnabled)
            return;
        _twi.IsSuspended = true;
        Raise(_suspended);
    }

    private void ResumeTwi()
    {
        if (_enable.Value != TwiEnabled)
            return;
        _twi.IsSuspended = false;
        // with a byte that was not taken the clock stays held
        if (_twi is { Step: NrfTwiStep.Held, IsReading: true, HasData: false })
            Proceed();
    }

    private void SendTwi(byte value)
    {
        (_twi.Data, _twi.HasData) = (value, true);
        if (_twi.Step == NrfTwiStep.Data && !_twi.IsReading)
            Step(NrfTwiStep.Sending, 9);
    }

    private byte TakeTwi()
    {
        byte value = _twi.Data;
        bool had = _twi.HasData;
        _twi.HasData = false;
        if (had && _twi is { Step: NrfTwiStep.Held, IsReading: true, IsSuspended: false })
            Proceed();
        return value;
    }
}
