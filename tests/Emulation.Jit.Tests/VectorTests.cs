using System.Runtime.Intrinsics;
using Emulation.Cpu;
using Emulation.IR;
using Emulation.TestHarness;

namespace Emulation.Jit.Tests;

/// <summary>Every integer vector operation of every shape on every engine, against one lane at a time.</summary>
public sealed class VectorTests
{
    private static readonly ulong[] s_halves =
    [
        0, ulong.MaxValue, 0x8080808080808080, 0x7f7f7f7f7f7f7f7f, 0x8000800080008000, 0x7fff7fff7fff7fff, 0x8000000080000000, 0x7fffffff7fffffff,
        0x8000000000000000, 0x7fffffffffffffff, 0x0706050403020100, 0x0f0e0d0c0b0a0908, 0x0001000200030004, 0x0000000100000020, 0x0123456789abcdef, 0xff00ff80fe7f0110,
    ];

    public static IEnumerable<TestCaseData> Cases()
    {
        foreach (IrOpInfo info in IrOpcodes.All.ToArray())
        {
            foreach (LaneShape shape in Enum.GetValues<LaneShape>())
            {
                if (((int)info.Lanes >> (int)shape & 1) == 0 || (info.Effects & IrEffects.FloatEnvironment) != 0 || info.Shape is IrShape.VectorHalf or IrShape.VectorJoin)
                    continue;
                foreach (ToyEngine engine in new[] { Engines.Interpreter, Engines.Tier0, Engines.Jit })
                    yield return new TestCaseData(info.Op, shape, engine).SetArgDisplayNames(info.Op.ToString(), shape.ToString(), engine.Name);
            }
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Result_is_that_of_each_lane(IrOp op, LaneShape shape, ToyEngine engine)
    {
        switch (IrOpcodes.Info(op).Shape)
        {
            case IrShape.VectorInsert or IrShape.VectorExtract or IrShape.VectorSplat:
                MovesLanes(op, shape, engine);
                break;
            case IrShape.VectorShift:
                Shifts(op, shape, engine);
                break;
            default:
                Computes(op, shape, engine);
                break;
        }
    }

    [TestCase(LaneShape.I32x4)]
    [TestCase(LaneShape.I64x2)]
    public void Shifts_of_lanes_without_a_host_instruction(LaneShape shape)
    {
        var random = new Random(10);
        for (int i = 0; i < 2000; i++)
        {
            UInt128 a = Vector(random), b = Vector(random) & (random.Next(2) == 0 ? UInt128.MaxValue : new UInt128(0x0000003f0000003f, 0x0000003f0000003f));
            foreach (bool left in new[] { false, true })
            {
                Vector128<byte> x = VectorOps.Constant((ulong)a, (ulong)(a >> 64)), n = VectorOps.Constant((ulong)b, (ulong)(b >> 64));
                Vector128<ulong> result = (shape == LaneShape.I32x4 ? VectorOps.ShiftInSteps<uint>(x, n, left) : VectorOps.ShiftInSteps<ulong>(x, n, left)).AsUInt64();
                UInt128 expected = VectorReference.Integer(left ? IrOp.VShlV : IrOp.VShrUV, shape, a, b, 0, 0);
                new UInt128(result[1], result[0]).Should().Be(expected, "{0:x} by {1:x}", a, b);
            }
        }
    }

    [TestCase(IrOp.VNarrow, LaneShape.I64x2)]
    [TestCase(IrOp.VShuffle, LaneShape.I16x8)]
    [TestCase(IrOp.VAdd, LaneShape.F32x4)]
    [TestCase(IrOp.VAdd, (LaneShape)6)]
    [TestCase(IrOp.VFAdd, LaneShape.I32x4)]
    public void Shapes_an_operation_does_not_have_are_not_accepted(IrOp op, LaneShape shape)
    {
        var ir = new IrBuilder();
        ir.Begin(0, 0);
        ir.Instruction(0, 4);
        IrValue a = ir.VectorConst(1, 2);
        ir.Vector(op, IrOpcodes.Info(op).Lanes == LaneSet.Float ? LaneShape.F32x4 : LaneShape.I8x16, a, a);
        ir.Block.Insts[^1].Aux = new LaneOp(shape).Pack();
        ir.Jump(4);
        IrVerifier.Verify(ir.Block).Should().Contain("types do not match");
    }

    [Test]
    public void Vectors_are_not_accepted_where_engines_have_no_place_for_them()
    {
        Problem((ir, a) => ir.LoadReserved(ir.Const(0x1000), new MemOp(16, false, 0), IrType.V128)).Should().Contain("types do not match");
        Problem((ir, a) => ir.StoreConditional(ir.Const(0x1000), a, new MemOp(16, false, 0))).Should().Contain("types do not match");
        Problem((ir, a) => ir.Trunc(a, IrType.I64)).Should().Contain("types do not match");
        Problem((ir, a) => ir.Load(ir.Const(0x1000), 0, new MemOp(8, false, 0), IrType.V128)).Should().Contain("types do not match");
        Problem((ir, a) => ir.Load(ir.Const(0x1000), 0, new MemOp(16, false, 0), IrType.V128)).Should().BeNull();
        Problem((ir, a) => ir.VectorExtract(LaneShape.I32x4, a, 4)).Should().Contain("types do not match");
        Problem((ir, a) => ir.Vector(IrOp.VAdd, LaneShape.I32x4, ir.VectorJoin(a, a), a)).Should().Contain("types do not match");
        Problem((ir, a) => ir.VectorLow(a)).Should().Contain("types do not match");
        Problem((ir, a) => ir.VectorJoin(ir.VectorJoin(a, a), a)).Should().Contain("types do not match");
        Problem((ir, a) => ir.Load(ir.Const(0x1000), 0, new MemOp(32, false, 0), IrType.V256)).Should().BeNull();
        Problem((ir, a) => ir.Load(ir.Const(0x1000), 0, new MemOp(16, false, 0), IrType.V256)).Should().Contain("types do not match");

        static string? Problem(Action<IrBuilder, IrValue> emit)
        {
            var ir = new IrBuilder();
            ir.Begin(0, 0);
            ir.Instruction(0, 4);
            emit(ir, ir.VectorConst(1, 2));
            ir.Jump(4);
            return IrVerifier.Verify(ir.Block);
        }
    }

    [Test]
    public void Blocks_with_vectors_are_listed()
    {
        var ir = new IrBuilder();
        ir.Begin(0x10, 0);
        ir.Instruction(0x10, 4);
        IrValue a = ir.VectorConst(2, 1);
        IrValue b = ir.Vector(IrOp.VAdd, LaneShape.I16x8, a, ir.VectorFloat(IrOp.VFMul, LaneShape.F32x4, a, a));
        ir.VectorInsert(LaneShape.I32x4, b, 3, ir.Const(7, IrType.I32));
        ir.VectorHigh(ir.Vector(IrOp.VOr, ir.VectorJoin(a, b), ir.VectorJoin(b, b)));
        ir.Jump(0x14);
        IrPrinter.Print(ir.Block).Should().Be("""
            0x10: (4 bytes)
                %1:v128 = const 0x10000000000000002
                %2:v128 = vfmul.f32x4 %1, %1, Dynamic
                %3:v128 = vadd.i16x8 %1, %2
                %4:i32 = const 0x7
                %5:v128 = vinsert.i32x4 %3[3], 0x7
                %6:v256 = vjoin %1, %3
                %7:v256 = vjoin %3, %3
                %8:v256 = vor %6, %7
                %9:v128 = vhigh %8
                jump 0x14

            """.ReplaceLineEndings("\n"));
    }

    private static void Computes(IrOp op, LaneShape shape, ToyEngine engine)
    {
        using ToyMachine machine = Machine(engine, Toy.Encode(op, 2, 0, 1, Immediate(op, shape)));
        var random = new Random(7);
        for (int i = 0; i < 600; i++)
        {
            UInt128 a = Vector(random), b = Vector(random), c = Vector(random);
            machine.Cpu.SetWideRegister(machine.Toy.V[0], a);
            machine.Cpu.SetWideRegister(machine.Toy.V[1], b);
            machine.Cpu.SetWideRegister(machine.Toy.V[2], c);
            machine.RunTo(machine.Cpu.InstructionCount + 2);
            UInt128 expected = op == IrOp.VSelect ? VectorReference.Integer(op, shape, a, b, c, 0) : VectorReference.Integer(op, shape, a, b, 0, 0);
            UInt128 result = op == IrOp.VMask ? machine[2] : machine.Cpu.GetWideRegister(machine.Toy.V[2]);
            if (result != expected)
                Assert.Fail($"{op} {shape} {a:x} {b:x} {c:x}: {result:x}, not {expected:x}");
        }
    }

    // By a register and by a constant.
    private static void Shifts(IrOp op, LaneShape shape, ToyEngine engine)
    {
        var random = new Random(8);
        foreach (uint amount in new uint[] { 0, 1, 3, 7, 8, 9, 15, 16, 31, 32, 33, 63, 64, 65, 100, 127, 128, 255, 256, 0x80000000, uint.MaxValue })
        {
            foreach (bool constant in new[] { false, true })
            {
                if (constant && amount > 127)
                    continue;
                using ToyMachine machine = Machine(engine, Toy.Encode(op, 2, 0, 1, Immediate(op, shape) | (constant ? ((int)amount << 3) | -2048 : 0)));
                machine[1] = (0x5555UL << 32) | amount;
                for (int i = 0; i < 20; i++)
                {
                    UInt128 a = Vector(random);
                    machine.Cpu.SetWideRegister(machine.Toy.V[0], a);
                    machine.RunTo(machine.Cpu.InstructionCount + 2);
                    UInt128 result = machine.Cpu.GetWideRegister(machine.Toy.V[2]), expected = VectorReference.Integer(op, shape, a, 0, 0, amount);
                    if (result != expected)
                        Assert.Fail($"{op} {shape} {a:x} by {amount} ({(constant ? "constant" : "register")}): {result:x}, not {expected:x}");
                }
            }
        }
    }

    // As operations on values, and as accesses to a part of the register.
    private static void MovesLanes(IrOp op, LaneShape shape, ToyEngine engine)
    {
        var random = new Random(9);
        int bits = 8 * shape.LaneBytes();
        for (int lane = 0; lane < shape.LaneCount(); lane++)
        {
            foreach (bool part in new[] { false, true })
            {
                int imm = Immediate(op, shape) | (lane << 3) | (part ? -2048 : 0);
                using ToyMachine machine = Machine(engine, Toy.Encode(op, 2, IrOpcodes.Info(op).Shape == IrShape.VectorSplat ? 1 : 0, 1, imm & ~1024));
                RegisterSlot scalar = Scalar(machine, shape, 1), result = Scalar(machine, shape, 2);
                UInt128 mask = (UInt128.One << bits) - 1;
                for (int i = 0; i < 20; i++)
                {
                    UInt128 a = Vector(random), old = Vector(random), value = (UInt128)random.NextInt64() * 3 & mask;
                    machine.Cpu.SetWideRegister(machine.Toy.V[0], a);
                    machine.Cpu.SetWideRegister(machine.Toy.V[2], old);
                    machine.Cpu.SetWideRegister(scalar, value);
                    machine.RunTo(machine.Cpu.InstructionCount + 2);
                    UInt128 expected = op switch
                    {
                        IrOp.VInsert => ((part ? old : a) & ~(mask << (bits * lane))) | (value << (bits * lane)),
                        IrOp.VExtract => a >> (bits * lane) & mask,
                        IrOp.VScalar => value,
                        _ => UInt128.MaxValue / mask * value,
                    };
                    UInt128 actual = machine.Cpu.GetWideRegister(op == IrOp.VExtract ? result : machine.Toy.V[2]);
                    if (actual != expected)
                        Assert.Fail($"{op} {shape} lane {lane} of {a:x} with {value:x}: {actual:x}, not {expected:x}");
                }
            }
        }
    }

    private static RegisterSlot Scalar(ToyMachine machine, LaneShape shape, int number) => shape switch
    {
        LaneShape.F32x4 => machine.Toy.S[number],
        LaneShape.F64x2 => machine.Toy.D[number],
        _ => machine.Toy.R[number],
    };

    private static ToyMachine Machine(ToyEngine engine, uint instruction)
    {
        var machine = new ToyMachine(engine);
        machine.Load(ToyMachine.Code, [instruction, Toy.Jump(-1)]);
        return machine;
    }

    private static int Immediate(IrOp op, LaneShape shape)
        => Enumerable.Range(0, 6).First(i => ToyFrontend.ShapeOf(op, i) == shape);

    private static UInt128 Vector(Random random)
    {
        return new UInt128(Half(), Half());

        ulong Half() => random.Next(4) switch
        {
            0 => (ulong)random.NextInt64() * 3,
            1 => s_halves[random.Next(s_halves.Length)] + (ulong)random.Next(-1, 2),
            2 => (ulong)random.NextInt64() & 0x1f1f1f1f1f1f1f1f,
            _ => s_halves[random.Next(s_halves.Length)],
        };
    }
}
