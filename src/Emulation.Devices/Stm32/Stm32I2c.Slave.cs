using Emulation.Core;

namespace Emulation.Devices;

/// <content>Slave mode. RM0090 27.3.2.</content>
public sealed partial class Stm32I2c
{
    private const uint GeneralCallEnable = 1 << 6, NoStretch = 1 << 7, Stopf = 1 << 4;
    private readonly List<I2cBus> _slaveBuses = [];
    private SlaveState _slave;
    private bool _slaveSends, _isLoaded, _holdsByte, _stopSeen, _dual, _general;

    private enum SlaveState : byte
    {
        Idle,

        /// <summary>ADDR: software has to read the status.</summary>
        Addressed,
        Data,

        /// <summary>A transmitter whose byte was not acknowledged.</summary>
        Released,
    }

    /// <summary>The slave side, which is on the controller's own bus; composition may join it to another, too: <see cref="JoinAsSlave"/>.</summary>
    public II2cNode Slave { get; }

    private bool HoldsClock => (Control & NoStretch) == 0
        && (_slave == SlaveState.Addressed || (_slave == SlaveState.Data && (_slaveSends ? !_isLoaded : (_flags & Btf) != 0)));

    /// <summary>Puts the slave side on a further bus, such as that of another controller which shall be its master.</summary>
    /// <param name="bus">The bus.</param>
    public void JoinAsSlave(I2cBus bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
        bus.Join(Slave);
        _slaveBuses.Add(bus);
    }

    // a master does not answer to itself, and without ACK nothing is answered
    private bool Listens => (Control & (Enable | AckBit)) == (Enable | AckBit) && !_owns && BusClock.IsRunning;

    private bool IsBusBusy => _slaveBuses.Exists(static b => b.IsBusy);

    private bool MatchesAddress(int address)
        => Listens && (((_ownAddress.Value & 0x8000) == 0 && (int)(_ownAddress.Value >> 1 & 0x7f) == address) || MatchesSecond(address));

    private bool MatchesSecond(int address) => (_ownAddress2.Value & 1) != 0 && (int)(_ownAddress2.Value >> 1 & 0x7f) == address;

    private void BeginSlave(int address, I2cDirection direction, bool tenBit)
    {
        (_slave, _slaveSends, _isLoaded) = (SlaveState.Addressed, direction == I2cDirection.Read, false);
        _general = !tenBit && address == 0 && direction == I2cDirection.Write;
        _dual = !tenBit && !_general && MatchesSecond(address) && ((_ownAddress.Value & 0x8000) != 0 || (int)(_ownAddress.Value >> 1 & 0x7f) != address);
        _flags = (_flags | Addr) & ~(_holdsByte ? Txe : Btf | Txe);
        if (_slaveSends)
            _flags |= Txe;
        _pec = 0;
        if (!tenBit)
            AddToPec((byte)((address << 1) | (int)direction));
        Update();
    }

    private I2cAck SlaveReceived(byte value)
    {
        if (_slave == SlaveState.Idle)
            return false;
        AddToPec(value);
        if ((_flags & Rxne) == 0)
            (_data, _flags) = (value, _flags | Rxne);
        else if ((Control & NoStretch) == 0 && (_flags & Btf) == 0)
            (_shift, _holdsByte, _flags) = (value, true, _flags | Btf);
        else
            _flags |= Ovr;
        Update();
        return (Control & AckBit) != 0;
    }

    private byte SlaveSent()
    {
        if (!_isLoaded)
        {
            // the clock was not held: the byte before is repeated (27.3.2, underrun)
            if ((Control & NoStretch) != 0 && _slave == SlaveState.Data)
                _flags |= Ovr;
            Update();
            return (Control & NoStretch) != 0 ? _shift : (byte)0xff;
        }

        return _shift;
    }

    private void SlaveSentDone(bool acknowledged)
    {
        if (_slave == SlaveState.Idle)
            return;
        if (_isLoaded)
            AddToPec(_shift);
        _isLoaded = false;
        if (!acknowledged)
        {
            _flags = (_flags | Af) & ~Btf;
            _slave = SlaveState.Released;
        }
        else if (_slave == SlaveState.Data)
        {
            LoadSlave();
            if (!_isLoaded)
                _flags |= Btf;
        }

        Update();
    }

    private void LoadSlave()
    {
        if ((_flags & Txe) != 0)
            return;
        (_shift, _isLoaded, _flags) = (_data, true, (_flags | Txe) & ~Btf);
    }

    private void EndSlave(bool stop)
    {
        if (_slave == SlaveState.Idle)
            return;
        // a transmitter that was not acknowledged is told by AF alone
        if (stop && !_slaveSends)
            _flags |= Stopf;
        _flags &= ~Txe;
        if (!_holdsByte)
            _flags &= ~Btf;
        (_slave, _isLoaded) = (SlaveState.Idle, false);
        Update();
    }

    private void SlavePut(byte value)
    {
        bool held = HoldsClock;
        _data = value;
        _flags &= ~(Txe | Btf);
        if (!_isLoaded)
            LoadSlave();
        Update();
        ReleaseClock(held);
    }

    private void ReleaseClock(bool held)
    {
        if (!held || HoldsClock)
            return;
        foreach (I2cBus bus in _slaveBuses)
            bus.ReleaseClock();
    }

    private void AbandonSlave()
    {
        bool held = HoldsClock;
        (_slave, _slaveSends, _isLoaded, _holdsByte, _stopSeen, _dual, _general) = (SlaveState.Idle, false, false, false, false, false, false);
        ReleaseClock(held);
    }

    private void SaveSlave(StateWriter writer)
    {
        writer.Write((byte)_slave);
        foreach (bool flag in (bool[])[_slaveSends, _isLoaded, _holdsByte, _stopSeen, _dual, _general])
            writer.Write(flag);
    }

    private void LoadSlave(StateReader reader)
    {
        _slave = (SlaveState)reader.ReadByte();
        if (_slave > SlaveState.Released)
            throw reader.Damaged("the slave is in an unknown state");
        (_slaveSends, _isLoaded, _holdsByte) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
        (_stopSeen, _dual, _general) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
    }

    private sealed class Node(Stm32I2c owner) : II2cNode
    {
        public int TenBitAddress => owner.Listens && (owner._ownAddress.Value & 0x8000) != 0 ? (int)owner._ownAddress.Value & 0x3ff : -1;

        public bool AnswersGeneralCall => owner.Listens && (owner.Control & GeneralCallEnable) != 0;

        public bool HoldsClock => owner.HoldsClock;

        public bool Matches(int address) => owner.MatchesAddress(address);

        public I2cAck Start(int address, I2cDirection direction)
        {
            owner.BeginSlave(address, direction, tenBit: !(address == 0 && direction == I2cDirection.Write) && !owner.MatchesAddress(address));
            return true;
        }

        public I2cAck Write(byte value) => owner.SlaveReceived(value);

        public I2cByte Read() => owner.SlaveSent();

        public void ReadDone(bool acknowledged) => owner.SlaveSentDone(acknowledged);

        public void RepeatedStart() => owner.EndSlave(stop: false);

        public void Stop() => owner.EndSlave(stop: true);
    }
}
