using System.Buffers.Binary;
using Emulation.IR;
using Emulation.SoftFloat;
using Emulation.TestHarness;

namespace Emulation.Jit.Tests;

/// <summary>Every operation on vectors of 256 bits on every engine, against the same on each half one lane at a time.</summary>
public sealed class WideVectorTests
{
    private const int Dynamic = 3;

    // Numbers of registers of the toy: two that are cached, one that is not, one made of two narrow ones.
    private static readonly int[][] s_places = [[0, 0, 1], [1, 0, 1], [0, 1, 0], [0, 0, 0], [2, 0, 2], [3, 1, 7], [0, 3, 2], [7, 7, 3], [3, 7, 3], [6, 2, 6]];

    public static IEnumerable<TestCaseData> Cases()
    {
        foreach (IrOp op in ToyFrontend.WideOps.Where(static o => o != IrOp.Select))
        {
            foreach (LaneShape shape in Enum.GetValues<LaneShape>())
            {
                if (((int)IrOpcodes.Info(op).Lanes >> (int)shape & 1) == 0)
                    continue;
                foreach (ToyEngine engine in new[] { Engines.Interpreter, Engines.Tier0, Engines.Jit })
                    yield return new TestCaseData(op, shape, engine).SetArgDisplayNames(op.ToString(), shape.ToString(), engine.Name);
            }
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Result_is_that_of_each_half(IrOp op, LaneShape shape, ToyEngine engine)
    {
        var random = new Random(11);
        int number = Enumerable.Range(0, 6).First(i => ToyFrontend.ShapeOf(op, i) == shape);
        foreach (int[] place in s_places)
        {
            for (int form = 0; form < 2; form++)
            {
                foreach (int rounding in new[] { 0, 1, 2, Dynamic })
                {
                    if (rounding != 0 && (IrOpcodes.Info(op).Effects & IrEffects.FloatEnvironment) == 0)
                        continue;
                    using var machine = new ToyMachine(engine);
                    machine.Load(ToyMachine.Code, [ToyFrontend.EncodeWide(op, place[0], place[1], place[2], number, form, rounding), Toy.Jump(-1)]);
                    for (int i = 0; i < 12; i++)
                        Once(machine, op, shape, place, form, rounding, random);
                }
            }
        }
    }

    [Test]
    public void Halves_are_taken_and_joined([ValueSource(nameof(Three))] ToyEngine engine, [Values] bool choose)
    {
        var random = new Random(12);
        foreach (int[] place in s_places)
        {
            using var machine = new ToyMachine(engine);
            // narrow 8 and 9 are the halves of wide 0: swapped in one instruction
            uint join = Toy.Encode(IrOp.VJoin, 0, 9, 8);
            uint select = ToyFrontend.EncodeWide(IrOp.Select, place[0], place[1], place[2], 0);
            machine.Load(ToyMachine.Code, [choose ? select : join, Toy.Encode(IrOp.VHigh, 5, 0), Toy.Encode(IrOp.VLow, 6, 0), Toy.Jump(-3)]);
            for (int i = 0; i < 50; i++)
            {
                RandomProgram.Fill(random, machine);
                (UInt128 Low, UInt128 High) wide = Read(machine, 0), a = Read(machine, place[1]), b = Read(machine, place[2]);
                bool taken = (long)machine[place[1]] < (long)machine[place[2]];
                machine.RunTo(machine.Cpu.InstructionCount + 4);
                (UInt128 Low, UInt128 High) expected = !choose ? (wide.High, wide.Low) : place[0] == 0 ? taken ? a : b : wide;
                machine.Cpu.GetWideRegister(machine.Toy.V[1]).Should().Be(expected.High);
                machine.Cpu.GetWideRegister(machine.Toy.V[2]).Should().Be(expected.Low);
                if (choose && place[0] != 3 && place[0] != 7)
                    Read(machine, place[0]).Should().Be(taken ? a : b);
            }
        }
    }

    public static IEnumerable<ToyEngine> Three => [Engines.Interpreter, Engines.Tier0, Engines.Jit];

    private static void Once(ToyMachine machine, IrOp op, LaneShape shape, int[] place, int form, int rounding, Random random)
    {
        RandomProgram.Fill(random, machine);
        if (IrOpcodes.Info(op).Shape == IrShape.VectorShift && random.Next(4) > 0)
            machine.Cpu.SetRegisterBytes(machine.Toy.Y[random.Next(2)], [(byte)random.Next(70), 0, 0, 0]);
        var context = new FpContext { Flags = (FpFlags)random.Next(64) };
        machine.Cpu.Header.Fp = context;
        if (rounding != Dynamic)
            context.Rounding = rounding switch { 0 => FpRounding.NearestEven, 1 => FpRounding.Down, _ => FpRounding.ToOdd };
        (UInt128 Low, UInt128 High) a = Read(machine, place[1]), b = Read(machine, place[2]), d = Read(machine, place[0]);
        int count = shape.LaneCount(), lane = (place[2] + (form * 16)) % (2 * count);
        UInt128 mask = (UInt128.One << (8 * shape.LaneBytes())) - 1, scalar = Scalar(machine, op, shape, place, form, lane, d, mask);
        uint amount = form != 0 ? (uint)place[2] * 5 : (uint)b.Low;
        (UInt128 Low, UInt128 High)? expected = null;
        UInt128 value = 0;
        switch (IrOpcodes.Info(op).Shape)
        {
            case IrShape.VectorMask:
                value = VectorReference.Integer(op, shape, a.Low, 0, 0, 0) | (VectorReference.Integer(op, shape, a.High, 0, 0, 0) << count);
                break;
            case IrShape.VectorExtract:
                value = LaneOf(a, lane);
                break;
            case IrShape.VectorInsert:
                expected = lane < count ? (Replaced(a.Low, lane), a.High) : (a.Low, Replaced(a.High, lane - count));
                break;
            case IrShape.VectorSplat:
                UInt128 low = op == IrOp.VSplat ? UInt128.MaxValue / mask * scalar : scalar;
                expected = (low, op == IrOp.VSplat ? low : 0);
                break;
            default:
                expected = (Half(a.Low, b.Low, d.Low), Half(a.High, b.High, d.High));
                break;
        }

        string before = $"{op} {shape} {string.Join(' ', place)} form {form} rounding {rounding}: {a.High:x}:{a.Low:x} {b.High:x}:{b.Low:x} {d.High:x}:{d.Low:x}";
        machine.RunTo(machine.Cpu.InstructionCount + 2);
        if (expected is { } wide)
        {
            if (Read(machine, place[0]) != wide)
                Assert.Fail($"{before}: {Read(machine, place[0]).High:x}:{Read(machine, place[0]).Low:x}, not {wide.High:x}:{wide.Low:x}");
        }
        else if (Result(machine, op, shape, place[0]) != value)
        {
            Assert.Fail($"{before}: {Result(machine, op, shape, place[0]):x}, not {value:x}");
        }

        machine.Cpu.Header.Fp.Flags.Should().Be(context.Flags, "{0}", before);

        UInt128 Half(UInt128 x, UInt128 y, UInt128 z)
            => (IrOpcodes.Info(op).Effects & IrEffects.FloatEnvironment) != 0
                ? VectorReference.Float(op, shape, count, x, y, z, form != 0, form != 0, ref context)
                : VectorReference.Integer(op, shape, x, y, z, amount);

        UInt128 LaneOf((UInt128 Low, UInt128 High) vector, int which)
            => (which < count ? vector.Low : vector.High) >> (8 * shape.LaneBytes() * (which % count)) & mask;

        UInt128 Replaced(UInt128 vector, int which)
        {
            int shift = 8 * shape.LaneBytes() * which;
            return (vector & ~(mask << shift)) | (scalar << shift);
        }
    }

    // What is inserted or spread: a lane of the register that is written, or a scalar register.
    private static UInt128 Scalar(ToyMachine machine, IrOp op, LaneShape shape, int[] place, int form, int lane, (UInt128 Low, UInt128 High) d, UInt128 mask)
    {
        int count = shape.LaneCount();
        int from = op == IrOp.VInsert ? lane ^ 1 : lane % count;
        if (op == IrOp.VInsert || form != 0)
            return (from < count ? d.Low : d.High) >> (8 * shape.LaneBytes() * (from % count)) & mask;
        return machine.Cpu.GetRegister(Bank(machine, shape, place[1])) & mask;
    }

    private static UInt128 Result(ToyMachine machine, IrOp op, LaneShape shape, int register)
        => op == IrOp.VMask ? machine[register] : machine.Cpu.GetRegister(Bank(machine, shape, register));

    private static RegisterSlot Bank(ToyMachine machine, LaneShape shape, int register) => shape switch
    {
        LaneShape.F32x4 => machine.Toy.S[register & 3],
        LaneShape.F64x2 => machine.Toy.D[register & 3],
        _ => machine.Toy.R[register],
    };

    private static (UInt128 Low, UInt128 High) Read(ToyMachine machine, int number)
    {
        var bytes = new byte[32];
        switch (number & 3)
        {
            case 0 or 1:
                machine.Cpu.GetRegisterBytes(machine.Toy.Y[number & 1], bytes);
                break;
            case 2:
                machine.Cpu.GetRegisterBytes(machine.Toy.YSys[number >> 2 & 1], bytes);
                break;
            default:
                machine.Cpu.GetRegisterBytes(machine.Toy.V[number >> 2], bytes.AsSpan(0, 16));
                machine.Cpu.GetRegisterBytes(machine.Toy.V[(number >> 2) ^ 1], bytes.AsSpan(16));
                break;
        }

        return (BinaryPrimitives.ReadUInt128LittleEndian(bytes), BinaryPrimitives.ReadUInt128LittleEndian(bytes.AsSpan(16)));
    }
}
