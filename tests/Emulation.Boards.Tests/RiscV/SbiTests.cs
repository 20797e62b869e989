using Emulation.Boards.RiscV;
using Emulation.Core;
using Emulation.RiscV;

namespace Emulation.Boards.Tests.RiscV;

/// <summary>The built-in firmware, called by guests of a few instructions: RISC-V SBI 2.0.</summary>
public sealed class SbiTests
{
    private const ulong Base = 0x10, Time = 0x5449_4d45, Ipi = 0x73_5049, Rfence = 0x5246_4e43, Hsm = 0x48_534d, Srst = 0x5352_5354, Dbcn = 0x4442_434e;
    private const long NotSupported = -2, InvalidParameter = -3, InvalidAddress = -5, AlreadyAvailable = -6;
    private const ulong Code = 0x8020_0000, Data = 0x8030_0000;
    private const uint Ecall = 0x73, Loop = 0x6f /* j . */;
    private const int Sie = 0x104, Sip = 0x144, Satp = 0x180;

    [Test]
    public void Base_tells_version_and_extensions([Values(32, 64)] int bits)
    {
        using var guest = new Guest(bits, 1);
        guest.Call(Base, 0).Should().Be((0L, 0x0200_0000UL));
        guest.Call(Base, 1).Value.Should().Be(0x45_4d55);
        guest.Call(Base, 4).Should().Be((0L, 0UL));
        foreach (ulong id in (ulong[])[0, 1, 8, Base, Time, Ipi, Rfence, Hsm, Srst, Dbcn])
            guest.Call(Base, 3, id).Should().Be((0L, 1UL), $"extension 0x{id:x} exists");
        foreach (ulong id in (ulong[])[9, 0x50_4d55, 0x1234_5678])
            guest.Call(Base, 3, id).Should().Be((0L, 0UL), $"extension 0x{id:x} does not");
        guest.Call(Base, 99).Error.Should().Be(NotSupported);
        guest.Call(0x50_4d55, 0).Error.Should().Be(NotSupported);
    }

    [Test]
    public void A_call_changes_a0_and_a1_only_and_returns_behind_itself()
    {
        using var guest = new Guest(64, 1);
        for (int i = 1; i < 32; i++)
            guest.Hart(0)[$"x{i}"] = (ulong)i * 0x1111;
        guest.Call(Base, 3, Time);
        guest.Hart(0).Pc.Should().Be(Code + 4);
        for (int i = 1; i < 32; i++)
        {
            if (i is not (10 or 11 or 16 or 17) && i > 17)
                guest.Hart(0)[$"x{i}"].Should().Be((ulong)i * 0x1111);
        }

        guest.Hart(0).Privilege.Should().Be(PrivilegeLevel.Supervisor);
    }

    [TestCase("rv64imac_zicntr_sstc")]
    [TestCase("rv64imac_zicntr")]
    [TestCase("rv32imac_zicntr_sstc")]
    [TestCase("rv32imac_zicntr")]
    public void The_timer_makes_STIP_pending_at_its_time(string isa)
    {
        using var guest = new Guest(isa, 1);
        ulong due = guest.Hart(0).Time + 1000;
        guest.Call(Time, 0, due, due >> 32).Error.Should().Be(0);
        (guest.Csr(Sip) & 0x20).Should().Be(0);
        guest.Machine.RunFor(99_000);
        (guest.Csr(Sip) & 0x20).Should().Be(0);
        guest.Machine.RunFor(2_000);
        (guest.Csr(Sip) & 0x20).Should().Be(0x20);
        guest.Call(Time, 0, ulong.MaxValue, uint.MaxValue).Error.Should().Be(0);
        (guest.Csr(Sip) & 0x20).Should().Be(0);
        guest.Call(0, 0, guest.Hart(0).Time, 0).Error.Should().Be(0);
        guest.Machine.RunFor(1_000);
        (guest.Csr(Sip) & 0x20).Should().Be(0x20, "the call of version 0.1 does the same");
    }

    [Test]
    public void Interrupts_reach_the_harts_of_a_mask()
    {
        using var guest = new Guest(64, 4);
        guest.Call(Ipi, 0, 0b10, 0).Error.Should().Be(0);
        guest.Call(Ipi, 0, 0b11, 2).Error.Should().Be(0);
        Pending().Should().Equal(false, true, true, true);
        guest.Call(Ipi, 0, 0, ulong.MaxValue).Error.Should().Be(0);
        Pending().Should().Equal(true, true, true, true);
        guest.Call(Ipi, 0, 0b10000, 0).Error.Should().Be(InvalidParameter);
        guest.Call(Ipi, 0, 1, 4).Error.Should().Be(InvalidParameter);
        guest.Call(Ipi, 0, 0, 4).Error.Should().Be(InvalidParameter, "the base itself is no hart");
        guest.Call(Ipi, 0, 0, 3).Error.Should().Be(0, "no hart is none too many");
        guest.Call(Ipi, 0, 1UL << 63, 1).Error.Should().Be(InvalidParameter, "the number of a hart does not wrap");
        guest.Call(Ipi, 0, 0, ulong.MaxValue - 1).Error.Should().Be(InvalidParameter);
        guest.Call(Ipi, 0, 0b10, 3).Error.Should().Be(InvalidParameter);
        guest.Call(Ipi, 1, 1, 0).Error.Should().Be(NotSupported);
        guest.Call(3, 0).Error.Should().BePositive("one was pending");
        guest.Call(3, 0).Error.Should().Be(0);
        Pending().Should().Equal(false, true, true, true);

        bool[] Pending() => [.. Enumerable.Range(0, 4).Select(i => (guest.Csr(Sip, i) & 2) != 0)];
    }

    [Test]
    public void Legacy_interrupts_read_their_mask_from_memory()
    {
        using var guest = new Guest(64, 2);
        guest.Machine.Memory.TryLoad(Data, [0b10, 0, 0, 0, 0, 0, 0, 0]);
        guest.Call(4, 0, Data).Error.Should().Be(0);
        (guest.Csr(Sip, 0) & 2).Should().Be(0);
        (guest.Csr(Sip, 1) & 2).Should().Be(2);
        guest.Call(4, 0, 0).Error.Should().Be(0, "no mask is all harts");
        (guest.Csr(Sip, 0) & 2).Should().Be(2);
    }

    [Test]
    public void A_legacy_mask_that_cannot_be_read_faults_at_the_call([Values(4UL, 5UL, 6UL, 7UL)] ulong id, [Values] bool paged)
    {
        using var guest = new Guest(64, 2);
        const int Stvec = 0x105, Sepc = 0x141, Scause = 0x142, Stval = 0x143, Sstatus = 0x100;
        guest.Hart(0).TryWriteCsr(Stvec, Data + 0x101);
        guest.Hart(0).TryWriteCsr(Sstatus, 2);
        if (paged)
        {
            // one leaf: the program and what is around it, at its own address
            guest.Machine.Memory.TryLoad(Data + 0x1010, BitConverter.GetBytes((0x8000_0000UL >> 2) | 0xcf));
            guest.Hart(0).TryWriteCsr(Satp, (8UL << 60) | ((Data + 0x1000) >> 12));
        }

        guest.Call(id, 0, 0x123);
        guest.Hart(0).Pc.Should().Be(Data + 0x100);
        guest.Hart(0).Privilege.Should().Be(PrivilegeLevel.Supervisor);
        (guest.Csr(Sepc), guest.Csr(Scause), guest.Csr(Stval)).Should().Be((Code, paged ? 13UL : 5UL, 0x123UL));
        (guest.Csr(Sstatus) & 0x122).Should().Be(0x120, "SIE moved to SPIE, SPP is S");
        (guest.Csr(Sip, 1) & 2).Should().Be(0);
    }

    [Test]
    public void A_hart_starts_where_it_is_told_and_stops_itself([Values(32, 64)] int bits)
    {
        using var guest = new Guest(bits, 2, Ecall, Loop, Loop);
        Status(1).Should().Be(1, "stopped");
        guest.Call(Hsm, 0, 1, Code + 8, 0x1234).Error.Should().Be(0);
        Status(1).Should().Be(2, "start pending");
        guest.Call(Hsm, 0, 1, Code + 8, 0).Error.Should().Be(AlreadyAvailable);
        guest.Machine.RunFor(100_000);
        Status(1).Should().Be(0, "started");
        RiscVCpu hart = guest.Hart(1);
        hart.Pc.Should().Be(Code + 8);
        (hart["x10"], hart["x11"]).Should().Be((1UL, 0x1234UL));
        hart.Privilege.Should().Be(PrivilegeLevel.Supervisor);
        guest.Csr(Satp, 1).Should().Be(0);
        guest.Csr(Sie, 1).Should().Be(0);

        guest.Prepare(1, Hsm, 1);
        hart.SetPc(Code);
        guest.Machine.RunFor(100_000);
        Status(1).Should().Be(1, "stopped again");
        hart.IsIdle.Should().BeTrue();
        guest.Call(Hsm, 0, 1, Code + 8, 7).Error.Should().Be(0);
        guest.Machine.RunFor(100_000);
        (hart.Pc, hart["x11"]).Should().Be((Code + 8, 7UL));

        guest.Call(Hsm, 0, 9, Code, 0).Error.Should().Be(InvalidParameter);
        guest.Call(Hsm, 2, 9).Error.Should().Be(InvalidParameter);
        guest.Call(Hsm, 0, 1UL << 32, Code, 0).Error.Should().Be(bits == 32 ? AlreadyAvailable : InvalidParameter);
        guest.Call(Hsm, 0, 0, Code, 0).Error.Should().Be(AlreadyAvailable, "it is the caller");
        guest.Call(Hsm, 9, 0).Error.Should().Be(NotSupported);

        ulong Status(ulong of) => guest.Call(Hsm, 2, of).Value;
    }

    [Test]
    public void A_hart_does_not_start_outside_memory()
    {
        using var guest = new Guest(64, 2);
        guest.Call(Hsm, 0, 1, 0x1000_0000, 0).Error.Should().Be(InvalidAddress);
        guest.Call(Hsm, 0, 1, 0x4000_0000, 0).Error.Should().Be(InvalidAddress);
        guest.Call(Hsm, 0, 1, 0x8000_0000UL + 16.MiB(), 0).Error.Should().Be(InvalidAddress, "memory ends there");
        guest.Call(Hsm, 0, 1, Code + 1, 0).Error.Should().Be(InvalidAddress, "no instruction has an odd address");
        guest.Call(Hsm, 3, 0x8000_0000, 0x4000_0000).Error.Should().Be(InvalidAddress, "nor does one resume there");
        guest.Call(Hsm, 2, 1).Should().Be((0L, 1UL), "it is stopped still");
    }

    [Test]
    public void A_retentive_suspend_returns_when_an_enabled_interrupt_is_pending()
    {
        using var guest = new Guest(64, 2, Ecall, Loop, Ecall, Loop);
        StartSecond(guest);
        guest.Hart(1).TryWriteCsr(Sie, 2);
        guest.Prepare(1, Hsm, 3, 0);
        guest.Machine.RunFor(100_000);
        guest.Call(Hsm, 2, 1).Value.Should().Be(4, "suspended");
        guest.Hart(1).IsIdle.Should().BeTrue();
        guest.Call(Ipi, 0, 0b10, 0);
        guest.Machine.RunFor(100_000);
        guest.Call(Hsm, 2, 1).Value.Should().Be(0);
        guest.Hart(1)["x10"].Should().Be(0);
        guest.Hart(1).Pc.Should().Be(Code + 12, "behind its call");
    }

    [Test]
    public void A_non_retentive_suspend_resumes_at_its_address()
    {
        using var guest = new Guest(64, 2, Ecall, Loop, Ecall, Loop, Loop);
        StartSecond(guest);
        guest.Hart(1).TryWriteCsr(Sie, 2);
        guest.Prepare(1, Hsm, 3, 0x8000_0000, Code + 16, 0x55);
        guest.Machine.RunFor(100_000);
        guest.Call(Ipi, 0, 0b10, 0);
        guest.Machine.RunFor(100_000);
        (guest.Hart(1).Pc, guest.Hart(1)["x10"], guest.Hart(1)["x11"]).Should().Be((Code + 16, 1UL, 0x55UL));
        foreach (ulong type in (ulong[])[1, 5, 0x0fff_ffff, 0x8000_0001, 0x8fff_ffff])
            guest.Call(Hsm, 3, type).Error.Should().Be(InvalidParameter, "a reserved type");
        foreach (ulong type in (ulong[])[0x1000_0000, 0x7fff_ffff, 0x9000_0000, 0xffff_ffff])
            guest.Call(Hsm, 3, type).Error.Should().Be(InvalidParameter, "a type of a platform that is not implemented");
    }

    [Test]
    public void Fences_are_accepted_for_any_range_and_refused_for_unknown_harts()
    {
        using var guest = new Guest(64, 2);
        guest.Call(Rfence, 0, 0b11, 0).Error.Should().Be(0);
        guest.Call(Rfence, 1, 0b10, 0, 0x1000, 0x5000).Error.Should().Be(0);
        guest.Call(Rfence, 1, 0, ulong.MaxValue, 0, 0).Error.Should().Be(0);
        guest.Call(Rfence, 2, 0b10, 0, 0, ulong.MaxValue, 5).Error.Should().Be(0);
        guest.Call(Rfence, 1, 0b10, 0, ulong.MaxValue - 10, 100).Error.Should().Be(0);
        guest.Call(Rfence, 1, 0b100, 0, 0, 0).Error.Should().Be(InvalidParameter);
        guest.Call(Rfence, 0, 1, 2).Error.Should().Be(InvalidParameter);
        foreach (ulong function in (ulong[])[3, 4, 5, 6, 7])
            guest.Call(Rfence, function, 1, 0).Error.Should().Be(NotSupported, "there is no hypervisor extension");
        foreach (ulong id in (ulong[])[5, 6, 7])
            guest.Call(id, 0, 0, 0x1000, 0x1000).Error.Should().Be(0);
    }

    [TestCase(0UL, 0UL, StopReason.PowerOff)]
    [TestCase(1UL, 0UL, StopReason.Reset)]
    [TestCase(2UL, 1UL, StopReason.Reset)]
    public void A_reset_call_ends_the_machine(ulong type, ulong reason, StopReason expected)
    {
        using var guest = new Guest(64, 2);
        guest.Machine.ResetPolicy = ResetPolicy.Stop;
        guest.Prepare(0, Srst, 0, type, reason);
        guest.Machine.Run().Reason.Should().Be(expected);
    }

    [Test]
    public void Unknown_resets_are_refused()
    {
        using var guest = new Guest(64, 1);
        guest.Call(Srst, 0, 7, 0).Error.Should().Be(InvalidParameter);
        guest.Call(Srst, 0, 0, 5).Error.Should().Be(InvalidParameter);
        foreach (ulong type in (ulong[])[3, 0xefff_ffff, 0xf000_0000, 0xffff_ffff])
            guest.Call(Srst, 0, type, 0).Error.Should().Be(InvalidParameter);
        foreach (ulong reason in (ulong[])[2, 0xdfff_ffff, 0xe000_0000, 0xf000_0000])
            guest.Call(Srst, 0, 0, reason).Error.Should().Be(InvalidParameter);
        guest.Call(Srst, 1).Error.Should().Be(NotSupported);
    }

    [Test]
    public void The_legacy_shutdown_powers_off()
    {
        using var guest = new Guest(64, 1);
        guest.Prepare(0, 8, 0);
        guest.Machine.Run().Reason.Should().Be(StopReason.PowerOff);
    }

    [Test]
    public void The_debug_console_writes_and_reads_memory([Values(32, 64)] int bits)
    {
        using var guest = new Guest(bits, 1);
        guest.Machine.Memory.TryLoad(Data, "hello"u8);
        guest.Call(Dbcn, 0, 5, Data, 0).Should().Be((0L, 5UL));
        guest.Call(Dbcn, 2, '!').Error.Should().Be(0);
        guest.Call(1, 0, '?').Error.Should().Be(0);
        guest.Console.RecentText.Should().Be("hello!?");

        guest.Call(Dbcn, 1, 8, Data, 0).Should().Be((0L, 0UL));
        guest.Call(2, 0).Error.Should().Be(-1);
        guest.Console.Send("xyz");
        guest.Call(Dbcn, 1, 2, Data, 0).Should().Be((0L, 2UL));
        byte[] bytes = new byte[2];
        guest.Machine.Memory.TryRead(Data, bytes);
        bytes.Should().Equal((byte)'x', (byte)'y');
        guest.Call(2, 0).Error.Should().Be('z');
        guest.Call(Dbcn, 0, 5, 0x4000_0000, 0).Error.Should().Be(InvalidParameter);
        guest.Call(Dbcn, 0, ulong.MaxValue, Data, 0).Error.Should().Be(InvalidParameter, "memory ends before");
        guest.Call(Dbcn, 0, 1, Data, 1).Error.Should().Be(InvalidParameter, "the upper half of the address counts");
        guest.Call(Dbcn, 0, 1 + 0x8000_0000UL + 16.MiB() - Data, Data, 0).Error.Should().Be(InvalidParameter, "one byte too many, though no call writes so many");
        guest.Call(Dbcn, 0, 0, 0x4000_0000, 0).Should().Be((0L, 0UL), "no bytes lie nowhere");
        guest.Call(Dbcn, 1, 1, 0x2000_0000, 0).Error.Should().Be(InvalidParameter, "flash is not written that way");
        guest.Call(Dbcn, 0, 1, 0x1000_0000, 0).Error.Should().Be(InvalidParameter, "nor are registers read");
        guest.Call(Dbcn, 3).Error.Should().Be(NotSupported);
    }

    [TestCase(0x4000_0000UL, 0x1000UL, true)]
    [TestCase(0x4000_0001UL, 0x1UL, true)]
    [TestCase(0x3fff_ffffUL, 0x2UL, true)]
    [TestCase(0x3fff_f000UL, 0x1000UL, false)]
    [TestCase(0x4000_1000UL, 0x1000UL, false)]
    [TestCase(0x1UL, ulong.MaxValue - 1, true)]
    [TestCase(0x0UL, ulong.MaxValue, true)]
    [TestCase(0x0UL, 0x0UL, true)]
    public void A_fence_forgets_the_translations_of_its_range(ulong start, ulong size, bool covers)
    {
        // Sv39: the program at its own address in one large page, data at 0x4000_0000 through three levels
        using var guest = new Guest(64, 1, Ecall, Loop);
        const ulong Tables = Data + 0x1000, Pointer = 1, Leaf = 0xcf;
        Map(Tables + 0x10, 0x8000_0000, Leaf);
        Map(Tables + 0x08, Tables + 0x1000, Pointer);
        Map(Tables + 0x1000, Tables + 0x2000, Pointer);
        Map(Tables + 0x2000, Data, Leaf);
        RiscVCpu hart = guest.Hart(0);
        hart.TryWriteCsr(Satp, (8UL << 60) | (Tables >> 12));
        ulong misses = hart.TlbMisses;
        Touch().Should().Be(misses + 1);
        Touch().Should().Be(misses + 1);
        guest.Call(Rfence, 1, 1, 0, start, size).Error.Should().Be(0);
        misses = hart.TlbMisses;
        Touch().Should().Be(covers ? misses + 1 : misses);

        void Map(ulong place, ulong target, ulong bits)
            => guest.Machine.Memory.TryLoad(place, BitConverter.GetBytes((target >> 2) | bits)).Should().BeTrue();

        ulong Touch()
        {
            hart.TryLoad(0x4000_0000, new Emulation.IR.MemOp(8, false, hart.LoadStoreMmuIndex), out _).Should().BeTrue();
            return hart.TlbMisses;
        }
    }

    [Test]
    public void The_state_of_harts_and_timers_is_saved()
    {
        using var guest = new Guest("rv64imac_zicntr", 2, Ecall, Loop, Loop);
        guest.Call(Time, 0, guest.Hart(0).Time + 5000);
        guest.Call(Hsm, 0, 1, Code + 8, 0x77);
        using var saved = new MemoryStream();
        guest.Machine.Save(saved);

        using var other = new Guest("rv64imac_zicntr", 2, Ecall, Loop, Loop);
        saved.Position = 0;
        other.Machine.Load(saved);
        other.Machine.StateHash().Should().Be(guest.Machine.StateHash());
        foreach (Guest each in (Guest[])[guest, other])
        {
            each.Machine.RunFor(1_000_000);
            each.Hart(1).Pc.Should().Be(Code + 8);
            (each.Csr(Sip) & 0x20).Should().Be(0x20);
        }

        other.Machine.StateHash().Should().Be(guest.Machine.StateHash());
    }

    [Test]
    public void Everything_but_calls_is_delegated()
    {
        using var guest = new Guest(64, 1);
        RiscVCpu hart = guest.Hart(0);
        Csr(0x302).Should().Be(0xb1ff);
        (Csr(0x303) & 0x222).Should().Be(0x222);
        Csr(0x306).Should().Be(7);
        (Csr(0x30a) >> 63).Should().Be(1, "stimecmp is the guest's");

        ulong Csr(int number)
        {
            hart.TryReadCsr(number, out ulong value).Should().BeTrue();
            return value;
        }
    }

    private static void StartSecond(Guest guest)
    {
        guest.Call(Hsm, 0, 1, Code + 12, 0);
        guest.Machine.RunFor(100_000);
        guest.Hart(1).SetPc(Code + 8);
    }

    /// <summary>A machine whose hart 0 stands at a call in S-mode; tests set its registers.</summary>
    private sealed class Guest : IDisposable
    {
        private readonly TestFiles _files = new();
        private readonly SerialPort _console;

        public Guest(int bits, int harts, params uint[] code) : this(BoardTests.Isa(bits), harts, code)
        {
        }

        public Guest(string isa, int harts, params uint[] code)
        {
            if (code.Length == 0)
                code = [Ecall, Loop];
            string program = _files.Write("program", System.Runtime.InteropServices.MemoryMarshal.AsBytes(code.AsSpan()));
            Machine = new MachineBuilder().UseRiscVVirt(o => (o.Isa, o.Cpus) = (isa, harts)).WithMemory(16.MiB()).LoadFile(program, Code).AddConsole(out _console).Build();
            while (Hart(0).Pc != Code)
                Machine.Step();
        }

        public Machine Machine { get; }

        public SerialPort Console => _console;

        public RiscVCpu Hart(int index) => Machine.Get<RiscVVirtBoard>().Harts[index];

        public ulong Csr(int number, int hart = 0)
        {
            Hart(hart).TryReadCsr(number, out ulong value).Should().BeTrue();
            return value;
        }

        /// <summary>Sets the registers of a call that the hart makes next.</summary>
        public void Prepare(int hart, ulong extension, ulong function, params ulong[] arguments)
        {
            RiscVCpu cpu = Hart(hart);
            for (int i = 0; i < arguments.Length; i++)
                cpu[$"x{10 + i}"] = arguments[i];
            for (int i = arguments.Length; i < 6; i++)
                cpu[$"x{10 + i}"] = 0;
            cpu["x16"] = function;
            cpu["x17"] = extension;
            if (hart == 0)
                cpu.SetPc(Code);
        }

        public (long Error, ulong Value) Call(ulong extension, ulong function, params ulong[] arguments)
        {
            Prepare(0, extension, function, arguments);
            ulong before = Hart(0).InstructionCount;
            while (Hart(0).InstructionCount == before)
                Machine.Step();
            ulong error = Hart(0)["x10"];
            return (Hart(0).Isa.Xlen == 32 ? (int)(uint)error : (long)error, Hart(0)["x11"]);
        }

        public void Dispose()
        {
            Machine.Dispose();
            _files.Dispose();
        }
    }
}
