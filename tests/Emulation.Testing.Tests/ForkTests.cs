namespace Emulation.Testing.Tests;

[TestFixture]
public sealed class ForkTests
{
    [Test]
    public void Copies_go_their_own_ways_and_repeat_exactly()
    {
        using RiscVVirtBench template = Programs.Ready();
        ulong[] hashes = new ulong[16];
        Parallel.For(0, hashes.Length, i =>
        {
            using RiscVVirtBench board = template.Fork();
            board.RecordTraceHash();
            board.Uart.WriteLine(i % 2 == 0 ? "temp" : "classify");
            board.Uart.WaitForLine(i % 2 == 0 ? "T=21.5" : "12");
            board.Uart.Should().HaveReceivedLine("ready", "it came before the copy was made");
            hashes[i] = board.TraceHash;
        });
        hashes.Distinct().Should().HaveCount(2);
        template.Uart.Should().NotHaveReceivedLine("T=");
    }
}
