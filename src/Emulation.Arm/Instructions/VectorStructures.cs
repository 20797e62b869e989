using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>Loads and stores of structures: whole registers. Arm DDI 0487, C4.1.94 "Advanced SIMD load/store multiple structures".</summary>
[Extension("Vector memory", Requires = "AdvSIMD")]
internal static class VectorStructures
{
    private const byte Nothing = 0x80;

    [Encoding("0 q 0011000 1 000000 1000 size rn rt", "ld2")]
    [Encoding("0 q 0011001 1 0 rm 1000 size rn rt", "ld2")]
    public static void Ld2(A64Emitter e, A64Word i) => Load(e, i, 2, 2);

    [Encoding("0 q 0011000 1 000000 0100 size rn rt", "ld3")]
    [Encoding("0 q 0011001 1 0 rm 0100 size rn rt", "ld3")]
    public static void Ld3(A64Emitter e, A64Word i) => Load(e, i, 3, 3);

    [Encoding("0 q 0011000 1 000000 0000 size rn rt", "ld4")]
    [Encoding("0 q 0011001 1 0 rm 0000 size rn rt", "ld4")]
    public static void Ld4(A64Emitter e, A64Word i) => Load(e, i, 4, 4);

    [Encoding("0 q 0011000 1 000000 0111 size rn rt", "ld1")]
    [Encoding("0 q 0011001 1 0 rm 0111 size rn rt", "ld1")]
    public static void Ld1(A64Emitter e, A64Word i) => Load(e, i, 1, 1);

    [Encoding("0 q 0011000 1 000000 1010 size rn rt", "ld1")]
    [Encoding("0 q 0011001 1 0 rm 1010 size rn rt", "ld1")]
    public static void Ld1Two(A64Emitter e, A64Word i) => Load(e, i, 2, 1);

    [Encoding("0 q 0011000 1 000000 0110 size rn rt", "ld1")]
    [Encoding("0 q 0011001 1 0 rm 0110 size rn rt", "ld1")]
    public static void Ld1Three(A64Emitter e, A64Word i) => Load(e, i, 3, 1);

    [Encoding("0 q 0011000 1 000000 0010 size rn rt", "ld1")]
    [Encoding("0 q 0011001 1 0 rm 0010 size rn rt", "ld1")]
    public static void Ld1Four(A64Emitter e, A64Word i) => Load(e, i, 4, 1);

    [Encoding("0 q 0011000 0 000000 1000 size rn rt", "st2")]
    [Encoding("0 q 0011001 0 0 rm 1000 size rn rt", "st2")]
    public static void St2(A64Emitter e, A64Word i) => Store(e, i, 2, 2);

    [Encoding("0 q 0011000 0 000000 0100 size rn rt", "st3")]
    [Encoding("0 q 0011001 0 0 rm 0100 size rn rt", "st3")]
    public static void St3(A64Emitter e, A64Word i) => Store(e, i, 3, 3);

    [Encoding("0 q 0011000 0 000000 0000 size rn rt", "st4")]
    [Encoding("0 q 0011001 0 0 rm 0000 size rn rt", "st4")]
    public static void St4(A64Emitter e, A64Word i) => Store(e, i, 4, 4);

    [Encoding("0 q 0011000 0 000000 0111 size rn rt", "st1")]
    [Encoding("0 q 0011001 0 0 rm 0111 size rn rt", "st1")]
    public static void St1(A64Emitter e, A64Word i) => Store(e, i, 1, 1);

    [Encoding("0 q 0011000 0 000000 1010 size rn rt", "st1")]
    [Encoding("0 q 0011001 0 0 rm 1010 size rn rt", "st1")]
    public static void St1Two(A64Emitter e, A64Word i) => Store(e, i, 2, 1);

    [Encoding("0 q 0011000 0 000000 0110 size rn rt", "st1")]
    [Encoding("0 q 0011001 0 0 rm 0110 size rn rt", "st1")]
    public static void St1Three(A64Emitter e, A64Word i) => Store(e, i, 3, 1);

    [Encoding("0 q 0011000 0 000000 0010 size rn rt", "st1")]
    [Encoding("0 q 0011001 0 0 rm 0010 size rn rt", "st1")]
    public static void St1Four(A64Emitter e, A64Word i) => Store(e, i, 4, 1);

    /// <summary>The base register becomes the address behind, or what an index register says.</summary>
    public static void WriteBack(A64Emitter e, A64Word i, IrValue address, int bytes)
    {
        if (i.Flag(23))
            e.SetXSp(i.Rn, i.Rm == A64Emitter.R31 ? e.Ir.Add(address, bytes) : e.Ir.Add(address, e.X(i.Rm)));
    }

    private static bool IsAllocated(A64Emitter e, A64Word i, int elements)
    {
        if (elements == 1 || i.Q || i.Field(10, 2) != 3)
            return true;
        e.Undefined();
        return false;
    }

    private static void Load(A64Emitter e, A64Word i, int count, int elements)
    {
        if (!IsAllocated(e, i, elements))
            return;
        IrValue address = e.Base(i.Rn);
        int register = i.Q ? 16 : 8, bytes = count * register, size = i.Field(10, 2);
        int flip = e.IsBigEndian ? (1 << size) - 1 : 0;  // the bytes of each element are in reverse
        var memory = new IrValue[(bytes + 15) / 16];
        for (int k = 0; k < memory.Length; k++)
        {
            bool whole = bytes - (16 * k) >= 16;
            MemOp how = e.Elements(address, 16 * k, whole ? 16 : 8, 1 << size, false) with { BigEndian = false };
            IrValue part = e.Ir.Load(address, 16 * k, how, whole ? IrType.V128 : IrType.I64);
            memory[k] = whole ? part : e.Ir.VectorScalar(part);
        }

        var values = new IrValue[count];
        for (int r = 0; r < count; r++)
        {
            int number = r;
            values[r] = register == 16 && elements == 1 && flip == 0 ? memory[r] : Gather(e, memory, register, at => elements == 1
                ? ((number * register) + at) ^ flip
                : ((((at >> size) * elements) + number) << size) + ((at & ((1 << size) - 1)) ^ flip));
        }

        WriteBack(e, i, address, bytes);
        for (int r = 0; r < count; r++)
            e.SetV((i.Rt + r) & 31, values[r]);
    }

    private static void Store(A64Emitter e, A64Word i, int count, int elements)
    {
        if (!IsAllocated(e, i, elements))
            return;
        IrValue address = e.Base(i.Rn);
        int register = i.Q ? 16 : 8, bytes = count * register, size = i.Field(10, 2);
        int flip = e.IsBigEndian ? (1 << size) - 1 : 0;  // the bytes of each element are in reverse
        var registers = new IrValue[count];
        for (int r = 0; r < count; r++)
            registers[r] = e.V((i.Rt + r) & 31);
        var memory = new IrValue[(bytes + 15) / 16];
        for (int k = 0; k < memory.Length; k++)
        {
            int start = 16 * k;
            memory[k] = register == 16 && elements == 1 && flip == 0 ? registers[k] : Gather(e, registers, Math.Min(16, bytes - start), at =>
            {
                int byteOf = (start + at) ^ flip;
                if (elements == 1)
                    return (byteOf / register * 16) + (byteOf % register);
                int element = byteOf >> size;
                return (element % elements * 16) + (element / elements << size) + (byteOf & ((1 << size) - 1));
            });
        }

        if (bytes == 32)
        {
            e.Ir.Store(address, 0, e.Ir.VectorJoin(memory[0], memory[1]), e.Elements(address, 0, 32, 1 << size, true) with { BigEndian = false });
        }
        else
        {
            for (int k = 0; k < memory.Length; k++)
            {
                bool whole = bytes - (16 * k) >= 16;
                IrValue part = whole ? memory[k] : e.Ir.VectorExtract(LaneShape.I64x2, memory[k], 0);
                e.Ir.Store(address, 16 * k, part, e.Elements(address, 16 * k, whole ? 16 : 8, 1 << size, true) with { BigEndian = false });
            }
        }

        WriteBack(e, i, address, bytes);
    }

    // Bytes of several vectors, counted on from one to the next; zeros behind the last.
    public static IrValue Gather(ArmEmitter e, IrValue[] sources, int bytes, Func<int, int> source)
    {
        IrValue? result = null;
        Span<byte> order = stackalloc byte[16];
        for (int k = 0; k < sources.Length; k++)
        {
            order.Fill(Nothing);
            bool any = false;
            for (int at = 0; at < bytes; at++)
            {
                int from = source(at);
                if (from / 16 != k)
                    continue;
                order[at] = (byte)(from % 16);
                any = true;
            }

            if (!any)
                continue;
            IrValue part = e.Ir.Vector(IrOp.VShuffle, sources[k], e.Bytes(order));
            result = result is { } before ? e.Ir.Vector(IrOp.VOr, before, part) : part;
        }

        return result ?? e.Ir.VectorConst(0, 0);
    }
}
