using Emulation.Core;
using Emulation.Cpu;
using Emulation.IR;
using Emulation.TestHarness;

namespace Emulation.Jit.Tests;

/// <summary>Loops whose accesses move over pages: compiled code remembers the last one, and must never use it for another, nor after it changed.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed unsafe class RememberedPageTests(ToyEngine engine)
{
    private const ulong Window = ToyFrontend.Data + 0x6000;
    private static readonly IrHelper s_swap = IrHelper.Create(typeof(RememberedPageTests), nameof(Swap), IrType.None, IrEffects.WritesState);
    private static readonly IrHelper s_swapExactly = IrHelper.Create(typeof(RememberedPageTests), nameof(Swap), IrType.None, IrEffects.MayFault | IrEffects.ReadsTime);

    [Test]
    public void Accesses_that_move_over_pages_equal_the_interpreter_s([Range(1, 40)] int seed)
    {
        string expected = RunMoving(Engines.Interpreter, seed);
        RunMoving(engine, seed).Should().Be(expected, "seed {0}", seed);
    }

    [Test]
    public void Every_alignment_at_the_end_of_a_page([Values(0, 1, 2, 3)] int sizeLog2, [Values] bool store, [Values(-0x1000, 0x1000)] int towards)
    {
        // From one page over the edge to the next one and back, in a loop that has remembered the first; the page at Data + 0x5000 refuses stores.
        foreach (ulong edge in new[] { ToyFrontend.Data + 0x5000, ToyFrontend.Data + 0x6000, 0x100000UL, ToyCpu.Forbidden, ToyMachine.Device })
            RunEdge(engine, edge).Should().Be(RunEdge(Engines.Interpreter, edge), "at {0:x}", edge);

        string RunEdge(ToyEngine on, ulong edge)
        {
            using var machine = new ToyMachine(on);
            machine.Load(ToyMachine.Code,
            [
                Toy.Encode(store ? IrOp.Store : IrOp.Load, 7, 8, sizeLog2, -2048 | 64),
                Toy.Add(6, 6, 7),
                Toy.Add(7, 7, 8),
                Toy.Addi(8, 8, 1),
                Toy.Addi(9, 9, -1),
                Toy.Bnz(9, -5),
                Toy.Add(8, 8, 10),
                Toy.Li(9, 24),
                Toy.Jump(-8),
            ]);
            (machine[8], machine[9], machine[10]) = (edge - 12, 24, (ulong)towards);
            machine.RunTo(400);
            return machine.Dump();
        }
    }

    // 0: the compiled loop calls the helper; 1: it lets tier 0 do it; 2: on some rounds only; 3: inside an instruction that loads before and after.
    [Test]
    public void A_mapping_that_the_loop_changes_itself_counts_from_the_next_access([Values(0, 1, 2, 3)] int how, [Values] bool protects)
    {
        RunSwapping(engine, how, protects).Should().Be(RunSwapping(Engines.Interpreter, how, protects));
    }

    [Test]
    public void A_page_that_becomes_code_while_a_loop_stores_to_it_is_followed()
    {
        // The inner loop stores an instruction on another page ten times, then it is executed.
        using var machine = new ToyMachine(engine);
        const ulong Target = 0x2000;
        machine.Load(ToyMachine.Code,
        [
            Toy.Li(3, 10),
            Toy.Add(7, 7, 9),
            Toy.Encode(IrOp.Store, 7, 8, 2, -2048 | 64),
            Toy.Addi(3, 3, -1),
            Toy.Bnz(3, -3),
            Toy.Jump((int)(Target - ToyMachine.Code - 20) / 4),
        ]);
        machine.Load(Target, [Toy.Addi(1, 1, 0), Toy.Jump(-(int)(Target + 4 - ToyMachine.Code) / 4)]);
        machine[7] = Toy.Addi(1, 1, 0);
        machine[8] = Target;
        machine[9] = 1 << 20;
        ulong sum = 0;
        for (ulong i = 1; i <= 150; i++)
        {
            machine.RunTo(i * (1 + (4 * 10) + 1 + 2));
            sum += 10 * i;
            machine[1].Should().Be(sum, "round {0}", i);
        }
    }

    [Test]
    public void Stores_go_to_the_private_copy_once_memory_is_shared()
    {
        using var machine = new ToyMachine(engine);
        machine.Load(ToyMachine.Code, [Toy.Addi(7, 7, 1), Toy.Sd(7, 8), Toy.Ld(6, 8), Toy.Add(5, 5, 6), Toy.Jump(-4)]);
        machine.RunTo(5000);
        var images = new List<(RamImage Image, ulong Value)>();
        for (int i = 0; i < 10; i++)
        {
            images.Add((machine.Ram.Capture(), machine[7]));
            machine.RunTo(machine.Cpu.InstructionCount + 1000);
            machine.Ram.Read(ToyFrontend.Data, 8).Should().Be(machine[7]);
            machine.Ram.IsDirty(ToyFrontend.Data).Should().BeTrue();
        }

        foreach ((RamImage image, ulong value) in images)
        {
            machine.Ram.Restore(image);
            machine.Ram.Read(ToyFrontend.Data, 8).Should().Be(value);
            image.Dispose();
        }
    }

    private static string RunMoving(ToyEngine on, int seed)
    {
        var random = new Random(seed);
        using var machine = new ToyMachine(on);
        var code = new List<uint>();
        int length = random.Next(2, 9);
        for (int i = 0; i < length; i++)
        {
            int register = random.Next(6), address = random.Next(8, 11), form = random.Next(16), imm = random.Next(2) == 0 ? -2048 | random.Next(1024) : random.Next(64);
            code.Add(random.Next(12) switch
            {
                < 4 => Toy.Encode(IrOp.Load, register, address, form, imm),
                < 7 => Toy.Encode(IrOp.Store, register, address, form, imm),
                7 => Toy.Encode(Toy.StorePair, register, address, random.Next(6), random.Next(-8, 200)),
                8 => Toy.Encode(Toy.AddToMemory, register, address, random.Next(6), random.Next(-8, 200)),
                9 => Toy.Encode(IrOp.BrIf, register, address, random.Next(6), random.Next(4)),
                10 => random.Next(3) == 0 ? Toy.Encode(IrOp.AtomicRmw, register, address, random.Next(6), random.Next(64)) : Toy.Addi(address, address, random.Next(-9, 10)),
                _ => random.Next(3) == 0 ? Toy.Encode(IrOp.Call, register, random.Next(6), 1, random.Next(10)) : Toy.Addi(random.Next(6), address, 3),
            });
        }

        code.Add(Toy.Addi(8, 8, random.Next(1, 70)));
        code.Add(Toy.Add(9, 9, 11));
        code.Add(Toy.Addi(10, 10, -random.Next(1, 2000)));
        code.Add(random.Next(2) == 0 ? Toy.Jump(-code.Count) : Toy.Encode(IrOp.Branch, 1, 12, 12, -code.Count + 1));
        code.Add(Toy.Jump(-code.Count));
        machine.Load(ToyMachine.Code, code.ToArray());
        RandomProgram.Fill(random, machine);
        machine[8] = ToyFrontend.Data + (ulong)random.Next(0x8000);
        machine[9] = random.Next(2) == 0 ? 0xff000UL : ToyCpu.ReadOnlyPage - 64;
        machine[10] = ToyFrontend.Data + 0x7ff0;
        machine[11] = (ulong)random.Next(1, 300);
        machine.RunTo(6000, 5000, (long)random.Next(1, 400), (long)random.Next(1, 40));
        return machine.Dump();
    }

    private static string RunSwapping(ToyEngine on, int how, bool protects)
    {
        using var machine = new ToyMachine(on);
        var how8 = new MemOp(8, false, 1);
        ToyRegisters r = machine.Toy;
        machine.Frontend.Custom = (ir, _) =>
        {
            int end = ir.NewLabel();
            IrValue before = ir.Const(0);
            if (how == 2)
                ir.BrIf(ir.Compare(IrOp.Ne, ir.And(ir.Get(r.R[9]), ir.Const(3)), ir.Const(0)), end);
            if (how == 3)
                before = ir.Load(ir.Get(r.R[8]), 0, how8, IrType.I64);
            ir.Call(how == 1 ? s_swapExactly : s_swap);
            ir.Label(end);
            if (how == 3)
                ir.Set(r.R[5], ir.Add(before, ir.Get(r.R[5])));
        };

        // Two pages change places, or the second of the two views becomes read-only.
        machine.Cpu.Mapping = page => page is not (Window or Window + 0x1000) ? null
            : protects ? new PageTranslation(page, machine.Cpu.GetRegister(r.Sys[0]) != 0 ? PageRights.Read : PageRights.All)
            : new PageTranslation(page ^ (machine.Cpu.GetRegister(r.Sys[0]) << 12), PageRights.All);
        machine.Load(ToyMachine.Code,
        [
            Toy.Encode(IrOp.Store, 9, 8, 3, -2048 | 64),
            Toy.Encode(IrOp.Load, 1, 8, 3, -2048 | 64),
            Toy.Encode(Toy.Custom),
            Toy.Encode(IrOp.Load, 2, 8, 3, -2048 | 64),
            Toy.Encode(IrOp.Store, 3, 8, 3, -2048 | 64 | 8),
            Toy.Add(3, 3, 2),
            Toy.Encode(IrOp.Xor, 4, 4, 3),
            Toy.Addi(9, 9, 1),
            Toy.Jump(-8),
        ]);
        machine[8] = Window + 0x100;
        machine.RunTo(9 * 80, 9 * 60, 5, 17);
        return machine.Dump();
    }

    private static void Swap(byte* state)
    {
        var cpu = (ToyCpu)VirtualCpu.From(state);
        cpu.SetRegister(cpu.Toy.Sys[0], cpu.GetRegister(cpu.Toy.Sys[0]) ^ 1);
        cpu.FlushTlb();
    }
}
