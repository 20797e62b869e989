using Emulation.Core;

namespace Emulation.Devices;

/// <summary>I²C module of a Stellaris microcontroller: master, and a slave of its own. LM3S6965 data sheet, "Inter-Integrated Circuit (I2C) Interface". Ports: 4 KiB MMIO; an I²C bus; out IRQ "i2c".</summary>
/// <remarks>The slave is <see cref="Target"/>: whoever wires the bus attaches it at the addresses that the guest may choose. LPBK is kept as written.</remarks>
public sealed partial class StellarisI2c : StellarisPeripheral
{
    private const uint Error = 2, AddressError = 4, DataError = 8, Lost = 16;
    private readonly I2cBus _bus;
    private readonly CycleTimer _timer;
    private readonly BitField _address, _period, _masterMask;
    private readonly FlagField _receive, _masterOn, _slaveOn;
    private byte _data;
    private uint _flags, _command;
    private bool _masterRaw, _addressing;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="bus">The bus.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="busClock">The gated clock.</param>
    public StellarisI2c(string name, I2cBus bus, VirtualClock clock, GuestLog log, ClockSignal busClock) : base(name, clock, log, busClock)
    {
        ArgumentNullException.ThrowIfNull(bus);
        _bus = bus;
        Irq = AddLine("i2c");
        _timer = new CycleTimer($"{name} byte", clock, busClock, OnByte);
        Registers.Define(0x000, "I2CMSA").Flag(0, "R/S", out _receive).Bits(7, 1, "SA", out _address).Ignored(31, 8);
        Registers.Define(0x004, "I2CMCS").Bits(6, 0, "status, control", read: () => Status, write: v => Control((uint)v)).Ignored(31, 7);
        Registers.Define(0x008, "I2CMDR").Bits(7, 0, "DATA", read: () => _data, write: v => _data = (byte)v).Ignored(31, 8);
        Registers.Define(0x00c, "I2CMTPR", 1).Bits(6, 0, "TPR", out _period).Ignored(31, 7);
        Registers.Define(0x010, "I2CMIMR").Bits(0, 0, "IM", out _masterMask).Ignored(31, 1).Then(Update);
        Registers.Define(0x014, "I2CMRIS", access: RegisterAccess.ReadOnly).Flag(0, "RIS", FieldMode.ReadOnly, read: () => _masterRaw).Reserved(31, 1);
        Registers.Define(0x018, "I2CMMIS", access: RegisterAccess.ReadOnly).Flag(0, "MIS", FieldMode.ReadOnly, read: () => _masterRaw && _masterMask!.Value != 0).Reserved(31, 1);
        Registers.Define(0x01c, "I2CMICR", access: RegisterAccess.WriteOnly).Flag(0, "IC", FieldMode.WriteOnly, write: v => _masterRaw &= !v).Ignored(31, 1).Then(Update);
        Registers.Define(0x020, "I2CMCR").Flag(0, "LPBK").Ignored(3, 1).Flag(4, "MFE", out _masterOn).Flag(5, "SFE", out _slaveOn).Ignored(31, 6).Then(OnConfiguration);
        DefineSlave();
    }

    /// <summary>The interrupt output.</summary>
    public IrqLine Irq { get; }

    private uint Status
    {
        get
        {
            if (_timer.IsArmed)
                return 1;
            bool owns = _bus.IsBusy && _bus.Owner == Name;
            return _flags | (owns ? 0u : 0x20) | (_bus.IsBusy ? 0x40u : 0);
        }
    }

    // 2 x (1 + TPR) x (SCL_LP + SCL_HP) cycles a bit
    private ulong BitCycles => 2 * (1 + _period.Value) * 10;

    /// <inheritdoc/>
    protected override void ResetState()
    {
        if (_bus.Owner == Name)
            _bus.Stop(Name);
        (_data, _flags, _command, _masterRaw, _addressing) = (0, 0, 0, false, false);
        _timer.Disarm();
        ResetSlave();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_data);
        writer.Write(_flags);
        writer.Write(_command);
        writer.Write(_masterRaw);
        writer.Write(_addressing);
        _timer.Save(writer);
        SaveSlave(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _data = reader.ReadByte();
        _flags = reader.ReadUInt32() & 0x1e;
        _command = reader.ReadUInt32() & 0xf;
        _masterRaw = reader.ReadBoolean();
        _addressing = reader.ReadBoolean();
        _timer.Load(reader);
        LoadSlave(reader);
    }

    private void OnConfiguration()
    {
        if (_masterOn.Value || !_timer.IsArmed)
            return;
        _timer.Disarm();
        _bus.Stop(Name);
    }

    // STOP alone ends the transfer; RUN sends or takes one byte, behind an address with START
    private void Control(uint value)
    {
        if (!_masterOn.Value || _timer.IsArmed)
        {
            Log.Error(Name, _masterOn.Value ? "a command while the master is busy" : "a command while the master is disabled");
            return;
        }

        _command = value & 0xf;
        if ((_command & 1) == 0)
        {
            if ((_command & 4) != 0)
                _timer.Arm(BitCycles);
            return;
        }

        _flags = 0;
        _addressing = (_command & 2) != 0;
        _timer.Arm((_addressing ? 10u : 9) * BitCycles);
    }

    private void OnByte()
    {
        if ((_command & 1) == 0)
        {
            Finish(stop: true);
            return;
        }

        if (_addressing)
        {
            _addressing = false;
            SendAddress();
        }
        else if (_receive.Value)
        {
            I2cByte answer = _bus.Read((_command & 8) != 0);
            _data = answer.Value;
            Finish((_command & 4) != 0);
        }
        else
        {
            I2cAck ack = _bus.Write(_data);
            if (ack.ArbitrationLost)
                _flags |= Error | Lost;
            else if (!ack)
                _flags |= Error | DataError;
            Finish((_command & 4) != 0);
        }
    }

    private void SendAddress()
    {
        if (!_bus.Start(Name))
        {
            _flags |= Error | Lost;
            Finish(stop: false);
            return;
        }

        I2cAck ack = _bus.Write((byte)((_address.Value << 1) | (_receive.Value ? 1u : 0)));
        if (ack)
        {
            _timer.Extend(9 * BitCycles);
            return;
        }

        _flags |= ack.ArbitrationLost ? Error | Lost : Error | AddressError;
        Finish((_command & 4) != 0);
    }

    private void Finish(bool stop)
    {
        if (stop)
            _bus.Stop(Name);
        _masterRaw = true;
        Update();
    }

    private void Update() => Irq.Set((_masterRaw && _masterMask.Value != 0) || SlaveInterrupt);
}
