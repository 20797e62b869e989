using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Hints, barriers, system registers of user level. Arm DDI 0487, C4.1.93.</summary>
[Extension("Base")]
internal static class SystemInstructions
{
    // of the hints that are allocated, none does anything here: there is no interrupt to wait for, BTI and PAuth are absent
    [Encoding("11010101000000110010 crm imm3 11111", "hint")]
    public static void Hint(A64Emitter e, A64Word i)
    {
    }

    [Encoding("11010101000000110011 crm 010 11111", "clrex")]
    public static void Clrex(A64Emitter e, A64Word i) => e.Ir.Call(SystemHelpers.Clrex);

    [Encoding("11010101000000110011 crm 100 11111", "dsb")]
    public static void Dsb(A64Emitter e, A64Word i) => e.Ir.Fence();

    [Encoding("11010101000000110011 crm 101 11111", "dmb")]
    public static void Dmb(A64Emitter e, A64Word i)
        => e.Ir.Fence(i.Field(8, 2) switch { 1 => IrFence.Acquire, 2 => IrFence.Release, _ => IrFence.Full });

    [Encoding("11010101000000110011 crm 110 11111", "isb")]
    public static void Isb(A64Emitter e, A64Word i)
    {
        e.Ir.Call(SystemHelpers.Isb);
        e.ContinueInRunLoop();
    }

    [Encoding("11010101000000110011 0000 111 11111", "sb", Requires = "SB")]
    public static void Sb(A64Emitter e, A64Word i) => e.Ir.Fence();

    [Encoding("1101010100 1 11 011 0100 0010 000 rt", "mrs")]
    public static void ReadNzcv(A64Emitter e, A64Word i) => e.SetX(i.Rt, e.Ir.Shl(e.Nzcv(), 28));

    [Encoding("1101010100 0 11 011 0100 0010 000 rt", "msr")]
    public static void WriteNzcv(A64Emitter e, A64Word i) => e.SetNzcv(e.Ir.And(e.Ir.ShrU(e.X(i.Rt), 28), e.Const(15)));

    [Encoding("1101010100 1 11 011 0100 0100 000 rt", "mrs", Requires = "FP")]
    public static void ReadFpcr(A64Emitter e, A64Word i) => e.SetX(i.Rt, e.Ir.Get(e.Registers.Fpcr));

    [Encoding("1101010100 0 11 011 0100 0100 000 rt", "msr", Requires = "FP")]
    public static void WriteFpcr(A64Emitter e, A64Word i)
    {
        e.Ir.Call(SystemHelpers.WriteFpcr, e.X(i.Rt));
        e.ContinueInRunLoop();
    }

    [Encoding("1101010100 1 11 011 0100 0100 001 rt", "mrs", Requires = "FP")]
    public static void ReadFpsr(A64Emitter e, A64Word i) => e.SetX(i.Rt, e.Ir.Call(SystemHelpers.ReadFpsr));

    [Encoding("1101010100 0 11 011 0100 0100 001 rt", "msr", Requires = "FP")]
    public static void WriteFpsr(A64Emitter e, A64Word i)
    {
        e.Ir.Call(SystemHelpers.WriteFpsr, e.X(i.Rt));
        e.ContinueInRunLoop();
    }

    [Encoding("1101010100 1 11 011 1101 0000 010 rt", "mrs")]
    public static void ReadTpidr(A64Emitter e, A64Word i) => e.SetX(i.Rt, e.Ir.Get(e.Registers.Tpidr));

    [Encoding("1101010100 0 11 011 1101 0000 010 rt", "msr")]
    public static void WriteTpidr(A64Emitter e, A64Word i) => e.Ir.Set(e.Registers.Tpidr, e.X(i.Rt));

    [Encoding("1101010100 1 11 011 1101 0000 011 rt", "mrs")]
    public static void ReadTpidrRo(A64Emitter e, A64Word i) => e.SetX(i.Rt, e.Ir.Get(e.Registers.TpidrRo));

    [Encoding("1101010100 0 11 011 1101 0000 011 rt", "msr")]
    public static void WriteTpidrRo(A64Emitter e, A64Word i)
    {
        if (e.Level == 0)
            e.Undefined();
        else
            e.Ir.Set(e.Registers.TpidrRo, e.X(i.Rt));
    }

    [Encoding("1101010100 1 11 011 1110 0000 010 rt", "mrs")]
    public static void ReadCounter(A64Emitter e, A64Word i) => e.SetX(i.Rt, e.Ir.Call(SystemHelpers.ReadCounter));

    [Encoding("1101010100 1 11 011 1110 0000 000 rt", "mrs")]
    public static void ReadFrequency(A64Emitter e, A64Word i) => e.SetX(i.Rt, e.Ir.Call(SystemHelpers.ReadFrequency));

    // 64-byte lines throughout, instruction and data caches coherent (IDC, DIC)
    [Encoding("1101010100 1 11 011 0000 0000 001 rt", "mrs")]
    public static void ReadCtr(A64Emitter e, A64Word i) => e.SetX(i.Rt, e.Const(0xb444_c004));

    // DC ZVA allowed, blocks of 64 bytes
    [Encoding("1101010100 1 11 011 0000 0000 111 rt", "mrs")]
    public static void ReadDczid(A64Emitter e, A64Word i) => e.SetX(i.Rt, e.Const(4));

    [Encoding("1101010100 0 01 011 0111 0100 001 rt", "dc")]
    public static void DcZva(A64Emitter e, A64Word i) => e.Ir.Call(SystemHelpers.ZeroBlock, e.X(i.Rt));

    [Encoding("1101010100 0 01 011 0111 1010 001 rt", "dc")]
    [Encoding("1101010100 0 01 011 0111 1011 001 rt", "dc")]
    [Encoding("1101010100 0 01 011 0111 1110 001 rt", "dc")]
    public static void DcClean(A64Emitter e, A64Word i) => e.Ir.Call(SystemHelpers.CheckLine, e.X(i.Rt));

    [Encoding("1101010100 0 01 011 0111 0101 001 rt", "ic")]
    public static void IcIvau(A64Emitter e, A64Word i)
    {
    }
}
