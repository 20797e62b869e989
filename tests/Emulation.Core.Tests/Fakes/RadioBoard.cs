namespace Emulation.Core.Tests.Fakes;

/// <summary>One vCPU whose clock a register divides, a <see cref="FakeRadio"/> and a timer.</summary>
internal sealed class RadioBoard : IBoard
{
    public const uint Radio = 0x10080000;
    public const uint Timer = 0x10080100;

    public string Name => "radio";

    public Code? Program { get; set; }

    public FakeRadio Device { get; private set; } = null!;

    public static Machine Build(Code program, string name = "radio")
        => new MachineBuilder().WithName(name).UseBoard(() => new RadioBoard { Program = program }).Build();

    public void Compose(MachineContext context)
    {
        RamBlock ram = context.AddRam("ram", 0, 64.KiB());
        FakeCpu cpu = context.AddCpu(new FakeCpu("cpu0", 0, context.Memory, ram, context.Hooks));
        ClockTree clocks = context.AddDevice(new ClockTree());
        PinSet pins = context.AddDevice(new PinSet());
        SerialPort port = context.Backend("port", new SerialPort("port", context.DeviceLock));
        port.Attach(context.DeviceLock);
        Device = context.AddDevice(Radio, new FakeRadio("radio", context, port, clocks, pins.Add("P0")));
        FakeTimer timer = context.AddDevice(Timer, new FakeTimer("timer", context.Clock));
        foreach (IrqLine line in new[] { Device.Irq, timer.Irq })
            line.Connect(_ => cpu.SetIrq(Device.Irq.Level || timer.Irq.Level));
        cpu.SetEntry(0x1000);
        context.OnReset(machine => machine.Memory.TryLoad(Program!.Origin, Program.Bytes).Should().BeTrue());
    }
}
