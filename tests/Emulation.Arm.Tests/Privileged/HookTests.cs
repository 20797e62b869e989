using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.Privileged;

/// <summary>What boards connect: firmware, semihosting, registers of devices; snapshots; TLB maintenance of other CPUs; debug.</summary>
public sealed class HookTests
{
    private const uint Nop = 0xd503_201f, Hvc = 0xd400_0022 /* #1 */, Smc = 0xd400_0043 /* #2 */, Hlt = 0xd45e_0000 /* #0xf000 */, Loop = 0x1400_0000;

    [Test]
    public void Calls_that_no_level_takes_go_to_the_firmware([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        using var s = new SystemCpu(engine, null, 1, Hvc, Smc, Hlt, Nop, Loop);
        var firmware = new Recorder();
        (s.Cpu.Firmware, s.Cpu.Semihosting) = (firmware, firmware);
        s.Run(4);
        firmware.Calls.Should().Equal("Hvc 1 at 1004", "Smc 2 at 1008", "semihosting at 100c");
        s.Cpu.Pc.Should().Be(SystemCpu.Code + 16);
        s[0].Should().Be(3);
    }

    [Test]
    public void Without_firmware_calls_are_undefined()
    {
        using var s = new SystemCpu(EngineKind.Tier0, null, 1, Hvc);
        s.Run(1);
        (s.Register("ESR_EL1"), s.Register("ELR_EL1")).Should().Be((0x200_0000UL, SystemCpu.Code));
    }

    [Test]
    public void Firmware_may_switch_its_cpu_off()
    {
        using var s = new SystemCpu(EngineKind.Tier0, null, 1, Hvc, Loop);
        s.Cpu.Firmware = new Recorder { Action = c => c.PowerOff() };
        s.Run(10).Should().Be(CpuExit.Halted);
        s.Cpu.IsPoweredOff.Should().BeTrue();
    }

    [Test]
    public void Registers_of_a_device([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        // mrs x0, id_aa64pfr0_el1; mrs x1, icc_iar1_el1; msr icc_eoir1_el1, x1; mrs x2, icc_ctlr_el1
        using var s = new SystemCpu(engine, new ArmCpuOptions { HasEl2 = true, ResetLevel = 1 }, 1, 0xd538_0400, 0xd538_cc01, 0xd518_cc21, 0xd538_cc82);
        var device = new Recorder();
        s.Register("HCR_EL2", ArmCpu.HcrImo);
        s.Run(1);
        ((s[0] >> 24) & 15).Should().Be(0);
        s.Cpu.SystemRegisters = device;
        s.Cpu.SetPc(SystemCpu.Code);
        s.Run(4);
        ((s[0] >> 24) & 15).Should().Be(1);
        s[1].Should().Be(0x42);
        device.Calls.Should().Equal("read c660 1 True False", "write c661 42", "read c664 1 True False");
        s.Register("ESR_EL1").Should().Be(0x200_0000, "the device has no ICC_CTLR_EL1");
    }

    [TestCase(2)]
    [TestCase(3)]
    public void A_device_traps_accesses_to_a_higher_level(int target)
    {
        // mrs x26, icc_iar1_el1: Op0 3, Op2 0, Op1 0, CRn 12, Rt 26, CRm 12, a read
        using var s = new SystemCpu(EngineKind.Tier0, new ArmCpuOptions { HasEl2 = true, HasEl3 = true, ResetLevel = 1 }, 1, 0xd538_cc1a);
        s.Register("SCR_EL3", 0x401);
        var device = new Recorder { Target = target };
        s.Cpu.SystemRegisters = device;
        s.Run(1);
        (s.Cpu.ExceptionLevel, s.Register($"ESR_EL{target}"), s.Register($"ELR_EL{target}")).Should().Be((target, (ulong)((0x18 << 26) | (1 << 25) | (3 << 20) | (12 << 10) | (26 << 5) | (12 << 1) | 1), SystemCpu.Code));
        device.Calls.Should().BeEmpty();
    }

    [Test]
    public void A_snapshot_goes_on_where_it_was([Values(EngineKind.Interpreter, EngineKind.Jit)] EngineKind engine)
    {
        var options = new ArmCpuOptions { HasEl2 = true, HasEl3 = true };
        using var s = new SystemCpu(engine, options, 1, Nop, Nop, 0xd518_1000 /* msr sctlr_el1, x0 */, Nop, Loop);
        s[0] = 0x30d0_0980;
        s.Register("CNTV_TVAL_EL0", 100);
        s.Register("CNTV_CTL_EL0", 1);
        s.Register("PMCNTENSET_EL0", 1u << 31);
        s.Cpu.SetInterrupt(ArmInterrupt.SError, true);
        s.Run(2);
        var writer = new StateWriter();
        s.Cpu.Save(writer);
        using var copy = new SystemCpu(engine, options, 1, Nop, Nop, 0xd518_1000, Nop, Loop);
        copy.Cpu.Load(new StateReader("cpu0", 1, writer.Written.ToArray()));
        var again = new StateWriter();
        copy.Cpu.Save(again);
        again.Written.ToArray().Should().Equal(writer.Written.ToArray());
        s.Run(5);
        copy.Run(5);
        (writer, again) = (new StateWriter(), new StateWriter());
        s.Cpu.Save(writer);
        copy.Cpu.Save(again);
        again.Written.ToArray().Should().Equal(writer.Written.ToArray());
        copy.Clock.NextDeadline.Should().Be(s.Clock.NextDeadline);
    }

    [Test]
    public void Broadcast_maintenance_reaches_other_cpus_at_the_barrier()
    {
        // ldr x1, [x0]; b -4; at 0x3000: tlbi vmalle1is; dsb ish
        using var s = new SystemCpu(EngineKind.Tier0, null, 2, 0xf940_0001, 0x17ff_ffff);
        s.Memory.Write(0x3000, [0x1f, 0x83, 0x08, 0xd5, 0x9f, 0x3b, 0x03, 0xd5]);
        MapFlat(s, 0x8000);
        s[0] = SystemCpu.Data;
        s.Memory.Write(SystemCpu.Data, BitConverter.GetBytes(1UL));
        s.Memory.Write(0x9000, BitConverter.GetBytes(2UL));
        s.Run(1);
        s[1].Should().Be(1);
        s.Memory.Write(0x7_0000 + (8 * 8), BitConverter.GetBytes(0x9000UL | 0x703));
        s.Run(2);
        s[1].Should().Be(1, "the TLB holds the old page");
        s.Cpus[1].PowerOn(0x3000, 0);
        s.Run(1, 1);
        s.Run(2);
        s[1].Should().Be(1, "the barrier is still to come");
        s.Run(1, 1);
        s.Run(2);
        s[1].Should().Be(2);
    }

    [Test]
    public void Device_memory_is_aligned([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        // ldr x1, [x0]; strh w1, [x0, #1]
        using var s = new SystemCpu(engine, null, 1, 0xf940_0001, 0x7800_1001);
        MapFlat(s, 0x8000, attributes: 0x707);
        s[0] = SystemCpu.Data;
        s.Run(2);
        (s.Register("ESR_EL1"), s.Register("FAR_EL1")).Should().Be((0x9600_0061UL, SystemCpu.Data + 1));
    }

    [Test]
    public void Step_breakpoint_watchpoint([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        using var s = new SystemCpu(engine, null, 1, Nop, Nop, 0xf940_0001 /* ldr x1, [x0] */, Nop, 0xd69f_03e0 /* eret */);
        s[0] = SystemCpu.Data;
        s.Register("OSLAR_EL1", 0);

        // step one instruction of EL0
        s.Register("MDSCR_EL1", 1);
        s.Cpu[SystemSlot.ElrEl1] = SystemCpu.Code;
        s.Cpu[SystemSlot.SpsrEl1] = 1 << 21;
        s.Cpu.SetPc(SystemCpu.Code + 16);
        s.Run(3);
        (s.Register("ESR_EL1"), s.Register("ELR_EL1")).Should().Be((0xcb00_0022UL, SystemCpu.Code + 4));

        s.Register("MDSCR_EL1", 1 << 15);
        s.Register("DBGBVR0_EL1", SystemCpu.Code + 4);
        s.Register("DBGBCR0_EL1", 0x1e5);                // EL0
        s.Cpu[SystemSlot.ElrEl1] = SystemCpu.Code;
        s.Cpu[SystemSlot.SpsrEl1] = 0;
        s.Cpu.SetPc(SystemCpu.Code + 16);
        s.Run(3);
        (s.Register("ESR_EL1"), s.Register("ELR_EL1")).Should().Be((0xc200_0022UL, SystemCpu.Code + 4));

        s.Register("DBGBCR0_EL1", 0);
        s.Register("DBGWVR0_EL1", SystemCpu.Data);
        s.Register("DBGWCR0_EL1", 0x1ffd);               // EL0, loads and stores
        s.Cpu.SetPc(SystemCpu.Code + 16);
        s.Cpu[SystemSlot.ElrEl1] = SystemCpu.Code;
        s.Run(4);
        (s.Register("ESR_EL1"), s.Register("ELR_EL1"), s.Register("FAR_EL1")).Should().Be((0xd200_0022UL, SystemCpu.Code + 8, SystemCpu.Data));
    }

    [Test]
    public void Counters_count_and_overflow()
    {
        using var s = new SystemCpu(EngineKind.Tier0, null, 1, Nop, Nop, Nop, Nop, Nop, Nop, Loop);
        s.Register("PMEVTYPER0_EL0", 8);
        s.Register("PMEVCNTR0_EL0", 0xffff_fffd);
        s.Register("PMINTENSET_EL1", 1);
        s.Register("PMCNTENSET_EL0", 1);
        s.Register("PMCR_EL0", 1);
        s.Run(2);
        s.Register("PMEVCNTR0_EL0").Should().Be(0xffff_ffff);
        s.Cpu.CounterOverflow.Level.Should().BeFalse();
        s.Run(3);                                        // ends where the counter overflows
        s.Run(2);
        s.Register("PMEVCNTR0_EL0").Should().Be(2);
        s.Cpu.CounterOverflow.Level.Should().BeTrue();
        s.Register("PMOVSCLR_EL0", 1);
        s.Cpu.CounterOverflow.Level.Should().BeFalse();
    }

    [Test]
    public void Data_may_be_big_endian([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        // ldr x1, [x0]; ldrh w2, [x0, #2]; str w1, [x0, #8]; ldp x3, x4, [x0]
        using var s = new SystemCpu(engine, null, 1, 0xf940_0001, 0x7940_0402, 0xb900_0801, 0xa940_1003);
        s.Memory.Write(SystemCpu.Data, [1, 2, 3, 4, 5, 6, 7, 8]);
        s[0] = SystemCpu.Data;
        s.Register("SCTLR_EL1", 0x30d0_0980 | (1 << 25));
        s.Run(4);
        (s[1], s[2], s[3], s[4]).Should().Be((0x0102_0304_0506_0708UL, 0x0304UL, 0x0102_0304_0506_0708UL, 0x0506_0708_0000_0000UL));
    }

    [Test]
    public void The_stack_pointer_is_checked_where_it_is_a_base([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        // sub sp, sp, #32; str x0, [sp]; str x0, [sp, #8]!; ldr x0, [sp]
        using var s = new SystemCpu(engine, null, 1, 0xd100_83ff, 0xf900_03e0, 0xf800_8fe0, 0xf940_03e0);
        s.Register("SCTLR_EL1", 0x30d0_0980 | (1 << 3));
        s.Cpu[s.Cpu.Registers.Sp] = SystemCpu.Data;
        s.Run(4);
        (s.Register("ESR_EL1"), s.Register("ELR_EL1")).Should().Be((0x9a00_0000UL, SystemCpu.Code + 12));
    }

    [Test]
    public void Vectors_may_be_big_endian([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        // ld1 {v1.4s}, [x0]; ld2 {v2.8h, v3.8h}, [x0]; ldr q4, [x0]; ldp d5, d6, [x0]; st1 {v4.16b}, [x1]; stp s1, s3, [x2]; ld1 {v7.h}[1], [x0]
        using var s = new SystemCpu(
            engine, null, 1, 0x4c40_7801, 0x4c40_8402, 0x3dc0_0004, 0x6d40_1805, 0x4c00_7024, 0x2d00_0c41, 0x0d40_4807);
        s.Memory.Write(SystemCpu.Data, [.. Enumerable.Range(1, 32).Select(n => (byte)n)]);
        (s[0], s[1], s[2]) = (SystemCpu.Data, SystemCpu.Data + 0x100, SystemCpu.Data + 0x200);
        s.Register("SCTLR_EL1", 0x30d0_0980 | (1 << 25));
        s.Register("CPACR_EL1", 3 << 20);
        s.Run(7);
        Vector(1).Should().Be(new UInt128(0x0d0e0f10_090a0b0c, 0x05060708_01020304));
        Vector(2).Should().Be(new UInt128(0x1d1e_191a_1516_1112, 0x0d0e_090a_0506_0102));
        Vector(4).Should().Be(new UInt128(0x0102030405060708, 0x090a0b0c0d0e0f10));
        (Vector(5), Vector(6)).Should().Be((0x0102030405060708, 0x090a0b0c0d0e0f10));
        Read(0x100, 16).Should().Equal(0x10, 0xf, 0xe, 0xd, 0xc, 0xb, 0xa, 9, 8, 7, 6, 5, 4, 3, 2, 1);
        Read(0x200, 8).Should().Equal(1, 2, 3, 4, 7, 8, 3, 4);
        ((ushort)(Vector(7) >> 16)).Should().Be(0x0102);

        UInt128 Vector(int r) => s.Cpu.GetWideRegister(s.Cpu.Registers.Vector[r]);

        byte[] Read(ulong offset, int count)
        {
            var bytes = new byte[count];
            s.Memory.Read(SystemCpu.Data + offset, bytes);
            return bytes;
        }
    }

    [Test]
    public void Pairs_are_aligned_when_each_register_is([Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        // ldp x1, x2, [x0]; stp w1, w2, [x0, #4]; stp x1, x2, [x3]: without MMU memory is Device
        using var s = new SystemCpu(engine, null, 1, 0xa940_0801, 0x2900_8801, 0xa900_0861);
        (s[0], s[3]) = (SystemCpu.Data + 8, SystemCpu.Data + 4);
        s.Run(3);
        (s.Register("ESR_EL1"), s.Register("ELR_EL1"), s.Register("FAR_EL1")).Should().Be((0x9600_0061UL, SystemCpu.Code + 8, SystemCpu.Data + 4));
    }

    // EL1, 4 KiB pages, 25 bits: the first 2 MiB as they are, the page under test by the table at 0x70000
    private static void MapFlat(SystemCpu s, ulong page, ulong attributes = 0x703)
    {
        for (ulong i = 0; i < 512; i++)
            s.Memory.Write(0x7_0000 + (8 * i), BitConverter.GetBytes((i << 12) | (i << 12 == page ? attributes : 0x703)));
        s.Memory.Write(0x6_0000, BitConverter.GetBytes(0x7_0003UL));
        foreach (ArmCpu cpu in s.Cpus)
        {
            foreach ((string name, ulong value) in ((string, ulong)[])[("MAIR_EL1", 0x00ff), ("TCR_EL1", 39 | (1 << 23)), ("TTBR0_EL1", 0x6_0000), ("SCTLR_EL1", 0x30d0_0981)])
            {
                cpu.TryFindSystemRegister(name, out int encoding);
                cpu.TryWriteSystemRegister(encoding, value);
            }
        }
    }

    private sealed class Recorder : IArmFirmware, IArmSemihosting, IArmSystemRegisters
    {
        public List<string> Calls { get; } = [];

        public Action<ArmCpu>? Action { get; init; }

        public int Target { get; init; }

        public int TrapTarget(int encoding, in ArmRegisterAccess access) => Target;

        public bool HandleCall(ArmCpu cpu, ArmConduit conduit, int immediate)
        {
            Calls.Add($"{conduit} {immediate} at {cpu.Pc:x}");
            cpu["x0"] = (ulong)Calls.Count;
            Action?.Invoke(cpu);
            return true;
        }

        public bool HandleCall(ArmCpu cpu)
        {
            Calls.Add($"semihosting at {cpu.Pc:x}");
            cpu["x0"] = (ulong)Calls.Count;
            return true;
        }

        public bool TryRead(int encoding, in ArmRegisterAccess access, out ulong value)
        {
            Calls.Add($"read {encoding:x} {access.Level} {access.HypervisorIrq} {access.MonitorIrq}");
            value = 0x42;
            return encoding == 0xc660;
        }

        public bool TryWrite(int encoding, in ArmRegisterAccess access, ulong value)
        {
            Calls.Add($"write {encoding:x} {value:x}");
            return true;
        }
    }
}
