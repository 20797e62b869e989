using Emulation.IR;

namespace Emulation.Arm;

/// <summary>What AArch32 has besides the registers that are views of AArch64's. Arm DDI 0487, D1.20.1 "Mapping of the general-purpose registers between the Execution states".</summary>
internal sealed class A32Registers
{
    private readonly RegisterSlot[] _x;

    public A32Registers(RegisterFile file, RegisterSlot[] x, RegisterSlot[] vectors)
    {
        _x = x;
        S = new RegisterSlot[32];
        D = new RegisterSlot[32];
        for (int i = 0; i < 32; i++)
        {
            S[i] = new RegisterSlot($"s{i}", vectors[i / 4].Offset + (4 * (i % 4)), IrType.F32, true);
            D[i] = new RegisterSlot($"d{i}", vectors[i / 2].Offset + (8 * (i % 2)), IrType.F64, true);
        }

        Sticky = file.Add("q", IrType.I32);
        Ge = file.Add("ge", IrType.I32);
        Target = file.Add("branch_target", IrType.I64);
        Fpinst = file.AddBank("fpinst", 2, IrType.I32);
        Fpscr = file.Add("fpscr_control", IrType.I32);
        Fpexc = file.Add("fpexc", IrType.I32);
        SpMon = file.Add("sp_mon", IrType.I64);
        LrMon = file.Add("lr_mon", IrType.I64);
        ElrHyp = file.Add("elr_hyp32", IrType.I32);
        Spsr = file.AddBank("spsr32_", 7, IrType.I32);
    }

    /// <summary>The mode word of the header: translated code writes it as it writes a register.</summary>
    public static RegisterSlot Mode { get; } = new("mode", 8, IrType.I32, false);

    /// <summary>S0 to S31: quarters of V0 to V7.</summary>
    public RegisterSlot[] S { get; }

    /// <summary>D0 to D31: halves of V0 to V15.</summary>
    public RegisterSlot[] D { get; }

    /// <summary>CPSR.Q, 0 or 1.</summary>
    public RegisterSlot Sticky { get; }

    /// <summary>CPSR.GE, four bits.</summary>
    public RegisterSlot Ge { get; }

    /// <summary>Where a conditional branch goes to, inside one instruction.</summary>
    public RegisterSlot Target { get; }

    /// <summary>FPINST and FPINST2 of VFPv2.</summary>
    public RegisterSlot[] Fpinst { get; }

    /// <summary>What FPSCR has and FPCR and FPSR have not: the flags in bits 31-28, STRIDE in 21-20, LEN in 18-16.</summary>
    public RegisterSlot Fpscr { get; }

    public RegisterSlot Fpexc { get; }

    public RegisterSlot SpMon { get; }

    public RegisterSlot LrMon { get; }

    public RegisterSlot ElrHyp { get; }

    /// <summary>SPSR of supervisor, abort, undefined, IRQ, FIQ, monitor, hyp.</summary>
    public RegisterSlot[] Spsr { get; }

    /// <summary>The register R0 to R14 of a mode.</summary>
    public RegisterSlot R(ProcessorMode mode, int r)
    {
        if (r < 8 || (r < 13 && mode != ProcessorMode.Fiq))
            return _x[r];
        return (mode, r) switch
        {
            (ProcessorMode.Fiq, _) => _x[24 + r - 8],
            (ProcessorMode.Hyp, 13) => _x[15],
            (ProcessorMode.Hyp, 14) => _x[14],
            (ProcessorMode.Irq, _) => _x[16 + 14 - r],
            (ProcessorMode.Supervisor, _) => _x[18 + 14 - r],
            (ProcessorMode.Abort, _) => _x[20 + 14 - r],
            (ProcessorMode.Undefined, _) => _x[22 + 14 - r],
            (ProcessorMode.Monitor, 13) => SpMon,
            (ProcessorMode.Monitor, _) => LrMon,
            _ => _x[r],
        };
    }

    /// <summary>The saved status register of a mode; null for User and System.</summary>
    public RegisterSlot? SpsrOf(ProcessorMode mode) => mode switch
    {
        ProcessorMode.Supervisor => Spsr[0],
        ProcessorMode.Abort => Spsr[1],
        ProcessorMode.Undefined => Spsr[2],
        ProcessorMode.Irq => Spsr[3],
        ProcessorMode.Fiq => Spsr[4],
        ProcessorMode.Monitor => Spsr[5],
        ProcessorMode.Hyp => Spsr[6],
        _ => null,
    };
}
