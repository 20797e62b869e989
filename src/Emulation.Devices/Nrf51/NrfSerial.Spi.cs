using Emulation.Core;

namespace Emulation.Devices;

/// <content>SPI master and slave.</content>
public sealed partial class NrfSerial
{
    private const ulong SemaphoreCpu = 1;
    private const ulong SemaphoreSlave = 2;

    private SpiFrame Frame
    {
        get
        {
            ulong value = _configuration.Value;
            return new SpiFrame(8, (SpiMode)(((value & 4) != 0 ? 2 : 0) | ((value & 2) != 0 ? 1 : 0)), (value & 1) != 0);
        }
    }

    /// <summary>A master outside the chip exchanges bytes with the SPI slave.</summary>
    /// <param name="data">What the master sends.</param>
    /// <returns>What it gets: DEF while the slave is not ready, ORC behind the end of its buffer.</returns>
    public byte[] SlaveTransfer(ReadOnlySpan<byte> data)
    {
        byte[] answer = new byte[data.Length];
        if (_enable.Value != SlaveEnabled || _semaphore.Value != SemaphoreSlave)
        {
            Array.Fill(answer, (byte)_default.Value);
            return answer;
        }

        int send = (int)Math.Min((ulong)data.Length, _transmitMax.Value), receive = (int)Math.Min((ulong)data.Length, _receiveMax.Value);
        answer.AsSpan().Fill((byte)_overRead.Value);
        _memory.TryRead(_transmitPointer.Value, answer.AsSpan(0, send));
        _memory.TryWrite(_receivePointer.Value, data[..receive]);
        (_transmitAmount.Value, _receiveAmount.Value) = ((ulong)send, (ulong)receive);
        _slaveStatus.Value |= (data.Length > send ? 1UL : 0) | (data.Length > receive ? 2UL : 0);
        _semaphore.Value = SemaphoreCpu;
        Raise(_stopped);
        return answer;
    }

    private void Acquire()
    {
        if (_enable.Value != SlaveEnabled)
            return;
        _semaphore.Value = SemaphoreCpu;
        Raise(_acquired);
    }

    private void SendSpi(byte value)
    {
        if (_spiTimer.IsArmed)
        {
            _queue.Waiting = value;
            return;
        }

        _queue.Shift = value;
        _spiTimer.Arm(_clock.Now + BitTime(8));
    }

    private void OnExchanged()
    {
        byte received = (byte)_spi.Exchange(_queue.Shift, Frame);
        bool first = _queue.Count == 0;
        if (!_queue.IsFull)
            _queue.Add(received);
        if (_queue.Waiting is { } next && !_queue.IsFull)
        {
            _queue.Waiting = null;
            _queue.Shift = next;
            _spiTimer.Arm(_clock.Now + BitTime(8));
        }

        if (first)
            Raise(_ready);
    }

    private byte TakeSpi()
    {
        bool second = _queue.Count > 1;
        byte value = _queue.Take();
        if (_queue.Waiting is { } next && !_spiTimer.IsArmed)
        {
            _queue.Waiting = null;
            SendSpi(next);
        }

        // the next byte moves into RXD
        if (second)
            Raise(_ready);
        return value;
    }
}
