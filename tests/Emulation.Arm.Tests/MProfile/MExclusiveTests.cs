using Emulation.Core;
using Emulation.Cpu;
using Emulation.Jit;

namespace Emulation.Arm.Tests.MProfile;

/// <summary>LDREX and STREX on registers of devices, as vendors' drivers use them.</summary>
public sealed class MExclusiveTests
{
    private const uint Code = 0x1000, Stack = 0x2000, Device = 0x4000_4000;

    [Test]
    public void Registers_of_devices_are_changed_exclusively([Values] EngineKind engine)
    {
        var log = new GuestLog();
        var space = new AddressSpace("memory", log);
        var device = new Counter();
        space.Root.Add(Device, new MmioRegion("device", 0x1000, device));
        var frontend = new ArmMFrontend(ArmMCpuModel.CortexM4F);
        using var cache = new TranslationCache(new EngineOptions { Engine = engine });
        if (engine == EngineKind.Jit)
            cache.TierOne = new JitEngine(cache, frontend, new JitOptions { Threshold = 1, Synchronous = true });
        var clock = new VirtualClock();
        using var cpu = new ArmMCpu(0, new ArmMCpuOptions { Model = ArmMCpuModel.CortexM4F }, new CpuContext(space, clock, log, cache), frontend);
        clock.SetSource(() => (long)cpu.InstructionCount);
        using var memory = new CpuMemory(space);
        memory.Map(0, 0x2000);
        Write(memory, 0, Stack, Code + 1);
        Write(memory, Code, 0x0f05_e851, 0x0080_f040, 0x0205_e841, 0x0305_e841);     // ldrex r0, [r1, #20]; orr r0, r0, #128; strex r2, r0, [r1, #20]; strex r3, r0, [r1, #20]
        cpu.TryLoadVectors().Should().BeTrue();
        for (int i = 1; i <= 3; i++)
        {
            cpu[ArmMRegister.Pc] = Code;
            cpu[ArmMRegister.R1] = Device;
            (cpu[ArmMRegister.R2], cpu[ArmMRegister.R3]) = (2, 2);
            cpu.RunAlone(4);
            cpu.Ipsr.Should().Be(0);
            cpu[ArmMRegister.R0].Should().Be((uint)i | 128, "the read counts");
            (cpu[ArmMRegister.R2], cpu[ArmMRegister.R3]).Should().Be((0, 1), "the second store has no reservation");
            (device.Reads, device.Stored, device.Writes).Should().Be((i, (ulong)i | 128, i), "a register that changes by being read is read once, and stored although it changed");
        }
    }

    private static void Write(CpuMemory memory, uint address, params ReadOnlySpan<uint> words)
    {
        foreach (uint word in words)
        {
            memory.Write(address, BitConverter.GetBytes(word));
            address += 4;
        }
    }

    // counts reads in what it shows
    private sealed class Counter : IMmio
    {
        public int Reads { get; private set; }

        public int Writes { get; private set; }

        public ulong Stored { get; private set; }

        public ulong Read(ulong offset, int size) => offset == 20 && size == 4 ? (ulong)++Reads : 0;

        public void Write(ulong offset, int size, ulong value)
        {
            if (offset == 20)
                (Stored, Writes) = (value, Writes + 1);
        }
    }
}
