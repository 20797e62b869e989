using Emulation.Core;

namespace Emulation.Devices.Tests;

public sealed class SifiveTestTests
{
    [TestCase(4, 0x5555UL, FinisherRequest.Pass, 0)]
    [TestCase(2, 0x5555UL, FinisherRequest.Pass, 0)]
    [TestCase(4, 0x0001_3333UL, FinisherRequest.Fail, 1)]
    [TestCase(4, 0xffff_3333UL, FinisherRequest.Fail, 0xffff)]
    [TestCase(4, 0x7777UL, FinisherRequest.Reset, 0)]
    public void Requests(int size, ulong value, FinisherRequest request, int code)
    {
        var bench = new DeviceBench();
        var device = new SifiveTest("test", bench.Log);
        var seen = new List<(FinisherRequest, int)>();
        device.Finished += (r, c) => seen.Add((r, c));
        device.Write(0, size, value);
        seen.Should().Equal((request, code));
        device.Read(0, 4).Should().Be(0);
    }

    [Test]
    public void Anything_else_is_a_guest_error()
    {
        var bench = new DeviceBench();
        var device = new SifiveTest("test", bench.Log);
        device.Finished += (_, _) => Assert.Fail();
        device.Write(0, 4, 0x1234);
        bench.Messages.Should().ContainSingle();
    }
}
