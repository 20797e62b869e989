using Emulation.Boards.Mcu;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Boards.Tests.Mcu;

/// <summary>Case T20 on an M-profile board: a snapshot at any instruction goes on exactly, with SysTick, a timer, a UART and a device of the user's own.</summary>
public sealed class Mps2SnapshotTests
{
    private const ulong Own = 0x4000_d000;
    private const int Start = 0x100, SysTick = 0x194, Timer = 0x1a6, OwnHandler = 0x1c0, Call = 0x1d4, OwnInterrupt = 15;

    // UART0, TIMER0 every 307 ticks, the user's device every 5 to 7 us, SysTick every 211 ticks below the others; then for ever: reads of both counters, IT blocks, a byte to the
    // UART when there is room. SysTick calls SVC now and then, TIMER0 counts with LDREX and STREX, the device's handler starts it again.
    private static readonly uint[] s_program =
    [
        0x2040f04f, 0x61012110, 0x60812101, 0x4280f04f, 0x1132f240, 0x60516091, 0x60112109, 0x21014b17,
        0x21056059, 0x4c166019, 0x606121d2, 0x210760a1, 0x4c146021, 0x4101f44f, 0x4c136021, 0x4140f04f,
        0x4c126021, 0x60212180, 0x5400f04f, 0xeb074f10, 0x685617f7, 0x681e4077, 0xf0174437, 0xbf150f04,
        0x69676127, 0xf0873703, 0xfba70755, 0x61665607, 0x07ed6845, 0x7007bf58, 0x0000e7e9, 0x4000d000,
        0xe000e010, 0xe000e100, 0xe000ed20, 0xe000e408, 0x12345678, 0x5100f04f, 0x30016808, 0x07406008,
        0xdf03d100, 0xf04f4770, 0x20014180, 0x490c60c8, 0x0f00e851, 0xe8413001, 0xb1020200, 0x4770e7f8,
        0x20014908, 0x20076088, 0x49076008, 0x30016808, 0x47706008, 0x68084905, 0x60083001, 0x00004770,
        0x20000004, 0x4000d000, 0x20000008, 0x2000000c,
    ];

    [TestCase(EngineKind.Interpreter, 2_000)]
    [TestCase(EngineKind.Tier0, 2_000)]
    [TestCase(EngineKind.Jit, 10_000)]
    public void A_snapshot_at_any_instruction_goes_on_exactly(EngineKind engine, int window)
    {
        // the digests of all states in the window and behind it, of a machine that is not disturbed
        const int Ahead = 60, Compared = 16;
        using Machine plain = Build(EngineKind.Interpreter);
        var expected = new Dictionary<int, StateHash>();
        for (int k = 0; k <= window + Ahead; k++)
        {
            if (k % Compared == 0 || (k - Ahead) % Compared == 0)
                expected[k] = plain.StateHash();
            plain.Step();
        }

        using Machine main = Build(engine), other = Build(engine);
        for (int k = 0; k < window; k++)
        {
            using Snapshot snapshot = main.Snapshot();
            main.Run(Ahead);
            if (k % Compared == 0)
            {
                main.StateHash().Should().Be(expected[k + Ahead], "from {0}", k);
                main.Restore(snapshot);
                main.StateHash().Should().Be(expected[k], "restored at {0}", k);
                main.Restore(snapshot);
                main.Run(Ahead);
                main.StateHash().Should().Be(expected[k + Ahead], "restored twice at {0}", k);
                Load(other, main, snapshot);
                other.Run(Ahead);
                other.StateHash().Should().Be(expected[k + Ahead], "loaded at {0}", k);
            }

            main.Restore(snapshot);
            main.Step();
        }

        Mps2Board board = main.Get<Mps2Board>();
        for (uint counter = 0; counter < 16; counter += 4)
        {
            main.Memory.Read(0x2000_0000 + counter, 4, out ulong count);
            count.Should().BePositive("of counter {0}", counter);
        }

        board.Uart0.RecentText.Should().NotBeEmpty();
    }

    [Test]
    public void Saved_bytes_go_on_in_a_fresh_machine_of_any_engine()
    {
        using Machine main = Build(EngineKind.Jit);
        for (int i = 0; i < 40; i++)
        {
            using Machine fresh = Build((EngineKind)(i % 3));
            Load(fresh, main, null);
            fresh.StateHash().Should().Be(main.StateHash());
            main.Run(251);
            fresh.Run(251);
            fresh.StateHash().Should().Be(main.StateHash());
        }
    }

    [Test]
    public void Another_set_of_devices_is_an_error_that_names_the_device_and_its_version()
    {
        using Machine with = Build(EngineKind.Tier0), without = Build(EngineKind.Tier0, own: false), newer = Build(EngineKind.Tier0, version: 2);
        with.Run(2000);
        StateHash before = without.StateHash();
        without.Invoking(m => Load(m, with, null)).Should().Throw<SnapshotException>().WithMessage("*device 'own*' (version 1) that machine * has not*");
        without.StateHash().Should().Be(before, "a load that fails changes nothing");
        with.Invoking(m => Load(m, without, null)).Should().Throw<SnapshotException>().WithMessage("*has a device 'own*' (version 1) that the snapshot has not*");
        with.Invoking(m => Load(m, newer, null)).Should().Throw<SnapshotException>().WithMessage("*'own*' has version 2*reads up to version 1*");
        Load(newer, with, null);
        SerialPort newerPort = newer.Get<Mps2Board>().Uart0, port = with.Get<Mps2Board>().Uart0;
        long newerSent = newerPort.TransmittedCount, sent = port.TransmittedCount;
        newer.Run(5000);
        with.Run(5000);
        newer.Clock.Now.Should().Be(with.Clock.Now);
        newerPort.GetText(newerSent).Should().NotBeEmpty().And.Be(port.GetText(sent));
        using Machine m4 = Build(EngineKind.Tier0, image: Mps2Image.An386);
        m4.Invoking(m => Load(m, with, null)).Should().Throw<SnapshotException>();
    }

    // what the snapshot holds, by way of bytes
    private static void Load(Machine to, Machine from, Snapshot? snapshot)
    {
        if (snapshot is not null)
            from.Restore(snapshot);
        using var stream = new MemoryStream();
        from.Save(stream);
        stream.Position = 0;
        to.Load(stream);
    }

    private static Machine Build(EngineKind engine, bool own = true, int version = 1, Mps2Image image = Mps2Image.An385)
    {
        byte[] bytes = new byte[Start + (4 * s_program.Length)];
        uint[] vectors = new uint[16 + 48];
        (vectors[0], vectors[1], vectors[11], vectors[15], vectors[16 + 8], vectors[16 + OwnInterrupt]) = (0x2000_1000, Start + 1, Call + 1, SysTick + 1, Timer + 1, OwnHandler + 1);
        Buffer.BlockCopy(vectors, 0, bytes, 0, Start);
        Buffer.BlockCopy(s_program, 0, bytes, Start, 4 * s_program.Length);
        MachineBuilder builder = new MachineBuilder().UseMps2(o => (o.Image, o.Engine) = (image, new EngineOptions { Engine = engine })).WithoutFirmware()
            .Configure(c => c.OnReset(m => m.Memory.TryLoad(0, bytes).Should().BeTrue()));
        if (own)
        {
            builder.Add(Own, context => new Countdown(context, version), out DeviceHandle<Countdown> handle);
            Machine machine = builder.Build();
            machine.Get<Mps2Board>().Cpu.Nvic.Connect(OwnInterrupt, handle.In(machine).Irq);
            return machine;
        }

        return builder.Build();
    }

    /// <summary>As a user writes one: counts microseconds down, interrupts, and remembers what it was started with.</summary>
    private sealed class Countdown : MmioDevice
    {
        private readonly VirtualClock _clock;
        private readonly ClockTimer _timer;
        private readonly FlagField _enable, _done;
        private readonly int _version;
        private uint _started;

        public Countdown(MachineContext context, int version)
            : base("own", context.Log, 0x1000, AccessSizes.Word)
        {
            (_clock, _version) = (context.Clock, version);
            _timer = context.Clock.CreateTimer("own", Expire);
            Irq = AddLine("irq");
            Registers.Define(0x0, "COUNT").Bits(31, 0, "microseconds left", read: () => _timer.IsArmed ? (ulong)(_timer.Deadline - _clock.Now) / 1000 : _started, write: Begin);
            Registers.Define(0x4, "CONTROL").Flag(0, "interrupt enable", out _enable).Reserved(31, 1).Then(Update);
            Registers.Define(0x8, "STATUS").Flag(0, "done", out _done, FieldMode.WriteOneToClear).Reserved(31, 1).Then(Update);
        }

        public override int StateVersion => _version;

        public IrqLine Irq { get; }

        protected override void ResetState()
        {
            _timer.Disarm();
            _started = 0;
        }

        protected override void SaveState(StateWriter writer)
        {
            _timer.Save(writer);
            writer.Write(_started);
        }

        protected override void LoadState(StateReader reader)
        {
            _timer.Load(reader);
            _started = reader.ReadUInt32();
        }

        private void Begin(ulong microseconds)
        {
            _started = (uint)microseconds;
            _timer.Arm(_clock.Now + ((long)microseconds * 1000));
        }

        private void Expire()
        {
            _done.Value = true;
            Update();
        }

        private void Update() => Irq.Set(_enable.Value && _done.Value);
    }
}
