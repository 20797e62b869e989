using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.MProfile;

/// <summary>Inputs, sleep, reset, time and the ends of runs of M-profile CPUs.</summary>
public sealed class MSystemTests
{
    private const uint Code = 0x1000, Handler = 0x1100, Stack = 0x2_0000;

    [Test]
    public void A_level_is_pending_again_while_it_stays_high([Values] EngineKind engine)
    {
        using MCpu cpu = Start(engine, ArmMCpuModel.CortexM3, [0xe7fe]);          // b .
        cpu.WriteCode(Handler, 0x3401, 0x4770);                                   // adds r4, #1; bx lr
        cpu.Cpu.Write(0xe000_e100, 1 << 3);
        var line = new IrqLine("line");
        cpu.Cpu.Nvic.Connect(3, line);
        line.Set(true);
        cpu.Cpu.RunAlone(20);
        cpu[ArmMRegister.R4].Should().Be(10, "it is taken again at once, by tail-chaining");
        line.Set(false);
        cpu.Cpu.RunAlone(20);
        uint count = cpu[ArmMRegister.R4];
        line.Pulse();
        cpu.Cpu.RunAlone(20);
        cpu[ArmMRegister.R4].Should().Be(count + 1);
        cpu[ArmMRegister.Pc].Should().Be(Code);
    }

    [Test]
    public void Sleep_is_told_and_ends_with_an_interrupt([Values] EngineKind engine)
    {
        using MCpu cpu = Start(engine, ArmMCpuModel.CortexM3, [0xbf30, 0x3501, 0xe7fc]);   // wfi; adds r5, #1; b wfi
        var told = new List<ArmMSleep>();
        cpu.Cpu.SleepChanged += told.Add;
        cpu.Cpu.Write(0xe000_e100, 1);
        cpu.Cpu.Write(0xe000_ed10, 4);
        cpu.Cpu.RunAlone(100).Reason.Should().Be(StopReason.Halted);
        cpu.Cpu.Sleep.Should().Be(ArmMSleep.Deep);
        cpu[ArmMRegister.Primask] = 1;
        cpu.Cpu.Nvic.SetInput(0, true);
        cpu.Cpu.RunAlone(1);
        cpu[ArmMRegister.R5].Should().Be(1, "a masked interrupt ends the wait");
        told.Should().Equal(ArmMSleep.Deep, ArmMSleep.Awake);
    }

    [Test]
    public void Sleep_on_exit([Values] EngineKind engine)
    {
        using MCpu cpu = Start(engine, ArmMCpuModel.CortexM0, [0xe7fe]);
        cpu.WriteCode(Handler, 0x3401, 0x4770);
        cpu.Cpu.Write(0xe000_e100, 1);
        cpu.Cpu.Write(0xe000_ed10, 2);
        cpu.Cpu.Nvic.SetInput(0, true);
        cpu.Cpu.Nvic.SetInput(0, false);
        cpu.Cpu.RunAlone(100).Reason.Should().Be(StopReason.Halted);
        cpu[ArmMRegister.R4].Should().Be(1);
        cpu[ArmMRegister.Pc].Should().Be(Code);
    }

    [Test]
    public void Events_end_WFE([Values] EngineKind engine)
    {
        using MCpu cpu = Start(engine, ArmMCpuModel.CortexM4F, [0xbf40, 0xbf20, 0xbf20, 0x3501, 0xe7fe]);   // sev; wfe; wfe; adds r5, #1
        int sent = 0;
        cpu.Cpu.EventSent += () => sent++;
        cpu.Cpu.RunAlone(100).Reason.Should().Be(StopReason.Halted);
        (cpu[ArmMRegister.Pc], sent).Should().Be((Code + 6, 1));
        cpu.Cpu.SetEvent();
        cpu.Cpu.RunAlone(1);
        cpu[ArmMRegister.R5].Should().Be(1);
    }

    [Test]
    public void SysTick_counts_exactly([Values] EngineKind engine)
    {
        using MCpu cpu = Start(engine, ArmMCpuModel.CortexM3, [0xe7fe]);
        cpu.WriteCode(Handler, 0x3401, 0x4770);
        cpu.Write(4 * 15, Handler + 1);
        cpu.Cpu.Write(0xe000_e014, 999);
        cpu.Cpu.Write(0xe000_e018, 0);
        cpu.Cpu.Write(0xe000_e010, 7);
        cpu.Run(100);
        cpu.Cpu.Read(0xe000_e018).Should().Be(900, "a nanosecond is a cycle, and the first one reloads");
        cpu.Run(1_000_000 - 100);
        cpu[ArmMRegister.R4].Should().Be(999, "the last one is just pending");
        cpu.Cpu.Read(0xe000_e010).Should().Be(0x1_0007);
        cpu.Cpu.Read(0xe000_e010).Should().Be(7, "reading clears COUNTFLAG");
    }

    [Test]
    public void Bit_band_aliases([Values] EngineKind engine)
    {
        // str r0, [r1]; ldr r2, [r1]; strb r3, [r4]
        using MCpu cpu = Start(engine, ArmMCpuModel.CortexM3, [0x6008, 0x680a, 0x7023]);
        cpu.Memory.Map(0x2000_0000, 0x1000);
        cpu.Write(0x2000_0100, 0xff00_00ff);
        cpu[ArmMRegister.R0] = 0xffff_ffff;
        cpu[ArmMRegister.R1] = 0x2200_0000 + (0x100 * 32) + (9 * 4);
        cpu[ArmMRegister.R3] = 2;
        cpu[ArmMRegister.R4] = 0x2200_0000 + (0x103 * 32) + (7 * 4);
        cpu.Cpu.RunAlone(3);
        cpu.Read(0x2000_0100).Should().Be(0x7f00_02ff);
        cpu[ArmMRegister.R2].Should().Be(1);
    }

    [Test]
    public void A_reset_request_starts_again_from_the_vectors([Values] EngineKind engine)
    {
        using MCpu cpu = Start(engine, ArmMCpuModel.CortexM3, [0x6008, 0x3501, 0xe7fe]);
        cpu[ArmMRegister.R0] = 0x05fa_0004;
        cpu[ArmMRegister.R1] = 0xe000_ed0c;
        cpu.Cpu.RunAlone(1);
        cpu[ArmMRegister.Pc].Should().Be(Code, "the request is answered between two instructions");
        (cpu[ArmMRegister.R0], cpu[ArmMRegister.Sp], cpu[ArmMRegister.Lr]).Should().Be((0u, Stack, uint.MaxValue));
        int asked = 0;
        cpu.Cpu.SystemReset = () => asked++;
        cpu[ArmMRegister.R0] = 0x05fa_0004;
        cpu[ArmMRegister.R1] = 0xe000_ed0c;
        cpu.Cpu.RunAlone(1);
        asked.Should().Be(1);
    }

    [Test]
    public void Lockup_ends_the_run_and_says_why([Values] EngineKind engine)
    {
        using MCpu cpu = Start(engine, ArmMCpuModel.CortexM3, [0xde00]);          // udf
        cpu.WriteCode(Handler, 0xde01);
        RunResult result = cpu.Cpu.RunAlone(100);
        result.Reason.Should().Be(StopReason.UnhandledException);
        result.Fault!.Kind.Should().StartWith("lockup: UsageFault: UNDEFINSTR at 0x00001100 in HardFault; CFSR = 0x00010000, HFSR = 0x40000000");
        cpu[ArmMRegister.Pc].Should().Be(Handler);
    }

    [Test]
    public void Without_a_vector_table_the_fault_names_it([Values] EngineKind engine)
    {
        using var cpu = new MCpu(engine, new ArmMCpuOptions { Model = ArmMCpuModel.CortexM4F, VectorTable = 0x0800_0000 });
        RunResult result = cpu.Cpu.RunAlone(100);
        result.Reason.Should().Be(StopReason.UnhandledException);
        result.Fault!.Kind.Should().Contain("vector table at 0x08000000");
    }

    [Test]
    public void Unprivileged_code_does_not_see_the_private_bus([Values] EngineKind engine)
    {
        using MCpu cpu = Start(engine, ArmMCpuModel.CortexM3, [0x6808, 0xe7fe]);  // ldr r0, [r1]
        cpu.Cpu.Write(0xe000_ed24, 1 << 17);
        cpu[ArmMRegister.R1] = 0xe000_ed00;
        cpu[ArmMRegister.Control] = 1;
        cpu.Cpu.RunAlone(1);
        cpu.Cpu.Ipsr.Should().Be(5);
        (cpu.Cpu.Read(0xe000_ed28), cpu.Cpu.Read(0xe000_ed38)).Should().Be((0x8200u, 0xe000_ed00u));
    }

    [Test]
    public void A_bus_fault_may_be_ignored_at_negative_priority([Values] EngineKind engine)
    {
        using MCpu cpu = Start(engine, ArmMCpuModel.CortexM3, [0x6808, 0x3501, 0xe7fe]);
        cpu.Cpu.Write(0xe000_ed14, 0x300);
        cpu[ArmMRegister.R0] = 1;
        cpu[ArmMRegister.R1] = 0x7000_0000;
        cpu[ArmMRegister.Faultmask] = 1;
        cpu.Cpu.RunAlone(2);
        (cpu[ArmMRegister.R0], cpu[ArmMRegister.R5]).Should().Be((0u, 1u));
    }

    // all handlers are at one place
    [Test]
    public void MSR_sets_a_stack_pointer_below_its_limit([Values] EngineKind engine)
    {
        using MCpu cpu = Start(engine, ArmMCpuModel.CortexM33, [0xf380, 0x8808, 0xf380, 0x8809, 0x3501, 0xe7fe]);   // msr msp, r0; msr psp, r0; adds r5, #1; b .
        cpu[ArmMRegister.Msplim] = cpu[ArmMRegister.Psplim] = 0x1_8000;
        cpu[ArmMRegister.R0] = 0x1_0000;
        cpu.Cpu.RunAlone(3);
        (cpu[ArmMRegister.Msp], cpu[ArmMRegister.Psp], cpu[ArmMRegister.R5], cpu.Cpu.Ipsr).Should().Be((0x1_0000u, 0x1_0000u, 1u, 0));
    }

    [Test]
    public void Accesses_go_to_the_memory_of_their_security_and_privilege([Values] EngineKind engine)
    {
        var options = new ArmMCpuOptions { Model = ArmMCpuModel.CortexM33, SecureMemory = 1UL << 32, NonSecureMemory = 2UL << 32, UnprivilegedMemory = 2UL << 32 };
        using var cpu = new MCpu(engine, options);
        cpu.Memory.Map(0, 0x2_0000);
        var loads = new ushort[] { 0x6801, 0x6812, 0xf383, 0x8814, 0x6804, 0xe7fe };      // ldr r1, [r0]; ldr r2, [r2]; msr control, r3; ldr r4, [r0]; b .
        var space = cpu.Cpu.Context.Memory;
        for (uint n = 1; n < 4; n++)
        {
            var ram = new RamBlock($"ram{n}", 0x2_0000);
            ram.Write(0, 4, Stack);
            ram.Write(4, 4, Code + 1);
            ram.Write(0x8000, 4, n);
            ram.Write(0x9000, 4, n);
            for (int i = 0; i < loads.Length; i++)
                ram.Write(Code + (2 * (ulong)i), 2, loads[i]);
            space.Root.Add((ulong)n << 32, new RamRegion(ram));
        }

        cpu.Cpu.TryLoadVectors().Should().BeTrue();
        cpu.Cpu.Write(0xe000_edd8, 0);
        cpu.Cpu.Write(0xe000_eddc, 0x9000);
        cpu.Cpu.Write(0xe000_ede0, 0x9fe1);                                       // Non-secure
        cpu.Cpu.Write(0xe000_edd0, 1);
        (cpu[ArmMRegister.R0], cpu[ArmMRegister.R2], cpu[ArmMRegister.R3]) = (0x8000, 0x9000, 1);
        cpu.Cpu.RunAlone(4);
        (cpu[ArmMRegister.R1], cpu[ArmMRegister.R2], cpu[ArmMRegister.R4]).Should().Be((1u, 2u, 3u));
    }

    [Test]
    public void The_Non_secure_MPU_does_not_keep_from_a_gateway([Values] EngineKind engine)
    {
        const uint NonSecure = 0x3000, Gateway = 0x2000;
        using MCpu cpu = Start(engine, ArmMCpuModel.CortexM33, [0x4704]);                  // bxns r0
        cpu.WriteCode(NonSecure, 0x4708);                                         // bx r1
        cpu.WriteCode(Gateway, 0xe97f, 0xe97f, 0x3501, 0xe7fe);                   // sg; adds r5, #1; b .
        foreach ((uint at, uint value) in ((uint, uint)[])
            [(0xe000_edd8, 0), (0xe000_eddc, NonSecure), (0xe000_ede0, NonSecure | 0xfe1), (0xe000_edd8, 1), (0xe000_eddc, Gateway), (0xe000_ede0, Gateway | 0xfe3), (0xe000_edd0, 1),
            (0xe002_ed98, 0), (0xe002_ed9c, NonSecure | 2), (0xe002_eda0, NonSecure | 0xfe1), (0xe002_ed94, 1)])
            cpu.Cpu.Write(at, value);
        (cpu[ArmMRegister.R0], cpu[ArmMRegister.R1]) = (NonSecure, Gateway + 1);
        cpu.Cpu.RunAlone(4);
        (cpu.Cpu.IsSecure, cpu[ArmMRegister.R5], cpu.Cpu.Ipsr).Should().Be((true, 1u, 0));
    }

    private static MCpu Start(EngineKind engine, ArmMCpuModel model, ushort[] code)
    {
        var cpu = new MCpu(engine, model);
        cpu.Memory.Map(0, 0x2_0000);
        cpu.Write(0, Stack, Code + 1);
        for (uint n = 2; n < 32; n++)
            cpu.Write(4 * n, Handler + 1);
        cpu.WriteCode(Code, code);
        cpu.Cpu.TryLoadVectors().Should().BeTrue();
        return cpu;
    }
}
