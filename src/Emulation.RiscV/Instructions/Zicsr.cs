using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.RiscV.Instructions;

/// <summary>"Zicsr": CSR instructions. RISC-V Unprivileged ISA, "Zicsr", table of conditions for reads and writes.</summary>
[Extension("Zicsr")]
internal static class Zicsr
{
    private const int Fcsr = 0x003;
    private const int Sstatus = 0x100, Sie = 0x104, Stvec = 0x105, Sscratch = 0x140, Stval = 0x143, Sip = 0x144, Satp = 0x180;
    private const int Mstatus = 0x300, Mie = 0x304, Mtvec = 0x305, Mscratch = 0x340, Mtval = 0x343, Mip = 0x344;

    [Encoding("csr rs1 001 rd 1110011", "csrrw {rd}, {csr}, {rs1}")]
    public static void Csrrw(RvEmitter e, RvWord i) => Write(e, i, e.X(i.Rs1));

    [Encoding("csr rs1 010 rd 1110011", "csrrs {rd}, {csr}, {rs1}")]
    public static void Csrrs(RvEmitter e, RvWord i) => Modify(e, i, RiscVHelpers.CsrRs, e.X(i.Rs1));

    [Encoding("csr rs1 011 rd 1110011", "csrrc {rd}, {csr}, {rs1}")]
    public static void Csrrc(RvEmitter e, RvWord i) => Modify(e, i, RiscVHelpers.CsrRc, e.X(i.Rs1));

    [Encoding("csr zimm 101 rd 1110011", "csrrwi {rd}, {csr}, {zimm}")]
    public static void Csrrwi(RvEmitter e, RvWord i) => Write(e, i, e.Const(i.Zimm));

    [Encoding("csr zimm 110 rd 1110011", "csrrsi {rd}, {csr}, {zimm}")]
    public static void Csrrsi(RvEmitter e, RvWord i) => Modify(e, i, RiscVHelpers.CsrRs, e.Const(i.Zimm));

    [Encoding("csr zimm 111 rd 1110011", "csrrci {rd}, {csr}, {zimm}")]
    public static void Csrrci(RvEmitter e, RvWord i) => Modify(e, i, RiscVHelpers.CsrRc, e.Const(i.Zimm));

    // with rd = x0 the CSR is not read, nor are the side effects of a read
    private static void Write(RvEmitter e, RvWord i, IrValue value)
    {
        IrValue csr = Number(e, i);
        value = e.Ir.ZExt(value, IrType.I64);
        if (i.Rd == 0)
            e.Ir.Call(RiscVHelpers.CsrW, csr, value);
        else
            SetOld(e, i.Rd, e.Ir.Call(RiscVHelpers.CsrRw, csr, value));
        End(e, i.Csr);
    }

    // with rs1 = x0 or a zero immediate the CSR is not written
    private static void Modify(RvEmitter e, RvWord i, IrHelper helper, IrValue mask)
    {
        IrValue csr = Number(e, i);
        if (i.Zimm == 0)
        {
            SetOld(e, i.Rd, e.Ir.Call(RiscVHelpers.CsrR, csr));
            return;
        }

        SetOld(e, i.Rd, e.Ir.Call(helper, csr, e.Ir.ZExt(mask, IrType.I64)));
        End(e, i.Csr);
    }

    // the helpers take the encoding along, for the trap value of an illegal access
    private static IrValue Number(RvEmitter e, RvWord i) => e.Ir.Const((uint)i.Csr | ((ulong)e.Encoding << 32));

    private static void SetOld(RvEmitter e, int rd, IrValue old) => e.SetX(rd, e.Ir.Trunc(old, e.XType));

    // Traps and switches of context write a few registers all the time: those need less than others.
    private static void End(RvEmitter e, int csr)
    {
        switch (csr)
        {
            case Stvec or (>= Sscratch and <= Stval) or Mtvec or (>= Mscratch and <= Mtval):
                break;                                        // nothing looks at them before the next trap or return
            case <= Fcsr or Sstatus or Sie or Sip or Satp or Mstatus or Mie or Mip:
                e.ContinueIndirect();                         // they change the mode word or the mapping, and ask for attention when they unmask an interrupt
                break;
            default:
                e.ContinueInRunLoop();
                break;
        }
    }
}
