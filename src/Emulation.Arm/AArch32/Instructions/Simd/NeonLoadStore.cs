using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions.Simd;

/// <summary>Loads and stores of structures. Arm DDI 0487, F4.1.19 "Advanced SIMD element or structure load/store".</summary>
[Extension("Neon")]
internal static class NeonLoadStore
{
    [Encoding("11110100 0 d 0 0 rn vd type4 size align rm", "vst{multiple}.{size6}")]
    public static void StoreMultiple(A32Emitter e, A32Word i)
    {
        if (!TryShape(e, i, out Shape shape))
            return;
        IrValue address = e.R(i.Rn);
        CheckAlignment(e, address, i.Field(4, 2) == 0 ? 0 : 4 << i.Field(4, 2), true);
        int size = i.Field(6, 2), bytes = 8 * shape.Registers;
        if (!e.IsBigEndian || size == 0)
        {
            var registers = new IrValue[shape.Registers];
            for (int r = 0; r < registers.Length; r++)
                registers[r] = e.Vector(shape.Register(i, r), false);
            for (int at = 0; at < bytes; at += 16)
            {
                int start = at, length = Math.Min(16, bytes - at);
                IrValue part = VectorStructures.Gather(e, registers, length, k => shape.InRegisters(start + k, size));
                if (length == 16)
                    e.Ir.Store(e.Address(e.Ir.Add(address, at)), 0, part, e.Plain(16));
                else
                    e.Ir.Store(e.Address(e.Ir.Add(address, at)), 0, e.Ir.VectorExtract(LaneShape.I64x2, part, 0), e.Plain(8));
            }
        }
        else
        {
            for (int at = 0; at < bytes; at += 1 << size)
            {
                int from = shape.InRegisters(at, size);
                IrValue value = e.Ir.VectorExtract((LaneShape)size, e.Vector(shape.Register(i, from / 16), false), from % 16 >> size);
                e.Ir.Store(e.Address(e.Ir.Add(address, at)), 0, value, e.Plain(1 << size));
            }
        }

        WriteBack(e, i, address, bytes);
    }

    [Encoding("11110100 0 d 1 0 rn vd type4 size align rm", "vld{multiple}.{size6}")]
    public static void LoadMultiple(A32Emitter e, A32Word i)
    {
        if (!TryShape(e, i, out Shape shape))
            return;
        IrValue address = e.R(i.Rn);
        CheckAlignment(e, address, i.Field(4, 2) == 0 ? 0 : 4 << i.Field(4, 2), false);
        int size = i.Field(6, 2), bytes = 8 * shape.Registers;
        var memory = new IrValue[(bytes + 15) / 16];
        for (int k = 0; k < memory.Length; k++)
            memory[k] = Part(e, address, 16 * k, Math.Min(16, bytes - (16 * k)), size);
        var values = new IrValue[shape.Registers];
        for (int r = 0; r < values.Length; r++)
        {
            int number = r;
            values[r] = VectorStructures.Gather(e, memory, 8, k => shape.InMemory(number, k, size));
        }

        WriteBack(e, i, address, bytes);
        for (int r = 0; r < values.Length; r++)
            e.SetVector(shape.Register(i, r), false, values[r]);
    }

    [Encoding("11110100 1 d 0 0 rn vd size!=3 align type4 rm", "vst{single}.{size10}")]
    public static void StoreLane(A32Emitter e, A32Word i)
    {
        if (!TryLane(e, i, out int size, out int lane, out int step, out int alignment))
            return;
        IrValue address = e.R(i.Rn);
        CheckAlignment(e, address, alignment, true);
        int count = i.Field(8, 2) + 1;
        for (int k = 0; k < count; k++)
        {
            IrValue value = e.Ir.VectorExtract((LaneShape)size, e.Vector(A32Emitter.Dd(i) + (k * step), false), lane);
            e.Ir.Store(e.Address(e.Ir.Add(address, k << size)), 0, value, e.Plain(1 << size));
        }

        WriteBack(e, i, address, count << size);
    }

    [Encoding("11110100 1 d 1 0 rn vd size!=3 align type4 rm", "vld{single}.{size10}")]
    public static void LoadLane(A32Emitter e, A32Word i)
    {
        if (!TryLane(e, i, out int size, out int lane, out int step, out int alignment))
            return;
        IrValue address = e.R(i.Rn);
        CheckAlignment(e, address, alignment, false);
        IrValue[] values = Elements(e, address, i.Field(8, 2) + 1, size);
        WriteBack(e, i, address, values.Length << size);
        for (int k = 0; k < values.Length; k++)
        {
            int r = A32Emitter.Dd(i) + (k * step);
            e.SetVector(r, false, e.Ir.VectorInsert((LaneShape)size, e.Vector(r, false), lane, values[k]));
        }
    }

    [Encoding("11110100 1 d 1 0 rn vd 11 align size t a rm", "vld{single}.{size6}")]
    public static void LoadAll(A32Emitter e, A32Word i)
    {
        int count = i.Field(8, 2) + 1, size = i.Field(6, 2), step = i.Flag(5) ? 2 : 1;
        bool aligned = i.Flag(4), wide = size == 3;
        if ((wide && (count != 4 || !aligned)) || (aligned && ((count == 1 && size == 0) || count == 3)))
        {
            e.Undefined();
            return;
        }

        size = Math.Min(size, 2);
        int registers = count == 1 ? step : count, last = A32Emitter.Dd(i) + (count == 1 ? registers - 1 : (count - 1) * step);
        if (!IsAllowed(e, i, last))
            return;
        IrValue address = e.R(i.Rn);
        CheckAlignment(e, address, !aligned ? 0 : count == 4 ? (wide ? 16 : size == 2 ? 8 : 4 << size) : count << size, false);
        IrValue[] values = Elements(e, address, count, size);
        WriteBack(e, i, address, count << size);
        if (count == 1)
        {
            for (int r = A32Emitter.Dd(i); r <= last; r++)
                e.SetVector(r, false, e.Ir.VectorSplat(values[0]));
            return;
        }

        for (int k = 0; k < count; k++)
            e.SetVector(A32Emitter.Dd(i) + (k * step), false, e.Ir.VectorSplat(values[k]));
    }

    private static IrValue[] Elements(A32Emitter e, IrValue address, int count, int size)
    {
        var values = new IrValue[count];
        for (int k = 0; k < count; k++)
            values[k] = e.Ir.Load(e.Address(e.Ir.Add(address, k << size)), 0, e.Plain(1 << size), ((LaneShape)size).LaneType());
        return values;
    }

    // up to sixteen bytes; in big-endian memory element by element
    private static IrValue Part(A32Emitter e, IrValue address, int offset, int bytes, int size)
    {
        if (!e.IsBigEndian || size == 0)
        {
            IrValue place = e.Address(e.Ir.Add(address, offset));
            return bytes == 16 ? e.Ir.Load(place, 0, e.Plain(16), IrType.V128) : e.Ir.VectorScalar(e.Ir.Load(place, 0, e.Plain(8), IrType.I64));
        }

        IrValue result = e.Ir.VectorConst(0, 0);
        IrType type = ((LaneShape)size).LaneType();
        for (int at = 0; at < bytes; at += 1 << size)
            result = e.Ir.VectorInsert((LaneShape)size, result, at >> size, e.Ir.Load(e.Address(e.Ir.Add(address, offset + at)), 0, e.Plain(1 << size), type));
        return result;
    }

    // no write-back with PC as index, by the bytes with SP, else by the index register
    private static void WriteBack(A32Emitter e, A32Word i, IrValue address, int bytes)
    {
        if (i.Rm == A32Emitter.PcNumber)
            return;
        e.SetR(i.Rn, i.Rm == A32Emitter.Sp ? e.Ir.Add(address, bytes) : e.Ir.Add(address, e.R(i.Rm)));
    }

    private static void CheckAlignment(A32Emitter e, IrValue address, int alignment, bool writes)
    {
        if (alignment > 1)
            e.CheckAligned(address, alignment, writes);
    }

    private static bool IsAllowed(A32Emitter e, A32Word i, int last)
    {
        if (i.Rn != A32Emitter.PcNumber && last < (e.Isa.Has(ArmFeature.D32) ? 32 : 16))
            return true;
        e.Undefined();                                   // UNPREDICTABLE; QEMU does the same
        return false;
    }

    private static bool TryShape(A32Emitter e, A32Word i, out Shape shape)
    {
        int align = i.Field(4, 2), size = i.Field(6, 2);
        (shape, bool ok) = i.Field(8, 4) switch
        {
            0b0111 => (new Shape(1, 1, 1), (align & 2) == 0),
            0b1010 => (new Shape(2, 1, 1), align != 3),
            0b0110 => (new Shape(3, 1, 1), (align & 2) == 0),
            0b0010 => (new Shape(4, 1, 1), true),
            0b1000 => (new Shape(2, 2, 1), size != 3 && align != 3),
            0b1001 => (new Shape(2, 2, 2), size != 3 && align != 3),
            0b0011 => (new Shape(4, 2, 1), size != 3),
            0b0100 => (new Shape(3, 3, 1), size != 3 && (align & 2) == 0),
            0b0101 => (new Shape(3, 3, 2), size != 3 && (align & 2) == 0),
            0b0000 => (new Shape(4, 4, 1), size != 3),
            0b0001 => (new Shape(4, 4, 2), size != 3),
            _ => (default, false),
        };
        if (ok)
            return IsAllowed(e, i, shape.Register(i, shape.Registers - 1));
        e.Undefined();
        return false;
    }

    // index_align. Arm DDI 0487, F6.1 VLD1 to VLD4 (single element to one lane).
    private static bool TryLane(A32Emitter e, A32Word i, out int size, out int lane, out int step, out int alignment)
    {
        size = i.Field(10, 2);
        int field = i.Field(4, 4), count = i.Field(8, 2) + 1, low = field & ((1 << size) - 1 | 1);
        lane = field >> (size + 1);
        step = size == 1 && (field & 2) != 0 || size == 2 && (field & 4) != 0 ? 2 : 1;
        low = size == 2 ? field & 3 : field & 1;
        bool ok = true;
        alignment = 0;
        switch (count)
        {
            case 1:
                step = 1;
                ok = size switch { 0 => low == 0, 1 => (field & 2) == 0, _ => (field & 4) == 0 && low is 0 or 3 };
                alignment = low == 0 ? 0 : 1 << size;
                break;
            case 2:
                ok = size < 2 || (field & 2) == 0;
                alignment = (low & 1) == 0 ? 0 : 2 << size;
                break;
            case 3:
                ok = low == 0;
                break;
            default:
                ok = size < 2 || low != 3;
                alignment = low == 0 ? 0 : size == 2 ? 4 << low : 4 << size;
                break;
        }

        if (ok)
            return IsAllowed(e, i, A32Emitter.Dd(i) + ((count - 1) * step));
        e.Undefined();
        return false;
    }

    /// <summary>How structures lie in registers.</summary>
    /// <param name="Registers">How many.</param>
    /// <param name="Elements">Members of a structure.</param>
    /// <param name="Step">From one register of a structure to the next.</param>
    private readonly record struct Shape(int Registers, int Elements, int Step)
    {
        /// <summary>Number of a register. Two structures of two in four registers: the first members, then the second ones.</summary>
        public int Register(A32Word i, int r) => A32Emitter.Dd(i) + (r * Step);

        /// <summary>Where a byte of memory is among the registers, each of which takes 16 bytes.</summary>
        public int InRegisters(int at, int size)
        {
            if (Elements == 1)
                return (at / 8 * 16) + (at % 8);
            int element = at >> size, each = Registers / Elements, lanes = 8 >> size;
            int member = element % Elements, number = element / Elements;
            return (((member * each) + (number / lanes)) * 16) + (number % lanes << size) + (at & ((1 << size) - 1));
        }

        /// <summary>Where a byte of a register is in memory.</summary>
        public int InMemory(int register, int at, int size)
        {
            if (Elements == 1)
                return (8 * register) + at;
            int each = Registers / Elements, lanes = 8 >> size;
            int member = register / each, number = (register % each * lanes) + (at >> size);
            return (((number * Elements) + member) << size) + (at & ((1 << size) - 1));
        }
    }
}
