using Emulation.Core;

namespace Emulation.Devices;

/// <content>Slave mode. RM0090 28.3.2.</content>
public sealed partial class Stm32Spi
{
    private int _slaveBits;
    private uint _slaveIn, _slaveOut;
    private bool _isSelectedByBus, _slaveSendsCrc;

    // while a word comes whose answer was sent already
    private bool _isLate;

    /// <summary>Whether the controller is an enabled slave that NSS, or SSI with SSM, selects.</summary>
    public bool IsSelectedSlave => IsEnabled && !IsMaster && BusClock.IsRunning && ((Control & 0x200) != 0 ? (Control & 0x100) == 0 : !Select.Input || _isSelectedByBus);

    /// <summary>What a remote master has to know may have changed.</summary>
    internal event Action? SlaveOutputChanged;

    // CPHA is bit 0 and CPOL bit 1
    internal SpiMode Mode => (SpiMode)(Control & 3);

    /// <summary>Another master exchanges a word with this controller as its slave.</summary>
    /// <param name="value">What the master sends.</param>
    /// <returns>What it gets; null when the controller is no enabled and selected slave.</returns>
    public uint? ExchangeAsSlave(uint value)
    {
        if (!IsSelectedSlave)
            return null;
        uint sent = LoadSlaveWord();
        ReceiveSlaveWord((ushort)(value & Mask));
        return sent;
    }

    internal void SelectByBus(bool selected)
    {
        _isSelectedByBus = selected;
        _slaveBits = 0;
        Update();
    }

    /// <summary>Bits of a master, first the most significant, whose words need not be as long as this controller's.</summary>
    internal uint ExchangeBits(uint value, int bits)
    {
        if (!IsSelectedSlave)
            return uint.MaxValue;
        uint result = 0;
        bool least = (Control & 0x80) != 0;
        for (int i = bits - 1; i >= 0; i--)
        {
            if (_slaveBits == 0)
            {
                _slaveOut = ReceivesOnly ? uint.MaxValue : LoadSlaveWord();
                _slaveIn = 0;
            }

            int at = least ? _slaveBits : Bits - 1 - _slaveBits;
            result = (result << 1) | (_slaveOut >> at & 1);
            _slaveIn |= (value >> i & 1) << at;
            if (++_slaveBits >= Bits)
            {
                _slaveBits = 0;
                ReceiveSlaveWord((ushort)_slaveIn);
            }
        }

        return result;
    }

    /// <summary>Bits of a master that got its answer before: a word that was loaded too late for it stays for the next.</summary>
    internal void ExchangeBits(uint value, int bits, bool sentLoaded)
    {
        _isLate = !sentLoaded;
        ExchangeBits(value, bits);
        _isLate = false;
    }

    /// <summary>The words that are sent next, with the first bit on the wire as the most significant one, if NSS selects.</summary>
    internal int PeekSlaveWords(Span<uint> words, out uint idle)
    {
        if (!IsEnabled || IsMaster || ReceivesOnly || !BusClock.IsRunning)
        {
            idle = uint.MaxValue;
            return 0;
        }

        idle = OnWire(_shift);
        if (_full && words.Length > 0)
            words[0] = OnWire(_transmit);
        return _full ? 1 : 0;
    }

    private uint OnWire(uint word)
    {
        if ((Control & 0x80) == 0)
            return word;
        uint reversed = 0;
        for (int i = 0; i < Bits; i++)
            reversed = (reversed << 1) | (word >> i & 1);
        return reversed;
    }

    private ushort LoadSlaveWord()
    {
        _slaveSendsCrc = (Control & 0x3000) == 0x3000 && !_full && _dataSent;
        if (_slaveSendsCrc)
        {
            (_shift, _dataSent) = (_transmitCrc, false);
            _cr1.Value &= ~0x1000ul;
        }
        else if (_full && !_isLate)
        {
            (_shift, _full, _dataSent) = (_transmit, false, true);
        }

        return _shift;
    }

    private void ReceiveSlaveWord(ushort value)
    {
        if (_slaveSendsCrc)
        {
            _crcError.Value |= value != _receiveCrc;
            Keep(value);
        }
        else if (SendsOnly)
        {
            if ((Control & 0x2000) != 0)
                _transmitCrc = Crc(_transmitCrc, _shift);
        }
        else
        {
            Receive(value, _shift);
        }

        _slaveSendsCrc = false;
        Update();
    }

    private void ResetSlave() => (_slaveBits, _slaveIn, _slaveOut, _slaveSendsCrc) = (0, 0, 0, false);

    private void SaveSlave(StateWriter writer)
    {
        writer.Write((byte)_slaveBits);
        writer.Write(_slaveIn);
        writer.Write(_slaveOut);
        writer.Write(_isSelectedByBus);
        writer.Write(_slaveSendsCrc);
    }

    private void LoadSlave(StateReader reader)
    {
        _slaveBits = reader.ReadByte() & 0xf;
        (_slaveIn, _slaveOut) = (reader.ReadUInt32(), reader.ReadUInt32());
        (_isSelectedByBus, _slaveSendsCrc) = (reader.ReadBoolean(), reader.ReadBoolean());
    }
}
