using Emulation.Core;

namespace Emulation.Devices.Tests;

public sealed class CanLinkTests
{
    [Test]
    public void Frames_go_from_machine_to_machine_and_into_a_fork()
    {
        using var simulation = new Simulation();
        Machine a = simulation.Add(Build("a")), b = simulation.Add(Build("b"));
        simulation.Connect(a, b, new CanLink("can", a, m => m.Get<Board>().Can, b, m => m.Get<Board>().Can));
        CanPeer sender = a.Get<Board>().Can.Attach(new CanPeer()), receiver = b.Get<Board>().Can.Attach(new CanPeer());
        receiver.Reply(f => f.Id == 0x123 ? new CanFrame(0x1abcdef, [9, 8], extended: true) : null);
        sender.Send(new CanFrame(0x123, [1, 2, 3]));
        sender.Send(CanFrame.Remote(0x7ff, 4));
        simulation.RunFor(TimeSpan.FromMilliseconds(5));
        receiver.ReceivedFrames.Select(f => f.ToString()).Should().Equal("123#010203", "7FF#R4");
        sender.ReceivedFrames.Select(f => f.ToString()).Should().Equal("01ABCDEF#0908");
    }

    [Test]
    public void A_fork_goes_on_with_frames_in_flight()
    {
        using var simulation = new Simulation();
        Machine a = simulation.Add(Build("a")), b = simulation.Add(Build("b"));
        simulation.Connect(a, b, new CanLink("can", a, m => m.Get<Board>().Can, b, m => m.Get<Board>().Can));
        CanPeer sender = a.Get<Board>().Can.Attach(new CanPeer());
        b.Get<Board>().Can.Attach(new CanPeer());
        for (int i = 0; i < 4; i++)
            sender.Send(new CanFrame((uint)(0x100 + i), [(byte)i]));

        // among these cuts are some at which the first frame is on its way between the machines, and some with it on the second bus
        string[] expected = ["100#00", "101#01", "102#02", "103#03"];
        simulation.RunFor(TimeSpan.FromMicroseconds(95));
        for (int cut = 0; cut < 40; cut++)
        {
            simulation.RunFor(TimeSpan.FromMicroseconds(1));
            using SimulationSnapshot here = simulation.Snapshot();
            using Simulation fork = simulation.Fork();
            fork.StateHash().Should().Be(simulation.StateHash());
            foreach (Simulation one in new[] { simulation, fork })
            {
                one.RunFor(TimeSpan.FromMilliseconds(5));
                one.Machines[1].Get<Board>().Can.Nodes.OfType<CanPeer>().Last().ReceivedFrames.Select(f => f.ToString()).Should().Equal(expected);
            }

            fork.StateHash().Should().Be(simulation.StateHash());
            simulation.Restore(here);
        }
    }

    private static Machine Build(string name) => new MachineBuilder().WithName(name).UseBoard(() => new Board()).Build();

    private sealed class Board : IBoard
    {
        public string Name => "can";

        public CanBus Can { get; private set; } = null!;

        public void Compose(MachineContext context)
        {
            context.AddCpu(new IdleCpu());
            Can = context.AddDevice(new CanBus("can1", context));
        }
    }
}
