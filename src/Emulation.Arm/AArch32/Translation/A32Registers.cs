using Emulation.IR;

namespace Emulation.Arm;

/// <summary>What AArch32 has besides the registers that are views of AArch64's. Arm DDI 0487, D1.20.1 "Mapping of the general-purpose registers between the Execution states".</summary>
internal sealed class A32Registers
{
    private readonly RegisterSlot[] _x;

    public A32Registers(RegisterFile file, RegisterSlot[] x, RegisterSlot[] vectors, RegisterSlot[] system)
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
        Fpexc = View("fpexc", SystemSlot.FpexcEl2);
        SpMon = file.Add("sp_mon", IrType.I64);
        LrMon = file.Add("lr_mon", IrType.I64);
        Spsr =
        [
            View("spsr_svc", SystemSlot.SpsrEl1), View("spsr_abt", SystemSlot.SpsrAbt), View("spsr_und", SystemSlot.SpsrUnd), View("spsr_irq", SystemSlot.SpsrIrq),
            View("spsr_fiq", SystemSlot.SpsrFiq), file.Add("spsr_mon", IrType.I32),
        ];

        RegisterSlot View(string name, SystemSlot slot) => new(name, system[(int)slot].Offset, IrType.I32, false);
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

    /// <summary>SPSR of supervisor, abort, undefined, IRQ, FIQ, monitor: all but the last are registers of AArch64 too.</summary>
    public RegisterSlot[] Spsr { get; }

    /// <summary>The register R0 to R14 of a mode.</summary>
    public RegisterSlot R(ProcessorMode mode, int r)
    {
        if (r < 8 || (r < 13 && mode != ProcessorMode.Fiq))
            return _x[r];
        return (mode, r) switch
        {
            (ProcessorMode.Fiq, _) => _x[24 + r - 8],
            (ProcessorMode.Irq, _) => _x[16 + 14 - r],
            (ProcessorMode.Supervisor, _) => _x[18 + 14 - r],
            (ProcessorMode.Abort, _) => _x[20 + 14 - r],
            (ProcessorMode.Undefined, _) => _x[22 + 14 - r],
            (ProcessorMode.Monitor, 13) => SpMon,
            (ProcessorMode.Monitor, _) => LrMon,
            _ => _x[r],
        };
    }

    /// <summary>The saved status register of a mode; null for User and System, and for Hyp mode, which is not implemented.</summary>
    public RegisterSlot? SpsrOf(ProcessorMode mode) => mode switch
    {
        ProcessorMode.Supervisor => Spsr[0],
        ProcessorMode.Abort => Spsr[1],
        ProcessorMode.Undefined => Spsr[2],
        ProcessorMode.Irq => Spsr[3],
        ProcessorMode.Fiq => Spsr[4],
        ProcessorMode.Monitor => Spsr[5],
        _ => null,
    };
}
