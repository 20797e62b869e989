using Emulation.Cpu;
using Emulation.IR;
using Emulation.TestHarness;

namespace Emulation.Jit.Tests;

/// <summary>Every operation on every engine, with corner values; the table of operations is enumerated, so a hole fails.</summary>
public sealed class OpcodeTests
{
    private static readonly ulong[] s_values =
    [
        0, 1, 2, 31, 32, 63, 64, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff,
        0x7fffffffffffffff, 0x8000000000000000, ulong.MaxValue, ulong.MaxValue - 1, 0x0123456789abcdef, 0xfedcba9876543210,
    ];

    // Every combination of the low bits, which choose forms, and some of the others.
    private static readonly int[] s_forms = [.. Enumerable.Range(0, 16), 16, 17, 32, 33, 49, -1, -2, -128, -513];

    public static IEnumerable<TestCaseData> Cases()
    {
        foreach (IrOpInfo info in IrOpcodes.All.ToArray())
        {
            foreach (ToyEngine engine in Engines.All)
                yield return new TestCaseData(info.Op, engine).SetArgDisplayNames(info.Op.ToString(), engine.Name);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Agrees_with_the_reference(IrOp op, ToyEngine engine)
    {
        foreach (int imm in s_forms)
            Run(op, engine, imm).Should().Be(Run(op, Engines.Interpreter, imm), "{0} form {1}", op, imm);
    }

    [TestCaseSource(nameof(Cases))]
    public void Integer_results_are_those_of_the_definition(IrOp op, ToyEngine engine)
    {
        if (IrOpcodes.Info(op).Shape is not (IrShape.Binary or IrShape.Compare or IrShape.Unary))
            return;
        using var machine = new ToyMachine(engine);
        machine.Load(ToyMachine.Code, [Toy.Encode(op, 3, 1, 2), Toy.Encode(op, 4, 1, 2, 1), Toy.Jump(-2)]);
        foreach (ulong a in s_values)
        {
            foreach (ulong b in s_values)
            {
                (machine[1], machine[2]) = (a, b);
                machine.RunTo(machine.Cpu.InstructionCount + 3);
                bool one = IrOpcodes.Info(op).Shape == IrShape.Unary;
                machine[3].Should().Be(one ? IrFold.Unary(op, IrType.I64, a) : IrFold.Binary(op, IrType.I64, a, b), "{0} {1:x} {2:x}", op, a, b);
                machine[4].Should().Be(one ? IrFold.Unary(op, IrType.I32, (uint)a) : IrFold.Binary(op, IrType.I32, (uint)a, (uint)b), "{0} {1:x} {2:x}, 32 bits", op, a, b);
            }
        }
    }

    // A loop over the instruction that changes its operands, so that compiled code sees them.
    private static string Run(IrOp op, ToyEngine engine, int imm)
    {
        using var machine = new ToyMachine(engine);
        bool control = op is IrOp.Jump or IrOp.Branch or IrOp.JumpIndirect;
        machine.Load(ToyMachine.Code,
        [
            Toy.Encode(op, 3, 1, 2, control ? 1 : imm),
            Toy.Encode(IrOp.Const, 5, imm: 77),
            Toy.Add(1, 1, 5),
            Toy.Encode(IrOp.Xor, 2, 2, 1),
            Toy.Add(6, 6, 3),
            Toy.Encode(IrOp.VAdd, 1, 1, 3, 2),
            Toy.Encode(IrOp.VXor, 2, 2, 1),
            Toy.Jump(-7),
        ]);
        for (int i = 0; i < 16; i++)
            machine[i] = s_values[i];
        for (int i = 0; i < 4; i++)
        {
            machine.Cpu.SetRegister(machine.Toy.D[i], BitConverter.DoubleToUInt64Bits(1.5 * i));
            machine.Cpu.SetRegister(machine.Toy.S[i], BitConverter.SingleToUInt32Bits(0.7f * i));
        }

        for (int i = 0; i < 4; i++)
            machine.Cpu.SetWideRegister(machine.Toy.V[i], new UInt128(s_values[21 - i], BitConverter.DoubleToUInt64Bits(2.5 * i)));
        machine.RunTo(120);
        return machine.Dump();
    }
}
