using System.Runtime.CompilerServices;
using Emulation.IR;

namespace Emulation.Arm;

/// <summary>Vector operations that the IR does not have, lane by lane. Operands: <see cref="VectorRegisters"/>, a <see cref="VectorKind"/>.</summary>
internal static unsafe class VectorHelpers
{
    private const IrEffects State = IrEffects.ReadsState | IrEffects.WritesState;

    public static readonly IrHelper Lanes = Create(nameof(DoLanes));
    public static readonly IrHelper Pairs = Create(nameof(DoPairs));
    public static readonly IrHelper Widen = Create(nameof(DoWiden));
    public static readonly IrHelper Wide = Create(nameof(DoWide));
    public static readonly IrHelper Narrow = Create(nameof(DoNarrow));
    public static readonly IrHelper LongPairs = Create(nameof(DoLongPairs));
    public static readonly IrHelper Dot = Create(nameof(DoDot));

    public static void DoLanes(byte* s, ulong registers, ulong packed)
    {
        var v = new Operands(s, registers, packed);
        bool signed = VecLane.IsSigned(v.Op);
        for (int i = 0; i < v.Kind.Count; i++)
        {
            Int128 b = v.Kind.HasImmediate ? v.Kind.Immediate : Read(v.M, v.Kind.Index >= 0 ? v.Kind.Index : i, v.Kind.Size, signed);
            Int128 d = Read(v.D, i, v.Kind.Size, VecLane.IsDestinationSigned(v.Op));
            v.Write(i, v.Kind.Size, VecLane.Apply(v.Op, v.Bits, Read(v.N, i, v.Kind.Size, signed), b, d, ref v.Saturated));
        }

        v.Finish(s);
    }

    public static void DoPairs(byte* s, ulong registers, ulong packed)
    {
        var v = new Operands(s, registers, packed);
        bool signed = VecLane.IsSigned(v.Op);
        int half = v.Kind.Count / 2;
        for (int i = 0; i < v.Kind.Count; i++)
        {
            ref readonly Bytes source = ref (i < half ? ref v.N : ref v.M);
            int at = 2 * (i % half);
            v.Write(i, v.Kind.Size, VecLane.Apply(v.Op, v.Bits, Read(source, at, v.Kind.Size, signed), Read(source, at + 1, v.Kind.Size, signed), 0, ref v.Saturated));
        }

        v.Finish(s);
    }

    public static void DoWiden(byte* s, ulong registers, ulong packed)
    {
        var v = new Operands(s, registers, packed);
        int first = v.Kind.High ? 8 >> v.Kind.Size : 0;
        for (int i = 0; i < v.Kind.Count; i++)
        {
            Int128 a = Read(v.N, first + i, v.Kind.Size, v.Kind.Signed);
            Int128 b = v.Kind.HasImmediate ? v.Kind.Immediate : Read(v.M, v.Kind.Index >= 0 ? v.Kind.Index : first + i, v.Kind.Size, v.Kind.Signed);
            if (v.Kind.Size == 3)
            {
                UInt128 product = VecLane.Polynomial((ulong)a, (ulong)b);
                v.Write(0, 3, (Int128)(ulong)product);
                v.Write(1, 3, (Int128)(ulong)(product >> 64));
                break;
            }

            Int128 d = Read(v.D, i, v.Kind.Size + 1, VecLane.IsDestinationSigned(v.Op));
            v.Write(i, v.Kind.Size + 1, VecLane.Apply(v.Op, 2 * v.Bits, a, b, d, ref v.Saturated));
        }

        v.Finish(s);
    }

    public static void DoNarrow(byte* s, ulong registers, ulong packed)
    {
        var v = new Operands(s, registers, packed);
        bool signed = VecLane.IsSigned(v.Op);
        int first = v.Kind.High ? 8 >> v.Kind.Size : 0;
        if (v.Kind.High)
            v.Keep();
        for (int i = 0; i < v.Kind.Count; i++)
        {
            Int128 b = v.Kind.HasImmediate ? v.Kind.Immediate : Read(v.M, i, v.Kind.Size + 1, signed);
            v.Write(first + i, v.Kind.Size, VecLane.Apply(v.Op, v.Bits, Read(v.N, i, v.Kind.Size + 1, signed), b, 0, ref v.Saturated));
        }

        v.Finish(s);
    }

    public static void DoWide(byte* s, ulong registers, ulong packed)
    {
        var v = new Operands(s, registers, packed);
        int first = v.Kind.High ? 8 >> v.Kind.Size : 0;
        for (int i = 0; i < v.Kind.Count; i++)
        {
            Int128 b = Read(v.M, first + i, v.Kind.Size, v.Kind.Signed);
            v.Write(i, v.Kind.Size + 1, VecLane.Apply(v.Op, 2 * v.Bits, Read(v.N, i, v.Kind.Size + 1, false), b, 0, ref v.Saturated));
        }

        v.Finish(s);
    }

    public static void DoLongPairs(byte* s, ulong registers, ulong packed)
    {
        var v = new Operands(s, registers, packed);
        for (int i = 0; i < v.Kind.Count; i++)
        {
            Int128 a = Read(v.N, 2 * i, v.Kind.Size, v.Kind.Signed), b = Read(v.N, (2 * i) + 1, v.Kind.Size, v.Kind.Signed);
            v.Write(i, v.Kind.Size + 1, VecLane.Apply(v.Op, 2 * v.Bits, a, b, Read(v.D, i, v.Kind.Size + 1, false), ref v.Saturated));
        }

        v.Finish(s);
    }

    public static void DoDot(byte* s, ulong registers, ulong packed)
    {
        var v = new Operands(s, registers, packed);
        for (int i = 0; i < v.Kind.Count; i++)
        {
            Int128 sum = Read(v.D, i, 2, false);
            int from = v.Kind.Index >= 0 ? v.Kind.Index : i;
            for (int k = 0; k < 4; k++)
                sum += Read(v.N, (4 * i) + k, 0, v.Kind.Signed) * Read(v.M, (4 * from) + k, 0, v.Kind.Signed);
            v.Write(i, 2, sum);
        }

        v.Finish(s);
    }

    /// <summary>A lane of a register.</summary>
    public static Int128 Read(in Bytes register, int lane, int size, bool signed)
    {
        ref byte place = ref Unsafe.Add(ref Unsafe.AsRef(in register.First), lane << size);
        return (size, signed) switch
        {
            (0, false) => place,
            (0, true) => (sbyte)place,
            (1, false) => Unsafe.ReadUnaligned<ushort>(ref place),
            (1, true) => Unsafe.ReadUnaligned<short>(ref place),
            (2, false) => Unsafe.ReadUnaligned<uint>(ref place),
            (2, true) => Unsafe.ReadUnaligned<int>(ref place),
            (_, false) => Unsafe.ReadUnaligned<ulong>(ref place),
            _ => Unsafe.ReadUnaligned<long>(ref place),
        };
    }

    /// <summary>The sixteen bytes of a register.</summary>
    [InlineArray(16)]
    public struct Bytes
    {
        public byte First;
    }

    /// <summary>Copies of the operands, and the result as it grows.</summary>
    public ref struct Operands
    {
        public readonly VectorKind Kind;
        public readonly Bytes D, N, M;
        public bool Saturated;
        private readonly int _registers;
        private Bytes _result;

        public Operands(byte* s, ulong registers, ulong packed)
        {
            Kind = VectorKind.Unpack(packed);
            _registers = (int)registers;
            D = *Register(s, _registers, 0);
            N = *Register(s, _registers, 1);
            M = *Register(s, _registers, 2);
        }

        public readonly VecOp Op => (VecOp)Kind.Op;

        public readonly int Bits => 8 << Kind.Size;

        /// <summary>The result begins as the old destination.</summary>
        public void Keep() => _result = D;

        public void Write(int lane, int size, Int128 value)
        {
            ref byte place = ref Unsafe.Add(ref _result.First, lane << size);
            switch (size)
            {
                case 0: place = (byte)value; break;
                case 1: Unsafe.WriteUnaligned(ref place, (ushort)value); break;
                case 2: Unsafe.WriteUnaligned(ref place, (uint)value); break;
                default: Unsafe.WriteUnaligned(ref place, (ulong)value); break;
            }
        }

        public readonly void Finish(byte* s)
        {
            Bytes* destination = Register(s, _registers, 0);
            if ((_registers & VectorRegisters.Half) != 0)
                *(ulong*)destination = Unsafe.As<Bytes, ulong>(ref Unsafe.AsRef(in _result));
            else
                *destination = _result;
            if (Saturated)
                *(uint*)(s + ArmRegisters.Layout.Saturated.Offset) = 1;
        }

        /// <summary>Whether the operation has the standard environment of AArch32's vectors.</summary>
        public readonly bool IsStandard => (_registers & VectorRegisters.Standard) != 0;

        public static Bytes* Register(byte* s, int registers, int operand)
            => (Bytes*)(s + ArmRegisters.Layout.Vector[(registers >> (5 * operand)) & 31].Offset + (8 * ((registers >> (VectorRegisters.OddShift + operand)) & 1)));
    }

    private static IrHelper Create(string method) => IrHelper.Create(typeof(VectorHelpers), method, IrType.None, State);
}
