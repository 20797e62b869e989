using System.Runtime.InteropServices;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.IR;
using Emulation.TestHarness;

namespace Emulation.Jit.Tests;

/// <summary>Code that changes while it is compiled, runs, or is about to.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed unsafe class CodeChangeTests(ToyEngine engine)
{
    [Test]
    public void Code_may_change_itself()
    {
        // Every round stores another immediate into the instruction at 0x1000.
        using var machine = new ToyMachine(engine);
        uint store = Toy.Encode(IrOp.Store, 7, 8, 2, -2048 | 64);         // raw address, 4 bytes
        machine.Load(ToyMachine.Code, [Toy.Addi(1, 1, 0), Toy.Add(7, 7, 9), store, Toy.Encode(Toy.FetchBarrier), Toy.Jump(-4)]);
        machine[7] = Toy.Addi(1, 1, 0);
        machine[8] = ToyMachine.Code;
        machine[9] = 1 << 20;                                             // one more in the immediate
        machine.RunTo(5 * 40);
        machine[1].Should().Be(39 * 40 / 2);
    }

    [Test]
    public void Host_writes_replace_code_between_runs()
    {
        using var machine = new ToyMachine(engine);
        machine.Load(ToyMachine.Code, [Toy.Addi(1, 1, 1), Toy.Jump(-1)]);
        ulong sum = 0;
        for (int i = 1; i < 50; i++)
        {
            machine.Ram.Write(ToyMachine.Code, MemoryMarshal.AsBytes<uint>([Toy.Addi(1, 1, i)]));
            machine.RunTo(machine.Cpu.InstructionCount + 20);
            sum += (ulong)(10 * i);
            machine[1].Should().Be(sum);
        }
    }

    [Test]
    public void Code_is_replaced_by_a_device_while_it_runs()
    {
        // The device writes to the loop that writes to the device.
        using var machine = new ToyMachine(engine);
        var code = new uint[] { Toy.Addi(1, 1, 1), Toy.Addi(3, 3, 1), Toy.Encode(IrOp.Store, 3, 8, 3, -2048 | 64), Toy.Jump(-3) };
        machine.Load(ToyMachine.Code, code);
        machine[8] = ToyMachine.Device + 24;
        machine.OnDeviceWrite = value => machine.Ram.Write(ToyMachine.Code, MemoryMarshal.AsBytes<uint>([Toy.Addi(1, 1, (int)value)]));
        machine.RunTo(4 * 50);
        ulong expected = 1;
        for (ulong i = 1; i < 50; i++)
            expected += i;
        machine[1].Should().Be(expected);
    }

    [Test]
    public void Another_thread_replaces_code_while_it_runs()
    {
        using var machine = new ToyMachine(engine);
        machine.Load(ToyMachine.Code, [Toy.Addi(1, 1, 1), Toy.Encode(IrOp.Xor, 2, 2, 1), Toy.Jump(-2)]);
        using var stop = new ManualResetEventSlim();
        var writer = new Thread(() =>
        {
            for (int i = 0; !stop.IsSet; i++)
            {
                machine.Ram.Write(ToyMachine.Code + 4, MemoryMarshal.AsBytes<uint>([Toy.Encode(i % 2 == 0 ? IrOp.Add : IrOp.Xor, 2, 2, 1)]));
                Thread.Sleep(1);
            }
        });
        writer.Start();
        for (int i = 0; i < 40; i++)
            machine.RunTo(machine.Cpu.InstructionCount + 300_000);
        stop.Set();
        writer.Join();
        machine[1].Should().Be(machine.Cpu.InstructionCount / 3);
    }

    [Test]
    public void Flushes_do_not_disturb()
    {
        using var machine = new ToyMachine(engine);
        var random = new Random(5);
        machine.Load(ToyMachine.Code, RandomProgram.Generate(random, 200));
        RandomProgram.Fill(random, machine);
        using var reference = new ToyMachine(Engines.Interpreter);
        random = new Random(5);
        reference.Load(ToyMachine.Code, RandomProgram.Generate(random, 200));
        RandomProgram.Fill(random, reference);
        for (ulong n = 500; n < 6000; n += 500)
        {
            machine.RunTo(n);
            reference.RunTo(n);
            machine.Dump().Should().Be(reference.Dump());
            machine.Cache.Flush();
        }
    }

    [Test]
    public void Everything_may_be_dropped_while_a_cpu_is_in_a_device()
    {
        // As another CPU does it while this one waits for the device.
        using var machine = new ToyMachine(engine);
        machine.Load(ToyMachine.Code, [Toy.Addi(1, 1, 1), Toy.Encode(IrOp.Store, 3, 8, 3, -2048 | 64), Toy.Add(2, 2, 1), Toy.Encode(IrOp.JumpIndirect, ra: 0, imm: -3)]);
        machine[8] = ToyMachine.Device + 24;
        int drops = 0;
        machine.OnDeviceWrite = _ =>
        {
            if (++drops % 3 == 0)
                machine.Cache.Flush();
        };
        machine.RunTo(4 * 200);
        machine[1].Should().Be(200);
        machine[2].Should().Be(200 * 201 / 2);
        machine.Cache.Flushes.Should().Be(66);
    }

    [Test]
    public void Hooks_see_every_instruction()
    {
        using var machine = new ToyMachine(engine);
        machine.Load(ToyMachine.Code, [Toy.Addi(1, 1, 1), Toy.Add(2, 2, 1), Toy.Jump(-2)]);
        machine.RunTo(3000);
        ulong seen = 0, sum = 0;
        using (machine.Cpu.Hooks.Code(ToyMachine.Code + 4, ToyMachine.Code + 4, (in e) => { seen++; sum += machine[1]; }))
            machine.RunTo(6000);
        machine.RunTo(9000);
        seen.Should().Be(1000);
        sum.Should().Be(Enumerable.Range(1001, 1000).Aggregate(0UL, (s, x) => s + (ulong)x));
        machine[1].Should().Be(3000);
    }

    [Test]
    public void Vcpus_add_atomically()
    {
        const int Cpus = 3, Rounds = 60_000;
        using var machine = new ToyMachine(engine, Cpus);
        machine.Load(ToyMachine.Code, [Toy.Encode(IrOp.AtomicRmw, 1, 2, 3, 4), Toy.Addi(4, 4, 1), Toy.Jump(-2)]);
        Parallel.For(0, Cpus, i =>
        {
            ToyCpu cpu = machine.Cpus[i];
            cpu.SetRegister(machine.Toy.R[3], 1);
            while (cpu.InstructionCount < 3 * Rounds)
                cpu.Run((long)((3 * Rounds) - cpu.InstructionCount));
        });
        machine.Ram.Read(ToyFrontend.Data, 8).Should().Be(Cpus * Rounds);
    }

    [Test]
    public void A_spinning_vcpu_sees_a_store_of_another_thread()
    {
        // The load must not be hoisted out of the loop.
        using var machine = new ToyMachine(engine);
        machine.Load(ToyMachine.Code, [Toy.Ld(1, 2), Toy.Addi(3, 3, 1), Toy.Encode(IrOp.Branch, 0, 1, 4, -2), Toy.Encode(Toy.Halt)]);
        machine.Ram.PrepareWrite(ToyFrontend.Data);
        var setter = new Thread(() =>
        {
            Thread.Sleep(50);
            machine.Ram.Write(ToyFrontend.Data, 8, 1);
        });
        setter.Start();
        CpuExit exit = machine.Cpu.Run(20_000_000_000);
        setter.Join();
        exit.Should().Be(CpuExit.Halted);
    }
}
