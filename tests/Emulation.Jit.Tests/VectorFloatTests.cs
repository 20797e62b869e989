using Emulation.IR;
using Emulation.SoftFloat;
using Emulation.TestHarness;

namespace Emulation.Jit.Tests;

/// <summary>IEEE vector operations on every engine, in every environment, against SoftFloat on one lane at a time.</summary>
public sealed class VectorFloatTests
{
    private const int Dynamic = 7, Many = 20;

    private static readonly ulong[] s_binary64 =
    [
        0, 0x3ff0000000000000, 0x4008000000000000, 0x3fb999999999999a, 0x7fefffffffffffff, 1, 0x000fffffffffffff, 0x0010000000000000, 0x0010000000000001,
        0x7ff0000000000000, 0x7ff8000000000000, 0x7ff8000000000123, 0x7ff0000000000001, 0x1ff0000000000000, 0x5ff0000000000000, 0x3ff0000000000001, 0x3cb0000000000000, 0x7ff4000000000077,
    ];

    private static readonly uint[] s_binary32 =
    [
        0, 0x3f800000, 0x40400000, 0x3dcccccd, 0x7f7fffff, 1, 0x007fffff, 0x00800000, 0x00800001,
        0x7f800000, 0x7fc00000, 0x7fc00123, 0x7f800001, 0x1f800000, 0x5f800000, 0x3f800001, 0x34000000, 0x7fa00077,
    ];

    public static IEnumerable<ToyEngine> Three => [Engines.Interpreter, Engines.Tier0, Engines.Jit];

    public static IEnumerable<TestCaseData> Cases()
    {
        for (IrOp op = IrOp.VFAdd; op <= IrOp.VFLe; op++)
        {
            foreach (LaneShape shape in new[] { LaneShape.F32x4, LaneShape.F64x2 })
            {
                foreach (ToyEngine engine in Three)
                    yield return new TestCaseData(op, shape, engine).SetArgDisplayNames(op.ToString(), shape.ToString(), engine.Name);
            }
        }
    }

    // Behind many operations in one region, where compiled code settles less, and before them.
    [TestCaseSource(nameof(Cases))]
    public void Values_and_flags_are_those_of_each_lane(IrOp op, LaneShape shape, ToyEngine engine)
    {
        Check(op, shape, engine, 0);
        Check(op, shape, engine, Many);
    }

    [Test]
    public void Numbers_late_in_a_region_are_those_of_SoftFloat([Range(0, 8)] int number, [Values] bool single, [ValueSource(nameof(Three))] ToyEngine engine)
    {
        var op = (IrOp)((int)IrOp.FAdd + number);
        LaneShape shape = single ? LaneShape.F32x4 : LaneShape.F64x2;
        var random = new Random(4);
        using ToyMachine machine = Machine(engine, Toy.Encode(op, 2, 0, 1, (single ? 1 : 0) | (4 << 1)), Many);
        RegisterSlot[] bank = single ? machine.Toy.S : machine.Toy.D;
        UInt128 mask = (UInt128.One << (8 * shape.LaneBytes())) - 1;
        for (int i = 0; i < 3000; i++)
        {
            bool ordinary = random.Next(4) == 0;
            UInt128 a = Number(random, shape, ordinary) & mask, b = Number(random, shape, ordinary) & mask, c = Number(random, shape, ordinary) & mask;
            var context = new FpContext { Flags = random.Next(4) == 0 ? FpFlags.None : FpFlags.Inexact };
            machine.Cpu.Header.Fp = context;
            (machine[2], int at) = (0, 0);
            foreach (UInt128 operand in new[] { a, b, c })
                machine.Cpu.SetWideRegister(bank[at++], operand);
            machine.RunTo(machine.Cpu.InstructionCount + Many + 2);
            UInt128 expected = VectorReference.Float((IrOp)((int)IrOp.VFAdd + number), shape, 1, a, b, c, false, false, ref context);
            UInt128 result = op >= IrOp.FEq ? machine[2] * mask : machine.Cpu.GetWideRegister(bank[2]);
            if (result != expected || machine.Cpu.Header.Fp.Flags != context.Flags)
                Assert.Fail($"{op} {a:x} {b:x} {c:x}: {result:x} {machine.Cpu.Header.Fp.Flags}, not {expected:x} {context.Flags}");
        }
    }

    private static void Check(IrOp op, LaneShape shape, ToyEngine engine, int before)
    {
        var random = new Random(3);
        foreach (int rounding in op >= IrOp.VFEq ? [Dynamic] : new[] { 0, 1, 2, 3, 4, 5, Dynamic })
        {
            foreach (int negation in op == IrOp.VFMulAdd ? new[] { 0, 1, 2, 3 } : [0])
            {
                int imm = (shape == LaneShape.F64x2 ? 1 : 0) | (rounding << 3) | (negation << 6);
                using ToyMachine machine = Machine(engine, Toy.Encode(op, 2, 0, 1, imm), before);
                for (int i = 0; i < (rounding == Dynamic ? 1500 : 150); i++)
                    Once(machine, op, shape, rounding, negation, random, before);
            }
        }
    }

    // Many results in one run: compiled code keeps them in host registers, settles some, and leaves for others.
    [Test]
    public void Loops_over_results_equal_the_interpreter_s([Range(1, 30)] int seed, [Values(11, 40)] int length)
    {
        foreach (ToyEngine engine in Engines.All)
            Loop(engine, seed, length).Should().Be(Loop(Engines.Interpreter, seed, length), "{0}", engine);

        static string Loop(ToyEngine engine, int seed, int length)
        {
            var random = new Random(seed);
            using var machine = new ToyMachine(engine);
            var code = new uint[length + 1];
            for (int i = 0; i < code.Length - 1; i++)
            {
                // numbers too: products with zero, sums of what was not zero
                var op = (IrOp)((int)IrOp.VFAdd + random.Next(9));
                if (length > 11 && random.Next(3) == 0)
                    code[i] = Toy.Encode((IrOp)((int)IrOp.FAdd + random.Next(5)), random.Next(4), random.Next(4), random.Next(4), random.Next(2) | (4 << 1));
                else if (random.Next(20) == 0)
                    code[i] = Toy.Encode(IrOp.VXor, 3, 1, 1);
                else
                    code[i] = Toy.Encode(op, random.Next(4), random.Next(4), random.Next(4), random.Next(2) | (Dynamic << 3) | (random.Next(4) << 6) | (random.Next(8) == 0 ? -2048 : 0));
            }

            code[^1] = Toy.Jump(1 - code.Length);
            machine.Load(ToyMachine.Code, code);
            for (int i = 0; i < 4; i++)
            {
                machine.Cpu.SetWideRegister(machine.Toy.V[i], Number(random, LaneShape.F64x2, ordinary: true));
                machine.Cpu.SetWideRegister(machine.Toy.D[i], i == 0 ? 0 : Number(random, LaneShape.F64x2, ordinary: true));
                machine.Cpu.SetWideRegister(machine.Toy.S[i], i == 0 ? 0 : Number(random, LaneShape.F32x4, ordinary: true));
            }

            machine.RunTo(3000, 17, 400);
            return machine.Dump();
        }
    }

    private static void Once(ToyMachine machine, IrOp op, LaneShape shape, int rounding, int negation, Random random, int others)
    {
        bool ordinary = random.Next(2) == 0;
        UInt128 a = Number(random, shape, ordinary), b = Number(random, shape, ordinary), c = Number(random, shape, ordinary);
        FpContext before = random.Next(5) switch
        {
            0 => default,
            1 => new FpContext { Flags = FpFlags.Inexact },
            2 => new FpContext { Flags = (FpFlags)random.Next(64), NanRule = (FpNanRule)random.Next(6) },
            3 => new FpContext { Flags = (FpFlags)random.Next(64), Options = (FpOptions)(1 << random.Next(6)), NanRule = (FpNanRule)random.Next(6) },
            _ => new FpContext { Flags = (FpFlags)random.Next(64), Rounding = (FpRounding)random.Next(6) },
        };
        FpContext expectedContext = before;
        if (rounding != Dynamic)
            expectedContext.Rounding = (FpRounding)rounding;
        UInt128 expected = VectorReference.Float(op, shape, shape.LaneCount(), a, b, c, (negation & 1) != 0, (negation & 2) != 0, ref expectedContext);
        machine.Cpu.SetWideRegister(machine.Toy.V[0], a);
        machine.Cpu.SetWideRegister(machine.Toy.V[1], b);
        machine.Cpu.SetWideRegister(machine.Toy.V[2], c);
        machine.Cpu.Header.Fp = before;
        machine.RunTo(machine.Cpu.InstructionCount + (ulong)others + 2);
        UInt128 result = machine.Cpu.GetWideRegister(machine.Toy.V[2]);
        FpFlags flags = machine.Cpu.Header.Fp.Flags;
        if (result != expected || flags != expectedContext.Flags || machine.Cpu.Header.Fp.Rounding != before.Rounding)
            Assert.Fail($"{op} {shape} {a:x} {b:x} {c:x}, rounding {rounding}, negation {negation}, {before.Rounding} {before.Options} {before.NanRule} {before.Flags}: {result:x} {flags}, not {expected:x} {expectedContext.Flags}");
    }

    // Exact products before it, which the host computes in any usual environment.
    private static ToyMachine Machine(ToyEngine engine, uint instruction, int others)
    {
        var machine = new ToyMachine(engine);
        var code = new uint[others + 2];
        Array.Fill(code, Toy.Encode(IrOp.FMul, 3, 3, 3, 4 << 1));
        (code[^2], code[^1]) = (instruction, Toy.Jump(-1 - others));
        machine.Load(ToyMachine.Code, code);
        machine.Cpu.SetRegister(machine.Toy.D[3], BitConverter.DoubleToUInt64Bits(1));
        return machine;
    }

    private static UInt128 Number(Random random, LaneShape shape, bool ordinary)
    {
        UInt128 vector = 0;
        for (int i = 0; i < shape.LaneCount(); i++)
        {
            double value = (random.Next(3) == 0 ? random.Next(-9, 9) : random.NextDouble() - 0.5) * Math.ScaleB(1, random.Next(-20, 20));
            bool special = !ordinary && random.Next(2) == 0, negative = random.Next(2) == 0;
            ulong lane = shape == LaneShape.F64x2
                ? special ? s_binary64[random.Next(s_binary64.Length)] ^ (negative ? 1UL << 63 : 0) : BitConverter.DoubleToUInt64Bits(value)
                : special ? s_binary32[random.Next(s_binary32.Length)] ^ (negative ? 1U << 31 : 0) : BitConverter.SingleToUInt32Bits((float)value);
            vector |= (UInt128)lane << (8 * shape.LaneBytes() * i);
        }

        return vector;
    }
}
