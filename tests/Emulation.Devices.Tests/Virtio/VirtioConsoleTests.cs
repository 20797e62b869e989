using System.Text;
using Emulation.Devices;

namespace Emulation.Devices.Tests.Virtio;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class VirtioConsoleTests
{
    private const ulong Receive = VirtioRig.RamBase;
    private const ulong Transmit = VirtioRig.RamBase + QueueDriver.AreaSize;
    private const ulong Data = Transmit + QueueDriver.AreaSize;

    private readonly VirtioConsole _console = new();
    private readonly StringBuilder _sent = new();
    private VirtioRig _rig = null!;

    [SetUp]
    public void CreateRig()
    {
        _rig = new VirtioRig(_console);
        _console.Transmitted = bytes => _sent.Append(Encoding.ASCII.GetString(bytes));
    }

    [TearDown]
    public void DisposeRig() => _rig.Dispose();

    [Test]
    public void Sends_what_the_guest_writes([Values] bool packed)
    {
        (_, QueueDriver transmit) = Start(packed);
        _rig.Write(Data, "hello, "u8);
        _rig.Write(Data + 0x100, "world"u8);
        transmit.Add([new DriverBuffer(Data, 7, false), new DriverBuffer(Data + 0x100, 5, false)], indirect: false);
        transmit.Kick();
        _sent.ToString().Should().Be("hello, world");
        transmit.TryTake(out _, out uint length).Should().BeTrue();
        length.Should().Be(0);
    }

    [Test]
    public void Gives_the_guest_what_the_host_sends([Values] bool packed)
    {
        _console.Send("typed ahead"u8).Should().Be(11);
        (QueueDriver receive, _) = Start(packed);
        _console.PendingInput.Should().Be(11);
        receive.Add([new DriverBuffer(Data, 6, true)], indirect: false);
        receive.Add([new DriverBuffer(Data + 8, 64, true)], indirect: false);
        receive.Kick();
        Take(receive, Data).Should().Be("typed ");
        Take(receive, Data + 8).Should().Be("ahead");
        _rig.Set(VirtioRig.InterruptAck, 1);

        receive.Add([new DriverBuffer(Data, 64, true)], indirect: false);
        receive.Kick();
        _rig.Mmio.Irq.Level.Should().BeFalse();
        _console.Send("later"u8);
        _rig.Mmio.Irq.Level.Should().BeTrue();
        Take(receive, Data).Should().Be("later");
    }

    [Test]
    public void Accepts_only_what_fits_and_keeps_it_in_snapshots()
    {
        _console.Send(new byte[100_000]).Should().Be(65536);
        _console.Send("x"u8).Should().Be(0);
        byte[] state = _rig.Save();
        var other = new VirtioConsole();
        _rig.Plug(other);
        _rig.Load(state);
        other.PendingInput.Should().Be(65536);
        _rig.Save().Should().Equal(state);
    }

    [Test]
    public void Announces_a_new_window_size()
    {
        Start(packed: false);
        uint generation = _rig.Get(VirtioRig.ConfigGeneration);
        _console.Resize(132, 50);
        _rig.Get(VirtioRig.InterruptStatus).Should().Be(2);
        _rig.Get(VirtioRig.ConfigGeneration).Should().NotBe(generation);
        _rig.Get(VirtioRig.Config, 2).Should().Be(132);
        _rig.Get(VirtioRig.Config + 2, 2).Should().Be(50);
    }

    [Test]
    public void Emergency_writes_need_no_driver()
    {
        _rig.Set(VirtioRig.Config + 8, 'P');
        _sent.ToString().Should().Be("P");
    }

    [Test]
    public void A_handler_may_reset_the_machine()
    {
        (_, QueueDriver transmit) = Start(packed: false);
        _console.Transmitted = _ => _rig.Mmio.Reset();
        transmit.Add([new DriverBuffer(Data, 7, false)], indirect: false);
        transmit.Add([new DriverBuffer(Data, 7, false)], indirect: false);
        transmit.Kick();
        _rig.Get(VirtioRig.Status).Should().Be(0);
        transmit.TryTake(out _, out _).Should().BeFalse();
    }

    private (QueueDriver Receive, QueueDriver Transmit) Start(bool packed)
    {
        ulong features = QueueDriver.Version1 | (packed ? QueueDriver.Packed : 0) | 1;
        _rig.Negotiate(features);
        QueueDriver receive = QueueDriver.Create(_rig, 0, 16, Receive, features);
        QueueDriver transmit = QueueDriver.Create(_rig, 1, 16, Transmit, features);
        _rig.Start();
        return (receive, transmit);
    }

    private string Take(QueueDriver queue, ulong address)
    {
        queue.TryTake(out _, out uint length).Should().BeTrue();
        return Encoding.ASCII.GetString(_rig.Read(address, (int)length));
    }
}
