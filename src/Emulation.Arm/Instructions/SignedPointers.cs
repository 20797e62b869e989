using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Pointer authentication. Arm DDI 0487, C4.1.95 "Data-processing (1 source)", C4.1.93 "Hints".</summary>
[Extension("PAuth")]
internal static class SignedPointers
{
    private const int LinkRegister = 30;

    [Encoding("1 1 0 11010110 00001 0000 00 rn rd", "pacia")]
    [Encoding("1 1 0 11010110 00001 0000 01 rn rd", "pacib")]
    [Encoding("1 1 0 11010110 00001 0000 10 rn rd", "pacda")]
    [Encoding("1 1 0 11010110 00001 0000 11 rn rd", "pacdb")]
    public static void Pac(A64Emitter e, A64Word i) => Sign(e, i.Rd, e.Base(i.Rn), i.Field(10, 2));

    [Encoding("1 1 0 11010110 00001 0010 00 11111 rd", "paciza")]
    [Encoding("1 1 0 11010110 00001 0010 01 11111 rd", "pacizb")]
    [Encoding("1 1 0 11010110 00001 0010 10 11111 rd", "pacdza")]
    [Encoding("1 1 0 11010110 00001 0010 11 11111 rd", "pacdzb")]
    public static void PacZero(A64Emitter e, A64Word i) => Sign(e, i.Rd, e.Const(0), i.Field(10, 2));

    [Encoding("1 1 0 11010110 00001 0001 00 rn rd", "autia")]
    [Encoding("1 1 0 11010110 00001 0001 01 rn rd", "autib")]
    [Encoding("1 1 0 11010110 00001 0001 10 rn rd", "autda")]
    [Encoding("1 1 0 11010110 00001 0001 11 rn rd", "autdb")]
    public static void Aut(A64Emitter e, A64Word i) => Authenticate(e, i.Rd, e.Base(i.Rn), i.Field(10, 2));

    [Encoding("1 1 0 11010110 00001 0011 00 11111 rd", "autiza")]
    [Encoding("1 1 0 11010110 00001 0011 01 11111 rd", "autizb")]
    [Encoding("1 1 0 11010110 00001 0011 10 11111 rd", "autdza")]
    [Encoding("1 1 0 11010110 00001 0011 11 11111 rd", "autdzb")]
    public static void AutZero(A64Emitter e, A64Word i) => Authenticate(e, i.Rd, e.Const(0), i.Field(10, 2));

    [Encoding("1 1 0 11010110 00001 010000 11111 rd", "xpaci")]
    [Encoding("1 1 0 11010110 00001 010001 11111 rd", "xpacd")]
    public static void Xpac(A64Emitter e, A64Word i)
        => e.SetX(i.Rd, e.Ir.Call(PointerHelpers.Strip, e.X(i.Rd), e.Word(i.Field(10, 1))));

    [Encoding("1 0 0 11010110 rm 001100 rn rd", "pacga")]
    public static void Pacga(A64Emitter e, A64Word i) => e.SetX(i.Rd, e.Ir.Call(PointerHelpers.Generic, e.X(i.Rn), e.RSp(true, i.Rm)));

    [Encoding("11010101000000110010 0000 111 11111", "xpaclri")]
    public static void Xpaclri(A64Emitter e, A64Word i)
        => e.SetX(LinkRegister, e.Ir.Call(PointerHelpers.Strip, e.X(LinkRegister), e.Word(0)));

    [Encoding("11010101000000110010 0001 000 11111", "pacia1716")]
    [Encoding("11010101000000110010 0001 010 11111", "pacib1716")]
    public static void Pac1716(A64Emitter e, A64Word i) => Sign(e, 17, e.X(16), i.Field(6, 1));

    [Encoding("11010101000000110010 0001 100 11111", "autia1716")]
    [Encoding("11010101000000110010 0001 110 11111", "autib1716")]
    public static void Aut1716(A64Emitter e, A64Word i) => Authenticate(e, 17, e.X(16), i.Field(6, 1));

    [Encoding("11010101000000110010 0011 000 11111", "paciaz")]
    [Encoding("11010101000000110010 0011 001 11111", "paciasp")]
    [Encoding("11010101000000110010 0011 010 11111", "pacibz")]
    [Encoding("11010101000000110010 0011 011 11111", "pacibsp")]
    public static void PacLink(A64Emitter e, A64Word i) => Sign(e, LinkRegister, Modifier(e, i), i.Field(6, 1));

    [Encoding("11010101000000110010 0011 100 11111", "autiaz")]
    [Encoding("11010101000000110010 0011 101 11111", "autiasp")]
    [Encoding("11010101000000110010 0011 110 11111", "autibz")]
    [Encoding("11010101000000110010 0011 111 11111", "autibsp")]
    public static void AutLink(A64Emitter e, A64Word i) => Authenticate(e, LinkRegister, Modifier(e, i), i.Field(6, 1));

    private static IrValue Modifier(A64Emitter e, A64Word i) => i.Flag(5) ? e.Base(A64Emitter.R31) : e.Const(0);

    private static void Sign(A64Emitter e, int register, IrValue modifier, int key)
        => e.SetX(register, e.Ir.Call(PointerHelpers.Sign, e.X(register), modifier, e.Word(key)));

    private static void Authenticate(A64Emitter e, int register, IrValue modifier, int key)
        => e.SetX(register, e.Ir.Call(PointerHelpers.Authenticate, e.X(register), modifier, e.Word(key)));
}
