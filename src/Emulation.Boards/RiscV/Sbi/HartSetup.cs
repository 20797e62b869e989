using Emulation.RiscV;

namespace Emulation.Boards.RiscV.Sbi;

/// <summary>Brings a hart into the states that M-mode firmware would bring it into. RISC-V Privileged 1.13.</summary>
internal static class HartSetup
{
    // the parking code: wait for an interrupt, ask the firmware, go on in S-mode when it says so
    private static readonly uint[] s_code = [0x1050_0073 /* wfi */, 0x0000_0073 /* ecall */, 0x3020_0073 /* mret */];

    private const int Scounteren = 0x106;
    private const int Stvec = 0x105;
    private const int Sepc = 0x141;
    private const int Scause = 0x142;
    private const int Stval = 0x143;
    private const int Satp = 0x180;
    private const int Mstatus = 0x300;
    private const int Medeleg = 0x302;
    private const int Mideleg = 0x303;
    private const int Mie = 0x304;
    private const int Mtvec = 0x305;
    private const int Mcounteren = 0x306;
    private const int Menvcfg = 0x30a;
    private const int Mstateen0 = 0x30c;
    private const int MenvcfgHigh = 0x31a;
    private const int Mstateen0High = 0x31c;
    private const int Mepc = 0x341;
    private const int Pmpcfg0 = 0x3a0;
    private const int Pmpaddr0 = 0x3b0;

    /// <summary>All exceptions but calls from S-mode: 0 to 8, and page faults.</summary>
    private const ulong DelegatedExceptions = 0xb1ff;

    private const ulong DelegatedInterrupts = (1UL << RiscVInterrupt.SupervisorSoftware) | (1UL << RiscVInterrupt.SupervisorTimer)
        | (1UL << RiscVInterrupt.SupervisorExternal) | (1UL << RiscVInterrupt.CounterOverflow);

    private const ulong StatusSie = 1UL << 1;
    private const ulong StatusSpie = 1UL << 5;
    private const ulong StatusSpp = 1UL << 8;
    private const ulong StatusMpp = 3UL << 11;
    private const ulong StatusMppSupervisor = 1UL << 11;

    // SIE, MIE, SPIE, MPIE, SPP, MPRV, SUM, MXR, TVM, TW, TSR and the state of the FPU
    private const ulong StatusCleared = 0x7e_7faa;

    // CBIE = flush or inval, CBCFE, CBZE; ADUE, PBMTE and STCE are bits 61 to 63
    private const ulong EnvironmentLow = 0xf0;
    private const ulong Adue = 1UL << 61;
    private const ulong Pbmte = 1UL << 62;
    private const ulong Stce = 1UL << 63;

    // cycle, time, instret
    private const ulong Counters = 7;
    private const ulong OpenPmp = 0x1f;

    /// <summary>The parking code as bytes.</summary>
    public static byte[] ParkingCode
    {
        get
        {
            byte[] bytes = new byte[4 * s_code.Length];
            for (int i = 0; i < s_code.Length; i++)
                System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * i), s_code[i]);
            return bytes;
        }
    }

    /// <summary>What firmware sets up once: delegation, counters, protection, the environment. The hart is parked.</summary>
    /// <param name="cpu">A hart that was just reset.</param>
    /// <param name="parking">Address of the parking code.</param>
    public static void Initialize(RiscVCpu cpu, ulong parking)
    {
        cpu.TryWriteCsr(Mtvec, parking);
        cpu.TryWriteCsr(Medeleg, DelegatedExceptions);
        cpu.TryWriteCsr(Mideleg, DelegatedInterrupts);
        cpu.TryWriteCsr(Mcounteren, Counters);
        cpu.TryWriteCsr(Scounteren, Counters);
        cpu.TryWriteCsr(Pmpaddr0, ulong.MaxValue);
        cpu.TryWriteCsr(Pmpcfg0, OpenPmp);
        ulong environment = EnvironmentLow | (cpu.Isa.Has("sstc") ? Stce : 0) | (cpu.Isa.Has("svpbmt") ? Pbmte : 0) | (cpu.Isa.Has("svadu") && !cpu.Isa.Has("svade") ? Adue : 0);
        cpu.TryWriteCsr(Menvcfg, environment);
        cpu.TryWriteCsr(Mstateen0, ulong.MaxValue);
        if (cpu.Isa.Xlen == 32)
        {
            cpu.TryWriteCsr(MenvcfgHigh, environment >> 32);
            cpu.TryWriteCsr(Mstateen0High, ulong.MaxValue);
        }

        Park(cpu);
        cpu.SetPc(parking);
    }

    /// <summary>Leaves only the software interrupt of M-mode to end the wait in the parking code.</summary>
    public static void Park(RiscVCpu cpu)
    {
        cpu.TryWriteCsr(Mie, 1UL << RiscVInterrupt.MachineSoftware);
        foreach (int number in (ReadOnlySpan<int>)[RiscVInterrupt.SupervisorSoftware, RiscVInterrupt.SupervisorTimer])
            cpu.SetPending(number, false);
    }

    /// <summary>Prepares the return from the parking code to an address in S-mode, in the state that SBI says a hart starts in.</summary>
    public static void Enter(RiscVCpu cpu, ulong address, ulong argument)
    {
        cpu.SetInterrupt(RiscVInterrupt.MachineSoftware, false);
        cpu.TryWriteCsr(Mie, 0);
        cpu.TryReadCsr(Mstatus, out ulong status);
        cpu.TryWriteCsr(Mstatus, (status & ~(StatusCleared | StatusMpp)) | StatusMppSupervisor);
        cpu.TryWriteCsr(Satp, 0);
        cpu.TryWriteCsr(Mepc, address);
        cpu["x10"] = cpu.HartId;
        cpu["x11"] = argument;
    }

    /// <summary>Gives the caller a fault of a memory access that was made for it, as if its call had made the access. RISC-V SBI 2.0, chapter 5.</summary>
    /// <param name="cpu">A hart in S-mode at its call.</param>
    /// <param name="cause">Code of the exception.</param>
    /// <param name="address">The virtual address.</param>
    public static void Redirect(RiscVCpu cpu, int cause, ulong address)
    {
        cpu.TryReadCsr(Mstatus, out ulong status);
        ulong previous = (status & StatusSie) != 0 ? StatusSpie : 0;
        cpu.TryWriteCsr(Mstatus, (status & ~(StatusSie | StatusSpie)) | previous | StatusSpp);
        cpu.TryWriteCsr(Sepc, cpu.Pc);
        cpu.TryWriteCsr(Scause, (ulong)cause);
        cpu.TryWriteCsr(Stval, address);
        cpu.TryReadCsr(Stvec, out ulong vector);
        cpu.SetPc(vector & ~3UL);
    }

    /// <summary>Prepares the return behind the call that suspended the hart.</summary>
    public static void Resume(RiscVCpu cpu)
    {
        cpu.TryReadCsr(Mepc, out ulong pc);
        cpu.TryWriteCsr(Mepc, pc + 4);
        cpu["x10"] = 0;
        cpu["x11"] = 0;
    }
}
