using Emulation.Arm.Tests.Semantics;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.MProfile;

/// <summary>Which instructions the versions of the M profile have, and single ones on every engine.</summary>
public sealed class MInstructionTests
{
    private const uint Code = 0x1000;

    // an instruction, and the models that have it
    private static readonly (uint Word, int Length, string Models)[] s_instructions =
    [
        (0x4408, 2, "m0 m3 m4 m33 m23"),          // add r0, r1
        (0xbf00, 2, "m0 m3 m4 m33 m23"),          // nop
        (0xb662, 2, "m0 m3 m4 m33 m23"),          // cpsie i
        (0xb661, 2, "m3 m4 m33"),                 // cpsie f
        (0xbf08, 2, "m3 m4 m33"),                 // it eq
        (0xb108, 2, "m3 m4 m33 m23"),             // cbz r0
        (0xba80, 2, ""),                          // hlt
        (0xb650, 2, ""),                          // setend le
        (0xf3bf_8f4f, 4, "m0 m3 m4 m33 m23"),     // dsb
        (0xf3ef_8000, 4, "m0 m3 m4 m33 m23"),     // mrs r0, apsr
        (0xf000_f800, 4, "m0 m3 m4 m33 m23"),     // bl
        (0xf000_b800, 4, "m3 m4 m33 m23"),        // b.w
        (0xf000_8000, 4, "m3 m4 m33"),            // beq.w
        (0xf240_0000, 4, "m3 m4 m33 m23"),        // movw
        (0xfb90_f0f1, 4, "m3 m4 m33 m23"),        // sdiv
        (0xe850_0f00, 4, "m3 m4 m33 m23"),        // ldrex
        (0xe8d0_0faf, 4, "m33 m23"),              // lda
        (0xe97f_e97f, 4, "m3 m4 m33 m23"),        // sg; before Armv8-M a form of ldrd
        (0xe841_f000, 4, "m3 m4 m33 m23"),        // tt r0, r1; before Armv8-M a form of strex
        (0xf100_0001, 4, "m3 m4 m33"),            // add.w
        (0xe8d0_f001, 4, "m3 m4 m33"),            // tbb
        (0xfb10_f001, 4, "m4 m33"),               // smulbb
        (0xfa90_f010, 4, "m4 m33"),               // qadd16
        (0xfaa0_f080, 4, "m4 m33"),               // sel
        (0xfac0_f080, 4, ""),                     // crc32b
        (0xf3c0_8f00, 4, ""),                     // bxj
        (0xf7f0_8000, 4, ""),                     // smc
        (0xe8d0_017f, 4, ""),                     // ldrexd
        (0xf000_e800, 4, ""),                     // blx immediate
    ];

    private static readonly (string Name, ArmMCpuModel Model)[] s_models =
    [
        ("m0", ArmMCpuModel.CortexM0), ("m3", ArmMCpuModel.CortexM3), ("m4", ArmMCpuModel.CortexM4F), ("m33", ArmMCpuModel.CortexM33), ("m23", ArmMCpuModel.CortexM23),
    ];

    [Test]
    public void Each_architecture_has_its_subset()
    {
        foreach ((string name, ArmMCpuModel model) in s_models)
        {
            var frontend = new ArmMFrontend(model);
            foreach ((uint word, int length, string models) in s_instructions)
                frontend.IsDefined(word, length).Should().Be(models.Split(' ').Contains(name), "{0:x} on {1}", word, name);
        }
    }

    [Test]
    public void Armv6_has_six_wide_instructions()
    {
        var frontend = new ArmMFrontend(ArmMCpuModel.CortexM0);
        var random = new Random(7);
        for (int i = 0; i < 200_000; i++)
        {
            uint word = 0xe800_0000u + ((uint)random.NextInt64(0x1800_0000));
            bool link = (word & 0xf800_d000) == 0xf000_d000, barrier = (word & 0xffff_ff00) == 0xf3bf_8f00 && (word & 0xf0) is 0x40 or 0x50 or 0x60;
            bool special = (word & 0xfff0_f300) == 0xf380_8000 || (word & 0xffff_f000) == 0xf3ef_8000;
            if (!special && !barrier)
                frontend.IsDefined(word, 4).Should().Be(link, "{0:x}", word);
        }
    }

    // case T4
    [Test]
    public void It_block([Values] EngineKind engine, [Values] WayOfRunning way)
    {
        using MCpu cpu = Start(engine, ArmMCpuModel.CortexM3, 0x429a, 0xbf14, 0x2268, 0x224d, 0xd000, 0xbf00);
        (cpu[ArmMRegister.R2], cpu[ArmMRegister.R3]) = (0, 1);
        var states = new List<uint>();
        using IDisposable? hook = way == WayOfRunning.Hooked ? cpu.Cpu.Hooks.Code(Code, Code + 20, (in CodeEvent _) => states.Add(It(cpu))) : null;
        if (way is WayOfRunning.Whole or WayOfRunning.Hooked)
        {
            cpu.Cpu.Run(Code, Code + 10, 100).Reason.Should().Be(StopReason.ExitAddress);
        }
        else
        {
            for (int i = 0; i < 5; i++)
            {
                cpu.Cpu.RunAlone(1).Instructions.Should().Be(1);
                states.Add(It(cpu));
                if (way == WayOfRunning.Saved)
                    cpu.SaveAndLoad();
            }
        }

        cpu[ArmMRegister.R2].Should().Be(0x68);
        cpu[ArmMRegister.Pc].Should().Be(Code + 10);
        if (way is WayOfRunning.Steps or WayOfRunning.Saved)
            states.Should().Equal(0u, 0x14, 0x08, 0, 0);
        if (way == WayOfRunning.Hooked)
            states.Should().Equal(0u, 0, 0x14, 0x08, 0);
    }

    // case T18: as many instructions as asked for, whatever is among them
    [Test]
    public void Runs_as_many_instructions_as_asked_for([Values] EngineKind engine)
    {
        // movs r0,#3; 1: subs r0,#1; it ne; addne r1,#1; bne 1b; svc 0; udf 0; wfi; b .
        ushort[] code = [0x2003, 0x3801, 0xbf18, 0x3101, 0xd1fb, 0xdf00, 0xde00, 0xbf30, 0xe7fe];
        uint[] whole = Run(100, 1);
        for (ulong n = 0; n <= 40; n++)
        {
            Run(n, 1).Should().Equal(Run(n, 40), "{0} instructions", n);
            Run(n, 3).Should().Equal(Run(n, 7), "{0} instructions", n);
        }

        whole.Should().NotBeEmpty();

        uint[] Run(ulong count, ulong part)
        {
            using MCpu cpu = Start(engine, ArmMCpuModel.CortexM4F, code);
            cpu.Write(0x2c, 0x1101, 0, 0, 0, 0);
            cpu.Write(0x0c, 0x1121);
            cpu.WriteCode(0x1100, 0x3201, 0x4770);               // SVCall: adds r2,#1; bx lr
            cpu.WriteCode(0x1120, 0x9906, 0x1c89, 0x9106, 0x4770); // HardFault: the instruction is skipped
            cpu[ArmMRegister.Sp] = 0x3000;
            ulong done = 0;
            while (done < count)
            {
                RunResult result = cpu.Cpu.RunAlone(Math.Min(part, count - done));
                done += result.Instructions;
                if (result.Reason != StopReason.InstructionLimit)
                    break;
            }

            return [(uint)done, .. Enumerable.Range(0, 17).Select(r => cpu[(ArmMRegister)r]), .. Enumerable.Range(0, 16).Select(k => cpu.Read(0x2fc0 + (4 * (uint)k)))];
        }
    }

    // D16 to D31 are not there: in no operand
    [TestCase(0xee80_db8bu)]                              // vdiv.f64 d13, d16, d11
    [TestCase(0xeea0_1b82u)]                              // vfma.f64 d1, d16, d2
    [TestCase(0xfe80_1b82u)]                              // vmaxnm.f64 d1, d16, d2
    [TestCase(0xee30_1b82u)]                              // vadd.f64 d1, d16, d2
    [TestCase(0xeeb0_1b62u)]                              // vmov.f64 d1, d18
    public void Sixteen_doubles(uint word) => new ArmMFrontend(ArmMCpuModel.CortexM7).IsDefined(word, 4).Should().BeFalse();

    [Test]
    public void Special_registers_by_name()
    {
        using MCpu cpu = Start(EngineKind.Tier0, ArmMCpuModel.CortexM4F, 0xbf00);
        cpu.Cpu["r13"] = 0x2000;
        cpu.Cpu["psp"] = 0x1800;
        cpu.Cpu["control"] = 2;
        cpu.Cpu["sp"].Should().Be(0x1800);
        cpu.Cpu["msp"].Should().Be(0x2000);
        cpu[ArmMRegister.Xpsr].Should().Be(1 << 24);
        cpu.Cpu.Invoking(static c => c["x99"]).Should().Throw<ArgumentException>().WithMessage("*x99*");
    }

    private static uint It(MCpu cpu)
    {
        uint xpsr = cpu[ArmMRegister.Xpsr];
        return ((xpsr >> 25) & 3) | ((xpsr >> 10 & 0x3f) << 2);
    }

    private static MCpu Start(EngineKind engine, ArmMCpuModel model, params ushort[] code)
    {
        var cpu = new MCpu(engine, model);
        cpu.Memory.Map(0, 0x1_0000);
        cpu.WriteCode(Code, code);
        cpu.Cpu.SetPc(Code);
        return cpu;
    }
}
