using Emulation.Core;
using Emulation.IR;
using Emulation.TestHarness;

namespace Emulation.Cpu.Tests;

/// <summary>Where runs end: budgets, limits from inside, interrupts, single steps, exceptions.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class RunTests(ToyEngine engine)
{
    // Stores r3 to offset `offset` of the device in every third instruction of four.
    private static uint[] StoreLoop => [Toy.Addi(1, 1, 1), Toy.Addi(4, 4, 1), Toy.Encode(IrOp.Store, 3, 8, 3, -2048 | 64), Toy.Jump(-3)];

    [Test]
    public void A_run_executes_its_budget_exactly([Range(0, 30)] int n)
    {
        using var machine = new ToyMachine(engine);
        machine.Load(ToyMachine.Code, [Toy.Addi(1, 1, 1), Toy.Addi(2, 2, 1), Toy.Addi(3, 3, 1), Toy.Jump(-3)]);
        machine.RunTo(400);
        machine.Cpu.Run(n);
        machine.Cpu.InstructionCount.Should().Be(400 + (ulong)n);
        (machine[1] + machine[2] + machine[3]).Should().Be((ulong)(300 + n - (n / 4)));
    }

    [Test]
    public void A_device_shortens_the_run([Range(0, 3)] int more)
    {
        using var machine = new ToyMachine(engine);
        machine.Load(ToyMachine.Code, StoreLoop);
        machine[8] = ToyMachine.Device + 32;
        machine.RunTo(400);
        machine[8] = ToyMachine.Device + 8;
        machine[3] = (ulong)more;
        machine.Cpu.Run(1000);
        machine.Cpu.InstructionCount.Should().Be(400 + 3 + (ulong)more);
    }

    [Test]
    public void An_interrupt_of_a_device_is_taken_before_the_next_instruction()
    {
        using var machine = new ToyMachine(engine);
        machine.Load(ToyMachine.Code, StoreLoop);
        machine[8] = ToyMachine.Device + 32;
        machine.RunTo(400);
        machine[8] = ToyMachine.Device + 16;
        machine.RunTo(404);
        machine.Cpu.Interrupts.Should().Be(1);
        machine.Cpu.GetRegister(machine.Toy.Sys[2]).Should().Be(403);
    }

    [Test]
    public void Steps_do_not_follow_links()
    {
        using var machine = new ToyMachine(engine);
        machine.Load(ToyMachine.Code, [Toy.Addi(1, 1, 1), Toy.Addi(2, 2, 1), Toy.Jump(-2)]);
        machine.RunTo(300);
        machine.Cpu.Steps = true;
        machine.RunTo(330);
        machine[1].Should().Be(110);
        machine.Cpu.InstructionCount.Should().Be(330);
    }

    [Test]
    public void The_exit_address_ends_the_run()
    {
        using var machine = new ToyMachine(engine);
        machine.Load(ToyMachine.Code, [Toy.Addi(1, 1, 1), Toy.Addi(2, 2, 1), Toy.Jump(-2)]);
        machine.RunTo(300);
        machine.Cpu.ExitAddress = ToyMachine.Code + 4;
        machine.Cpu.Run(1000).Should().Be(CpuExit.ExitAddress);
        machine.Cpu.Pc.Should().Be(ToyMachine.Code + 4);
        machine.Cpu.InstructionCount.Should().Be(301);
        machine.Cpu.ExitAddress = null;
        machine.RunTo(600);
        machine[1].Should().Be(200);
    }

    [Test]
    public void A_fault_in_the_middle_of_a_loop_is_exact()
    {
        using var machine = new ToyMachine(engine);
        machine.Cpu.StopsOnException = true;
        machine.Load(ToyMachine.Code, [Toy.Addi(1, 1, 1), Toy.Addi(8, 8, 8), Toy.Encode(IrOp.Load, 2, 8, 3, -2048 | 64), Toy.Addi(3, 3, 1), Toy.Jump(-4)]);
        machine[8] = 0x100000 - 808;
        CpuExit exit = machine.Cpu.Run(10_000);
        exit.Should().Be(CpuExit.UnhandledException);
        machine.Cpu.Fault!.Pc.Should().Be(ToyMachine.Code + 8);
        machine.Cpu.Fault.Address.Should().Be(0x100000);
        machine[1].Should().Be(101);
        machine[3].Should().Be(100);
        machine.Cpu.InstructionCount.Should().Be((5 * 100) + 3);
    }

    [Test]
    public void A_halted_cpu_waits_and_goes_on()
    {
        using var machine = new ToyMachine(engine);
        machine.Load(ToyMachine.Code, [Toy.Addi(1, 1, 1), Toy.Encode(Toy.Halt), Toy.Jump(-2)]);
        for (ulong i = 1; i < 20; i++)
        {
            machine.Cpu.Run(1000).Should().Be(CpuExit.Halted);
            machine[1].Should().Be(i);
            machine.Cpu.IsIdle.Should().BeTrue();
            machine.Cpu.Interrupt();
            machine.Cpu.IsIdle.Should().BeFalse();
        }
    }
}
