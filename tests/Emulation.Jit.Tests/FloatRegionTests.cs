using Emulation.Cpu;
using Emulation.IR;
using Emulation.SoftFloat;
using Emulation.TestHarness;

namespace Emulation.Jit.Tests;

/// <summary>Floating point in compiled loops: values and flags after every single operation, whatever the environment, and whatever changes it on the way.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed unsafe class FloatRegionTests(ToyEngine engine)
{
    // What the custom instruction does with the environment.
    private const int Note = 0, Clear = 1, Turn = 2, ClearExactly = 3, ClearSometimes = 4, Chain = 5, Conditional = 6, Late = 7;
    private static readonly IrHelper s_note = Helper(nameof(NoteFlags), IrEffects.FloatEnvironment);
    private static readonly IrHelper s_clear = Helper(nameof(ClearFlags), IrEffects.FloatEnvironment);
    private static readonly IrHelper s_turn = Helper(nameof(TurnRounding), IrEffects.FloatEnvironment);
    private static readonly IrHelper s_clearExactly = Helper(nameof(ClearFlags), IrEffects.FloatEnvironment | IrEffects.MayFault);

    private static readonly double[] s_values =
    [
        0, 1, 3, 0.1, 1e300, double.MaxValue, double.Epsilon, 2.2250738585072009e-308, 2.2250738585072014e-308, 1e-300, 4, 1 + 2.220446049250313e-16,
        1.7976931348623155e308, double.PositiveInfinity, double.NaN, BitConverter.UInt64BitsToDouble(0x7ff0000000000001), 6.7e-154, 1.4e154,
        0.5, 2.5, 2147483646.5, 2147483648, 4294967295.75, 9007199254740993, 9.2233720368547748e18, 9.2233720368547758e18, 1.8446744073709552e19,
    ];

    private static readonly IrOp[] s_operations = [IrOp.FAdd, IrOp.FSub, IrOp.FMul, IrOp.FDiv, IrOp.FSqrt, IrOp.FMulAdd, IrOp.FEq, IrOp.FLt, IrOp.FLe,
        IrOp.FMin, IrOp.FMax, IrOp.FOrder, IrOp.FToInt, IrOp.FFromInt, IrOp.FConvert];

    public static IEnumerable<IrOp> Operations => s_operations;

    [Test]
    public void Values_and_flags_equal_the_interpreter_s([ValueSource(nameof(Operations))] IrOp op, [Values] bool single, [Values(Note, Clear, Turn, ClearExactly, ClearSometimes)] int environment)
    {
        int[] negations = op is IrOp.FMulAdd or > IrOp.FLe ? [0, 16, 32, 48] : [0];
        foreach (int negation in negations)
        {
            var instruction = Toy.Encode(op, IsInteger(op) ? 5 : 2, 0, 1, (single ? 1 : 0) | (4 << 1) | negation);
            foreach (FpFlags flags in new[] { FpFlags.None, FpFlags.Inexact })
                Run(engine, instruction, environment, new FpContext { Flags = flags }).Should().Be(Run(Engines.Interpreter, instruction, environment, new FpContext { Flags = flags }), "negation {0}, {1}", negation, flags);
        }
    }

    [Test]
    public void Other_environments_equal_the_interpreter_s([ValueSource(nameof(Operations))] IrOp op, [Values] bool single)
    {
        uint instruction = Toy.Encode(op, IsInteger(op) ? 5 : 2, 0, 1, (single ? 1 : 0) | (4 << 1));
        foreach (FpContext context in new FpContext[]
        {
            new() { Rounding = FpRounding.TowardZero }, new() { Rounding = FpRounding.Down }, new() { Rounding = FpRounding.Up, Flags = FpFlags.Inexact },
            new() { Options = FpOptions.FlushInputs }, new() { Options = FpOptions.FlushOutputs, Flags = FpFlags.Inexact },
            new() { Options = FpOptions.TininessBeforeRounding, Flags = FpFlags.Inexact }, new() { Options = FpOptions.ReportInputDenormals },
        })
        {
            Run(engine, instruction, Note, context).Should().Be(Run(Engines.Interpreter, instruction, Note, context), "{0} {1} {2}", context.Rounding, context.Options, context.Flags);
        }
    }

    [Test]
    public void Several_operations_in_one_instruction_equal_the_interpreter_s([Values(Chain, Conditional, Late)] int form, [Values] bool inexact)
    {
        var context = new FpContext { Flags = inexact ? FpFlags.Inexact : 0 };
        uint instruction = Toy.Encode(Toy.Custom, imm: form);
        Run(engine, instruction, Note, context).Should().Be(Run(Engines.Interpreter, instruction, Note, context));
    }

    [Test]
    public void Registers_written_before_an_operation_that_leaves_are_not_lost()
    {
        // The sums stay in host registers through the loop; the division overflows on every round.
        string Sum(ToyEngine on)
        {
            using var machine = new ToyMachine(on);
            const int Dynamic = 4 << 1;
            machine.Load(ToyMachine.Code,
            [
                Toy.Encode(IrOp.FAdd, 0, 0, 1, Dynamic),
                Toy.Addi(1, 1, 1),
                Toy.Encode(IrOp.FDiv, 2, 0, 3, Dynamic),
                Toy.Addi(2, 2, 3),
                Toy.Encode(IrOp.FLt, 5, 2, 0, Dynamic),
                Toy.Add(4, 4, 5),
                Toy.Encode(IrOp.FMul, 1, 1, 0, Dynamic),
                Toy.Jump(-7),
            ]);
            machine.Cpu.SetRegister(machine.Toy.D[0], BitConverter.DoubleToUInt64Bits(0.7));
            machine.Cpu.SetRegister(machine.Toy.D[1], BitConverter.DoubleToUInt64Bits(1.25));
            machine.RunTo(8 * 300 + 3, 900, 7, 130);
            return machine.Dump();
        }

        Sum(engine).Should().Be(Sum(Engines.Interpreter));
    }

    private static bool IsInteger(IrOp op) => op is (>= IrOp.FEq and <= IrOp.FLe) or IrOp.FOrder or IrOp.FToInt;

    // Two loops: over all pairs of values; the third operand is the result of the round before.
    private static string Run(ToyEngine on, uint instruction, int environment, FpContext context)
    {
        using var machine = new ToyMachine(on);
        ToyRegisters r = machine.Toy;
        machine.Frontend.Custom = (ir, form) => Emit(ir, r, form);
        bool single = (instruction & (1 << 20)) != 0 && (instruction & 255) != Toy.Custom;
        int size = single ? 4 : 8, load = 8 | (single ? 2 : 3), raw = -2048 | 64;
        int n = 2 * s_values.Length;
        machine.Load(ToyMachine.Code,
        [
            Toy.Encode(IrOp.Load, 0, 8, load, raw),
            Toy.Add(9, 10, 12),
            Toy.Li(6, n),
            Toy.Encode(IrOp.Load, 1, 9, load, raw),
            instruction,
            Toy.Encode(Toy.Custom, imm: environment),
            Toy.Encode(Toy.Custom, imm: Note),
            Toy.Addi(9, 9, size),
            Toy.Addi(6, 6, -1),
            Toy.Bnz(6, -6),
            Toy.Addi(8, 8, size),
            Toy.Jump(-11),
        ]);
        for (int i = 0; i < n; i++)
        {
            double value = i < s_values.Length ? s_values[i] : -s_values[i - s_values.Length];
            ulong address = ToyFrontend.Data + (ulong)(i * size);
            if (single)
                machine.Ram.Write(address, 4, BitConverter.SingleToUInt32Bits(Narrow(value)));
            else
                machine.Ram.Write(address, 8, BitConverter.DoubleToUInt64Bits(value));
        }

        (machine[8], machine[10]) = (ToyFrontend.Data, ToyFrontend.Data);
        machine.Cpu.Header.Fp = context;
        var text = new System.Text.StringBuilder();
        for (int i = 0; i < 2; i++)
        {
            machine.RunTo(machine.Cpu.InstructionCount + (ulong)(n * (5 + (7 * n)) / 2));
            text.Append(machine.Dump()).AppendLine(machine.Cpu.Header.Fp.Rounding.ToString());
        }

        return text.ToString();
    }

    // The same corners in the narrow format.
    private static float Narrow(double value) => Math.Abs(value) switch
    {
        double.Epsilon => MathF.CopySign(float.Epsilon, (float)value),
        double.MaxValue => MathF.CopySign(float.MaxValue, (float)value),
        2.2250738585072009e-308 => MathF.CopySign(1.17549421e-38f, (float)value),
        2.2250738585072014e-308 => MathF.CopySign(1.17549435e-38f, (float)value),
        1.7976931348623155e308 => MathF.CopySign(3.4028233e38f, (float)value),
        1 + 2.220446049250313e-16 => MathF.CopySign(1.0000001f, (float)value),
        1e300 => MathF.CopySign(1e30f, (float)value),
        1e-300 => MathF.CopySign(1e-30f, (float)value),
        6.7e-154 => MathF.CopySign(1.3e-19f, (float)value),
        1.4e154 => MathF.CopySign(1.9e19f, (float)value),
        _ => (float)value,
    };

    private static void Emit(IrBuilder ir, ToyRegisters r, int form)
    {
        IrValue a = ir.Get(r.D[0]), b = ir.Get(r.D[1]);
        switch (form)
        {
            case Note:
                ir.Call(s_note, ir.Get(r.D[2], IrType.I64), ir.Get(r.R[5]), ir.ZExt(ir.Bitcast(ir.Get(r.S[2]), IrType.I32), IrType.I64));
                break;
            case Clear:
                ir.Call(s_clear);
                break;
            case Turn:
                ir.Call(s_turn);
                break;
            case ClearExactly:
                ir.Call(s_clearExactly);
                break;
            case ClearSometimes:
                int skip = ir.NewLabel();
                ir.BrIf(ir.Compare(IrOp.Ne, ir.And(ir.Get(r.R[6]), ir.Const(3)), ir.Const(0)), skip);
                ir.Call(s_clear);
                ir.Label(skip);
                break;
            case Chain:
                IrValue sum = ir.Float(IrOp.FAdd, a, b, IrRounding.Dynamic);
                IrValue product = ir.Float(IrOp.FMul, sum, b, IrRounding.Dynamic);
                IrValue less = ir.Float(IrOp.FLt, product, a);
                ir.Set(r.R[5], ir.Add(ir.ZExt(less, IrType.I64), ir.Get(r.R[5])));
                ir.Set(r.D[2], product);
                break;
            case Conditional:
                int other = ir.NewLabel(), end = ir.NewLabel();
                ir.BrIf(ir.Float(IrOp.FLe, a, b), other);
                ir.Set(r.D[2], ir.Float(IrOp.FSub, a, b, IrRounding.Dynamic));
                ir.Br(end);
                ir.Label(other);
                ir.Set(r.D[2], ir.FSqrt(b, IrRounding.Dynamic));
                ir.Label(end);
                ir.Set(r.D[3], ir.Float(IrOp.FDiv, a, ir.Get(r.D[2]), IrRounding.Dynamic));
                break;
            case Late:
                ir.Set(r.R[5], ir.Add(ir.Get(r.R[5]), 1));
                ir.Set(r.D[2], ir.FMulAdd(a, b, ir.Get(r.D[2]), negateProduct: false, negateAddend: true, IrRounding.Dynamic));
                break;
        }
    }

    private static IrHelper Helper(string name, IrEffects effects) => IrHelper.Create(typeof(FloatRegionTests), name, IrType.None, effects);

    private static void NoteFlags(byte* state, ulong a, ulong b, ulong c)
    {
        var cpu = (ToyCpu)VirtualCpu.From(state);
        ulong hash = cpu.GetRegister(cpu.Toy.Sys[1]);
        foreach (ulong part in new[] { (ulong)cpu.Header.Fp.Flags, a, b, c })
            hash = (hash ^ part) * 0x9e3779b97f4a7c15;
        cpu.SetRegister(cpu.Toy.Sys[1], hash ^ (hash >> 29));
    }

    private static void ClearFlags(byte* state) => VirtualCpu.From(state).Header.Fp.Flags = 0;

    private static void TurnRounding(byte* state)
    {
        ref FpContext context = ref VirtualCpu.From(state).Header.Fp;
        context.Rounding = (FpRounding)(((int)context.Rounding + 1) % 4);
        if (context.Rounding == 0)
            context.Flags ^= FpFlags.Inexact;
    }
}
