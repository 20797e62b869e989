using Emulation.Cpu;

namespace Emulation.IR.Tests;

public sealed class IrVerifierTests
{
    private static readonly RegisterFile s_file = new(CpuHeader.Size);
    private static readonly RegisterSlot s_x = s_file.Add("x", IrType.I64, cached: true);
    private readonly IrBuilder _ir = new();

    [SetUp]
    public void Begin()
    {
        _ir.Begin(0x1000, 0);
        _ir.Instruction(0x1000, 4);
    }

    [Test]
    public void A_good_block_passes()
    {
        _ir.Set(s_x, _ir.Add(_ir.Get(s_x), 1));
        _ir.Jump(0x1004);
        IrVerifier.Verify(_ir.Block).Should().BeNull();
    }

    [Test]
    public void A_terminal_is_needed()
    {
        _ir.Set(s_x, _ir.Const(1));
        IrVerifier.Verify(_ir.Block).Should().Contain("terminal");
    }

    [Test]
    public void One_terminal_is_enough()
    {
        _ir.Jump(0x1004);
        _ir.Jump(0x1004);
        IrVerifier.Verify(_ir.Block).Should().Contain("terminal");
    }

    [Test]
    public void Nothing_is_set_before_a_fault()
    {
        _ir.Set(s_x, _ir.Const(1));
        _ir.Load(_ir.Get(s_x), 0, new MemOp(8, false, 0), IrType.I64);
        _ir.Jump(0x1004);
        IrVerifier.Verify(_ir.Block).Should().Contain("sets a register before");
    }

    [Test]
    public void A_set_on_another_path_does_not_count()
    {
        int other = _ir.NewLabel(), end = _ir.NewLabel();
        _ir.BrIf(_ir.Compare(IrOp.Eq, _ir.Get(s_x), _ir.Const(0)), other);
        _ir.Set(s_x, _ir.Const(1));
        _ir.Br(end);
        _ir.Label(other);
        _ir.Load(_ir.Get(s_x), 0, new MemOp(8, false, 0), IrType.I64);
        _ir.Label(end);
        _ir.Jump(0x1004);
        IrVerifier.Verify(_ir.Block).Should().BeNull();
    }

    [Test]
    public void A_value_behind_a_branch_is_not_used_where_paths_join()
    {
        int end = _ir.NewLabel();
        _ir.BrIf(_ir.Compare(IrOp.Eq, _ir.Get(s_x), _ir.Const(0)), end);
        IrValue value = _ir.Add(_ir.Get(s_x), 1);
        _ir.Label(end);
        _ir.Set(s_x, value);
        _ir.Jump(0x1004);
        IrVerifier.Verify(_ir.Block).Should().Contain("goes around operand");
    }

    [Test]
    public void Branches_go_forward()
    {
        int back = _ir.NewLabel();
        _ir.Label(back);
        _ir.Br(back);
        _ir.Jump(0x1004);
        IrVerifier.Verify(_ir.Block).Should().Contain("forward");
    }

    [Test]
    public void Arithmetic_is_on_words()
    {
        IrValue narrow = _ir.Trunc(_ir.Get(s_x), IrType.I8);
        _ir.Binary(IrOp.Add, narrow, narrow);
        _ir.Jump(0x1004);
        IrVerifier.Verify(_ir.Block).Should().Contain("types");
    }

    [Test]
    public void Listings_are_readable()
    {
        _ir.Set(s_x, _ir.Add(_ir.Get(s_x), 1));
        _ir.Load(_ir.Get(s_x), 8, new MemOp(4, true, 1), IrType.I64);
        _ir.Branch(_ir.Compare(IrOp.Eq, _ir.Get(s_x), _ir.Const(0)), 0x1000);
        IrPrinter.Print(_ir.Block, s_file).Should().Be("""
            0x1000: (4 bytes)
                %1:i64 = get x
                %2:i64 = const 0x1
                %3:i64 = add %1, 0x1
                set x, %3
                %5:i64 = get x
                %6:i64 = load [%5 + 8], s32@1
                %7:i64 = get x
                %8:i64 = const 0x0
                %9:i1 = eq %7, 0x0
                branch %9, 0x1000, 0x1004

            """.ReplaceLineEndings("\n"));
    }
}
