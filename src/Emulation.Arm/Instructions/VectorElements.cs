using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Loads and stores of structures: one lane, or one structure to all lanes. Arm DDI 0487, C4.1.94 "Advanced SIMD load/store single structure".</summary>
[Extension("Vector memory", Requires = "AdvSIMD")]
internal static class VectorElements
{
    [Encoding("0 q 0011010 1 r 00000 opcode:2 h s size rn rt", "ld{structure}")]
    [Encoding("0 q 0011011 1 r rm opcode:2 h s size rn rt", "ld{structure}")]
    public static void LdLane(A64Emitter e, A64Word i)
    {
        if (i.Field(14, 2) == 3)
            Replicate(e, i);
        else if (TryLane(e, i, out int size, out int lane))
            Load(e, i, size, lane);
    }

    [Encoding("0 q 0011010 0 r 00000 opcode:2 h s size rn rt", "st{structure}")]
    [Encoding("0 q 0011011 0 r rm opcode:2 h s size rn rt", "st{structure}")]
    public static void StLane(A64Emitter e, A64Word i)
    {
        if (i.Field(14, 2) == 3)
        {
            e.Undefined();
            return;
        }

        if (!TryLane(e, i, out int size, out int lane))
            return;
        IrValue address = e.Base(i.Rn);
        for (int k = 0; k < Elements(i); k++)
        {
            IrValue value = e.Ir.VectorExtract(A64Emitter.Shape(size), e.V((i.Rt + k) & 31), lane);
            e.Ir.Store(address, k << size, value, e.Plain(1 << size, false));
        }

        VectorStructures.WriteBack(e, i, address, Elements(i) << size);
    }

    private static int Elements(A64Word i) => ((i.Field(13, 1) << 1) | i.Field(21, 1)) + 1;

    private static bool TryLane(A64Emitter e, A64Word i, out int size, out int lane)
    {
        int q = i.Field(30, 1), s = i.Field(12, 1), low = i.Field(10, 2);
        (size, lane) = i.Field(14, 2) switch
        {
            0 => (0, (q << 3) | (s << 2) | low),
            1 when (low & 1) == 0 => (1, (q << 2) | (s << 1) | (low >> 1)),
            2 when low == 0 => (2, (q << 1) | s),
            2 when low == 1 && s == 0 => (3, q),
            _ => (-1, 0),
        };
        if (size >= 0)
            return true;
        e.Undefined();
        return false;
    }

    private static IrValue[] Values(A64Emitter e, IrValue address, int count, int size)
    {
        var values = new IrValue[count];
        for (int k = 0; k < count; k++)
            values[k] = e.Ir.Load(address, k << size, e.Plain(1 << size, false), A64Emitter.Shape(size).LaneType());
        return values;
    }

    private static void Load(A64Emitter e, A64Word i, int size, int lane)
    {
        IrValue address = e.Base(i.Rn);
        IrValue[] values = Values(e, address, Elements(i), size);
        VectorStructures.WriteBack(e, i, address, values.Length << size);
        for (int k = 0; k < values.Length; k++)
            e.SetV((i.Rt + k) & 31, e.Ir.VectorInsert(A64Emitter.Shape(size), e.V((i.Rt + k) & 31), lane, values[k]));
    }

    private static void Replicate(A64Emitter e, A64Word i)
    {
        if (i.S12)
        {
            e.Undefined();
            return;
        }

        int size = i.Field(10, 2);
        IrValue address = e.Base(i.Rn);
        IrValue[] values = Values(e, address, Elements(i), size);
        VectorStructures.WriteBack(e, i, address, values.Length << size);
        for (int k = 0; k < values.Length; k++)
        {
            IrValue all = e.Ir.VectorSplat(values[k]);
            e.SetV((i.Rt + k) & 31, i.Q ? all : e.LowHalf(all));
        }
    }
}
