using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Branches and loads that authenticate their address. Arm DDI 0487, C4.1.93 "Unconditional branch (register)", C4.1.94 "Load/store register (pac)".</summary>
[Extension("PAuth")]
internal static class SignedBranches
{
    private const int LinkRegister = 30, DataA = 2;

    [Encoding("1101011 0000 11111 00001 m rn 11111", "bra{ab}z")]
    [Encoding("1101011 1000 11111 00001 m rn rm:5", "bra{ab}")]
    public static void Bra(A64Emitter e, A64Word i)
    {
        IrValue target = Target(e, i, e.X(i.Rn), Modifier(e, i));
        e.SetJumpType(i.Rn);
        e.JumpIndirect(target);
    }

    [Encoding("1101011 0001 11111 00001 m rn 11111", "blra{ab}z")]
    [Encoding("1101011 1001 11111 00001 m rn rm:5", "blra{ab}")]
    public static void Blra(A64Emitter e, A64Word i)
    {
        IrValue target = Target(e, i, e.X(i.Rn), Modifier(e, i));
        e.SetX(LinkRegister, e.Const(e.NextPc));
        e.SetCallType();
        e.JumpIndirect(target);
    }

    [Encoding("1101011 0010 11111 00001 m 11111 11111", "reta{ab}")]
    public static void Reta(A64Emitter e, A64Word i) => e.JumpIndirect(Target(e, i, e.X(LinkRegister), e.Base(A64Emitter.R31)));

    [Encoding("11 111 0 00 m s:1 1 imm9 0 1 rn rt", "ldra{ab}")]
    [Encoding("11 111 0 00 m s:1 1 imm9 1 1 rn rt", "ldra{ab}")]
    public static void Ldra(A64Emitter e, A64Word i)
    {
        int key = DataA + i.Field(23, 1), offset = ((i.Flag(22) ? -512 : 0) | i.Field(12, 9)) * 8;
        IrValue address = e.Ir.Call(PointerHelpers.Authenticate, e.Base(i.Rn), e.Const(0), e.Word(key | PointerHelpers.Combined));
        IrValue value = e.LoadPlain(address, offset, 8, IrType.I64);
        if (i.Flag(11))
            e.SetXSp(i.Rn, e.Ir.Add(address, offset));
        e.SetX(i.Rt, value);
    }

    private static IrValue Modifier(A64Emitter e, A64Word i) => i.Flag(24) ? e.RSp(true, i.Rd) : e.Const(0);

    private static IrValue Target(A64Emitter e, A64Word i, IrValue pointer, IrValue modifier)
        => e.Ir.Call(PointerHelpers.Authenticate, pointer, modifier, e.Word(i.Field(10, 1) | PointerHelpers.Combined));
}
