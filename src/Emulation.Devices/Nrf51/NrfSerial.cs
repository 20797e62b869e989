using Emulation.Core;

namespace Emulation.Devices;

/// <summary>
/// One of the serial blocks of the nRF51 whose SPI master, TWI master and, in the second, SPI slave share a window and its registers. nRF51 Series Reference Manual,
/// chapters 26, "SPI Master", 27, "SPI Slave (SPIS)", and 28, "I²C compatible Two Wire Interface (TWI)". Ports: 4 KiB MMIO; out IRQ "irq"; an SPI bus, an I²C bus.
/// </summary>
/// <remarks>
/// ENABLE chooses who answers. Chip selects of the SPI master are GPIO pins, which the board connects to the bus. The pin-select registers are stored; the buses are
/// wired to the block. The slave's transfer is started by <see cref="SlaveTransfer"/>.
/// </remarks>
public sealed partial class NrfSerial : NrfPeripheral
{
    private const ulong SpiEnabled = 1;
    private const ulong SlaveEnabled = 2;
    private const ulong TwiEnabled = 5;

    private readonly SpiBus _spi;
    private readonly I2cBus _i2c;
    private readonly AddressSpace _memory;
    private readonly VirtualClock _clock;
    private readonly ClockTimer _spiTimer;
    private readonly ClockTimer _twiTimer;
    private readonly NrfEvent _stopped;
    private readonly NrfEvent _ready;
    private readonly NrfEvent _sent;
    private readonly NrfEvent _error;
    private readonly NrfEvent _boundary;
    private readonly NrfEvent _suspended;
    private readonly NrfEvent _acquired;
    private readonly Register _errorSource;
    private readonly BitField _enable;
    private readonly BitField _frequency;
    private readonly BitField _address;
    private readonly BitField _configuration;
    private readonly BitField _semaphore;
    private readonly BitField _slaveStatus;
    private readonly BitField _receivePointer;
    private readonly BitField _receiveMax;
    private readonly BitField _receiveAmount;
    private readonly BitField _transmitPointer;
    private readonly BitField _transmitMax;
    private readonly BitField _transmitAmount;
    private readonly BitField _default;
    private readonly BitField _overRead;
    private readonly NrfSpiQueue _queue = new();
    private readonly NrfTwiState _twi = new();

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="spi">The bus of the SPI master.</param>
    /// <param name="i2c">The bus of the TWI master.</param>
    /// <param name="memory">Where the SPI slave's buffers are.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public NrfSerial(string name, SpiBus spi, I2cBus i2c, AddressSpace memory, VirtualClock clock, GuestLog log)
        : base(name, log)
    {
        ArgumentNullException.ThrowIfNull(i2c);
        ArgumentNullException.ThrowIfNull(clock);
        (_spi, _i2c, _memory, _clock) = (spi, i2c, memory, clock);
        _spiTimer = clock.CreateTimer($"{name}.spi", OnExchanged);
        _twiTimer = clock.CreateTimer($"{name}.twi", OnTwi);
        AddTask(0x00, "TASKS_STARTRX", () => StartTwi(I2cDirection.Read));
        AddTask(0x08, "TASKS_STARTTX", () => StartTwi(I2cDirection.Write));
        AddTask(0x14, "TASKS_STOP", StopTwi);
        AddTask(0x1c, "TASKS_SUSPEND", SuspendTwi);
        AddTask(0x20, "TASKS_RESUME", ResumeTwi);
        AddTask(0x24, "TASKS_ACQUIRE", Acquire);
        AddTask(0x28, "TASKS_RELEASE", () => _semaphore!.Value = 2);
        // STOPPED of the TWI is END of the slave
        _stopped = AddEvent(0x104, "EVENTS_STOPPED, END");
        _ready = AddEvent(0x108, "EVENTS_READY, RXDREADY");
        _sent = AddEvent(0x11c, "EVENTS_TXDSENT");
        _error = AddEvent(0x124, "EVENTS_ERROR");
        _acquired = AddEvent(0x128, "EVENTS_ACQUIRED");
        _boundary = AddEvent(0x138, "EVENTS_BB");
        _suspended = AddEvent(0x148, "EVENTS_SUSPENDED");
        DefineShorts((0, _boundary, 0x1cUL), (1, _boundary, 0x14UL), (2, _stopped, 0x24UL));
        DefineInterrupts();
        Registers.Define(0x400, "SEMSTAT", 1, access: RegisterAccess.ReadOnly).Bits(1, 0, "SEMSTAT", out _semaphore, FieldMode.ReadOnly).Reserved(31, 2);
        Registers.Define(0x440, "STATUS").Bits(1, 0, "OVERREAD, OVERFLOW", out _slaveStatus, FieldMode.WriteOneToClear).Ignored(31, 2);
        _errorSource = Registers.Define(0x4c4, "ERRORSRC").Bits(2, 0, "OVERRUN, ANACK, DNACK", FieldMode.WriteOneToClear).Ignored(31, 3);
        Registers.Define(0x500, "ENABLE").Bits(2, 0, "ENABLE", out _enable).Ignored(31, 3).Then(OnEnable);
        Registers.Define(0x508, "PSELSCK, PSELSCL", uint.MaxValue).Bits(31, 0, "pin");
        Registers.Define(0x50c, "PSELMOSI, PSELSDA, PSELMISO", uint.MaxValue).Bits(31, 0, "pin");
        Registers.Define(0x510, "PSELMISO, PSELMOSI", uint.MaxValue).Bits(31, 0, "pin");
        Registers.Define(0x514, "PSELCSN", uint.MaxValue).Bits(31, 0, "pin");
        Registers.Define(0x518, "RXD", access: RegisterAccess.ReadOnly).Bits(7, 0, "RXD", FieldMode.ReadOnly, read: ReadData).Reserved(31, 8);
        Registers.Define(0x51c, "TXD").Bits(7, 0, "TXD", read: () => _queue.LastWritten, write: v => WriteData((byte)v)).Ignored(31, 8);
        Registers.Define(0x524, "FREQUENCY", 0x0400_0000).Bits(31, 0, "FREQUENCY", out _frequency);
        Registers.Define(0x534, "RXDPTR").Bits(31, 0, "RXDPTR", out _receivePointer);
        Registers.Define(0x538, "MAXRX").Bits(7, 0, "MAXRX", out _receiveMax).Ignored(31, 8);
        Registers.Define(0x53c, "AMOUNTRX", access: RegisterAccess.ReadOnly).Bits(7, 0, "AMOUNTRX", out _receiveAmount, FieldMode.ReadOnly).Reserved(31, 8);
        Registers.Define(0x544, "TXDPTR").Bits(31, 0, "TXDPTR", out _transmitPointer);
        Registers.Define(0x548, "MAXTX").Bits(7, 0, "MAXTX", out _transmitMax).Ignored(31, 8);
        Registers.Define(0x54c, "AMOUNTTX", access: RegisterAccess.ReadOnly).Bits(7, 0, "AMOUNTTX", out _transmitAmount, FieldMode.ReadOnly).Reserved(31, 8);
        Registers.Define(0x554, "CONFIG").Bits(2, 0, "ORDER, CPHA, CPOL", out _configuration).Ignored(31, 3);
        Registers.Define(0x55c, "DEF").Bits(7, 0, "DEF", out _default).Ignored(31, 8);
        Registers.Define(0x588, "ADDRESS").Bits(6, 0, "ADDRESS", out _address).Ignored(31, 7);
        Registers.Define(0x5c0, "ORC").Bits(7, 0, "ORC", out _overRead).Ignored(31, 8);
        i2c.Freed += OnBusFreed;
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _spiTimer.Disarm();
        _twiTimer.Disarm();
        _queue.Reset();
        _twi.Reset();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        _spiTimer.Save(writer);
        _twiTimer.Save(writer);
        _queue.Save(writer);
        _twi.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _spiTimer.Load(reader);
        _twiTimer.Load(reader);
        _queue.Load(reader);
        _twi.Load(reader);
    }

    // FREQUENCY is a fraction of 16 MHz in units of 2^-32 for both
    private long BitTime(ulong bits) => new Frequency(Math.Max(1UL << 12, _frequency.Value) * 16_000_000 >> 12, 1UL << 20).TimeOf(bits);

    private void OnEnable()
    {
        if (_enable.Value != SpiEnabled)
        {
            _spiTimer.Disarm();
            _queue.Reset();
        }

        if (_enable.Value == TwiEnabled)
            return;
        _twiTimer.Disarm();
        _twi.Reset();
        _i2c.Stop(Name);
    }

    private ulong ReadData() => _enable.Value == TwiEnabled ? TakeTwi() : TakeSpi();

    private void WriteData(byte value)
    {
        _queue.LastWritten = value;
        if (_enable.Value == TwiEnabled)
            SendTwi(value);
        else if (_enable.Value == SpiEnabled)
            SendSpi(value);
    }
}
