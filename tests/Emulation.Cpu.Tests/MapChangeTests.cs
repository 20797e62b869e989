using System.Runtime.InteropServices;
using Emulation.Core;
using Emulation.IR;
using Emulation.TestHarness;

namespace Emulation.Cpu.Tests;

/// <summary>Memory maps that change under running code: banks that a device switches, regions that come and go.</summary>
[TestFixtureSource(typeof(Engines), nameof(Engines.All))]
public sealed class MapChangeTests(ToyEngine engine)
{
    private const ulong Window = 0x180000;
    private const ulong Size = 0x2000;

    // r8 holds the address of the register that switches banks, r9 one in the window.
    private static readonly uint s_switch = Store(3, 8);

    private ToyMachine _machine = null!;
    private Bank[] _banks = null!;
    private Bank? _shown;

    [SetUp]
    public void Prepare()
    {
        _machine = new ToyMachine(engine, cpus: 2);
        _banks = [new Bank(), new Bank()];
        _shown = null;
        _machine.OnDeviceWrite = value => Show(_banks[value & 1]);
        _machine[8] = ToyMachine.Device + 24;
        Show(_banks[0]);
    }

    [TearDown]
    public void Release()
    {
        _machine.Dispose();
        foreach (Bank bank in _banks)
            bank.Ram.Dispose();
    }

    [Test]
    public void Loads_after_a_bank_switch_see_the_other_bank()
    {
        // Switches, loads, adds; the bank is the low bit of the round.
        _banks[0].Ram.Write(0x10, 8, 1);
        _banks[1].Ram.Write(0x10, 8, 1000);
        _machine[9] = Window + 0x10;
        _machine.Load(ToyMachine.Code, [Toy.Addi(3, 3, 1), s_switch, Load(4, 9), Toy.Add(5, 5, 4), Toy.Jump(-4)]);
        _machine.RunTo(5 * 200);
        _machine[5].Should().Be(100 * 1001);
    }

    [Test]
    public void Stores_after_a_bank_switch_go_to_the_other_bank()
    {
        _machine[9] = Window + 0x10;
        _machine.Load(ToyMachine.Code, [Toy.Addi(3, 3, 1), s_switch, Load(4, 9), Toy.Addi(4, 4, 1), Store(4, 9), Toy.Jump(-5)]);
        _machine.RunTo(6 * 201);
        _banks[0].Ram.Read(0x10, 8).Should().Be(100);
        _banks[1].Ram.Read(0x10, 8).Should().Be(101);
    }

    [Test]
    public void The_instruction_after_the_one_that_switches_comes_from_the_other_bank()
    {
        // Both banks hold the same loop, but for what is added after the switch.
        for (int i = 0; i < 2; i++)
        {
            uint[] code = [Toy.Addi(3, 3, 1), s_switch, Toy.Addi(5, 5, i == 0 ? 1 : 1000), Toy.Jump(-3)];
            _banks[i].Ram.Write(0, MemoryMarshal.AsBytes<uint>(code));
        }

        _machine.Cpu.Header.Pc = Window;
        _machine.RunTo(4 * 200);
        _machine[5].Should().Be(100 * 1001);
    }

    [Test]
    public void Every_CPU_follows_a_change_between_runs()
    {
        _banks[0].Ram.Write(0x10, 8, 1);
        _banks[1].Ram.Write(0x10, 8, 1000);
        _machine.Load(ToyMachine.Code, [Load(4, 9), Toy.Add(5, 5, 4), Toy.Jump(-2)]);
        foreach (ToyCpu cpu in _machine.Cpus)
            cpu.SetRegister(_machine.Toy.R[9], Window + 0x10);
        for (int round = 0; round < 10; round++)
        {
            Show(_banks[round & 1]);
            foreach (ToyCpu cpu in _machine.Cpus)
                cpu.Run(300);
        }

        foreach (ToyCpu cpu in _machine.Cpus)
            cpu.GetRegister(_machine.Toy.R[5]).Should().Be(5 * 100 * 1001);
    }

    [Test]
    public void What_was_removed_is_gone()
    {
        _machine.Memory.Unmapped = UnmappedPolicy.Fault;
        _banks[0].Ram.Write(0x10, 8, 1);
        _machine[9] = Window + 0x10;
        _machine.Load(ToyMachine.Code, [Load(4, 9), Toy.Add(5, 5, 4), Toy.Jump(-2)]);
        _machine.RunTo(300);
        _machine.Memory.Root.Remove(_shown!.Region);
        _shown = null;
        _machine.Cpu.StopsOnException = true;
        _machine.Cpu.Run(300).Should().Be(CpuExit.UnhandledException);
        _machine[5].Should().Be(100);
    }

    [Test]
    public void A_store_that_waits_while_the_map_changes_goes_to_the_new_memory()
    {
        // The page is shared with a fork, so the first store to it asks for exclusive work, and another thread's change goes first.
        using RamBlock fork = _banks[0].Ram.Fork();
        _machine[9] = Window + 0x10;
        _machine[4] = 77;
        _machine.Load(ToyMachine.Code, [Store(4, 9), Toy.Addi(4, 4, 1), Toy.Jump(-2)]);
        ChangeAtNextExclusive(_banks[1]);
        _machine.Cpu.Run(1);
        _banks[0].Ram.Read(0x10, 8).Should().Be(0);
        _banks[1].Ram.Read(0x10, 8).Should().Be(77);
        _machine.Cpu.Run(3);
        _banks[0].Ram.Read(0x10, 8).Should().Be(0);
        _banks[1].Ram.Read(0x10, 8).Should().Be(78);
    }

    [Test]
    public void Code_that_is_fetched_while_the_map_changes_is_the_new_code()
    {
        // A page that was stored to is made a page of code in exclusive work, and another thread's change goes first.
        for (int i = 0; i < 2; i++)
            _banks[i].Ram.Write(0, MemoryMarshal.AsBytes<uint>([Toy.Addi(5, 5, i == 0 ? 1 : 1000), Toy.Jump(-1)]));
        _machine[9] = Window + 0x800;
        _machine.Load(ToyMachine.Code, [Store(4, 9)]);
        _machine.Cpu.Run(1);
        _machine.Cpu.Header.Pc = Window;
        ChangeAtNextExclusive(_banks[1]);
        _machine.Cpu.Run(200);
        _machine[5].Should().Be(100 * 1000);
    }

    // Eight bytes at the raw address in a register.
    private static uint Load(int rd, int ra) => Toy.Encode(IrOp.Load, rd, ra, 3, -2048 | 64);

    private static uint Store(int rs, int ra) => Toy.Encode(IrOp.Store, rs, ra, 3, -2048 | 64);

    private void ChangeAtNextExclusive(Bank bank)
    {
        bool pending = true;
        foreach (ToyCpu cpu in _machine.Cpus)
        {
            cpu.Context.Exclusive = action =>
            {
                if (pending)
                {
                    pending = false;
                    Show(bank);
                }

                action();
            };
        }
    }

    private void Show(Bank bank)
    {
        if (_shown is not null)
            _machine.Memory.Root.Remove(_shown.Region);
        _shown = bank;
        _machine.Memory.Root.Add(Window, bank.Region);
    }

    private sealed class Bank
    {
        public Bank()
        {
            Ram = new RamBlock("bank", Size);
            Region = new RamRegion(Ram);
        }

        public RamBlock Ram { get; }

        public RamRegion Region { get; }
    }
}
