using Emulation.Cpu;
using Emulation.RiscV.Privileged;

namespace Emulation.RiscV.Tests.Privileged;

public sealed unsafe class TrapTests
{
    private const int Mstatus = 0x300, Medeleg = 0x302, Mideleg = 0x303, Mie = 0x304, Mtvec = 0x305, Mepc = 0x341, Mcause = 0x342, Mtval = 0x343, Mip = 0x344;
    private const int Stvec = 0x105, Sepc = 0x141, Scause = 0x142, Stval = 0x143;
    private const ulong Interrupt = 1UL << 63;
    private static readonly int[] s_order = [11, 3, 7, 9, 1, 5, 13];

    [Test]
    public void An_exception_enters_machine_mode_and_stacks_its_state()
    {
        using var hart = new TestHart();
        hart[Mtvec] = 0x8000_4000;
        hart[Mstatus] = Status.Mie | Status.Mprv;
        hart.Enter(PrivilegeLevel.Supervisor);
        hart.Pc = 0x8000_0100;
        hart.Cpu.EnterException(Cause.LoadPage, 0xdead).Should().BeTrue();
        hart.Pc.Should().Be(0x8000_4000);
        hart.Cpu.Privilege.Should().Be(PrivilegeLevel.Machine);
        (hart[Mepc], hart[Mcause], hart[Mtval]).Should().Be((0x8000_0100UL, 13UL, 0xdeadUL));
        (hart[Mstatus] & (Status.Mie | Status.Mpie | Status.Mpp)).Should().Be(Status.Mpie | (1UL << Status.MppShift));
        (hart[Mstatus] & Status.Mprv).Should().Be(Status.Mprv);
    }

    [Test]
    public void Delegated_exceptions_enter_supervisor_mode_except_from_machine_mode([Values] PrivilegeLevel from, [Values(0, 2, 3, 8, 9, 12, 15)] int code)
    {
        using var hart = new TestHart();
        hart[Mtvec] = 0x8000_4000;
        hart[Stvec] = 0x8000_5001; // vectored, which exceptions ignore
        hart[Medeleg] = 1UL << code;
        hart[Mstatus] = Status.Sie;
        hart.Enter(from);
        hart.Pc = 0x8000_0100;
        hart.Cpu.EnterException(code, 5);
        if (from == PrivilegeLevel.Machine)
        {
            hart.Cpu.Privilege.Should().Be(PrivilegeLevel.Machine);
            hart[Mcause].Should().Be((ulong)code);
            return;
        }

        hart.Cpu.Privilege.Should().Be(PrivilegeLevel.Supervisor);
        hart.Pc.Should().Be(0x8000_5000);
        (hart[Sepc], hart[Scause], hart[Stval]).Should().Be((0x8000_0100UL, (ulong)code, 5UL));
        (hart[Mstatus] & (Status.Sie | Status.Spie | Status.Spp)).Should().Be(Status.Spie | (from == PrivilegeLevel.Supervisor ? Status.Spp : 0));
    }

    [Test]
    public void Machine_return([Values] PrivilegeLevel to, [Values] bool enabled)
    {
        using var hart = new TestHart();
        hart[Mstatus] = ((ulong)to << Status.MppShift) | Status.Mprv | (enabled ? Status.Mpie : 0);
        hart[Mepc] = 0x8000_0203;
        hart.Cpu.Header.ReservationAddress = 0x8000_0000;
        SystemHelpers.Mret(hart.Cpu.State).Should().Be(0x8000_0202);
        hart.Pc.Should().Be(0x8000_0202);
        hart.Cpu.Privilege.Should().Be(to);
        ulong status = hart[Mstatus];
        (status & (Status.Mie | Status.Mpie)).Should().Be(Status.Mpie | (enabled ? Status.Mie : 0));
        (status & Status.Mpp).Should().Be(0, "the least privileged mode is stacked");
        (status & Status.Mprv).Should().Be(to == PrivilegeLevel.Machine ? Status.Mprv : 0);
        hart.Cpu.Header.ReservationAddress.Should().Be(ulong.MaxValue);
        RiscVMode.Privilege(hart.Cpu.Header.Mode).Should().Be((int)to);
    }

    [Test]
    public void Supervisor_return([Values(PrivilegeLevel.User, PrivilegeLevel.Supervisor)] PrivilegeLevel to, [Values] bool enabled)
    {
        using var hart = new TestHart();
        hart[Mstatus] = (to == PrivilegeLevel.Supervisor ? Status.Spp : 0) | Status.Mprv | (enabled ? Status.Spie : 0);
        hart[Sepc] = 0x8000_0200;
        hart.Enter(PrivilegeLevel.Supervisor);
        SystemHelpers.Sret(hart.Cpu.State).Should().Be(0x8000_0200);
        hart.Cpu.Privilege.Should().Be(to);
        (hart[Mstatus] & (Status.Sie | Status.Spie | Status.Spp | Status.Mprv)).Should().Be(Status.Spie | (enabled ? Status.Sie : 0));
    }

    [Test]
    public void Interrupt_choice_agrees_with_the_manual([Values] PrivilegeLevel privilege, [Values] bool mie, [Values] bool sie)
    {
        using var hart = new TestHart();
        hart[Mtvec] = 0x8000_4001;
        hart[Stvec] = 0x8000_8001;
        var random = new Random(4711);
        for (int round = 0; round < 2000; round++)
        {
            hart.Enter(PrivilegeLevel.Machine);
            ulong pending = Pick(random), enabled = Pick(random), delegated = Pick(random) & 0x2222;
            hart[Mstatus] = (mie ? Status.Mie : 0) | (sie ? Status.Sie : 0);
            hart[Mideleg] = delegated;
            hart[Mie] = enabled;
            hart[Mip] = pending;
            foreach (int line in (int[])[3, 7, 11])
                hart.Cpu.SetInterrupt(line, ((pending >> line) & 1) != 0);
            hart.Enter(privilege);
            hart.Pc = 0x8000_0100;
            (int Number, bool Supervisor)? expected = Expected(pending & enabled, delegated, privilege, mie, sie);
            (hart.Cpu.EnabledInterrupts() != 0).Should().Be(expected is not null);
            hart.Cpu.EnterInterrupt();
            if (expected is not var (number, supervisor))
            {
                hart.Pc.Should().Be(0x8000_0100);
                continue;
            }

            hart.Cpu.Privilege.Should().Be(supervisor ? PrivilegeLevel.Supervisor : PrivilegeLevel.Machine);
            hart[supervisor ? Scause : Mcause].Should().Be(Interrupt | (uint)number);
            hart[supervisor ? Sepc : Mepc].Should().Be(0x8000_0100);
            hart.Pc.Should().Be((supervisor ? 0x8000_8000UL : 0x8000_4000UL) + (4 * (ulong)number));
        }
    }

    [Test]
    public void External_and_written_supervisor_external_interrupt_are_one_bit_but_not_for_set_and_clear()
    {
        using var hart = new TestHart();
        hart.Cpu.SetInterrupt(RiscVInterrupt.SupervisorExternal, true);
        hart.Read(Mip).Should().Be(1UL << 9);
        hart.Set(Mip, 2).Should().Be(1UL << 9);
        hart.Cpu.SetInterrupt(RiscVInterrupt.SupervisorExternal, false);
        hart.Read(Mip).Should().Be(2, "the line was not written back as a software bit");
        hart.Set(Mip, 1UL << 9);
        hart.Read(Mip).Should().Be((1UL << 9) | 2);
        hart.Clear(Mip, 1UL << 9);
        hart.Read(Mip).Should().Be(2);
    }

    [Test]
    public void Supervisor_views_show_and_write_what_is_delegated()
    {
        using var hart = new TestHart();
        const int Sie = 0x104, Sip = 0x144;
        hart[Mideleg] = 0x222;
        hart[Mie] = 0x888;
        hart[Sie] = ulong.MaxValue;
        hart[Mie].Should().Be(0xaaa);
        hart[Sie].Should().Be(0x222);
        hart[Sip] = ulong.MaxValue;
        hart[Mip].Should().Be(2, "only SSIP can be written there");
        hart[Mip] = 0x222;
        hart[Sip].Should().Be(0x222);
        hart[Sip] = 0;
        hart[Mip].Should().Be(0x220);
        hart[Mideleg] = 0;
        hart[Sip] = 2;
        (hart[Sip], hart[Sie], hart[Mip]).Should().Be((0UL, 0UL, 0x220UL));
    }

    [TestCase(0UL, 0UL, false)]
    [TestCase(0x8000_0000UL, 0UL, true)]
    public void Stop_on_trap_ends_the_run_where_no_handler_is(ulong mtvec, ulong medeleg, bool taken)
    {
        using var hart = new TestHart(options: new RiscVCpuOptions { StopOnTrap = true });
        hart[Mtvec] = mtvec;
        hart[Medeleg] = medeleg;
        hart.Pc = 0x8000_0100;
        hart.Cpu.EnterException(Cause.IllegalInstruction, 0xffff_ffff).Should().Be(taken);
        hart.Pc.Should().Be(taken ? mtvec : 0x8000_0100);
    }

    [Test]
    public void Host_firmware_sees_what_would_enter_machine_mode()
    {
        using var hart = new TestHart();
        var firmware = new RecordingFirmware();
        hart.Cpu.Firmware = firmware;
        hart[Mtvec] = 0x8000_4000;
        hart[Stvec] = 0x8000_5000;
        hart[Medeleg] = 1UL << Cause.UserCall;
        hart.Enter(PrivilegeLevel.User);
        hart.Cpu.EnterException(Cause.UserCall, 0);
        firmware.Calls.Should().BeEmpty();
        hart.Pc = 0x8000_0100;
        hart.Cpu.EnterException(Cause.SupervisorCall, 0);
        firmware.Calls.Should().Equal(Cause.SupervisorCall);
        (hart.Pc, hart.Cpu.Privilege).Should().Be((0x8000_0104UL, PrivilegeLevel.Supervisor));
        hart.Cpu.EnterException(Cause.IllegalInstruction, 0);
        hart.Pc.Should().Be(0x8000_4000, "it declined");
    }

    [Test]
    public void Mode_word([Values] PrivilegeLevel privilege, [Values] bool mprv, [Values] PrivilegeLevel mpp, [Values] bool sum, [Values] bool mxr)
    {
        using var hart = new TestHart();
        hart[Mstatus] = (mprv ? Status.Mprv : 0) | ((ulong)mpp << Status.MppShift) | (sum ? Status.Sum : 0) | (mxr ? Status.Mxr : 0) | Status.Tw | Status.Tvm | Status.Tsr;
        hart.Enter(privilege);
        uint mode = hart.Cpu.Header.Mode;
        PrivilegeLevel data = privilege == PrivilegeLevel.Machine && mprv ? mpp : privilege;
        int expected = (data, sum, mxr) switch
        {
            (PrivilegeLevel.Machine, _, _) => RiscVMode.MmuMachine,
            (PrivilegeLevel.User, _, false) => RiscVMode.MmuUser,
            (PrivilegeLevel.User, _, true) => RiscVMode.MmuUserMxr,
            (_, false, false) => RiscVMode.MmuSupervisor,
            (_, true, false) => RiscVMode.MmuSupervisorSum,
            (_, false, true) => RiscVMode.MmuSupervisorMxr,
            (_, true, true) => RiscVMode.MmuSupervisorSumMxr,
        };
        RiscVMode.DataMmu(mode).Should().Be(expected);
        RiscVMode.Privilege(mode).Should().Be((int)privilege);
        ((mode & RiscVMode.TrapWfi) != 0).Should().Be(privilege != PrivilegeLevel.Machine);
        ((mode & RiscVMode.TrapVm) != 0).Should().Be(privilege == PrivilegeLevel.Supervisor);
        ((mode & RiscVMode.TrapSret) != 0).Should().Be(privilege == PrivilegeLevel.Supervisor);
        ((mode & RiscVMode.FsOff) != 0).Should().BeTrue();
    }

    [TestCase(0UL, 3UL, 0, 0)]
    [TestCase(1UL, 3UL, 1, 1)]
    [TestCase(3UL, 3UL, 3, 3)]
    [TestCase(3UL, 1UL, 3, 1)]
    [TestCase(3UL, 0UL, 3, 0)]
    [TestCase(1UL, 1UL, 1, 1)]
    public void Cache_block_invalidation_follows_the_most_restrictive_register(ulong menvcfg, ulong senvcfg, int supervisor, int user)
    {
        using var hart = new TestHart();
        hart[0x30a] = menvcfg << 4;
        hart[0x10a] = senvcfg << 4;
        RiscVMode.Cbie(hart.Cpu.Header.Mode).Should().Be(3);
        hart.Enter(PrivilegeLevel.Supervisor);
        RiscVMode.Cbie(hart.Cpu.Header.Mode).Should().Be(supervisor);
        hart.Enter(PrivilegeLevel.User);
        RiscVMode.Cbie(hart.Cpu.Header.Mode).Should().Be(user);
    }

    private static ulong Pick(Random random)
    {
        ulong bits = 0;
        foreach (int number in s_order)
            bits |= random.Next(3) == 0 ? 1UL << number : 0;
        return bits;
    }

    private static (int Number, bool Supervisor)? Expected(ulong active, ulong delegated, PrivilegeLevel privilege, bool mie, bool sie)
    {
        bool toMachine = privilege != PrivilegeLevel.Machine || mie;
        bool toSupervisor = privilege == PrivilegeLevel.User || (privilege == PrivilegeLevel.Supervisor && sie);
        foreach (bool supervisor in (bool[])[false, true])
        {
            if (!(supervisor ? toSupervisor : toMachine))
                continue;
            foreach (int number in s_order)
            {
                if (((active >> number) & 1) != 0 && (((delegated >> number) & 1) != 0) == supervisor)
                    return (number, supervisor);
            }
        }

        return null;
    }

    private sealed class RecordingFirmware : IMachineFirmware
    {
        public List<int> Calls { get; } = [];

        public bool HandleException(RiscVCpu cpu, int cause, ulong value)
        {
            if (cause != Cause.SupervisorCall)
                return false;
            Calls.Add(cause);
            cpu.Header.Pc += 4;
            return true;
        }
    }
}
