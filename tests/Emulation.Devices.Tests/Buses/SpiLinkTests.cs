using Emulation.Core;

namespace Emulation.Devices.Tests;

public sealed class SpiLinkTests
{
    private static readonly TimeSpan s_step = TimeSpan.FromMicroseconds(10);

    [Test]
    public void Words_go_both_ways_while_the_slave_is_selected()
    {
        using Simulation simulation = Join(out Board master, out Board slave);
        slave.Slave.Load(0x11, 0x22);
        simulation.RunFor(s_step);
        master.Bus.Exchange(0xaa).Should().Be(0xff, "it is not selected");
        master.Select(true);
        simulation.RunFor(s_step);
        slave.Nss.Level.Should().BeFalse();
        byte first = master.Bus.Exchange(0xa1), second = master.Bus.Exchange(0xa2), third = master.Bus.Exchange(0xa3);
        (first, second, third).Should().Be((0x11, 0x22, 0x00), "two words were loaded");
        simulation.RunFor(s_step);
        master.Select(false);
        simulation.RunFor(s_step);
        slave.Nss.Level.Should().BeTrue();
        slave.Slave.Log.Should().Equal("select", "a1 sent", "a2 sent", "a3 idle", "deselect");
    }

    [Test]
    public void An_answer_that_is_loaded_in_time_goes_with_the_next_word()
    {
        using Simulation simulation = Join(out Board master, out Board slave);
        slave.Slave.Echo = true;
        master.Select(true);
        simulation.RunFor(s_step);
        byte[] answers = new byte[4];
        for (int i = 0; i < answers.Length; i++)
        {
            answers[i] = master.Bus.Exchange((byte)(0x10 + i));
            simulation.RunFor(s_step);
        }

        answers.Should().Equal(0x00, 0x11, 0x12, 0x13);
    }

    [Test]
    public void An_answer_that_is_late_is_kept_for_the_next_word()
    {
        using Simulation simulation = Join(out Board master, out Board slave);
        master.Select(true);
        simulation.RunFor(s_step);
        slave.Slave.Load(0x77);
        master.Bus.Exchange(1).Should().Be(0, "what was loaded just now has not come over yet");
        simulation.RunFor(s_step);
        master.Bus.Exchange(2).Should().Be(0x77);
        simulation.RunFor(s_step);
        slave.Slave.Log.Should().Equal("select", "01 idle", "02 sent");
    }

    [Test]
    public void A_fork_goes_on_with_words_in_flight()
    {
        using Simulation simulation = Join(out Board master, out Board slave);
        slave.Slave.Load(0x31, 0x32);
        simulation.RunFor(s_step);
        master.Select(true);
        master.Bus.Exchange(0xc1).Should().Be(0x31);
        using Simulation fork = simulation.Fork();
        fork.StateHash().Should().Be(simulation.StateHash());
        Board forkMaster = fork.Machines[0].Get<Board>(), forkSlave = fork.Machines[1].Get<Board>();
        forkSlave.Slave.Log.Should().BeEmpty();
        foreach ((Simulation one, Board own, Board other) in new[] { (simulation, master, slave), (fork, forkMaster, forkSlave) })
        {
            one.RunFor(s_step);
            other.Slave.Log.Should().Equal("select", "c1 sent");
            own.Bus.Exchange(0xc2).Should().Be(0x32);
            one.RunFor(s_step);
            other.Slave.Log.Should().Equal("select", "c1 sent", "c2 sent");
        }

        fork.StateHash().Should().Be(simulation.StateHash());
        forkMaster.Bus.Exchange(0xc3);
        fork.RunFor(s_step);
        simulation.RunFor(s_step);
        slave.Slave.Log.Should().HaveCount(3, "the fork is a simulation of its own");
    }

    [Test]
    public void A_snapshot_brings_back_what_was_in_flight()
    {
        using Simulation simulation = Join(out Board master, out Board slave);
        slave.Slave.Load(0x31);
        simulation.RunFor(s_step);
        master.Select(true);
        master.Bus.Exchange(0xc1);
        using SimulationSnapshot before = simulation.Snapshot();
        simulation.RunFor(s_step);
        StateHash after = simulation.StateHash();
        simulation.Restore(before);
        simulation.RunFor(s_step);
        simulation.StateHash().Should().Be(after);
        slave.Slave.Log.Should().Equal("select", "c1 sent");
    }

    [Test]
    public void A_bus_whose_controller_cannot_be_a_slave_is_refused()
    {
        using var simulation = new Simulation();
        Machine a = simulation.Add(Build("a")), b = simulation.Add(Build("b"));
        b.Get<Board>().Bus.Slave = null;
        FluentActions.Invoking(() => Link(a, b)).Should().Throw<InvalidOperationException>().WithMessage("spi1 of machine 'b' has no controller that can be an SPI slave");
    }

    private static Simulation Join(out Board master, out Board slave)
    {
        var simulation = new Simulation();
        Machine a = simulation.Add(Build("a")), b = simulation.Add(Build("b"));
        (master, slave) = (a.Get<Board>(), b.Get<Board>());
        master.Select(false);
        simulation.Connect(a, b, Link(a, b));
        simulation.RunFor(s_step);
        return simulation;
    }

    private static SpiLink Link(Machine a, Machine b)
        => new("spi", a, m => m.Get<Board>().Bus, m => m.Get<Board>().ChipSelect, b, m => m.Get<Board>().Bus, m => m.Get<Board>().Nss);

    private static Machine Build(string name) => new MachineBuilder().WithName(name).UseBoard(() => new Board()).Build();

    private sealed class Board : IBoard
    {
        public string Name => "spi";

        public SpiBus Bus { get; private set; } = null!;

        public SlaveController Slave { get; private set; } = null!;

        public Pin ChipSelect { get; private set; } = null!;

        public Pin Nss { get; private set; } = null!;

        public void Select(bool selected) => ChipSelect.Driver("gpio").Set(!selected);

        public void Compose(MachineContext context)
        {
            context.AddCpu(new IdleCpu());
            PinSet pins = context.AddDevice(new PinSet());
            (ChipSelect, Nss) = (pins.Add("P1"), pins.Add("P2"));
            Bus = context.AddDevice(new SpiBus("spi1", context));
            Slave = context.AddDevice(new SlaveController());
            Bus.Slave = Slave;
        }
    }

    /// <summary>A controller with a transmitter of two words, which sends zeros when it has none.</summary>
    private sealed class SlaveController : IDevice, ISpiSlave
    {
        private readonly List<uint> _loaded = [];

        public event Action? OutputChanged;

        public string Name => "slave";

        public bool Echo { get; set; }

        public List<string> Log { get; } = [];

        public void Load(params uint[] words)
        {
            _loaded.AddRange(words);
            OutputChanged?.Invoke();
        }

        public void Select() => Log.Add("select");

        public void Deselect() => Log.Add("deselect");

        public int Peek(Span<uint> words, out uint idle)
        {
            idle = 0;
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_loaded).CopyTo(words);
            return _loaded.Count;
        }

        public void Exchange(uint received, bool sentLoaded, in SpiFrame frame)
        {
            Log.Add($"{received:x2} {(sentLoaded ? "sent" : "idle")}");
            if (sentLoaded)
                _loaded.RemoveAt(0);
            if (Echo)
                Load(received + 1);
        }

        public void Reset() { }

        public void Save(StateWriter writer)
        {
            writer.Write(_loaded.Count);
            foreach (uint word in _loaded)
                writer.Write(word);
            writer.Write(string.Join(',', Log));
        }

        public void Load(StateReader reader)
        {
            _loaded.Clear();
            for (int left = reader.ReadCount(4); left > 0; left--)
                _loaded.Add(reader.ReadUInt32());
            Log.Clear();
            Log.AddRange(reader.ReadString().Split(',', StringSplitOptions.RemoveEmptyEntries));
        }
    }
}
