using Emulation.IR;
using Emulation.TestHarness;

namespace Emulation.Cpu.Tests;

/// <summary>Orders of reads and writes of one register inside an instruction: where a value lives must not matter.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class LoweringTests(ToyEngine engine)
{
    [Test]
    public void A_value_outlives_the_next_write_of_its_register()
    {
        Run((ir, r) =>
        {
            IrValue first = ir.Add(ir.Get(r[1]), 1);
            ir.Set(r[5], first);
            IrValue second = ir.Add(ir.Get(r[2]), 2);
            ir.Set(r[6], ir.Add(first, 100));
            ir.Set(r[5], second);
        }, (5, 22), (6, 111));
    }

    [Test]
    public void A_use_between_a_value_and_its_write_sees_the_old_register()
    {
        Run((ir, r) =>
        {
            IrValue first = ir.Add(ir.Get(r[1]), 1);
            ir.Set(r[5], first);
            IrValue second = ir.Add(ir.Get(r[2]), 2);
            IrValue mixed = ir.Mul(first, ir.Const(3));
            ir.Set(r[5], second);
            ir.Set(r[6], mixed);
        }, (5, 22), (6, 33));
    }

    [Test]
    public void Registers_are_exchanged()
    {
        Run((ir, r) =>
        {
            IrValue a = ir.Get(r[1]), b = ir.Get(r[2]);
            ir.Set(r[1], b);
            ir.Set(r[2], a);
        }, (1, 20), (2, 10));
    }

    [Test]
    public void A_comparison_is_made_before_its_operand_changes()
    {
        Run((ir, r) =>
        {
            IrValue less = ir.Compare(IrOp.LtS, ir.Get(r[1]), ir.Get(r[2]));
            ir.Set(r[1], ir.Const(1000));
            ir.Set(r[5], ir.Select(less, ir.Const(7), ir.Const(8)));
            ir.Set(r[6], ir.SExt(less, IrType.I64));
        }, (1, 1000), (5, 7), (6, ulong.MaxValue));
    }

    [Test]
    public void Truth_values_combine()
    {
        Run((ir, r) =>
        {
            IrValue less = ir.Compare(IrOp.LtS, ir.Get(r[1]), ir.Get(r[2])), odd = ir.Trunc(ir.Get(r[1]), IrType.I1);
            ir.Set(r[5], ir.ZExt(ir.Binary(IrOp.Xor, less, ir.Const(1, IrType.I1)), IrType.I64));
            ir.Set(r[6], ir.ZExt(ir.Binary(IrOp.Or, less, odd), IrType.I64));
        }, (5, 0), (6, 1));
    }

    private void Run(Action<IrBuilder, RegisterSlot[]> emit, params (int Register, ulong Value)[] expected)
    {
        using var machine = new ToyMachine(engine);
        machine.Frontend.Custom = (ir, _) => emit(ir, machine.Toy.R);
        machine.Load(ToyMachine.Code, [Toy.Li(1, 10), Toy.Li(2, 20), Toy.Encode(Toy.Custom), Toy.Jump(-3)]);
        machine.RunTo(4 * 20);
        foreach ((int register, ulong value) in expected)
            machine[register].Should().Be(value, "r{0}", register);
    }
}
