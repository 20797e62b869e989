using Emulation.Core;

namespace Emulation.Devices;

/// <summary>CAN controller (bxCAN) of the STM32F4. RM0090 chapter 32. Ports: 1 KiB MMIO; a CAN bus; out IRQ "tx", "rx0", "rx1" and "sce".</summary>
/// <remarks>
/// Loop back mode keeps its frames off the bus; they take the time that they would have there. Time-triggered communication is not modelled: TTCM and the time stamps are kept as written.
/// </remarks>
public sealed partial class Stm32Can : Stm32Peripheral, ICanNode
{
    private const uint InitRequest = 1 << 0, SleepRequest = 1 << 1, FifoPriority = 1 << 2, FifoLocked = 1 << 3, NoRetry = 1 << 4, AutoWake = 1 << 5, AutoRecovery = 1 << 6, MasterReset = 1 << 15;
    private const uint WakeInterrupt = 1 << 3, SleepInterrupt = 1 << 4, ErrorInterrupt = 1 << 2;
    private const ulong IdleBits = 11, RecoveryBits = 128 * 11;

    private readonly CanBus _bus;
    private readonly Stm32CanFilters _filters;
    private readonly bool _isSecond;
    private readonly CycleTimer _modeTimer, _loopTimer;
    private readonly Register _mcr, _msr, _ier, _btr;
    private readonly BitField _lastError;
    private readonly RegisterArray _mailboxes;
    private readonly CanErrorCounters _counters = new();
    private readonly List<(CanFrame Frame, int Match)>[] _fifos = [[], []];
    private readonly uint[] _mailboxFlags = new uint[3];
    private readonly ulong[] _requested = new ulong[3];
    private readonly bool[] _pending = new bool[3], _abort = new bool[3];
    private readonly uint[] _fifoFlags = new uint[2];
    private bool _initialized, _asleep = true;
    private int _sending = -1;
    private ulong _requests;

    /// <summary>Creates the device.</summary>
    /// <param name="name">The manual's name, such as <c>CAN1</c>.</param>
    /// <param name="bus">The bus; the controller attaches itself.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="busClock">The gated PCLK1.</param>
    /// <param name="master">CAN1 where this is CAN2: it has the filters of both.</param>
    public Stm32Can(string name, CanBus bus, GuestLog log, VirtualClock clock, ClockSignal busClock, Stm32Can? master = null)
        : base(name, log, clock, busClock)
    {
        ArgumentNullException.ThrowIfNull(bus);
        _bus = bus;
        _isSecond = master is not null;
        (TransmitIrq, ReceiveIrq0, ReceiveIrq1, StatusIrq) = (AddLine("tx"), AddLine("rx0"), AddLine("rx1"), AddLine("sce"));
        _modeTimer = new CycleTimer($"{name} mode", clock, busClock, OnMode);
        _loopTimer = new CycleTimer($"{name} loop back", clock, busClock, OnLoop);
        _mcr = Registers.Define(0x000, "CAN_MCR", reset: 0x1_0002).Bits(7, 0, "INRQ to TTCM").Reserved(14, 8).Flag(15, "RESET").Flag(16, "DBF").Reserved(31, 17).Then(OnControl);
        _msr = Registers.Define(0x004, "CAN_MSR", reset: 0xc02)
            .Flag(0, "INAK", FieldMode.ReadOnly, read: () => _initialized).Flag(1, "SLAK", FieldMode.ReadOnly, read: () => _asleep)
            .Bits(4, 2, "ERRI, WKUI, SLAKI", FieldMode.WriteOneToClear).Reserved(7, 5).Flag(8, "TXM", FieldMode.ReadOnly, read: () => _sending >= 0).Flag(9, "RXM", FieldMode.ReadOnly)
            .Bits(11, 10, "SAMP, RX", FieldMode.ReadOnly).Reserved(31, 12).Then(Update);
        Registers.Define(0x008, "CAN_TSR", reset: 0x1c00_0000).Bits(31, 0, "mailboxes", read: ReadMailboxes, write: v => WriteMailboxes((uint)v));
        for (int i = 0; i < 2; i++)
        {
            int fifo = i;
            Registers.Define(0x00c + (4u * (uint)i), $"CAN_RF{i}R").Bits(5, 0, "FMP, FULL, FOVR, RFOM", read: () => ReadFifo(fifo), write: v => WriteFifo(fifo, (uint)v)).Reserved(31, 6);
            Registers.DefineMany(0x1b0 + (0x10u * (uint)i), 4, 4, $"CAN_R{i}").Bits(31, 0, "frame", FieldMode.ReadOnly, read: word => ReadFrame(fifo, word));
        }

        _ier = Registers.Define(0x014, "CAN_IER").Bits(6, 0, "TMEIE to FOVIE1").Reserved(7, 7).Bits(11, 8, "EWGIE to LECIE").Reserved(14, 12).Bits(17, 15, "ERRIE, WKUIE, SLKIE").Reserved(31, 18).Then(Update);
        Registers.Define(0x018, "CAN_ESR").Bits(2, 0, "EWGF, EPVF, BOFF", FieldMode.ReadOnly, read: ErrorState).Reserved(3, 3).Bits(6, 4, "LEC", out _lastError).Reserved(15, 7)
            .Bits(23, 16, "TEC", FieldMode.ReadOnly, read: () => (ulong)Math.Min(255, _counters.Transmit)).Bits(31, 24, "REC", FieldMode.ReadOnly, read: () => (ulong)_counters.Receive);
        _btr = Registers.Define(0x01c, "CAN_BTR", reset: 0x0123_0000).Bits(9, 0, "BRP").Reserved(15, 10).Bits(22, 16, "TS1, TS2").Reserved(23, 23).Bits(25, 24, "SJW").Reserved(29, 26).Bits(31, 30, "LBKM, SILM").Then(OnTiming);
        _mailboxes = Registers.DefineMany(0x180, 12, 4, "CAN_TX").Bits(31, 0, "frame").Then(OnMailbox);
        _filters = master?._filters ?? new Stm32CanFilters(Registers);
        bus.Attach(this);
    }

    /// <summary>A mailbox is empty.</summary>
    public IrqLine TransmitIrq { get; }

    /// <summary>FIFO 0.</summary>
    public IrqLine ReceiveIrq0 { get; }

    /// <summary>FIFO 1.</summary>
    public IrqLine ReceiveIrq1 { get; }

    /// <summary>Status changes and errors.</summary>
    public IrqLine StatusIrq { get; }

    /// <inheritdoc/>
    public long BitTime => IsOnBus && !IsLooped ? BitPicoseconds : 0;

    /// <inheritdoc/>
    public bool IsSilent => (_btr.Value >> 31) != 0;

    /// <inheritdoc/>
    public bool IsErrorPassive => _counters.IsPassive;

    private uint Control => (uint)_mcr.Value;

    private bool IsLooped => (_btr.Value >> 30 & 1) != 0;

    private bool IsOnBus => !_initialized && !_asleep && !_counters.IsBusOff && !_modeTimer.IsArmed && BusClock.IsRunning;

    // 32.7.7: one quantum to synchronise, then two segments
    private ulong BitCycles => ((_btr.Value & 0x3ff) + 1) * (3 + (_btr.Value >> 16 & 0xf) + (_btr.Value >> 20 & 7));

    private long BitPicoseconds => BusClock.IsRunning ? (long)(BitCycles * 1e12 / BusClock.Frequency.Hertz) : 0;

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _modeTimer.Disarm();
        _loopTimer.Disarm();
        _counters.Clear();
        (_initialized, _asleep, _sending, _requests) = (false, true, -1, 0);
        for (int i = 0; i < 3; i++)
            (_mailboxFlags[i], _requested[i], _pending[i], _abort[i]) = (0, 0, false, false);
        for (int i = 0; i < 2; i++)
        {
            _fifos[i].Clear();
            _fifoFlags[i] = 0;
        }
    }

    private void OnControl()
    {
        if ((Control & MasterReset) != 0)
        {
            // 32.9.2: the reset of the master, after which it sleeps
            _mcr.Value = _mcr.ResetValue;
            ResetState();
        }

        bool init = (Control & InitRequest) != 0, sleep = (Control & SleepRequest) != 0;
        if (init && !_initialized)
        {
            (_initialized, _asleep) = (true, false);
            _modeTimer.Disarm();
            _loopTimer.Disarm();
            _sending = -1;
        }
        else if (sleep && !_asleep && !init)
        {
            (_asleep, _initialized) = (true, false);
            _modeTimer.Disarm();
            _msr.Value |= SleepInterrupt;
        }
        else if ((_asleep && !sleep) || (_initialized && !init))
        {
            // out of both: eleven recessive bits make the controller part of the bus
            if (!_modeTimer.IsArmed)
                _modeTimer.Arm((_counters.IsBusOff ? RecoveryBits : IdleBits) * BitCycles);
        }

        Update();
    }

    private void OnMode()
    {
        (_initialized, _asleep) = (false, false);
        if (_counters.IsBusOff)
            _counters.Clear();
        Send();
        _bus.Request();
        Update();
    }

    private void OnTiming()
    {
        if (!_initialized)
            Log.Error(Name, "CAN_BTR is written outside initialization mode");
    }

    private ulong ErrorState() => (_counters.IsWarning ? 1u : 0) | (_counters.IsPassive ? 2u : 0) | (_counters.IsBusOff ? 4u : 0);

    private void Update()
    {
        uint enables = (uint)_ier.Value, state = (uint)_msr.Value;
        bool empty = Array.Exists(_mailboxFlags, static f => (f & 1) != 0);
        TransmitIrq.Set((enables & 1) != 0 && empty);
        ReceiveIrq0.Set(IsFifoRaised(0, enables >> 1));
        ReceiveIrq1.Set(IsFifoRaised(1, enables >> 4));
        StatusIrq.Set(((enables & 0x8000) != 0 && (state & ErrorInterrupt) != 0) || ((enables & 0x1_0000) != 0 && (state & WakeInterrupt) != 0) || ((enables & 0x2_0000) != 0 && (state & SleepInterrupt) != 0));
    }

    private bool IsFifoRaised(int fifo, uint enables)
        => ((enables & 1) != 0 && _fifos[fifo].Count > 0) || ((enables & 2) != 0 && (_fifoFlags[fifo] & 8) != 0) || ((enables & 4) != 0 && (_fifoFlags[fifo] & 16) != 0);
}
