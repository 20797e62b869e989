using Emulation.Cpu;

namespace Emulation.Arm.Tests.AArch32;

/// <summary>LDRT, STRT and their siblings in privileged modes have the rights of User mode. Arm DDI 0487, F5.1.89 "LDRT".</summary>
public sealed class UserAccessTests
{
    private const uint Kernel = 0x42e, User = 0xc2e;
    private static readonly EngineKind[] s_engines = Enum.GetValues<EngineKind>();

    // of [r1]: word, byte, half, signed byte, signed half
    private static readonly uint[] s_a32 =
    [
        0xe4b1_0000, 0xe4f1_0000, 0xe0f1_00b0, 0xe0f1_00d0, 0xe0f1_00f0, 0xe6b1_0002, 0xe0b1_00b2, 0xe4a1_0000, 0xe4e1_0000, 0xe0e1_00b0, 0xe6a1_0002, 0xe0a1_00b2,
    ];

    // the first halfword lies first
    private static readonly uint[] s_t32 = [0x0e00_f851, 0x0e00_f811, 0x0e00_f831, 0x0e00_f911, 0x0e00_f931, 0x0e00_f841, 0x0e00_f801, 0x0e00_f821];

    [Test]
    public void Memory_of_the_kernel_faults([ValueSource(nameof(s_engines))] EngineKind engine, [Values] bool thumb)
    {
        foreach (uint word in thumb ? s_t32 : s_a32)
        {
            using OldCpu cpu = Start(engine, thumb, word);
            cpu.Write(OldCpu.Table + 4, Kernel);
            cpu.Run(1);
            cpu.Cpu.Pc.Should().Be(OldCpu.DataAbort, $"{word:x8}");
            (cpu.Status & 0x7ff).Should().Be(0x1d, $"{word:x8}");
            cpu.FaultAddress.Should().Be(0x10_0000 + OldCpu.Data);
        }
    }

    [Test]
    public void Memory_of_the_user_does_not([ValueSource(nameof(s_engines))] EngineKind engine, [Values] bool thumb)
    {
        foreach (uint word in thumb ? s_t32 : s_a32)
        {
            using OldCpu cpu = Start(engine, thumb, word);
            cpu.Write(OldCpu.Table + 4, User);
            cpu.Run(1);
            cpu.Cpu.Pc.Should().Be(OldCpu.Code + 4, $"{word:x8}");
        }
    }

    [Test]
    public void Others_have_the_rights_of_the_mode([ValueSource(nameof(s_engines))] EngineKind engine)
    {
        // ldr r0, [r1]; ldrt r0, [r1]; ldr r0, [r1]
        using OldCpu cpu = Start(engine, false, 0xe591_0000, 0xe4b1_0000, 0xe591_0000);
        cpu.Write(OldCpu.Table + 4, Kernel);
        cpu.Run(3);
        cpu.Cpu.Pc.Should().Be(OldCpu.DataAbort);
        cpu[14].Should().Be(OldCpu.Code + 4 + 8);
    }

    private static OldCpu Start(EngineKind engine, bool thumb, params uint[] words)
    {
        var cpu = new OldCpu(engine, ArmIsa.CortexA15, thumb, words);
        cpu.Translate();
        cpu[1] = 0x10_0000 + OldCpu.Data;
        return cpu;
    }
}
