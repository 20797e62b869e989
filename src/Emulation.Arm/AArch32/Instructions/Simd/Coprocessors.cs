using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions.Simd;

/// <summary>Coprocessor instructions: system registers of CP14 and CP15. Others are undefined. Arm DDI 0487, F4.1.23 "System register access".</summary>
[Extension(SimdTables.Coprocessors, Requires = "AArch32")]
internal static class Coprocessors
{
    private static readonly A32SystemName s_channel = new(14, 0, 0, 5, 0);

    [Encoding("cond!=15 1110 opc1 0 crn rt cp2:2!=2 cp0:2 opc2 1 crm", "mcr{c}")]
    public static void Mcr(A32Emitter e, A32Word i) => Access(e, i, true);

    [Encoding("cond!=15 1110 opc1 1 crn rt cp2:2!=2 cp0:2 opc2 1 crm", "mrc{c}")]
    public static void Mrc(A32Emitter e, A32Word i) => Access(e, i, false);

    [Encoding("cond!=15 1100 0100 rt2 rt cp2:2!=2 cp0:2 imm4 crm", "mcrr{c}")]
    public static void Mcrr(A32Emitter e, A32Word i) => AccessPair(e, i, true);

    [Encoding("cond!=15 1100 0101 rt2 rt cp2:2!=2 cp0:2 imm4 crm", "mrrc{c}")]
    public static void Mrrc(A32Emitter e, A32Word i) => AccessPair(e, i, false);

    [Encoding("1111 1110 opc1 0 crn rt 0 cp3:3 opc2 1 crm", "mcr2")]
    [Encoding("1111 1110 opc1 0 crn rt 111 cp0:1 opc2 1 crm", "mcr2")]
    [Encoding("1111 1110 opc1 1 crn rt 0 cp3:3 opc2 1 crm", "mrc2")]
    [Encoding("1111 1110 opc1 1 crn rt 111 cp0:1 opc2 1 crm", "mrc2")]
    [Encoding("1111 1100 0100 rt2 rt 0 cp3:3 imm4 crm", "mcrr2")]
    [Encoding("1111 1100 0100 rt2 rt 111 cp0:1 imm4 crm", "mcrr2")]
    [Encoding("1111 1100 0101 rt2 rt 0 cp3:3 imm4 crm", "mrrc2")]
    [Encoding("1111 1100 0101 rt2 rt 111 cp0:1 imm4 crm", "mrrc2")]
    [Encoding("cond!=15 1110 opc1:4 crn crd cp2:2!=2 cp0:2 opc2 0 crm", "cdp{c}")]
    [Encoding("1111 1110 opc1:4 crn crd 0 cp3:3 opc2 0 crm", "cdp2")]
    [Encoding("1111 1110 opc1:4 crn crd 111 cp0:1 opc2 0 crm", "cdp2")]
    [Encoding("cond!=15 110 p u 1 w 0 rn crd cp2:2!=2 cp0:2 imm8", "stcl{c}")]
    [Encoding("cond!=15 110 p u 1 w 1 rn crd cp2:2!=2 cp0:2 imm8", "ldcl{c}")]
    [Encoding("1111 110 p u 0 w 0 rn crd 0 cp3:3 imm8", "stc2")]
    [Encoding("1111 110 p u 0 w 0 rn crd 111 cp0:1 imm8", "stc2")]
    [Encoding("1111 110 p u 1 w 0 rn crd 0 cp3:3 imm8", "stc2l")]
    [Encoding("1111 110 p u 1 w 0 rn crd 111 cp0:1 imm8", "stc2l")]
    [Encoding("1111 110 p u 0 w 1 rn crd 0 cp3:3 imm8", "ldc2")]
    [Encoding("1111 110 p u 0 w 1 rn crd 111 cp0:1 imm8", "ldc2")]
    [Encoding("1111 110 p u 1 w 1 rn crd 0 cp3:3 imm8", "ldc2l")]
    [Encoding("1111 110 p u 1 w 1 rn crd 111 cp0:1 imm8", "ldc2l")]
    public static void Absent(A32Emitter e, A32Word i) => e.Undefined();

    // the communications channel of CP14, c5: DBGDTRRXint is stored
    [Encoding("cond!=15 110 p u 0 w 0 rn crd cp2:2!=2 cp0:2 imm8", "stc{c}")]
    public static void Stc(A32Emitter e, A32Word i)
    {
        if (!IsChannel(e, i))
            return;
        A32Address form = Form(e, i);
        IrValue value = e.Ir.Trunc(e.Ir.Call(A32SystemHelpers.ReadSystem, e.Word(s_channel.Pack(0))), IrType.I32);
        e.Ir.Store(e.Address(e.Masked(form.At(e), 4)), 0, value, e.Aligned(4));
        e.WriteBack(form);
    }

    // DBGDTRTXint is loaded
    [Encoding("cond!=15 110 p u 0 w 1 rn crd cp2:2!=2 cp0:2 imm8", "ldc{c}")]
    public static void Ldc(A32Emitter e, A32Word i)
    {
        if (!IsChannel(e, i))
            return;
        A32Address form = Form(e, i);
        IrValue value = e.Ir.Load(e.Address(e.Masked(form.At(e), 4)), 0, e.Aligned(4), IrType.I32);
        e.Ir.Call(A32SystemHelpers.WriteSystem, e.Address(value), e.Word(s_channel.Pack(0)));
        e.WriteBack(form);
    }

    private static bool IsChannel(A32Emitter e, A32Word i)
    {
        if (i.Rs == s_channel.Coprocessor && i.Rd == s_channel.Crm && (i.P || i.W) && !(i.W && i.Rn == A32Emitter.PcNumber))
            return true;
        e.Undefined();
        return false;
    }

    private static A32Address Form(A32Emitter e, A32Word i) => new(i.Rn, e.Word(4 * i.Field(0, 8)), i.U, i.P, i.W);

    private static void Access(A32Emitter e, A32Word i, bool writes)
        => e.SystemRegister(new A32SystemName(i.Rs, i.Field(21, 3), i.Rn, i.Rm, i.Field(5, 3)), i.Rt, writes);

    private static void AccessPair(A32Emitter e, A32Word i, bool writes)
        => e.SystemRegisterPair(new A32SystemName(i.Rs, i.Field(4, 4), A32SystemName.Pair, i.Rm, 0), i.Rt, i.Rn, writes);
}
