using Emulation.Core;

namespace Emulation.Devices.Tests;

public sealed class PlicTests
{
    private const ulong Pending = 0x1000, Enable = 0x2000, Threshold = 0x20_0000, Claim = 0x20_0004;
    private readonly DeviceBench _bench = new();
    private Plic _plic = null!;

    [SetUp]
    public void SetUp()
    {
        _plic = new Plic("plic", _bench.Log, sources: 95, contexts: 2);
        EnableSource(0, 10, priority: 1);
    }

    [Test]
    public void Claim_clears_pending_and_complete_rearms_the_gateway()
    {
        _plic.Input(10)(true);
        _plic.Read(Pending, 4).Should().Be(1 << 10);
        _plic.Output(0).Level.Should().BeTrue();
        _plic.Output(1).Level.Should().BeFalse();

        _plic.Read(Claim, 4).Should().Be(10);
        _plic.Output(0).Level.Should().BeFalse();
        _plic.Read(Pending, 4).Should().Be(0);
        _plic.Read(Claim, 4).Should().Be(0);

        _plic.Write(Claim, 4, 10);
        _plic.Output(0).Level.Should().BeTrue("the source still asks");
        _plic.Read(Claim, 4).Should().Be(10);
        _plic.Input(10)(false);
        _plic.Write(Claim, 4, 10);
        _plic.Output(0).Level.Should().BeFalse();
    }

    [Test]
    public void A_request_that_was_accepted_stays_when_the_source_gives_up()
    {
        _plic.Input(10)(true);
        _plic.Input(10)(false);
        _plic.Output(0).Level.Should().BeTrue();
        _plic.Read(Claim, 4).Should().Be(10);
        _plic.Write(Claim, 4, 10);
        _plic.Read(Claim, 4).Should().Be(0);
    }

    [Test]
    public void A_second_edge_in_service_waits_for_completion()
    {
        _plic.Input(10)(true);
        _plic.Read(Claim, 4);
        _plic.Input(10)(false);
        _plic.Input(10)(true);
        _plic.Read(Pending, 4).Should().Be(0);
        _plic.Write(Claim, 4, 10);
        _plic.Read(Pending, 4).Should().Be(1 << 10);
    }

    [Test]
    public void Higher_priority_first_then_the_lower_number()
    {
        EnableSource(0, 3, 2);
        EnableSource(0, 40, 2);
        EnableSource(0, 64, 7);
        foreach (int source in (int[])[64, 40, 10, 3])
            _plic.Input(source)(true);
        foreach (ulong expected in (ulong[])[64, 3, 40, 10, 0])
            _plic.Read(Claim, 4).Should().Be(expected);
    }

    [Test]
    public void Priority_zero_never_interrupts_and_is_never_claimed()
    {
        _plic.Write(4 * 10, 4, 0);
        _plic.Input(10)(true);
        _plic.Output(0).Level.Should().BeFalse();
        _plic.Read(Claim, 4).Should().Be(0);
        _plic.Write(4 * 10, 4, 1);
        _plic.Output(0).Level.Should().BeTrue();
    }

    [Test]
    public void The_threshold_masks_the_output_but_not_the_claim()
    {
        _plic.Write(Threshold, 4, 1);
        _plic.Input(10)(true);
        _plic.Output(0).Level.Should().BeFalse();
        _plic.Read(Claim, 4).Should().Be(10);
        _plic.Write(Claim, 4, 10);
        _plic.Write(Threshold, 4, 0);
        _plic.Output(0).Level.Should().BeTrue();
    }

    [Test]
    public void Completing_a_source_that_is_not_enabled_for_the_context_is_ignored()
    {
        _plic.Input(10)(true);
        _plic.Read(Claim, 4);
        _plic.Write(Claim + 0x1000, 4, 10);
        _plic.Write(Claim, 4, 11);
        _plic.Write(Claim, 4, 0xffff_ffff);
        _plic.Read(Pending, 4).Should().Be(0);
        _plic.Write(Claim, 4, 10);
        _plic.Read(Pending, 4).Should().Be(1 << 10);
    }

    [Test]
    public void One_context_claims_what_both_see()
    {
        EnableSource(1, 10, 1);
        _plic.Input(10)(true);
        _plic.Output(1).Level.Should().BeTrue();
        _plic.Read(Claim + 0x1000, 4).Should().Be(10);
        _plic.Output(0).Level.Should().BeFalse();
        _plic.Read(Claim, 4).Should().Be(0);
    }

    [Test]
    public void Only_existing_bits_are_implemented()
    {
        _plic.Write(4, 4, 0xffff_ffff);
        _plic.Read(4, 4).Should().Be(7);
        _plic.Write(Enable, 4, 0xffff_ffff);
        _plic.Read(Enable, 4).Should().Be(0xffff_fffe);
        _plic.Write(Enable + 8, 4, 0xffff_ffff);
        _plic.Read(Enable + 8, 4).Should().Be(0xffff_ffff);
        _plic.Write(Threshold, 4, 0xff);
        _plic.Read(Threshold, 4).Should().Be(7);
        _plic.Write(Pending, 4, 0xffff_ffff);
        _plic.Read(Pending, 4).Should().Be(0);
        _plic.Write(0, 4, 5);
        _plic.Read(0, 4).Should().Be(0);
    }

    [Test]
    public void Sources_out_of_range_are_the_boards_mistake()
    {
        FluentActions.Invoking(() => _plic.Input(0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => _plic.Input(96)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Test]
    public void A_wire_that_stays_high_interrupts_again_after_reset()
    {
        _plic.Input(10)(true);
        _plic.Read(Claim, 4);
        _plic.Reset();
        _plic.Read(Pending, 4).Should().Be(1 << 10);
        _plic.Output(0).Level.Should().BeFalse();
    }

    [Test]
    public void Restoring_keeps_a_pending_interrupt_pending_without_touching_the_line()
    {
        _plic.Input(10)(true);
        byte[] state = DeviceBench.Save(_plic);
        var loaded = new Plic("plic", _bench.Log, sources: 95, contexts: 2);
        int changes = 0;
        loaded.Output(0).Connect(_ => changes++);
        DeviceBench.Load(loaded, state);
        loaded.Output(0).Level.Should().BeTrue();
        changes.Should().Be(0);
        loaded.Read(Claim, 4).Should().Be(10);
        loaded.Output(0).Level.Should().BeFalse();
    }

    private void EnableSource(int context, int source, ulong priority)
    {
        _plic.Write(4 * (ulong)source, 4, priority);
        ulong at = Enable + (0x80 * (ulong)context) + (4 * ((ulong)source / 32));
        _plic.Write(at, 4, _plic.Read(at, 4) | (1UL << (source % 32)));
    }
}
