using Emulation.Devices;

namespace Emulation.Devices.Tests.Virtio;

public sealed class VirtioRngTests
{
    private const ulong Data = VirtioRig.RamBase + QueueDriver.AreaSize;

    [Test]
    public void Fills_buffers_and_goes_on_from_a_snapshot()
    {
        using var rig = new VirtioRig(new VirtioRng(new SeededEntropy(42)));
        QueueDriver queue = Start(rig);
        byte[] first = Ask(rig, queue, 1000);
        first.Should().Contain(b => b != 0);
        byte[] state = rig.Save();
        byte[] second = Ask(rig, queue, 64);
        second.Should().NotEqual(first[..64]);

        rig.Plug(new VirtioRng(new SeededEntropy(7)));
        rig.Load(state);
        // the ring goes on too: what the device had used after the snapshot it uses again
        rig.Set(VirtioRig.QueueNotify, 0);
        rig.Read(Data, 64).Should().Equal(second);
    }

    [Test]
    public void A_driver_reset_does_not_repeat_bytes_and_a_machine_reset_does()
    {
        using var rig = new VirtioRig(new VirtioRng(new SeededEntropy(42)));
        byte[] first = Ask(rig, Start(rig), 64);
        Ask(rig, Start(rig), 64).Should().NotEqual(first);
        rig.Mmio.Reset();
        Ask(rig, Start(rig), 64).Should().Equal(first);
    }

    [Test]
    public void The_host_generator_fills_too()
    {
        using var rig = new VirtioRig(new VirtioRng(new HostEntropy()));
        Ask(rig, Start(rig), 64).Should().Contain(b => b != 0);
    }

    private static QueueDriver Start(VirtioRig rig)
    {
        rig.Negotiate(QueueDriver.Version1);
        QueueDriver queue = QueueDriver.Create(rig, 0, 8, VirtioRig.RamBase, QueueDriver.Version1);
        rig.Start();
        return queue;
    }

    private static byte[] Ask(VirtioRig rig, QueueDriver queue, int count)
    {
        queue.Add([new DriverBuffer(Data, (uint)count / 2, true), new DriverBuffer(Data + ((ulong)count / 2), (uint)count / 2, true)], indirect: false);
        queue.Kick();
        queue.TryTake(out _, out uint length).Should().BeTrue();
        length.Should().Be((uint)count);
        return rig.Read(Data, count);
    }
}
