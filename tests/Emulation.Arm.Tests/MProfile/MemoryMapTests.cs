using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.MProfile;

/// <summary>Programs that use the first pages of memories at multiples of 128 MiB, as microcontrollers have them: they do not contend for entries of the TLBs.</summary>
public sealed class MemoryMapTests
{
    private const uint Flash = 0x0800_0000, Ram = 0x2000_0000, CoupledRam = 0x1000_0000, Peripheral = 0x4000_0000, System = 0xe000_e000;

    [Test]
    public void Flash_RAM_and_devices_in_one_loop([Values] EngineKind engine)
    {
        using var cpu = new MCpu(engine, ArmMCpuModel.CortexM4);
        cpu.Memory.Map(0, 0x1000);
        cpu.Memory.Map(Flash, 0x1_0000, readOnly: true);
        cpu.Memory.Map(Ram, 0x1_0000);
        cpu.Memory.Map(CoupledRam, 0x1_0000);
        var device = new CountingDevice();
        cpu.Memory.MapIo(Peripheral, 0x400, device);
        cpu.Write(0, Ram + 0x8000, Flash + 1);

        // ldr r5, [r0]; adds r5, #1; str r5, [r0]; ldr r6, [r1]; str r6, [r1]; ldr r7, [r2]; ldr r6, [r4]; ldr r7, [r3, #16]; b
        cpu.WriteCode(Flash, 0x6805, 0x3501, 0x6005, 0x680e, 0x600e, 0x6817, 0x6826, 0x691f, 0xe7f6);
        cpu.Cpu.TryLoadVectors().Should().BeTrue();
        cpu[ArmMRegister.R0] = Ram;
        cpu[ArmMRegister.R1] = CoupledRam;
        cpu[ArmMRegister.R2] = Peripheral;
        cpu[ArmMRegister.R3] = System;
        cpu[ArmMRegister.R4] = Flash;
        cpu.Cpu.RunAlone(90);
        (ulong misses, ulong walks) = (cpu.Cpu.TlbMisses, cpu.Cpu.PageWalks);
        cpu.Cpu.RunAlone(9 * 5000);
        (cpu.Cpu.TlbMisses - misses, cpu.Cpu.PageWalks - walks).Should().Be((0UL, 0UL));
        (cpu[ArmMRegister.R5], device.Reads).Should().Be((5010u, 5010));
    }

    [Test]
    public void Memories_at_all_multiples_of_128_MiB([Values] EngineKind engine)
    {
        const uint Distance = 0x0800_0000, Code = 0x1000;
        using var cpu = new MCpu(engine, ArmMCpuModel.CortexM4);
        for (uint n = 0; n < 16; n++)
            cpu.Memory.Map(n * Distance, 0x2000);
        cpu.Write(0, Ram + 0x1000, Code + 1);

        // movs r0, #0; movs r3, #4; four rounds of four times ldr r2, [r0, #0x70]; adds r2, #1; str r2, [r0, #0x70]; add r0, r1; all again
        cpu.WriteCode(Code, 0x2000, 0x2304);
        for (uint i = 0; i < 4; i++)
            cpu.WriteCode(Code + 4 + (8 * i), 0x6f02, 0x3201, 0x6702, 0x4408);
        cpu.WriteCode(Code + 0x24, 0x3b01, 0xd1ed, 0xe7ea);
        cpu.Cpu.TryLoadVectors().Should().BeTrue();
        cpu[ArmMRegister.R1] = Distance;
        const ulong Round = 2 + (4 * 18) + 1;
        cpu.Cpu.RunAlone(Round * 4);
        (ulong misses, ulong walks) = (cpu.Cpu.TlbMisses, cpu.Cpu.PageWalks);
        cpu.Cpu.RunAlone(Round * 996);
        (cpu.Cpu.TlbMisses - misses, cpu.Cpu.PageWalks - walks).Should().Be((0UL, 0UL));
        for (uint n = 0; n < 16; n++)
            cpu.Read((n * Distance) + 0x70).Should().Be(1000, "memory {0}", n);
    }

    private sealed class CountingDevice : IMmio
    {
        public int Reads { get; private set; }

        public ulong Read(ulong offset, int size)
        {
            Reads++;
            return 0;
        }

        public void Write(ulong offset, int size, ulong value)
        {
        }
    }
}
