using System.Buffers.Binary;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Random number generator of the STM32F4. RM0090 chapter 24. Ports: 1 KiB MMIO; out IRQ "hash_rng".</summary>
public sealed class Stm32Rng : Stm32Peripheral
{
    private const ulong PeriodsPerNumber = 40;
    private readonly IEntropySource _source;
    private readonly ClockSignal _rngClock;
    private readonly CycleTimer _timer;
    private readonly FlagField _enabled, _interrupt, _clockError, _seedError;
    private bool _ready;
    private bool _seedFails;
    private uint _number;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="busClock">The gated clock of its registers, HCLK.</param>
    /// <param name="rngClock">PLL48CLK.</param>
    /// <param name="source">The numbers.</param>
    public Stm32Rng(string name, VirtualClock clock, GuestLog log, ClockSignal busClock, ClockSignal rngClock, IEntropySource source)
        : base(name, log, clock, busClock)
    {
        ArgumentNullException.ThrowIfNull(rngClock);
        ArgumentNullException.ThrowIfNull(source);
        (_source, _rngClock) = (source, rngClock);
        Irq = AddLine("hash_rng");
        _timer = new CycleTimer($"{name} number", clock, rngClock, OnNumber);
        Registers.Define(0x00, "RNG_CR").Reserved(1, 0).Flag(2, "RNGEN", out _enabled).Flag(3, "IE", out _interrupt).Reserved(31, 4).Then(OnControl);
        Registers.Define(0x04, "RNG_SR")
            .Flag(0, "DRDY", FieldMode.ReadOnly, read: () => _ready).Flag(1, "CECS", FieldMode.ReadOnly, read: () => IsSlow).Flag(2, "SECS", FieldMode.ReadOnly, read: () => _seedFails)
            .Reserved(4, 3).Flag(5, "CEIS", out _clockError, FieldMode.WriteZeroToClear).Flag(6, "SEIS", out _seedError, FieldMode.WriteZeroToClear).Reserved(31, 7).Then(Update);
        Registers.Define(0x08, "RNG_DR").Bits(31, 0, "RNDATA", FieldMode.ReadOnly, read: Take);
    }

    /// <summary>The interrupt.</summary>
    public IrqLine Irq { get; }

    // 24.3.2: the clock error is PLL48CLK below HCLK/16
    private bool IsSlow => _enabled.Value && _rngClock.Frequency.Hertz * 16 < BusClock.Frequency.Hertz;

    /// <summary>The generator produces a faulty seed, as a test's fault: it stops and tells (24.3.2).</summary>
    /// <param name="fails">Whether it does.</param>
    public void FailSeed(bool fails)
    {
        _seedFails = fails;
        if (fails)
        {
            _seedError.Value = true;
            _ready = false;
            _timer.Disarm();
        }
        else
        {
            Generate();
        }

        Update();
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _timer.Disarm();
        _source.Reset();
        (_ready, _seedFails, _number) = (false, false, 0);
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_ready);
        writer.Write(_seedFails);
        writer.Write(_number);
        _timer.Save(writer);
        _source.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        (_ready, _seedFails, _number) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadUInt32());
        _timer.Load(reader);
        _source.Load(reader);
    }

    private void OnControl()
    {
        if (!_enabled.Value)
        {
            _ready = false;
            _timer.Disarm();
        }
        else if (!_ready && !_timer.IsArmed)
        {
            _clockError.Value |= IsSlow;
            Generate();
        }

        Update();
    }

    private void Generate()
    {
        if (_enabled.Value && !_seedFails)
            _timer.Arm(PeriodsPerNumber);
    }

    private void OnNumber()
    {
        Span<byte> bytes = stackalloc byte[4];
        _source.Fill(bytes);
        _number = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        _ready = true;
        Update();
    }

    private ulong Take()
    {
        uint number = _ready ? _number : 0;
        if (_ready)
        {
            _ready = false;
            Generate();
            Update();
        }

        return number;
    }

    private void Update() => Irq.Set(_interrupt.Value && (_ready || _clockError.Value || _seedError.Value));
}
