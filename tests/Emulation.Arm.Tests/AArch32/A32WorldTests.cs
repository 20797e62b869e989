using System.Runtime.InteropServices;
using Emulation.Arm.Tests.Privileged;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.AArch32;

/// <summary>Security states of AArch32: what routes exceptions to Monitor mode, what each state has of its own.</summary>
public sealed class A32WorldTests
{
    private const uint Nop = 0xe320_f000, MonitorVectors = 0x3000, Load = 0xe591_0000;
    private static readonly EngineKind[] s_engines = Enum.GetValues<EngineKind>();

    // SCR, whether CPSR masks everything, the input; the mode it is taken in, 0 for not taken
    [TestCase(0x00u, false, ArmInterrupt.Fiq, 0x11u)]
    [TestCase(0x04u, false, ArmInterrupt.Fiq, 0x16u)]
    [TestCase(0x04u, true, ArmInterrupt.Fiq, 0u)]
    [TestCase(0x05u, true, ArmInterrupt.Fiq, 0x16u)]
    [TestCase(0x15u, true, ArmInterrupt.Fiq, 0u)]
    [TestCase(0x15u, false, ArmInterrupt.Fiq, 0x16u)]
    [TestCase(0x02u, false, ArmInterrupt.Irq, 0x16u)]
    [TestCase(0x03u, false, ArmInterrupt.Irq, 0x16u)]
    [TestCase(0x03u, true, ArmInterrupt.Irq, 0u)]
    [TestCase(0x01u, false, ArmInterrupt.Irq, 0x12u)]
    [TestCase(0x09u, true, ArmInterrupt.SError, 0x16u)]
    [TestCase(0x29u, true, ArmInterrupt.SError, 0u)]
    [TestCase(0x08u, false, ArmInterrupt.SError, 0x16u)]
    [TestCase(0x01u, false, ArmInterrupt.SError, 0x17u)]
    public void Interrupts_go_where_SCR_says(uint control, bool masked, ArmInterrupt input, uint mode)
    {
        using SystemCpu s = Start(EngineKind.Tier0, control, Nop, Nop, Nop);
        s.Cpu.Cpsr = masked ? 0x1d3u : 0x13;
        s.Cpu.SetInterrupt(input, true);
        s.Run(1);
        (s.Cpu.Cpsr & 0x1f).Should().Be(mode == 0 ? 0x13 : mode);
        s.Cpu.IsSecure.Should().Be((control & 1) == 0 || mode == 0x16);
        if (mode == 0x16)
        {
            (s.Cpu.Pc & ~0x1fUL).Should().Be(MonitorVectors);
            s.Cpu[s.Cpu.Registers.A32.LrMon].Should().Be(SystemCpu.Code + (input == ArmInterrupt.SError ? 8UL : 4));
        }
    }

    [TestCase(0x01u, ProcessorMode.Abort)]
    [TestCase(0x09u, ProcessorMode.Monitor)]
    [TestCase(0x08u, ProcessorMode.Monitor)]
    public void External_aborts_go_where_SCR_says(uint control, ProcessorMode mode)
    {
        using SystemCpu s = Start(EngineKind.Tier0, control, Load, Nop);
        s[1] = 0x80_0000;
        s.Run(1);
        ((ProcessorMode)(s.Cpu.Cpsr & 0x1f)).Should().Be(mode);
        ((uint)s.Cpu[SystemSlot.EsrEl1], (uint)s.Cpu[SystemSlot.FarEl1]).Should().Be((8u, 0x80_0000u), "the registers of the state that took it have it");
    }

    [Test]
    public void Masks_of_the_Non_secure_state_belong_to_the_Secure_one([Values(0u, 0x10u, 0x20u, 0x30u)] uint owned)
    {
        using SystemCpu s = Start(EngineKind.Tier0, 1 | owned, 0xf10c_01c0, Nop);      // cpsid aif
        s.Cpu.Cpsr = 0x13;
        s.Run(1);
        uint expected = 0x80 | ((owned & 0x10) != 0 ? 0x40u : 0) | ((owned & 0x20) != 0 ? 0x100u : 0);
        (s.Cpu.Cpsr & 0x1c0).Should().Be(expected);
    }

    [Test]
    public void Each_state_has_translations_of_its_own([ValueSource(nameof(s_engines))] EngineKind engine)
    {
        // Non-secure: ldr r0, [r1]; smc; ldr r3, [r1]. Monitor: cps to Supervisor with SCR.NS 0: ldr r2, [r1]; cps; SCR.NS 1; movs pc, lr
        using SystemCpu s = Start(engine, 1, Load, 0xe160_0070, 0xe591_3000, Nop);
        uint[] monitor = [0xee01_4f11, 0xf102_0013, 0xe591_2000, 0xf102_0016, 0xee01_5f11, 0xe1b0_f00e];     // mcr SCR, r4; cps #svc; ldr; cps #mon; mcr SCR, r5; movs
        s.Memory.Write(MonitorVectors + 8, MemoryMarshal.AsBytes(monitor.AsSpan()));
        foreach ((bool secure, uint table, uint page) in ((bool, uint, uint)[])[(true, 0x1_0000, 0x4_0000), (false, 0x2_0000, 0x5_0000)])
        {
            Write(s, table, 0x0000_040e);                          // the first megabyte, cached, privileged
            Write(s, table + (5 * 4), table + 0x8001);             // the sixth: pages
            Write(s, table + 0x8000, page | 0x01e);
            Write(s, page, page);
            s.Cpu[SystemSlot.ScrEl3] = secure ? 0 : 1u;
            s.Cpu.Cpsr = 0x1d3;
            s.Cpu[SystemSlot.TtbrZeroEl1] = table;
            s.Cpu.WriteDomains(1);
            s.Cpu[SystemSlot.SctlrEl1] |= 1;
            s.Cpu.FlushTranslations();
            s.Cpu.OnPrivilegedWrite();
        }

        (s[1], s[4], s[5]) = (0x50_0000, 0, 1);
        s.Run(9);
        (s[0], s[2], s[3], s.Cpu.IsSecure).Should().Be((0x5_0000UL, 0x4_0000UL, 0x5_0000UL, false));
    }

    [Test]
    public void Each_state_has_a_physical_timer()
    {
        // mcr CNTP_TVAL, r0; mcr CNTP_CTL, r1
        using SystemCpu s = Start(EngineKind.Tier0, 0, 0xee0e_0f12, 0xee0e_1f32, Nop);
        (bool secure, bool other) = (false, false);
        s.Cpu.TimerOutput(ArmTimer.SecurePhysical).Connect(level => secure = level);
        s.Cpu.TimerOutput(ArmTimer.Physical).Connect(level => other = level);
        (s[0], s[1]) = (0, 1);
        s.Run(2);
        (secure, other).Should().Be((true, false));
        s.Cpu[SystemSlot.ScrEl3] = 1;
        s.Cpu.Cpsr = 0x1d3;
        s.Cpu.SetPc(SystemCpu.Code);
        s.Run(2);
        (secure, other).Should().Be((true, true));
    }

    [Test]
    public void A_core_with_AArch64_too_may_start_in_AArch32()
    {
        using SystemCpu s = Start(EngineKind.Tier0, 0, "cortex-a57", 0xe160_0070, Nop);
        (s.Cpu.IsAArch32, s.Cpu.IsSecure, s.Cpu.Cpsr & 0x1f).Should().Be((true, true, 0x13u));
        s.Run(1);
        (s.Cpu.Pc, s.Cpu.Cpsr & 0x1f).Should().Be((MonitorVectors + 8UL, 0x16u));
    }

    // SCR, Monitor mode; the level and the Security state that an interrupt controller is told
    [TestCase(0u, 0x1d3u, 1, true)]
    [TestCase(1u, 0x1d3u, 1, false)]
    [TestCase(0u, 0x1d6u, 3, true)]
    [TestCase(1u, 0x1d6u, 3, false)]
    public void An_interrupt_controller_knows_Monitor_mode(uint control, uint status, int level, bool secure)
    {
        using SystemCpu s = Start(EngineKind.Tier0, control, 0xee1c_0f1c, Nop);      // mrc ICC_IAR1
        var controller = new Controller();
        s.Cpu.SystemRegisters = controller;
        if (status == 0x1d6)
            s.Cpu[SystemSlot.ScrEl3] = 0;
        s.Cpu.Cpsr = status;
        s.Cpu[SystemSlot.ScrEl3] = control;
        s.Run(1);
        (controller.Level, controller.IsSecure, s.Cpu.Pc).Should().Be((level, secure, SystemCpu.Code + 4));
    }

    [Test]
    public void What_a_controller_keeps_for_Monitor_mode_goes_there([Values(0u, 1u)] uint control)
    {
        using SystemCpu s = Start(EngineKind.Tier0, control, 0xee1c_0f1c, Nop);
        s.Cpu.SystemRegisters = new Controller { Target = 3 };
        s.Run(1);
        (s.Cpu.Cpsr & 0x1f, s.Cpu.Pc, s.Cpu[s.Cpu.Registers.A32.LrMon]).Should().Be((0x16u, MonitorVectors + 4UL, SystemCpu.Code + 4));
    }

    // the section's NS, SCR; NS of PAR
    [TestCase(0u, 0u, 0u)]
    [TestCase(1u << 19, 0u, 1u)]
    [TestCase(0u, 1u, 1u)]
    public void PAR_says_which_address_space_it_is(uint section, uint control, uint expected)
    {
        using SystemCpu s = Start(EngineKind.Tier0, control, 0xee07_0f18);
        Map(s, 0x1_0000, section);
        s[0] = 0x8000;
        s.Run(1);
        ((uint)s.Cpu[SystemSlot.ParEl1] & ~0x3ffu, (uint)s.Cpu[SystemSlot.ParEl1] & 1, ((uint)s.Cpu[SystemSlot.ParEl1] >> 9) & 1).Should().Be((0x8000u, 0u, expected));
    }

    [Test]
    public void The_Non_secure_state_translates_to_its_own_address_space()
    {
        // mcr ATS12NSOPR, r0
        using SystemCpu s = Start(EngineKind.Tier0, 1, 0xee07_0f98, Nop);
        Map(s, 0x1_0000, 0);
        s.Cpu[SystemSlot.ScrEl3] = 0;
        s.Cpu.Cpsr = 0x1d6;
        s[0] = 0x8000;
        s.Run(1);
        ((uint)s.Cpu[SystemSlot.ParEl1] & 0xffff_f201).Should().Be(0x8200);
    }

    [Test]
    public void SIF_keeps_the_Secure_state_from_Non_secure_code([ValueSource(nameof(s_engines))] EngineKind engine, [Values] bool forbids, [Values] bool open)
    {
        using SystemCpu s = Start(engine, forbids ? 1u << 9 : 0, Nop, Nop);
        Map(s, 0x1_0000, open ? 1u << 19 : 0);
        s.Run(1);
        bool faults = forbids && open;
        ((s.Cpu.Cpsr & 0x1f) == 0x17).Should().Be(faults);
        if (faults)
            ((uint)s.Cpu[SystemSlot.IfsrEl2] & 0x40f).Should().Be(0xd);
    }

    // DBGVCR, the vector; whether it is caught
    [TestCase(1u << 10, 8u, true)]
    [TestCase(1u << 14, 0x18u, true)]
    [TestCase(1u << 15, 0x1cu, true)]
    [TestCase(1u << 2, 8u, false, Description = "of the Secure state")]
    [TestCase(1u << 26, 8u, false, Description = "of the Non-secure state")]
    [TestCase(1u << 10, 0x18u, false)]
    [TestCase(1u << 12, 0x10u, false, Description = "whose handler could not be entered")]
    public void Vectors_of_Monitor_mode_are_caught(uint catches, uint vector, bool caught)
    {
        foreach (EngineKind engine in s_engines)
        {
            using SystemCpu s = Start(engine, 0, Nop);
            (s.Cpu[SystemSlot.MdscrEl1], s.Cpu[SystemSlot.OsLock], s.Cpu[SystemSlot.VectorCatch]) = (1 << 15, 0, catches);
            s.Cpu.OnDebugWrite();
            s.Cpu.Cpsr = 0x1d6;
            s.Cpu.SetPc(MonitorVectors + vector);
            s.Run(1);
            s.Cpu.Pc.Should().Be(caught ? SystemCpu.Vectors + 0xc : MonitorVectors + vector, $"{engine}");
        }
    }

    [Test]
    public void A_controller_is_told_of_the_state()
    {
        using SystemCpu s = Start(EngineKind.Tier0, 1, 0xe160_0070, Nop);
        var told = new List<bool>();
        s.Cpu.WorldChanged = (_, secure) => told.Add(secure);
        s.Run(1);
        told.Should().EndWith(true);
    }

    [Test]
    public void A_state_saved_in_Monitor_mode_goes_on()
    {
        using SystemCpu s = Start(EngineKind.Tier0, 1, 0xe160_0070, Nop), t = Start(EngineKind.Tier0, 0, Nop);
        s.Cpu[SystemSlot.VbarEl1] = 0x7000;
        s.Run(1);
        s.Cpu[SystemSlot.VbarEl1].Should().Be(SystemCpu.Vectors);
        var writer = new StateWriter();
        s.Cpu.Save(writer);
        t.Cpu.Load(new StateReader("cpu", 1, writer.Written.ToArray()));
        (t.Cpu.IsSecure, t.Cpu.Cpsr & 0x1f, t.Cpu[SystemSlot.VbarEl1]).Should().Be((true, 0x16u, SystemCpu.Vectors));
        t.Cpu.Cpsr = 0x1d3;
        (t.Cpu.IsSecure, t.Cpu[SystemSlot.VbarEl1]).Should().Be((false, 0x7000UL));
    }

    [Test]
    public void A_change_of_mode_in_an_IT_block_holds([ValueSource(nameof(s_engines))] EngineKind engine)
    {
        // cmp r0, r0; it eq; msreq cpsr_c, r1; nop
        using SystemCpu s = Start(engine, 0, 0xbf08_4280, 0x8100_f381, 0xbf00_bf00);
        s.Cpu.Cpsr = 0x1f3;
        s[1] = 0x1df;
        s.Run(4);
        (s.Cpu.Cpsr & 0x0600_fdff).Should().Be(0x1ff);
    }

    // Secure vectors and the first state's are at SystemCpu.Vectors, all handlers stay where they are
    private static SystemCpu Start(EngineKind engine, uint control, params uint[] words) => Start(engine, control, "cortex-a15", words);

    private static SystemCpu Start(EngineKind engine, uint control, string model, params uint[] words)
    {
        var options = new ArmCpuOptions { Model = ArmCpuModel.Find(model)!, StartsInAArch32 = true, HasEl3 = true };
        var s = new SystemCpu(engine, options, 1, words);
        var loops = new uint[8];
        Array.Fill(loops, 0xeaff_fffeu);
        s.Memory.Write(SystemCpu.Vectors, MemoryMarshal.AsBytes(loops.AsSpan()));
        s.Memory.Write(MonitorVectors, MemoryMarshal.AsBytes(loops.AsSpan()));
        s.Cpu[SystemSlot.VbarEl1] = SystemCpu.Vectors;
        s.Cpu[SystemSlot.Mvbar] = MonitorVectors;
        s.Cpu[SystemSlot.ScrEl3] = control;
        s.Cpu.Cpsr = 0x1d3;
        s.Cpu[SystemSlot.VbarEl1] = SystemCpu.Vectors;
        return s;
    }

    // the first megabyte, cached, privileged
    private static void Map(SystemCpu s, uint table, uint bits)
    {
        Write(s, table, 0x0000_040e | bits);
        s.Cpu[SystemSlot.TtbrZeroEl1] = table;
        s.Cpu.WriteDomains(1);
        s.Cpu[SystemSlot.SctlrEl1] |= 1;
        s.Cpu.FlushTranslations();
        s.Cpu.OnPrivilegedWrite();
    }

    private sealed class Controller : IArmSystemRegisters
    {
        public int Target { get; init; }

        public int Level { get; private set; }

        public bool IsSecure { get; private set; }

        public int TrapTarget(int encoding, in ArmRegisterAccess access) => Target;

        public bool TryRead(int encoding, in ArmRegisterAccess access, out ulong value)
        {
            (value, Level, IsSecure) = (0, access.Level, access.IsSecure);
            return true;
        }

        public bool TryWrite(int encoding, in ArmRegisterAccess access, ulong value) => true;
    }

    private static void Write(SystemCpu s, uint address, uint value) => s.Memory.Write(address, BitConverter.GetBytes(value));
}
