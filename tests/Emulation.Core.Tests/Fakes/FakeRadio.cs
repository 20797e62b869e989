namespace Emulation.Core.Tests.Fakes;

/// <summary>A clock divider register at 0, a counter of that clock at 4 and 8 bits of a serial port at 12 (read: waiting, or all ones); a pin at 16.</summary>
internal sealed class FakeRadio : FakeDevice
{
    private readonly ISerialLine _line;
    private readonly ClockDivider _divider;
    private readonly PinDriver _driver;

    public FakeRadio(string name, MachineContext context, SerialPort port, ClockTree clocks, Pin pin)
        : base(name)
    {
        Port = port;
        _line = port;
        Pin = pin;
        _driver = pin.Driver(name);
        _divider = clocks.Divider("cpu", clocks.Source("osc", 16_000_000));
        Counter = new ClockCounter(context.Clock, _divider);
        Irq = new IrqLine(name + ".irq");
        _line.InputArrived += () => Irq.Set(true);
        pin.Changed += level =>
        {
            if (level)
                Irq.Set(true);
        };
        context.UseCpuClock(_divider);
    }

    public SerialPort Port { get; }

    public Pin Pin { get; }

    public ClockCounter Counter { get; }

    public IrqLine Irq { get; }

    public override void Reset()
    {
        Irq.Set(false);
        _line.Reset();
        _driver.Release();
        Counter.Reset();
        Counter.Start();
    }

    public override ulong Read(ulong offset, int size) => offset switch
    {
        4 => Counter.Value,
        12 => Take(),
        16 => Pin.Level ? 1u : 0,
        _ => _divider.Divider,
    };

    public override void Write(ulong offset, int size, ulong value)
    {
        switch (offset)
        {
            case 0: _divider.Divider = Math.Max(1, (uint)value); break;
            case 8: Irq.Set(false); break;
            case 12: _line.Transmit((byte)value); break;
            case 16: _driver.Set((value & 1) != 0); break;
        }
    }

    public override void Save(StateWriter writer)
    {
        Counter.Save(writer);
        _line.Save(writer);
        writer.Write(Irq.Level);
    }

    public override void Load(StateReader reader)
    {
        Counter.Load(reader);
        _line.Load(reader);
        Irq.Restore(reader.ReadBoolean());
    }

    private uint Take()
    {
        bool any = _line.TryReceive(out SerialSymbol symbol);
        Irq.Set(_line.PendingInput > 0);
        return any ? symbol.Value : uint.MaxValue;
    }
}
