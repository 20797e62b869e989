using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions.Simd;

/// <summary>Moves between core registers and lanes. Arm DDI 0487, F4.1.20 "Advanced SIMD 8/16/32-bit element move/duplicate". Words need no Advanced SIMD.</summary>
[Extension("Neon moves", Requires = "VFPv2")]
internal static class NeonTransfers
{
    [Encoding("cond!=15 1110 0 opc1:2 0 vd rt 1011 d opc2b 1 0000", "vmov{c}.{lane}")]
    public static void VmovToLane(A32Emitter e, A32Word i)
    {
        int d = A32Emitter.Dn(i);
        if (!TryLane(e, i, d, out int size, out int lane))
            return;
        IrValue value = e.R(i.Rt);
        if (size < 2)
            value = e.Ir.Trunc(value, size == 0 ? IrType.I8 : IrType.I16);
        e.SetVector(d, false, e.Ir.VectorInsert((LaneShape)size, e.Vector(d, false), lane, value));
    }

    [Encoding("cond!=15 1110 v opc1:2 1 vn rt 1011 n1 opc2b 1 0000", "vmov{c}.{lane}")]
    public static void VmovFromLane(A32Emitter e, A32Word i)
    {
        int n = A32Emitter.Dn(i);
        if (!TryLane(e, i, n, out int size, out int lane))
            return;
        if (size == 2 && i.Flag(23))
        {
            e.Undefined();
            return;
        }

        IrValue value = e.Ir.VectorExtract((LaneShape)size, e.Vector(n, false), lane);
        e.SetR(i.Rt, size == 2 ? value : i.Flag(23) ? e.Ir.ZExt(value, IrType.I32) : e.Ir.SExt(value, IrType.I32));
    }

    [Encoding("cond!=15 1110 1 b q 0 vd rt 1011 d 0 e 1 0000", "vdup{c}.{dupcore}", Requires = "Neon")]
    public static void Vdup(A32Emitter e, A32Word i)
    {
        bool quad = i.Flag(21);
        int d = A32Emitter.Dn(i), size = i.Flag(22) ? 0 : i.Flag(5) ? 1 : 2;
        if ((i.Flag(22) && i.Flag(5)) || !(quad ? e.HasRegisters(d, 0) : e.HasRegisters(0, d)))
        {
            if (!e.IsUndefined)
                e.Undefined();
            return;
        }

        IrValue value = e.R(i.Rt);
        e.SetVector(d, quad, e.Ir.VectorSplat(size == 2 ? value : e.Ir.Trunc(value, size == 0 ? IrType.I8 : IrType.I16)));
    }

    // opc1:opc2 is 1xxx for bytes, 0xx1 for halves, 0x00 for words
    private static bool TryLane(A32Emitter e, A32Word i, int register, out int size, out int lane)
    {
        int code = (i.Field(21, 2) << 2) | i.Field(5, 2);
        (size, lane) = (code & 8) != 0 ? (0, code & 7) : (code & 1) != 0 ? (1, code >> 1 & 3) : (2, code >> 2 & 1);
        if ((size == 2 && (code & 3) != 0) || (size < 2 && !e.Isa.Has(ArmFeature.Neon)))
        {
            e.Undefined();
            return false;
        }

        return e.HasRegisters(0, register);
    }
}
