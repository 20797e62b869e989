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
