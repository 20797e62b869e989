using Emulation.Boards.Arm;
using Emulation.Boards.RiscV;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Devices;

namespace Emulation.Boards.Tests.Arm;

/// <summary>Programs that call the host, in every instruction set and by every instruction; semihosting/build.sh made them and what QEMU prints.</summary>
public sealed class SemihostingTests
{
    private const ulong Code = 0x4020_0000;
    private const ulong Limit = 10_000_000;
    private const uint Hlt = 0xd45e_0000, Loop = 0x1400_0000;
    private static readonly string[] s_programs = ["a64", "a32-svc", "a32-hlt", "t32-svc", "t32-hlt"];

    [Test]
    public void Programs_print_what_they_print_on_QEMU(
        [ValueSource(nameof(s_programs))] string program, [Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine, [Values] bool folder)
    {
        if (folder && engine != EngineKind.Jit)
            return;
        using var files = new TestFiles();
        using Machine machine = Program(program, o => o.Directory = folder ? files.PathOf("") : null, engine).Build();
        Finish(machine).Should().Be(Expected);
        Directory.GetFileSystemEntries(files.PathOf("")).Should().BeEmpty();
    }

    [Test]
    public void States_agree_on_every_engine_and_programs_go_on_from_any_point([ValueSource(nameof(s_programs))] string program)
    {
        using Machine whole = Program(program).Build();
        Finish(whole);
        string hash = whole.StateHash().Hex;
        using Machine slow = Program(program, engine: EngineKind.Interpreter).Build();
        Finish(slow);
        slow.StateHash().Hex.Should().Be(hash);
        var random = new Random(program.Length);
        for (int i = 0; i < 5; i++)
        {
            using Machine first = Program(program).Build();
            first.Run((ulong)random.NextInt64(1, (long)whole.InstructionCount)).Reason.Should().Be(StopReason.InstructionLimit);
            using var saved = new MemoryStream();
            first.Save(saved);
            using Machine fork = first.Fork();
            using Machine second = Program(program, engine: EngineKind.Tier0).Build();
            saved.Position = 0;
            second.Load(saved);
            foreach (Machine machine in (Machine[])[second, fork])
            {
                machine.Run(Limit).Reason.Should().Be(StopReason.PowerOff);
                machine.StateHash().Hex.Should().Be(hash);
            }
        }
    }

    [Test]
    public void Open_files_of_a_folder_are_opened_again()
    {
        using var files = new TestFiles();
        using Machine whole = Program("a64", o => o.Directory = files.PathOf("")).Build();
        Finish(whole);
        for (int part = 1; part < 10; part++)
        {
            using Machine first = Program("a64", o => o.Directory = files.PathOf("")).Build();
            first.Run(whole.InstructionCount * (ulong)part / 10);
            using Machine second = first.Fork();
            second.Run(Limit).Reason.Should().Be(StopReason.PowerOff);
            second.Get<Semihosting>().Exit!.Value.Code.Should().Be(42);
            second.StateHash().Hex.Should().Be(whole.StateHash().Hex);
        }
    }

    [Test]
    public void Without_semihosting_the_instructions_are_plain([ValueSource(nameof(s_programs))] string program)
    {
        using Machine machine = new MachineBuilder().UseArmVirt(o => o.Is32Bit = program != "a64").LoadFile(Elf(program)).Build();
        ArmVirtBoard board = machine.Get<ArmVirtBoard>();
        ulong vectors = program == "a64" ? 0x4200_0000UL : 0;
        if (program == "a64")
        {
            board.Cpus[0].TryFindSystemRegister("VBAR_EL1", out int vbar);
            board.Cpus[0].TryWriteSystemRegister(vbar, vectors);
        }

        ulong vector = vectors + (program switch { "a64" => 0x200UL, "a32-svc" or "t32-svc" => 8, _ => 4 });
        board.Cpus[0].ExitAddress = vector;
        machine.Run(10_000).Reason.Should().Be(StopReason.ExitAddress);
    }

    [TestCase(false, 1)]
    [TestCase(true, 42)]
    public void Unprivileged_software_calls_where_it_is_allowed(bool allowed, int code)
    {
        // SYS_EXIT_EXTENDED at EL0, and another code at the vector of EL1
        using var files = new TestFiles();
        string program = files.Words("program", Hlt, Loop);
        byte[] block = [0x26, 0, 2, 0, 0, 0, 0, 0, 42, 0, 0, 0, 0, 0, 0, 0, 0x26, 0, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0];
        using Machine machine = new MachineBuilder().UseArmVirt().LoadFile(program, Code).Load(Code + 0x100, block)
            .Load(Code + 0x400, BitConverter.GetBytes(0x9100_4021u /* add x1, x1, #16 */)).Load(Code + 0x404, BitConverter.GetBytes(Hlt))
            .AddSemihosting(o => o.UserMode = allowed).Build();
        Emulation.Arm.ArmCpu cpu = machine.Get<ArmVirtBoard>().Cpus[0];
        cpu.TryFindSystemRegister("VBAR_EL1", out int vbar);
        cpu.TryWriteSystemRegister(vbar, Code);
        cpu.EnterLevel(0);
        cpu.SetPc(Code);
        (cpu["x0"], cpu["x1"]) = (0x20, Code + 0x100);
        machine.Run(100).Reason.Should().Be(StopReason.PowerOff);
        machine.Get<Semihosting>().Exit.Should().Be(new SemihostingExit(SemihostingExit.ApplicationExit, code));
    }

    [Test]
    public void A_program_waits_for_input_and_goes_on_with_it([Values] bool saved)
    {
        using Machine machine = Reader(TimeMode.Deterministic, out SerialPort console);
        RunResult result = machine.Run(Limit);
        result.Reason.Should().Be(StopReason.Halted);
        result.Pc.Should().Be(Code + 4);
        Machine running = machine;
        using Machine other = Reader(TimeMode.Deterministic, out SerialPort otherConsole);
        if (saved)
        {
            using var state = new MemoryStream();
            machine.Save(state);
            state.Position = 0;
            other.Load(state);
            (running, console) = (other, otherConsole);
        }

        console.Send("q");
        running.Run(Limit).Reason.Should().Be(StopReason.PowerOff);
        running.Get<ArmVirtBoard>().Cpus[0]["x5"].Should().Be('q');
    }

    [Test]
    public void Input_from_another_thread_ends_the_wait()
    {
        using Machine machine = Reader(TimeMode.RealTime, out SerialPort console);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        Task<RunResult> run = machine.Start(limit.Token);
        SpinWait.SpinUntil(() => machine.Cpus[0].IsIdle, 10_000).Should().BeTrue("the CPU stands by");
        console.Send("z");
        run.GetAwaiter().GetResult().Reason.Should().Be(StopReason.PowerOff);
        machine.Get<ArmVirtBoard>().Cpus[0]["x5"].Should().Be('z');
    }

    [Test]
    public void The_end_of_input_is_the_end_of_the_console()
    {
        using Machine machine = Reader(TimeMode.Deterministic, out _);
        machine.Run(Limit).Reason.Should().Be(StopReason.Halted);
        machine.Get<Semihosting>().EndInput();
        machine.Run(Limit).Reason.Should().Be(StopReason.PowerOff);
        machine.Get<ArmVirtBoard>().Cpus[0]["x5"].Should().Be(ulong.MaxValue);
    }

    [Test]
    public void The_console_may_be_that_of_the_serial_device()
    {
        var builder = new MachineBuilder().UseArmVirt().LoadFile(Elf("a64")).AddConsole(out SerialPort console);
        using Machine machine = builder.AddSemihosting(o => (o.Console, o.CommandLine) = (console, "calls one")).Build();
        machine.Run(50);
        using Machine fork = machine.Fork();
        fork.Run(Limit).Reason.Should().Be(StopReason.PowerOff);
        SerialPort copy = fork.CounterpartOf(console);
        copy.Should().BeSameAs(fork.Get<ArmVirtBoard>().Console).And.NotBeSameAs(console);
        copy.RecentText.Should().EndWith("bye\n");
    }

    [Test]
    public void An_entry_with_its_lowest_bit_set_is_of_T32()
    {
        // mov r0, #0x18; ldr r1, [pc, #0]; svc #0xab; .word 0x20026
        using var files = new TestFiles();
        byte[] elf = Images.Elf(machine: 40, bits: 32, physical: Code, entry: Code + 1, fileBytes: 16);
        byte[] code = [0x18, 0x20, 0x01, 0x49, 0xab, 0xdf, 0xfe, 0xe7, 0x26, 0, 2, 0];
        code.CopyTo(elf, elf.Length - 16);
        using Machine machine = new MachineBuilder().UseArmVirt(static o => o.Is32Bit = true).LoadFile(files.Write("t32.elf", elf)).AddSemihosting().Build();
        machine.Run(100).Reason.Should().Be(StopReason.PowerOff);
        machine.Get<Semihosting>().Exit.Should().Be(new SemihostingExit(SemihostingExit.ApplicationExit, 0));
    }

    [Test]
    public void Other_machines_have_no_semihosting()
        => new MachineBuilder().UseRiscVVirt().WithoutFirmware().AddSemihosting().Invoking(static b => b.Build()).Should().Throw<MachineConfigurationException>().WithMessage("*Arm CPUs*");

    [Test]
    public void A_missing_folder_is_a_fault()
        => Program("a64", static o => o.Directory = "/nowhere/at/all").Invoking(static b => b.Build()).Should().Throw<MachineConfigurationException>().WithMessage("*no folder '/nowhere/at/all'*");

    private static string Expected => File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "semihosting", "qemu.txt"));

    private static string Elf(string program) => Path.Combine(TestContext.CurrentContext.TestDirectory, "semihosting", program + ".elf");

    private static MachineBuilder Program(string program, Action<SemihostingOptions>? configure = null, EngineKind engine = EngineKind.Jit)
        => new MachineBuilder().UseArmVirt(o => (o.Is32Bit, o.Engine) = (program != "a64", new EngineOptions { Engine = engine })).LoadFile(Elf(program)).AddSemihosting(o =>
        {
            o.CommandLine = "calls one";
            configure?.Invoke(o);
        });

    // reads a character into X5, then exits
    private static Machine Reader(TimeMode time, out SerialPort console)
    {
        using var files = new TestFiles();
        string program = files.Words("program", 0x5280_00e0 /* mov w0, #7 */, Hlt, 0xaa00_03e5 /* mov x5, x0 */, 0x5280_0300 /* mov w0, #0x18 */,
            0x1000_0061 /* adr x1, . + 12 */, Hlt, Loop, 0x2_0026, 0, 0, 0);
        return new MachineBuilder().WithTime(time).UseArmVirt().LoadFile(program, Code).AddSemihosting(out console).Build();
    }

    private static string Finish(Machine machine)
    {
        RunResult result = machine.Run(Limit);
        Semihosting host = machine.Get<Semihosting>();
        string text = ((SerialPort)host.Console).RecentText;
        result.Reason.Should().Be(StopReason.PowerOff, $"it is at 0x{result.Pc:x}, fault {result.Fault}, and said {text}");
        return text + $"exit {host.Exit!.Value.Code}\n";
    }
}
