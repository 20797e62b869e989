using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.RiscV.Tests.Semantics;

/// <summary>Jumps, exceptions, mode-dependent translation, atomics that QEMU 7.2 does not know. See cases T6, T8, T9.</summary>
[TestFixture(EngineKind.Interpreter)]
[TestFixture(EngineKind.Tier0)]
[TestFixture(EngineKind.Jit)]
public sealed class ControlFlowTests(EngineKind engine)
{
    private const ulong Code = 0x1000;
    private const ulong Data = 0x2000;

    [Test]
    public void Badly_boxed_singles_are_canonical_nans()     // T6
    {
        using TestHart hart = Hart("rv64gc");
        hart.SetX(5, 0x3f800000);
        Run(hart, [0xf2028053, 0xe0001553, 0x000070d3, 0xe20085d3]).Reason.Should().Be(StopReason.ExitAddress);
        hart.X(10).Should().Be(0x200);
        hart.X(11).Should().Be(0xffffffff7fc00000);
    }

    [TestCase(0x22208053u, 2UL)]                             // fsgnj.d ft0, ft1, ft2 (T9)
    [TestCase(0xffffffffu, 2UL)]
    [TestCase(0x00000073u, 11UL)]
    public void Exceptions_stop_at_the_instruction(uint word, ulong cause)
    {
        using TestHart hart = Hart("rv64imac");
        RunResult result = Run(hart, [0x00000013, word]);
        result.Reason.Should().Be(StopReason.UnhandledException);
        result.Pc.Should().Be(Code + 4);
        result.Fault!.Code.Should().Be(cause);
        result.Fault.Address.Should().Be(cause == 2 ? word : 0);
    }

    [Test]
    public void Breakpoints_give_their_address()
    {
        using TestHart hart = Hart("rv64imac");
        RunResult result = Run(hart, [0x00100073]);
        (result.Fault!.Code, result.Fault.Address).Should().Be((3, Code));
    }

    [TestCase(0x0060006fu, 0x1006UL)]                        // jal zero, +6
    [TestCase(0x00000363u, 0x1006UL)]                        // beq zero, zero, +6
    [TestCase(0x00658067u, 0x2006UL)]                        // jalr zero, 6(a1)
    public void Misaligned_targets_fault_at_the_jump(uint word, ulong target)
    {
        using TestHart hart = Hart("rv64im");
        hart.SetX(11, Data);
        RunResult result = Run(hart, [word]);
        (result.Reason, result.Pc).Should().Be((StopReason.UnhandledException, Code));
        (result.Fault!.Code, result.Fault.Address).Should().Be((0, target));
    }

    [Test]
    public void Branches_not_taken_may_have_misaligned_targets()
    {
        using TestHart hart = Hart("rv64im");
        Run(hart, [0x00001363]).Reason.Should().Be(StopReason.ExitAddress);      // bne zero, zero, +6
    }

    [Test]
    public void Jalr_reads_its_base_before_it_links_and_drops_bit_0()
    {
        using TestHart hart = Hart("rv64imac");
        hart.SetX(1, Code + 9);
        Run(hart, [0x000080e7, 0x00100513, 0x00200593]).Reason.Should().Be(StopReason.ExitAddress);     // jalr ra, 0(ra); li a0, 1; li a1, 2
        (hart.X(1), hart.X(10), hart.X(11)).Should().Be((Code + 4, 0, 2));
    }

    [Test]
    public void Addresses_wrap_at_32_bits()
    {
        using TestHart hart = Hart("rv32imac");
        hart.Map(0, 0x1000, [0xaa, 0xbb]);
        hart.SetX(12, 0xfffff804);
        Run(hart, [0x7fc65503]);                             // lhu a0, 0x7fc(a2)
        hart.X(10).Should().Be(0xbbaa);
    }

    [Test]
    public void Floating_point_is_illegal_while_off_and_dirties_when_written()
    {
        using TestHart hart = Hart("rv64gc");
        hart.Cpu.MStatus &= ~Status.Fs;
        hart.Cpu.UpdateMode();
        Run(hart, [0xf2000053]).Fault!.Code.Should().Be(2);                      // fmv.d.x ft0, zero
        hart.Cpu.MStatus |= 1UL << Status.FsShift;
        hart.Cpu.UpdateMode();
        Run(hart, [0xe2000553]).Reason.Should().Be(StopReason.ExitAddress);      // fmv.x.d a0, ft0: reads only
        (hart.Cpu.MStatus & Status.Fs).Should().Be(1UL << Status.FsShift);
        Run(hart, [0xf2000053, 0x0000006f]);
        (hart.Cpu.MStatus & Status.Fs).Should().Be(Status.Fs);
    }

    [Test]
    public void Reserved_rounding_modes_are_illegal()
    {
        using TestHart hart = Hart("rv64gc");
        Run(hart, [0x02005053]).Fault!.Code.Should().Be(2);                      // fadd.d with rm = 5
        hart.Cpu.SetFrm(5);
        Run(hart, [0x02007053]).Fault!.Code.Should().Be(2);                      // dynamic
        Run(hart, [0x02000053]).Reason.Should().Be(StopReason.ExitAddress);      // static
        Run(hart, [0x0020d073, 0x02007053]).Reason.Should().Be(StopReason.ExitAddress);     // csrwi frm, 1 makes it legal
    }

    [Test]
    public void Misaligned_plain_accesses_work_or_trap_as_asked()
    {
        using (TestHart hart = Hart("rv64gc"))
        {
            hart.SetX(11, Data + 0xfff);
            hart.Map(Data + 0x1000, 0x1000);
            hart.SetX(12, 0x0123456789abcdef);
            Run(hart, [0x00c5b023, 0x0005b503]).Reason.Should().Be(StopReason.ExitAddress);     // sd a2, 0(a1); ld a0, 0(a1)
            hart.X(10).Should().Be(0x0123456789abcdef);
        }

        using TestHart strict = Hart("rv64gc,misaligned=trap");
        strict.SetX(11, Data + 1);
        RunResult load = Run(strict, [0x0005b503]);
        (load.Fault!.Code, load.Fault.Address).Should().Be((4, Data + 1));
        Run(strict, [0x00c5b023]).Fault!.Code.Should().Be(6);
    }

    [Test]
    public void Compare_and_swap_of_words_and_pairs()
    {
        using TestHart hart = Hart(TestIsas.All64);
        hart.Cpu.Context.Memory.TryLoad(Data, BitConverter.GetBytes(0x80000001u));
        hart.SetAll((15, Data), (11, 0xffffffff80000001), (13, 7UL));
        Run(hart, [0x28d7a5af]);                             // amocas.w a1, a3, (a5)
        hart.X(11).Should().Be(0xffffffff80000001);
        hart.Read(Data, 4).Should().Equal(7, 0, 0, 0);
        Run(hart, [0x28d7a5af]);                             // now it does not compare
        hart.X(11).Should().Be(7);

        hart.Cpu.Context.Memory.TryLoad(Data, [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]);
        hart.SetAll((11, Data), (16, 1UL), (17, 3UL), (12, 5UL), (13, 6UL));
        Run(hart, [0x28c5c82f]);                             // amocas.q a6, a2, (a1)
        (hart.X(16), hart.X(17)).Should().Be((1, 2));
        hart.Read(Data, 16).Should().Equal(1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0);
        Run(hart, [0x28c5c82f]);                             // now it compares
        hart.Read(Data, 16).Should().Equal(5, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0);
        hart.SetX(11, Data + 8);
        RunResult misaligned = Run(hart, [0x28c5c82f]);
        (misaligned.Fault!.Code, misaligned.Fault.Address).Should().Be((6, Data + 8));
        Run(hart, [0x28c5c8af]).Fault!.Code.Should().Be(2);  // an odd pair
    }

    [Test]
    public void Compare_and_swap_of_pairs_on_rv32()
    {
        using TestHart hart = Hart(TestIsas.All32);
        hart.Cpu.Context.Memory.TryLoad(Data, [1, 0, 0, 0, 2, 0, 0, 0]);
        hart.SetAll((11, Data), (14, 1UL), (15, 2UL), (12, 5UL), (13, 6UL));
        Run(hart, [0x28c5b72f]);                             // amocas.d a4, a2, (a1)
        hart.Read(Data, 8).Should().Equal(5, 0, 0, 0, 6, 0, 0, 0);
        (hart.X(14), hart.X(15)).Should().Be((1, 2));
        Run(hart, [0x28c5b02f]);                             // amocas.d zero, a2, (a1): compares with zero, swallows the result
        hart.Read(Data, 8).Should().Equal(5, 0, 0, 0, 6, 0, 0, 0);
    }

    private TestHart Hart(string isa)
    {
        var hart = new TestHart(isa, engine);
        hart.Map(Code, 0x1000);
        hart.Map(Data, 0x1000);
        return hart;
    }

    private static RunResult Run(TestHart hart, uint[] words)
    {
        var bytes = new byte[words.Length * 4];
        Buffer.BlockCopy(words, 0, bytes, 0, bytes.Length);
        hart.Cpu.Context.Memory.TryLoad(Code, bytes).Should().BeTrue();
        return hart.Cpu.Run(Code, Code + (ulong)bytes.Length, 100);
    }
}
