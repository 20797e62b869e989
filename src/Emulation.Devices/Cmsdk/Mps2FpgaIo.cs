using Emulation.Core;

namespace Emulation.Devices;

/// <summary>FPGA system control and I/O of the MPS2 boards: LEDs, buttons, counters. Arm DAI 0385, "FPGA system control and I/O". Ports: 4 KiB MMIO; two LED pins and two button pins; the chip selects of the SPI buses.</summary>
/// <remarks>The bits of MISC that control the display are kept as written.</remarks>
public sealed class Mps2FpgaIo : MmioDevice
{
    private readonly PinDriver[] _leds;
    private readonly Pin[] _buttons;
    private readonly ClockCounter _second;
    private readonly ClockCounter _hundredth;
    private readonly ClockCounter _cycles;
    private readonly BitField _led;
    private readonly Register _misc;
    private readonly List<(int Bit, SpiBus Bus)> _selects = [];
    private uint _base;
    private uint _reload;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="tree">Where it makes its clocks of 1 and 100 Hz.</param>
    /// <param name="peripheral">The clock of the prescaled counter.</param>
    /// <param name="pins">The pins <c>LED0</c>, <c>LED1</c>, <c>BUTTON0</c>, <c>BUTTON1</c> are made there.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public Mps2FpgaIo(string name, ClockTree tree, ClockSignal peripheral, PinSet pins, VirtualClock clock, GuestLog log)
        : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(pins);
        _leds = [.. Enumerable.Range(0, 2).Select(i => pins.Add($"LED{i}").Driver(name))];
        _buttons = [.. Enumerable.Range(0, 2).Select(i => pins.Add($"BUTTON{i}"))];
        foreach (Pin button in _buttons)
            button.Driver("pull-down").Set(PinDrive.PullDown);
        _second = new ClockCounter(clock, tree.Source($"{name} 1 Hz", 1));
        _hundredth = new ClockCounter(clock, tree.Source($"{name} 100 Hz", 100));
        _cycles = new ClockCounter(clock, peripheral);
        Registers.Define(0x00, "LED0").Bits(1, 0, "LEDs", out _led).Ignored(31, 2).Then(DriveLeds);
        Registers.Define(0x08, "BUTTON", access: RegisterAccess.ReadOnly).Bits(1, 0, "buttons", FieldMode.ReadOnly, read: () => (_buttons[0].Level ? 1UL : 0) | (_buttons[1].Level ? 2UL : 0)).Reserved(31, 2);
        Registers.Define(0x10, "CLK1HZ").Bits(31, 0, "count", read: () => (uint)_second.Value, write: v => _second.Set((uint)v));
        Registers.Define(0x14, "CLK100HZ").Bits(31, 0, "count", read: () => (uint)_hundredth.Value, write: v => _hundredth.Set((uint)v));
        Registers.Define(0x18, "COUNTER").Bits(31, 0, "count", read: () => Count, write: v => Set((uint)v, Down));
        Registers.Define(0x1c, "PRESCALE").Bits(31, 0, "reload", read: () => _reload, write: v =>
        {
            (uint count, uint down) = (Count, Down);
            _reload = (uint)v;
            Set(count, Math.Min(down, _reload));
        });
        Registers.Define(0x20, "PSCNTR").Bits(31, 0, "count", read: () => Down, write: v => Set(Count, Math.Min((uint)v, _reload)));
        _misc = Registers.Define(0x4c, "MISC", reset: 0x3fb).Bits(1, 0, "SPI_nSS, CLCD_CS").Ignored(2, 2).Bits(9, 3, "SPI selects and CLCD control").Ignored(31, 10).Then(Select);
        ResetState();
    }

    // the prescaler counts down and begins anew after 0; the counter goes on by one then
    private uint Count => (uint)(_base + (_cycles.Value / (_reload + 1UL)));

    private uint Down => (uint)(_reload - (_cycles.Value % (_reload + 1UL)));

    /// <summary>Lets a bit of MISC drive chip select 0 of a bus, which is active low: 0 is CLCD_CS, 1 SPI_nSS, 7 ADC_SPI_nCS, 8 SHIELD_0_SPI_nCS, 9 SHIELD_1_SPI_nCS.</summary>
    /// <param name="bit">The bit.</param>
    /// <param name="bus">The bus.</param>
    public void ConnectSelect(int bit, SpiBus bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
        if (bit is not (0 or 1 or 7 or 8 or 9))
            throw new ArgumentOutOfRangeException(nameof(bit), bit, $"{Name}: MISC has chip selects in bits 0, 1, 7, 8 and 9");
        _selects.Add((bit, bus));
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        foreach (ClockCounter counter in (ClockCounter[])[_second, _hundredth, _cycles])
        {
            counter.Reset();
            counter.Start();
        }

        (_base, _reload) = (0, 0);
        DriveLeds();
        Select();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        _second.Save(writer);
        _hundredth.Save(writer);
        _cycles.Save(writer);
        writer.Write(_base);
        writer.Write(_reload);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _second.Load(reader);
        _hundredth.Load(reader);
        _cycles.Load(reader);
        (_base, _reload) = (reader.ReadUInt32(), reader.ReadUInt32());
    }

    private void Set(uint count, uint down)
    {
        _base = count;
        _cycles.Set(_reload - down);
    }

    private void DriveLeds()
    {
        for (int i = 0; i < _leds.Length; i++)
            _leds[i].Set((_led.Value >> i & 1) != 0);
    }

    private void Select()
    {
        foreach ((int bit, SpiBus bus) in _selects)
            bus.SetSelectLevel(0, (_misc.Value >> bit & 1) != 0);
    }
}
