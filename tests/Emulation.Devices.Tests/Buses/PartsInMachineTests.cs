using Emulation.Core;

namespace Emulation.Devices.Tests;

/// <summary>Attached parts follow the machine through snapshots, streams and forks.</summary>
public sealed class PartsInMachineTests
{
    [Test]
    public void A_fork_has_its_own_copy_of_each_part()
    {
        using Machine machine = Build();
        var board = machine.Get<Board>();
        Tmp102 sensor = board.I2c.Attach(0x48, new Tmp102 { Celsius = 21.5 });
        board.Eeprom.Memory[3] = 0x33;
        using Machine fork = machine.Fork();
        var copy = fork.Get<Board>();
        Tmp102 twin = copy.I2c.Get<Tmp102>(0x48);
        twin.Should().NotBeSameAs(sensor);
        twin.Celsius.Should().Be(21.5);
        copy.Eeprom.Memory[3].Should().Be(0x33);
        copy.Eeprom.Should().BeSameAs(copy.I2c.Get<Eeprom24>(0x50)).And.NotBeSameAs(board.Eeprom);
        fork.StateHash().Should().Be(machine.StateHash());

        twin.Celsius = -5;
        copy.Eeprom.Memory[3] = 1;
        sensor.Celsius.Should().Be(21.5);
        board.Eeprom.Memory[3].Should().Be(0x33);
        fork.RunFor(1_000_000_000);
        twin.Result.Should().Be(-80);
        sensor.Result.Should().Be(344);

        using Machine second = fork.Fork();
        second.Get<Board>().I2c.Get<Tmp102>(0x48).Celsius.Should().Be(-5);
        second.StateHash().Should().Be(fork.StateHash());
    }

    [Test]
    public void Wires_go_with_a_fork()
    {
        using Machine machine = Build();
        var board = machine.Get<Board>();
        Tmp102 sensor = board.I2c.Attach(0x48, new Tmp102());
        sensor.AlertPin.Connect(board.Pins["PA1"]);
        board.Pins["PA1"].Driver("pull").Set(PinDrive.PullUp);
        Led led = board.Bench.Attach(board.Pins["PD12"], new Led());
        PushButton button = board.Bench.Attach(board.Pins["PA0"], new PushButton { BounceTime = 1_000_000 });
        ShiftRegister595 register = board.Spi.Attach(board.Pins["PB6"], new ShiftRegister595());
        PinDriver port = board.Pins["PD12"].Driver("gpio");
        port.Set(true);
        button.Press(TimeSpan.FromMilliseconds(50));

        using Machine fork = machine.Fork();
        var copy = fork.Get<Board>();
        Led led2 = copy.Bench.Get<Led>("PD12");
        (led2.IsOn, led2.ToggleCount).Should().Be((true, 1L));
        copy.Pins["PD12"].Driver("gpio").Set(false);
        (led2.IsOn, led.IsOn).Should().Be((false, true));

        fork.RunFor(10_000_000);
        copy.Pins["PA0"].Level.Should().BeTrue();
        fork.RunFor(50_000_000);
        copy.Pins["PA0"].Level.Should().BeFalse();
        board.Pins["PA0"].Level.Should().BeTrue("time of the origin has not passed");

        copy.I2c.Get<Tmp102>(0x48).Celsius = 90;
        fork.RunFor(1_000_000_000);
        copy.Pins["PA1"].Level.Should().BeFalse();
        board.Pins["PA1"].Level.Should().BeTrue();

        PinDriver select = copy.Pins["PB6"].Driver("gpio");
        select.Set(false);
        copy.Spi.Exchange(0x77);
        select.Set(true);
        copy.Spi.Get<ShiftRegister595>().Outputs.Should().Be(0x77);
        register.Outputs.Should().Be(0);
    }

    [Test]
    public void What_was_taken_off_is_missing_in_the_fork()
    {
        using Machine machine = Build();
        var board = machine.Get<Board>();
        board.I2c.Detach(board.Eeprom).Should().BeTrue();
        board.I2c.Attach(0x50, new Tmp102());
        using Machine fork = machine.Fork();
        fork.Get<Board>().I2c.Get<Tmp102>(0x50).Should().NotBeNull();
        fork.StateHash().Should().Be(machine.StateHash());
    }

    [Test]
    public void A_snapshot_brings_parts_back_and_takes_later_ones_off()
    {
        using Machine machine = Build();
        var board = machine.Get<Board>();
        Tmp102 sensor = board.I2c.Attach(0x48, new Tmp102 { Celsius = 10 });
        using Snapshot snapshot = machine.Snapshot();
        StateHash hash = machine.StateHash();
        sensor.Celsius = 99;
        board.Eeprom.Memory[0] = 0;
        board.I2c.Detach(sensor);
        Ds3231 late = board.I2c.Attach(0x68, new Ds3231(new DateTime(2024, 1, 1)));
        machine.RunFor(500_000_000);
        machine.Restore(snapshot);
        sensor.IsAttached.Should().BeTrue();
        sensor.Celsius.Should().Be(10);
        board.Eeprom.Memory[0].Should().Be(0xff);
        late.IsAttached.Should().BeFalse();
        machine.StateHash().Should().Be(hash);
        machine.Restore(snapshot);
        machine.StateHash().Should().Be(hash);
    }

    [Test]
    public void A_snapshot_restores_a_fork_with_parts_of_its_own()
    {
        using Machine machine = Build();
        Tmp102 sensor = machine.Get<Board>().I2c.Attach(0x48, new Tmp102 { Celsius = 10 });
        using Machine fork = Build();
        using Snapshot snapshot = machine.Snapshot();
        fork.Restore(snapshot);
        Tmp102 twin = fork.Get<Board>().I2c.Get<Tmp102>(0x48);
        twin.Should().NotBeSameAs(sensor);
        twin.Celsius.Should().Be(10);
        fork.StateHash().Should().Be(machine.StateHash());
    }

    [Test]
    public void A_stream_loads_into_a_machine_of_the_same_parts_only()
    {
        using Machine machine = Build();
        machine.Get<Board>().I2c.Attach(0x48, new Tmp102 { Celsius = 10 });
        using var stream = new MemoryStream();
        machine.Save(stream);
        using Machine other = Build();
        stream.Position = 0;
        FluentActions.Invoking(() => other.Load(stream)).Should().Throw<SnapshotException>().WithMessage("*Tmp102 at 48 of i2c1*nothing is attached*");
        other.Get<Board>().I2c.Attach(0x48, new Tmp102());
        stream.Position = 0;
        other.Load(stream);
        other.Get<Board>().I2c.Get<Tmp102>(0x48).Celsius.Should().Be(10);
    }

    [Test]
    public void A_reset_keeps_parts_and_a_power_cycle_does_not()
    {
        using Machine machine = Build();
        var board = machine.Get<Board>();
        Ssd1306I2c display = board.I2c.Attach(0x3c, new Ssd1306I2c());
        board.I2c.Start(0x3c, I2cDirection.Write);
        board.I2c.Write(0x00);
        board.I2c.Write(0xaf);
        machine.Reset();
        board.I2c.IsBusy.Should().BeFalse();
        display.Display.IsOn.Should().BeTrue();
        board.Eeprom.Memory[0] = 5;
        foreach (IPowered part in machine.Devices.OfType<IPowered>())
            part.PowerCycle();
        display.Display.IsOn.Should().BeFalse();
        board.Eeprom.Memory[0].Should().Be(5);
    }

    [Test]
    public void A_part_without_state_cannot_follow_into_a_fork()
    {
        using Machine machine = Build();
        machine.Get<Board>().I2c.Attach(0x10, new Stateless());
        FluentActions.Invoking(machine.Fork).Should().Throw<Exception>().WithMessage("*Stateless at 10*");
    }

    [Test]
    public void A_peer_of_a_serial_line_answers_in_the_fork()
    {
        var original = new SerialPort("tty");
        using Machine machine = Build(original);
        var board = machine.Get<Board>();
        UartPeer peer = board.Bench.Attach("modem", new UartPeer(board.Port));
        peer.Reply("AT\r", "OK\r\n", TimeSpan.FromMilliseconds(2));
        using Machine fork = machine.Fork();
        var copy = fork.Get<Board>();
        ISerialLine line = copy.Port;
        foreach (byte value in "AT\r"u8)
            line.Transmit(value);
        line.PendingInput.Should().Be(0);
        fork.RunFor(3_000_000);
        line.PendingInput.Should().Be(4);
        board.Port.PendingInput.Should().Be(0);
        copy.Bench.Get<UartPeer>("modem").ReplyCount.Should().Be(1);
    }

    private static Machine Build(SerialPort? port = null)
    {
        port ??= new SerialPort("tty");
        return new MachineBuilder().UseBoard(() => new Board(port)).Build();
    }

    private sealed class Board(SerialPort port) : IBoard
    {
        public string Name => "test";

        public PinSet Pins { get; } = new();

        public I2cBus I2c { get; private set; } = null!;

        public SpiBus Spi { get; private set; } = null!;

        public PartBench Bench { get; private set; } = null!;

        public Eeprom24 Eeprom { get; private set; } = null!;

        public SerialPort Port { get; private set; } = null!;

        public void Compose(MachineContext context)
        {
            context.AddCpu(new IdleCpu());
            context.AddDevice(Pins);
            foreach (string name in (string[])["PA0", "PA1", "PB6", "PD12"])
                Pins.Add(name);
            Port = context.Backend("tty", port);
            Port.Attach(context.DeviceLock);
            I2c = context.AddDevice(new I2cBus("i2c1", context));
            Spi = context.AddDevice(new SpiBus("spi1", context));
            Bench = context.AddDevice(new PartBench("parts", context));
            Eeprom = I2c.Attach(0x50, new Eeprom24(Eeprom24Model.C256));
        }
    }

    private sealed class Stateless : II2cTarget
    {
        public I2cAck Start(int address, I2cDirection direction) => true;

        public I2cAck Write(byte value) => true;

        public I2cByte Read() => 0;
    }
}
