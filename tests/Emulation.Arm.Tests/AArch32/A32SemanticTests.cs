using System.Runtime.InteropServices;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.AArch32;

/// <summary>What random streams leave out: IT blocks in every way of running, interworking, exceptions, system registers, byte order, short vectors.</summary>
public sealed class A32SemanticTests
{
    private const ulong Code = 0x1000, Data = 0x8000;

    private static readonly EngineKind[] s_engines = [EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit];

    // case T4: cmp r2, r3; ite ne; movne r2, #0x68; moveq r2, #0x4d
    private static readonly byte[] s_ifThen = [0x9a, 0x42, 0x14, 0xbf, 0x68, 0x22, 0x4d, 0x22];

    [Test]
    public void It_block_at_once([ValueSource(nameof(s_engines))] EngineKind engine)
    {
        using TestCpu cpu = Thumb(engine, s_ifThen);
        (cpu[2], cpu[3]) = (0, 1);
        cpu.Cpu.Run(Code, Code + 8, 10).Reason.Should().Be(StopReason.ExitAddress);
        cpu[2].Should().Be(0x68);
    }

    [Test]
    public void It_block_in_steps([ValueSource(nameof(s_engines))] EngineKind engine, [Values] bool saves)
    {
        using TestCpu cpu = Thumb(engine, s_ifThen);
        (cpu[2], cpu[3]) = (0, 1);
        int[] states = [0, 0x14, 0x08, 0];
        for (int i = 0; i < 4; i++)
        {
            cpu.Cpu.Run(Code + (2 * (ulong)i), Code + 8, 1).Instructions.Should().Be(1);
            It(cpu.Cpu).Should().Be(states[i]);
            if (!saves)
                continue;
            var writer = new StateWriter();
            cpu.Cpu.Save(writer);
            cpu.Cpu.Reset();
            cpu.Cpu.Load(new StateReader("cpu0", 1, writer.Written.ToArray()));
            It(cpu.Cpu).Should().Be(states[i]);
        }

        cpu[2].Should().Be(0x68);
    }

    [Test]
    public void It_block_with_a_hook_on_each([ValueSource(nameof(s_engines))] EngineKind engine)
    {
        using TestCpu cpu = Thumb(engine, s_ifThen);
        (cpu[2], cpu[3]) = (0, 1);
        var seen = new List<(ulong, int)>();
        using IDisposable hook = cpu.Cpu.Hooks.Code(Code, Code + 7, (in CodeEvent h) => seen.Add((h.Pc, It(cpu.Cpu))));
        cpu.Cpu.Run(Code, Code + 8, 10).Reason.Should().Be(StopReason.ExitAddress);
        cpu[2].Should().Be(0x68);
        seen.Should().Equal((Code, 0), (Code + 2, 0), (Code + 4, 0x14), (Code + 6, 0x08));
    }

    [Test]
    public void A_fault_in_an_it_block_keeps_its_state([ValueSource(nameof(s_engines))] EngineKind engine)
    {
        // itt al; mov r0, r0; ldr r1, [r2]; movs r3, #1
        using TestCpu cpu = Thumb(engine, [0x02, 0xbf, 0x00, 0x46, 0x11, 0x68, 0x01, 0x23]);
        cpu.Cpu.Cpsr |= 1 << 30;                         // eq
        cpu[2] = 0x9_0000;
        RunResult result = cpu.Cpu.Run(Code, Code + 8, 10);
        (result.Reason, result.Pc).Should().Be((StopReason.UnhandledException, Code + 4));
        It(cpu.Cpu).Should().Be(0x04);
        cpu[2] = Data;
        cpu.Cpu.Run(Code + 4, Code + 8, 10).Reason.Should().Be(StopReason.ExitAddress);
        (cpu[3], It(cpu.Cpu)).Should().Be((1UL, 0));
    }

    // case T9: BLX with H = 1
    [Test]
    public void Undefined_encodings([ValueSource(nameof(s_engines))] EngineKind engine)
    {
        foreach (byte[] bytes in (byte[][])[[0x00, 0xf0, 0x01, 0xe8], [0x00, 0xde], [0xf0, 0xf7, 0x00, 0xa0]])
        {
            using TestCpu cpu = Thumb(engine, bytes);
            cpu.Cpu.Run(Code, Code + 4, 1).Fault!.Kind.Should().Be("undefined instruction");
        }

        using TestCpu arm = Arm(engine, 0xe7f0_00f0);
        arm.Cpu.Run(Code, Code + 4, 1).Fault!.Kind.Should().Be("undefined instruction");
    }

    [Test]
    public void Interworking([ValueSource(nameof(s_engines))] EngineKind engine)
    {
        // add r0, pc, #1; bx r0; movs r1, #5; nop; bx pc; nop; add r2, r1, #1; blx . + 8 (T32); b .; adds r1, #1; bx lr
        byte[] code =
        [
            0x01, 0x00, 0x8f, 0xe2, 0x10, 0xff, 0x2f, 0xe1, 0x05, 0x21, 0x00, 0xbf, 0x78, 0x47, 0x00, 0xbf, 0x01, 0x20, 0x81, 0xe2,
            0x00, 0x00, 0x00, 0xfa, 0xfe, 0xff, 0xff, 0xea, 0x01, 0x31, 0x70, 0x47,
        ];
        using TestCpu cpu = Start(engine, false, code);
        cpu.Cpu.Run(Code, Code + 0x18, 100).Reason.Should().Be(StopReason.ExitAddress);
        (cpu[1], cpu[2], cpu[14]).Should().Be((6UL, 6UL, Code + 0x18));
        (cpu.Cpu.Cpsr & 0x20).Should().Be(0);
    }

    [Test]
    public void Big_endian_data([ValueSource(nameof(s_engines))] EngineKind engine)
    {
        // setend be; ldr r0, [r1]; ldrh r2, [r1]; ldrd r4, r5, [r1]; vldr d0, [r1]; stm r3, {r4, r5}; setend le
        using TestCpu cpu = Arm(engine, 0xf101_0200, 0xe591_0000, 0xe1d1_20b0, 0xe1c1_40d0, 0xed91_0b00, 0xe883_0030, 0xf101_0000);
        (cpu[1], cpu[3]) = (Data, Data + 16);
        cpu.Memory.Write(Data, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 });
        cpu.Cpu.Run(Code, Code + 28, 100).Reason.Should().Be(StopReason.ExitAddress);
        (cpu[0], cpu[2], cpu[4], cpu[5]).Should().Be((0x0102_0304UL, 0x0102UL, 0x0102_0304UL, 0x0506_0708UL));
        ((ulong)cpu.V(0)).Should().Be(0x0102_0304_0506_0708UL);
        cpu.Read(Data + 16, 8).Should().Equal(1, 2, 3, 4, 5, 6, 7, 8);
    }

    [Test]
    public void Old_cores_rotate_what_is_not_aligned([ValueSource(nameof(s_engines))] EngineKind engine)
    {
        using TestCpu cpu = Start(engine, false, MemoryMarshal.AsBytes((ReadOnlySpan<uint>)[0xe591_0001, 0xe581_2003]).ToArray(), ArmIsa.Arm926);
        (cpu[1], cpu[2]) = (Data, 0xaabb_ccdd);
        cpu.Memory.Write(Data, new byte[] { 1, 2, 3, 4 });
        cpu.Cpu.Run(Code, Code + 8, 100).Reason.Should().Be(StopReason.ExitAddress);
        cpu[0].Should().Be(0x0104_0302);
        cpu.Read(Data, 4).Should().Equal(0xdd, 0xcc, 0xbb, 0xaa);
    }

    [Test]
    public void Thumb_of_version_5_has_bl_in_halves([ValueSource(nameof(s_engines))] EngineKind engine)
    {
        // bl + 0x1002: the first half alone, too
        using TestCpu cpu = Start(engine, true, [0x01, 0xf0, 0x00, 0xf8], ArmIsa.Arm926);
        cpu.Cpu.Run(Code, Code + 2, 1).Pc.Should().Be(Code + 2);
        cpu[14].Should().Be(Code + 4 + 0x1000);
        cpu.Cpu.Run(Code + 2, Code + 0x1004, 1).Pc.Should().Be(Code + 0x1004);
        cpu[14].Should().Be(Code + 5);
    }

    [Test]
    public void Short_vectors([ValueSource(nameof(s_engines))] EngineKind engine)
    {
        // vmsr fpscr, r0; vadd.f32 s8, s16, s24; vmul.f32 s8, s8, s0; vadd.f32 s0, s8, s9
        using TestCpu cpu = Start(
            engine, false, MemoryMarshal.AsBytes((ReadOnlySpan<uint>)[0xeee1_0a10, 0xee38_4a0c, 0xee24_4a00, 0xee34_0a24]).ToArray(), ArmIsa.Arm1176);
        cpu[0] = 3 << 16;
        for (int s = 0; s < 4; s++)
        {
            Set(cpu, 16 + s, s);
            Set(cpu, 24 + s, 10);
        }

        Set(cpu, 0, 2);
        cpu.Cpu.Run(Code, Code + 16, 100).Reason.Should().Be(StopReason.ExitAddress);
        Enumerable.Range(8, 4).Select(s => Get(cpu, s)).Should().Equal(20, 22, 24, 26);
        Get(cpu, 0).Should().Be(42);
        cpu[0] = (1 << 16) | (3 << 20);                  // every other register, from the end of a bank on
        cpu.Cpu.Fpscr = (uint)cpu[0];
        cpu.Cpu.Context.Memory.TryLoad(Code, BitConverter.GetBytes(0xee77_7a29)).Should().BeTrue();       // vadd.f32 s15, s14, s19
        Set(cpu, 14, 1);
        cpu.Cpu.Run(Code, Code + 4, 1).Reason.Should().NotBe(StopReason.UnhandledException);
        (Get(cpu, 15), Get(cpu, 9)).Should().Be((4f, 20f));

        static void Set(TestCpu cpu, int s, float value) => cpu.Cpu[cpu.Frontend.Slots.A32.S[s]] = BitConverter.SingleToUInt32Bits(value);
        static float Get(TestCpu cpu, int s) => BitConverter.UInt32BitsToSingle((uint)cpu.Cpu[cpu.Frontend.Slots.A32.S[s]]);
    }

    [Test]
    public void Registers_of_user_level([ValueSource(nameof(s_engines))] EngineKind engine)
    {
        // mcr p15, 0, r1, c13, c0, 2; mrc p15, 0, r2, c13, c0, 2; mrc p15, 0, r3, c13, c0, 3; mcr p15, 0, r0, c7, c10, 5; mrc p15, 0, r4, c14, c0, 0
        using TestCpu cpu = Arm(engine, 0xee0d_1f50, 0xee1d_2f50, 0xee1d_3f70, 0xee07_0fba, 0xee1e_4f10);
        cpu[1] = 0x1234_5678;
        cpu.Cpu.Run(Code, Code + 20, 100).Reason.Should().Be(StopReason.ExitAddress);
        (cpu[2], cpu[3], cpu[4]).Should().Be((0x1234_5678UL, 0UL, 62_500_000UL));
    }

    [Test]
    public void Exceptions_are_taken_in_aarch32([ValueSource(nameof(s_engines))] EngineKind engine)
    {
        // vectors: SVC returns by movs pc, lr; data abort by subs pc, lr, #4; undefined by movs pc, lr
        uint[] vectors = [0xeaff_fffe, 0xe1b0_f00e, 0xe1b0_f00e, 0xeaff_fffe, 0xe25e_f004, 0, 0, 0];
        // svc #1; ldr r0, [r1]; udf #0; mrs r3, cpsr; msr cpsr_c, #0xd1 (FIQ); mov r8, #7; msr cpsr_c, #0xd3; mov r9, r8
        uint[] code = [0xef00_0001, 0xe591_0000, 0xe7f0_00f0, 0xe10f_3000, 0xe321_f0d1, 0xe3a0_8007, 0xe321_f0d3, 0xe1a0_9008];
        using var cpu = new TestCpu(engine, options: new ArmCpuOptions { StartsInAArch32 = true });
        cpu.Memory.Map(0, 0x1000, MemoryMarshal.AsBytes(vectors.AsSpan()));
        cpu.Memory.Map(Code, 0x1000, MemoryMarshal.AsBytes(code.AsSpan()));
        (cpu[1], cpu[8]) = (0x9_0000, 3);
        RunResult result = cpu.Cpu.Run(Code, Code + 32, 100);
        result.Reason.Should().Be(StopReason.ExitAddress, $"{result}");
        (cpu[3] & 0x1ff).Should().Be(0x1d3);
        (cpu[8], cpu[9], cpu[24]).Should().Be((3UL, 3UL, 7UL));
        ((uint)cpu.Cpu[SystemSlot.FarEl1]).Should().Be(0x9_0000);
        cpu.Cpu[SystemSlot.EsrEl1].Should().Be(8);
        cpu[18].Should().Be(Code + 4);                   // LR_svc, which is X18
    }

    [Test]
    public void User_mode_returns_to_supervisor([ValueSource(nameof(s_engines))] EngineKind engine)
    {
        // SVC: mrs r4, spsr; ldr pc, [r10]
        uint[] vectors = [0, 0, 0xe14f_4000, 0xe59a_f000, 0, 0, 0, 0];
        // srsdb sp!, #19; msr spsr_fsxc, r0; movs pc, r1; (T32 in User) movs r2, #9; svc #0; (back) mrs r5, cpsr
        uint[] code = [0xf96d_0513, 0xe16f_f000, 0xe1b0_f001, 0xdf00_2209, 0xe10f_5000];
        using var cpu = new TestCpu(engine, options: new ArmCpuOptions { StartsInAArch32 = true });
        cpu.Memory.Map(0, 0x1000, MemoryMarshal.AsBytes(vectors.AsSpan()));
        cpu.Memory.Map(Code, 0x1000, MemoryMarshal.AsBytes(code.AsSpan()));
        cpu.Memory.Map(Data, 0x1000);
        cpu.Memory.Write(Data, BitConverter.GetBytes((uint)Code + 16));
        (cpu[0], cpu[1], cpu[10], cpu[19]) = (0x30, Code + 12, Data, Data + 0x100);
        RunResult result = cpu.Cpu.Run(Code, Code + 20, 100);
        result.Reason.Should().Be(StopReason.ExitAddress, $"{result}");
        (cpu[2], cpu[4] & 0x3f, cpu[5] & 0x3f).Should().Be((9UL, 0x30UL, 0x13UL));
        (cpu[18], cpu[19]).Should().Be((Code + 16, Data + 0xf8));
    }

    [Test]
    public void System_registers_hold_what_is_written([ValueSource(nameof(s_engines))] EngineKind engine)
    {
        // mcr p15, 0, r0, c12, c0, 0 (VBAR); mrc p15, 0, r1, c12, c0, 0; mrc p15, 0, r2, c0, c0, 0 (MIDR); mrc p15, 0, r3, c0, c0, 5 (MPIDR); mcr p15, 0, r0, c8, c7, 0
        using var cpu = new TestCpu(engine, new ArmCpuOptions { StartsInAArch32 = true, Model = ArmCpuModel.Find("cortex-a15")! }, ArmIsa.CortexA15);
        uint[] code = [0xee0c_0f10, 0xee1c_1f10, 0xee10_2f10, 0xee10_3fb0, 0xee08_0f17];
        cpu.Memory.Map(Code, 0x1000, MemoryMarshal.AsBytes(code.AsSpan()));
        cpu[0] = 0x1234_567f;
        RunResult result = cpu.Cpu.Run(Code, Code + 20, 100);
        result.Reason.Should().Be(StopReason.ExitAddress, $"{result}");
        (cpu[1], cpu[2], cpu[3]).Should().Be((0x1234_5660UL, 0x414f_c0f0UL, 0x8000_0000UL));
    }

    [Test]
    public void Listings_come_from_capstone()
    {
        var frontend = new ArmFrontend(ArmIsa.Everything);
        frontend.Disassemble([0x01, 0x00, 0x81, 0xe0], 0, A32Mode.AArch32, out int length).Should().Be("add r0, r1, r1");
        length.Should().Be(4);
        frontend.Disassemble([0x9a, 0x42, 0x14, 0xbf], 0, A32Mode.AArch32 | A32Mode.Thumb, out length).Should().Be("cmp r2, r3");
        length.Should().Be(2);
        frontend.Disassemble([0x4f], 0, A32Mode.AArch32 | A32Mode.Thumb, out _).Should().Be(".byte 4f");
    }

    /// <summary>No instruction upsets the host, whatever registers hold.</summary>
    [Test]
    public void Words_of_every_encoding_on_any_registers([Values(EngineKind.Interpreter, EngineKind.Tier0)] EngineKind engine, [Values] bool thumb)
    {
        using TestCpu cpu = Start(engine, thumb, [0, 0, 0, 0]);
        var random = new Random(5);
        for (int i = 0; i < 30_000; i++)
        {
            cpu.Cpu.EnterAArch32(thumb);
            for (int r = 0; r < 15; r++)
                cpu[r] = random.Next(3) == 0 ? Data + (ulong)random.Next(0x1000) : (uint)random.NextInt64();
            uint word = (uint)random.NextInt64() | (random.Next(2) == 0 ? 0xe000_0000 : 0);
            cpu.Cpu.Context.Memory.TryLoad(Code, BitConverter.GetBytes(word)).Should().BeTrue();
            RunResult result = cpu.Cpu.Run(Code, Code + 4, 1);
            result.Reason.Should().BeOneOf(StopReason.ExitAddress, StopReason.UnhandledException, StopReason.InstructionLimit);
            for (int r = 0; r < 15; r++)
                (cpu[r] >> 32).Should().Be(0, $"{word:x8} sets r{r}");
        }
    }

    private static int It(ArmCpu cpu) => (int)((cpu.Cpsr >> 25) & 3) | (int)((cpu.Cpsr >> 8) & 0xfc);

    private static TestCpu Thumb(EngineKind engine, byte[] code) => Start(engine, true, code);

    private static TestCpu Arm(EngineKind engine, params uint[] words) => Start(engine, false, MemoryMarshal.AsBytes(words.AsSpan()).ToArray());

    private static TestCpu Start(EngineKind engine, bool thumb, byte[] code, ArmIsa? isa = null)
    {
        var cpu = new TestCpu(engine, isa);
        cpu.Memory.Map(Code, 0x2000, code);
        cpu.Memory.Map(Data, 0x1000);
        cpu.Cpu.EnterAArch32(thumb);
        return cpu;
    }
}
