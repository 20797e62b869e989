using Emulation.Core;

namespace Emulation.Devices;

/// <summary>2.4 GHz radio of the nRF51. nRF51 Series Reference Manual, chapter 17, "2.4 GHz radio (RADIO)". Ports: 4 KiB MMIO; out IRQ "irq"; memory; a medium.</summary>
/// <remarks>
/// States and times are those of the manual: 140 µs of ramp-up, a preamble and address, the payload at the rate of MODE, CRC. A packet reaches receivers of the medium
/// with the same frequency, mode and address when its last bit is sent; whitening and the CRC polynomial are taken to be the same on both sides. Pins do not see it.
/// </remarks>
public sealed partial class NrfRadio : NrfPeripheral
{
    private const long RampUp = 140_000;
    private const int MaxPacket = 254;

    private readonly AddressSpace _memory;
    private readonly VirtualClock _clock;
    private readonly ClockTimer _timer;
    private readonly NrfEvent _ready;
    private readonly NrfEvent _addressEvent;
    private readonly NrfEvent _payload;
    private readonly NrfEvent _end;
    private readonly NrfEvent _disabled;
    private readonly NrfEvent _rssiEnd;
    private readonly BitField _crcStatus;
    private readonly BitField _receiveMatch;
    private readonly BitField _pointer;
    private readonly BitField _frequency;
    private readonly BitField _power;
    private readonly BitField _mode;
    private readonly Register _format;
    private readonly Register _format1;
    private readonly BitField _base0;
    private readonly BitField _base1;
    private readonly BitField _prefix0;
    private readonly BitField _prefix1;
    private readonly BitField _transmitAddress;
    private readonly BitField _receiveAddresses;
    private readonly BitField _crcLength;
    private readonly BitField _rssi;
    private readonly BitField _receivedCrc;
    private NrfRadioState _state;
    private NrfRadioPhase _phase;
    private byte[] _packet = [];

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="memory">Where packets are.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public NrfRadio(string name, AddressSpace memory, VirtualClock clock, GuestLog log)
        : base(name, log)
    {
        ArgumentNullException.ThrowIfNull(clock);
        (_memory, _clock) = (memory, clock);
        _timer = clock.CreateTimer($"{name}.state", OnTimer);
        AddTask(0x00, "TASKS_TXEN", () => Enable(NrfRadioState.TxRampUp));
        AddTask(0x04, "TASKS_RXEN", () => Enable(NrfRadioState.RxRampUp));
        AddTask(0x08, "TASKS_START", Start);
        AddTask(0x0c, "TASKS_STOP", Stop);
        AddTask(0x10, "TASKS_DISABLE", Disable);
        AddTask(0x14, "TASKS_RSSISTART", MeasureStrength);
        AddTask(0x18, "TASKS_RSSISTOP", static () => { });
        AddTask(0x1c, "TASKS_BCSTART", static () => { });
        AddTask(0x20, "TASKS_BCSTOP", static () => { });
        _ready = AddEvent(0x100, "EVENTS_READY");
        _addressEvent = AddEvent(0x104, "EVENTS_ADDRESS");
        _payload = AddEvent(0x108, "EVENTS_PAYLOAD");
        _end = AddEvent(0x10c, "EVENTS_END");
        _disabled = AddEvent(0x110, "EVENTS_DISABLED");
        _ = AddEvent(0x114, "EVENTS_DEVMATCH");
        _ = AddEvent(0x118, "EVENTS_DEVMISS");
        _rssiEnd = AddEvent(0x11c, "EVENTS_RSSIEND");
        _ = AddEvent(0x128, "EVENTS_BCMATCH");
        const ulong TxEn = 0x00, RxEn = 0x04, StartTask = 0x08, DisableTask = 0x10, RssiStart = 0x14, RssiStop = 0x18, BcStart = 0x1c;
        DefineShorts((0, _ready, StartTask), (1, _end, DisableTask), (2, _disabled, TxEn), (3, _disabled, RxEn), (4, _addressEvent, RssiStart), (5, _end, StartTask), (6, _addressEvent, BcStart),
            (8, _disabled, RssiStop));
        DefineInterrupts();
        Registers.Define(0x400, "CRCSTATUS", access: RegisterAccess.ReadOnly).Bits(0, 0, "CRCSTATUS", out _crcStatus, FieldMode.ReadOnly).Reserved(31, 1);
        Registers.Define(0x408, "RXMATCH", access: RegisterAccess.ReadOnly).Bits(2, 0, "RXMATCH", out _receiveMatch, FieldMode.ReadOnly).Reserved(31, 3);
        Registers.Define(0x40c, "RXCRC", access: RegisterAccess.ReadOnly).Bits(23, 0, "RXCRC", out _receivedCrc, FieldMode.ReadOnly).Reserved(31, 24);
        Registers.Define(0x410, "DAI", access: RegisterAccess.ReadOnly).Bits(2, 0, "DAI", FieldMode.ReadOnly).Reserved(31, 3);
        Registers.Define(0x504, "PACKETPTR").Bits(31, 0, "PACKETPTR", out _pointer);
        Registers.Define(0x508, "FREQUENCY", 2).Bits(6, 0, "FREQUENCY", out _frequency).Ignored(31, 7);
        Registers.Define(0x50c, "TXPOWER").Bits(7, 0, "TXPOWER", out _power).Ignored(31, 8);
        Registers.Define(0x510, "MODE").Bits(1, 0, "MODE", out _mode).Ignored(31, 2);
        _format = Registers.Define(0x514, "PCNF0").Bits(3, 0, "LFLEN").Ignored(7, 4).Bits(8, 8, "S0LEN").Ignored(15, 9).Bits(19, 16, "S1LEN").Ignored(31, 20);
        _format1 = Registers.Define(0x518, "PCNF1").Bits(7, 0, "MAXLEN").Bits(15, 8, "STATLEN").Bits(18, 16, "BALEN").Ignored(23, 19).Bits(25, 24, "ENDIAN, WHITEEN").Ignored(31, 26);
        Registers.Define(0x51c, "BASE0").Bits(31, 0, "BASE0", out _base0);
        Registers.Define(0x520, "BASE1").Bits(31, 0, "BASE1", out _base1);
        Registers.Define(0x524, "PREFIX0").Bits(31, 0, "PREFIX0", out _prefix0);
        Registers.Define(0x528, "PREFIX1").Bits(31, 0, "PREFIX1", out _prefix1);
        Registers.Define(0x52c, "TXADDRESS").Bits(2, 0, "TXADDRESS", out _transmitAddress).Ignored(31, 3);
        Registers.Define(0x530, "RXADDRESSES").Bits(7, 0, "RXADDRESSES", out _receiveAddresses).Ignored(31, 8);
        Registers.Define(0x534, "CRCCNF").Bits(1, 0, "LEN", out _crcLength).Ignored(7, 2).Bits(8, 8, "SKIPADDR").Ignored(31, 9);
        Registers.Define(0x538, "CRCPOLY").Bits(23, 0, "CRCPOLY").Ignored(31, 24);
        Registers.Define(0x53c, "CRCINIT").Bits(23, 0, "CRCINIT").Ignored(31, 24);
        Registers.Define(0x540, "TEST").Bits(1, 0, "CONSTCARRIER, PLLLOCK").Ignored(31, 2);
        Registers.Define(0x544, "TIFS").Bits(7, 0, "TIFS").Ignored(31, 8);
        Registers.Define(0x548, "RSSISAMPLE", access: RegisterAccess.ReadOnly).Bits(6, 0, "RSSISAMPLE", out _rssi, FieldMode.ReadOnly).Reserved(31, 7);
        Registers.Define(0x550, "STATE", access: RegisterAccess.ReadOnly).Bits(3, 0, "STATE", FieldMode.ReadOnly, read: () => (ulong)_state).Reserved(31, 4);
        Registers.Define(0x554, "DATAWHITEIV", 0x40).Bits(6, 0, "DATAWHITEIV").Ignored(31, 7);
        Registers.Define(0x560, "BCC").Bits(31, 0, "BCC");
        Registers.DefineMany(0x600, 8, 4, "DAB").Bits(31, 0, "DAB");
        Registers.DefineMany(0x620, 8, 4, "DAP").Bits(15, 0, "DAP").Ignored(31, 16);
        Registers.Define(0x640, "DACNF").Bits(15, 0, "ENA, TXADD").Ignored(31, 16);
        Registers.DefineMany(0x724, 4, 4, "OVERRIDE").Bits(31, 0, "OVERRIDE");
        Registers.Define(0x734, "OVERRIDE4").Bits(27, 0, "OVERRIDE4").Ignored(30, 28).Flag(31, "ENABLE");
    }

    /// <summary>The state it is in.</summary>
    public NrfRadioState State => _state;

    /// <summary>What the radio sends and receives through; null for empty air.</summary>
    public RadioMedium? Medium { get; private set; }

    /// <summary>Puts the radio on the air.</summary>
    /// <param name="medium">The air; null takes it away.</param>
    public void Join(RadioMedium? medium)
    {
        Medium?.Remove(this);
        Medium = medium;
        medium?.Add(this);
    }

    /// <summary>Nanoseconds that a number of bits takes at the rate of MODE.</summary>
    private long BitTime(long bits) => bits * (_mode.Value switch { 1 => 500, 2 => 4_000, _ => 1_000 });

    private int PreambleAndAddressBits => 8 * (1 + BaseLength + 1);

    private int BaseLength => (int)Math.Clamp((_format1.Value >> 16) & 7, 2, 4);

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _timer.Disarm();
        (_state, _phase, _packet) = (NrfRadioState.Disabled, NrfRadioPhase.None, []);
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        _timer.Save(writer);
        writer.Write((byte)_state);
        writer.Write((byte)_phase);
        writer.Write(_packet.AsSpan());
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _timer.Load(reader);
        _state = (NrfRadioState)reader.ReadByte();
        _phase = (NrfRadioPhase)reader.ReadByte();
        if (!Enum.IsDefined(_state) || !Enum.IsDefined(_phase))
            throw reader.Damaged("a radio is in no known state");
        _packet = reader.ReadBytes().ToArray();
    }

    private void Enable(NrfRadioState state)
    {
        if (_state is not (NrfRadioState.Disabled or NrfRadioState.TxIdle or NrfRadioState.RxIdle))
            return;
        _state = state;
        _timer.Arm(_clock.Now + RampUp);
    }

    private void Disable()
    {
        if (_state == NrfRadioState.Disabled)
        {
            Raise(_disabled);
            return;
        }

        // transmitter 6 µs at 1 and 2 Mbit/s, receiver at once
        bool transmits = _state is NrfRadioState.Tx or NrfRadioState.TxIdle or NrfRadioState.TxRampUp;
        _phase = NrfRadioPhase.None;
        _state = transmits ? NrfRadioState.TxDisable : NrfRadioState.RxDisable;
        _timer.Arm(_clock.Now + (transmits ? 6_000 : 0));
    }

    private void Stop()
    {
        if (_state is not (NrfRadioState.Tx or NrfRadioState.Rx))
            return;
        _state = _state == NrfRadioState.Tx ? NrfRadioState.TxIdle : NrfRadioState.RxIdle;
        _phase = NrfRadioPhase.None;
        _timer.Disarm();
    }

    private void MeasureStrength()
    {
        const ulong Silence = 100;
        if (_state == NrfRadioState.Rx && _packet.Length == 0)
            _rssi.Value = Silence;
        Raise(_rssiEnd);
    }
}
