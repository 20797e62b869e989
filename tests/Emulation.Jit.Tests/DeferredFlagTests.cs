using Emulation.Cpu;
using Emulation.IR;
using Emulation.TestHarness;

namespace Emulation.Jit.Tests;

/// <summary>Loops that write registers which only ways out see: compiled code may compute them there, and must know from what.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed unsafe class DeferredFlagTests(ToyEngine engine)
{
    private static readonly IrHelper s_write = IrHelper.Create(typeof(DeferredFlagTests), nameof(Write), IrType.None, IrEffects.WritesState);
    private static readonly IrHelper s_note = IrHelper.Create(typeof(DeferredFlagTests), nameof(Note), IrType.None, IrEffects.ReadsState);

    /// <summary>What an instruction does while it writes them.</summary>
    public enum Form
    {
        /// <summary>Nothing else.</summary>
        Plain,

        /// <summary>A helper writes them in between.</summary>
        WrittenBetween,

        /// <summary>A helper reads them in between.</summary>
        ReadBetween,

        /// <summary>It does nothing on some rounds.</summary>
        Sometimes,

        /// <summary>A helper writes them before, on some rounds.</summary>
        WrittenBefore,
    }

    [Test]
    public void State_equals_the_interpreter_s([Values] Form form, [Values] bool otherWrites, [Values(0, 1, 2)] int leaving)
    {
        foreach (ulong instructions in new ulong[] { 40, 101, 333, 700, 1501 })
            Run(engine, form, otherWrites, leaving, instructions).Should().Be(Run(Engines.Interpreter, form, otherWrites, leaving, instructions), "after {0}", instructions);
    }

    private static string Run(ToyEngine on, Form form, bool otherWrites, int leaving, ulong instructions)
    {
        using var machine = new ToyMachine(on);
        ToyRegisters r = machine.Toy;
        machine.Frontend.Custom = (ir, plain) => Emit(ir, r, plain != 0 ? Form.Plain : form);
        machine.Load(ToyMachine.Code,
        [
            Toy.Li(9, 5),
            Toy.Addi(6, 6, 3),
            Toy.Encode(Toy.Custom),
            leaving == 0 ? Toy.Sd(6, 8, 8) : leaving == 1 ? Toy.Encode(IrOp.Store, 6, 8, 3, -2048 | 64) : Toy.Addi(8, 8, 600),
            Toy.Addi(9, 9, -1),
            Toy.Bnz(9, -4),
            otherWrites ? Toy.Encode(Toy.Custom, imm: 1) : Toy.Addi(7, 7, 5),
            Toy.Ld(5, 8),
            Toy.Jump(-8),
        ]);
        (machine[6], machine[7], machine[8]) = (5, 90, leaving == 1 ? ToyMachine.Device : ToyFrontend.Data);
        machine.RunTo(instructions, 150, 7, 23);
        return machine.Dump();
    }

    private static void Emit(IrBuilder ir, ToyRegisters r, Form form)
    {
        IrValue a = ir.Get(r.R[6]), b = ir.Get(r.R[7]);
        int end = ir.NewLabel(), before = ir.NewLabel();
        if (form is Form.Sometimes or Form.WrittenBefore)
            ir.BrIf(ir.Compare(IrOp.Ne, ir.And(ir.Get(r.R[9]), ir.Const(1)), ir.Const(0)), form == Form.Sometimes ? end : before);
        if (form == Form.WrittenBefore)
            ir.Call(s_write);
        ir.Label(before);
        ir.Set(r.T, ir.Compare(IrOp.LtU, a, b));
        if (form == Form.WrittenBetween)
            ir.Call(s_write);
        else if (form == Form.ReadBetween)
            ir.Call(s_note);
        ir.Set(r.W[0], ir.Trunc(ir.Sub(a, b), IrType.I32));
        ir.Label(end);
    }

    private static void Write(byte* state)
    {
        var cpu = (ToyCpu)VirtualCpu.From(state);
        cpu.SetRegister(cpu.Toy.T, cpu.GetRegister(cpu.Toy.T) ^ 1);
        cpu.SetRegister(cpu.Toy.W[0], cpu.GetRegister(cpu.Toy.W[0]) + 0x100);
    }

    private static void Note(byte* state)
    {
        var cpu = (ToyCpu)VirtualCpu.From(state);
        cpu.SetRegister(cpu.Toy.Sys[0], (cpu.GetRegister(cpu.Toy.Sys[0]) * 31) + (cpu.GetRegister(cpu.Toy.W[0]) << 1) + cpu.GetRegister(cpu.Toy.T));
    }
}
