using Emulation.Core;

namespace Emulation.Devices;

/// <summary>The analog-to-digital converters ADC1 to ADC3 of the STM32F4 and their common registers. RM0090 chapter 13. Ports: 1 KiB MMIO; out IRQ "irq"; analog inputs; triggers; DMA requests.</summary>
/// <remarks>
/// A conversion takes the sampling time and a clock per bit of ADCCLK; the input is looked at when the sampling ends. The time until a converter that was switched on is stable is
/// not modelled. Continuous conversions that nobody waits for cost nothing: they are computed when a register is read.
/// </remarks>
public sealed class Stm32Adc : MmioDevice
{
    private const int Units = 3;

    private readonly Stm32AdcUnit[] _units;
    private readonly Register _common;
    private readonly Queue<ushort> _results = new();
    private uint _data;
    private bool _ended;
    private int _alternate;

    /// <summary>Creates the converters.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="unitClocks">The gated APB2 clocks of ADC1, ADC2 and ADC3.</param>
    /// <param name="referenceMillivolts">VREF+.</param>
    public Stm32Adc(string name, GuestLog log, VirtualClock clock, IReadOnlyList<ClockSignal> unitClocks, int referenceMillivolts = 3300)
        : base(name, log, 0x400, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(unitClocks);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(referenceMillivolts);
        ReferenceMillivolts = referenceMillivolts;
        Irq = AddLine("irq");
        _units = [.. Enumerable.Range(0, Units).Select(i => new Stm32AdcUnit(this, i, clock, unitClocks[i]))];
        Registers.Define(0x300, "CSR", access: RegisterAccess.ReadOnly).Bits(31, 0, "flags", FieldMode.ReadOnly, read: ReadStatus);
        _common = Registers.Define(0x304, "CCR").Bits(4, 0, "MULTI").Reserved(7, 5).Bits(11, 8, "DELAY").Reserved(12, 12).Bits(17, 13, "DDS, DMA, ADCPRE")
            .Reserved(21, 18).Bits(23, 22, "VBATE, TSVREFE").Reserved(31, 24).Then(OnCommon);
        Registers.Define(0x308, "CDR", access: RegisterAccess.ReadOnly).Bits(31, 0, "DATA2, DATA1", FieldMode.ReadOnly, read: ReadData);
    }

    /// <summary>The interrupt of all three.</summary>
    public IrqLine Irq { get; }

    /// <summary>VREF+ in millivolts.</summary>
    public int ReferenceMillivolts { get; }

    /// <summary>The junction's temperature in degrees Celsius, for channel 16 of ADC1. Set from outside; not part of a snapshot.</summary>
    public double Celsius { get; set; } = 25;

    /// <summary>The internal reference in millivolts, for channel 17 of ADC1. Set from outside; not part of a snapshot.</summary>
    public int InternalReferenceMillivolts { get; set; } = 1210;

    /// <summary>The backup battery in millivolts, for channel 18 of ADC1. Set from outside; not part of a snapshot.</summary>
    public int BatteryMillivolts { get; set; } = 3300;

    /// <summary>The DMA requests of the three converters.</summary>
    public IEnumerable<DmaRequest> DmaRequests => _units.Select(static u => u.Request);

    internal int Multi => (int)_common.Value & 0x1f;

    internal int MultiDma => (int)(_common.Value >> 14) & 3;

    internal bool Senses => (_common.Value & 0x80_0000) != 0;

    internal bool SensesBattery => (_common.Value & 0x40_0000) != 0;

    /// <summary>Bus clocks in one ADCCLK.</summary>
    internal ulong Prescaler => ((_common.Value >> 16 & 3) + 1) * 2;

    private int Converters => Multi == 0 ? 1 : Multi < 0x10 ? 2 : 3;

    /// <summary>Gives a channel a constant voltage. Called under the device lock.</summary>
    /// <param name="unit">1 to 3, for ADC1 to ADC3.</param>
    /// <param name="channel">0 to 18.</param>
    /// <param name="millivolts">Against ground.</param>
    public void SetInput(int unit, int channel, int millivolts) => Input(unit, channel).Set(null, _ => millivolts);

    /// <summary>Gives a channel a waveform. Called under the device lock.</summary>
    /// <param name="unit">1 to 3, for ADC1 to ADC3.</param>
    /// <param name="channel">0 to 18.</param>
    /// <param name="millivolts">The voltage in millivolts at a virtual time in nanoseconds; always the same for the same time.</param>
    public void SetInput(int unit, int channel, Func<long, int> millivolts) => Input(unit, channel).Set(null, millivolts);

    /// <summary>Connects a channel to a pin.</summary>
    /// <param name="unit">1 to 3, for ADC1 to ADC3.</param>
    /// <param name="channel">0 to 15.</param>
    /// <param name="pin">The pin, whose voltage is read.</param>
    public void Connect(int unit, int channel, Pin pin)
    {
        ArgumentNullException.ThrowIfNull(pin);
        Input(unit, channel).Set(pin, null);
    }

    /// <summary>Connects an external trigger of the regular or injected group of all converters.</summary>
    /// <param name="select">EXTSEL or JEXTSEL: 0 to 15.</param>
    /// <param name="injected">Whether it is JEXTSEL.</param>
    /// <param name="source">A timer's output or an EXTI line.</param>
    public void ConnectTrigger(int select, bool injected, Stm32Trigger source)
    {
        ArgumentNullException.ThrowIfNull(source);
        foreach (Stm32AdcUnit unit in _units)
            unit.ConnectTrigger(select, injected, source);
    }

    /// <inheritdoc/>
    public override ulong Read(ulong offset, int size)
    {
        if (!IsClocked(offset))
            return 0;
        foreach (Stm32AdcUnit unit in _units)
            unit.Sync();
        return base.Read(offset, size);
    }

    /// <inheritdoc/>
    public override void Write(ulong offset, int size, ulong value)
    {
        if (!IsClocked(offset))
            return;
        foreach (Stm32AdcUnit unit in _units)
            unit.Sync();
        base.Write(offset, size, value);
    }

    internal void Error(string message) => Log.Error(Name, message);

    internal void UpdateIrq() => Irq.Set(_units[0].Interrupts || _units[1].Interrupts || _units[2].Interrupts);

    /// <summary>Starts the regular group of a converter, and what the multi mode starts with it (13.9).</summary>
    internal void StartRegular(int unit)
    {
        int kind = Multi & 0xf;
        if (unit != 0 || kind is not (1 or 2 or 6 or 7))
        {
            // in a multi mode of the regular group the slaves do not start by themselves
            if (unit == 0 || unit >= Converters || kind is not (1 or 2 or 6 or 7))
                _units[unit].BeginRegular(0);
            return;
        }

        ulong delay = kind == 7 ? ((_common.Value >> 8 & 15) + 5) * Prescaler : 0;
        for (int i = 0; i < Converters; i++)
            _units[i].BeginRegular(delay * (ulong)i);
    }

    internal void StartInjected(int unit)
    {
        int kind = Multi & 0xf;
        bool master = unit == 0;
        if (master && kind is 1 or 5)
        {
            for (int i = 0; i < Converters; i++)
                _units[i].BeginInjected();
        }
        else if (master && kind is 2 or 9)
        {
            _units[_alternate % Converters].BeginInjected();
            _alternate = (_alternate + 1) % Converters;
        }
        else if (master || unit >= Converters || kind is not (1 or 2 or 5 or 9))
        {
            _units[unit].BeginInjected();
        }
    }

    /// <summary>Takes a regular result in a multi mode with DMA; false when the converter asks for DMA itself.</summary>
    internal bool TakeResult(int unit, ushort value)
    {
        if (Multi == 0 || unit >= Converters || MultiDma == 0)
            return false;
        if (_ended || _results.Count >= 6)
        {
            _units[unit].Overrun();
            return true;
        }

        _results.Enqueue(value);
        Offer();
        return true;
    }

    internal void OnAcknowledged(int unit, bool last)
    {
        if (unit != 0 || Multi == 0 || MultiDma == 0)
        {
            _units[unit].OnAcknowledged(last);
            return;
        }

        _units[0].Request.Set(false);
        if (last && (_common.Value & 0x2000) == 0)
            _ended = true;
        else
            Offer();
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _results.Clear();
        (_data, _ended, _alternate) = (0, false, 0);
        foreach (Stm32AdcUnit unit in _units)
            unit.Reset();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_results.Count);
        foreach (ushort result in _results)
            writer.Write(result);
        writer.Write(_data);
        writer.Write(_ended);
        writer.Write(_alternate);
        foreach (Stm32AdcUnit unit in _units)
            unit.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _results.Clear();
        for (int left = reader.ReadCount(2); left > 0; left--)
            _results.Enqueue(reader.ReadUInt16());
        _data = reader.ReadUInt32();
        _ended = reader.ReadBoolean();
        _alternate = Math.Clamp(reader.ReadInt32(), 0, Units - 1);
        foreach (Stm32AdcUnit unit in _units)
            unit.Load(reader);
    }

    // one result a request, two half-words, or two bytes (13.9, DMA modes 1 to 3)
    private void Offer()
    {
        int wanted = MultiDma == 1 ? 1 : 2;
        if (_units[0].Request.Level || _results.Count < wanted)
            return;
        uint first = _results.Dequeue();
        _data = MultiDma switch
        {
            1 => first,
            2 => first | ((uint)_results.Dequeue() << 16),
            _ => (first & 0xff) | ((uint)(_results.Dequeue() & 0xff) << 8),
        };
        _units[0].Request.Set(true);
    }

    private Stm32AdcInput Input(int unit, int channel)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)(unit - 1), (uint)Units, nameof(unit));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)channel, 18u, nameof(channel));
        _units[unit - 1].Sync();
        return _units[unit - 1].Inputs[channel];
    }

    private bool IsClocked(ulong offset)
    {
        int unit = (int)(offset >> 8);
        if (unit < Units ? _units[unit].IsClocked : Array.Exists(_units, static u => u.IsClocked))
            return true;
        Log.Error(Name, $"is accessed at 0x{offset & ~0xffUL:x} while its clock is off");
        return false;
    }

    private ulong ReadStatus() => _units[0].Status | ((ulong)_units[1].Status << 8) | ((ulong)_units[2].Status << 16);

    private ulong ReadData()
    {
        if (MultiDma != 0)
            return _data;
        foreach (Stm32AdcUnit unit in _units.Take(Converters))
            unit.DataTaken();
        return ((ulong)_units[1].Data << 16) | _units[0].Data;
    }

    private void OnCommon()
    {
        if (MultiDma != 0)
            return;
        _results.Clear();
        _ended = false;
        if (Multi != 0)
            _units[0].Request.Set(false);
    }
}
