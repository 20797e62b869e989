using System.Numerics;
using System.Runtime.Intrinsics;
using Emulation.IR;

namespace Emulation.Cpu;

// Vector operations: the form is the lane shape, for shifts by a constant four more.
internal static unsafe partial class Interpreter
{
    private static void Vector(byte* s, Op* op, IrOp operation, int form)
    {
        switch (operation)
        {
            case >= IrOp.VFAdd and <= IrOp.VFLe:
                V(s, op->A) = form == (int)LaneShape.F64x2 ? VectorFloat<double>(s, op, operation) : VectorFloat<float>(s, op, operation);
                break;
            case IrOp.VInsert:
                InsertLane(s, op, form);
                break;
            case IrOp.VSplat or IrOp.VScalar:
                V(s, op->A) = FromScalar(s, op, operation == IrOp.VSplat, form);
                break;
            case >= IrOp.VShl and <= IrOp.VShrS:
                int amount = form >= Op.ConstantAmount ? (int)op->Imm : I(s, op->C);
                V(s, op->A) = (form & 3) switch
                {
                    0 => Shift<byte, sbyte>(operation, V(s, op->B), amount),
                    1 => Shift<ushort, short>(operation, V(s, op->B), amount),
                    2 => Shift<uint, int>(operation, V(s, op->B), amount),
                    _ => Shift<ulong, long>(operation, V(s, op->B), amount),
                };
                break;
            case IrOp.VMask:
                I(s, op->A) = form switch
                {
                    0 => VectorOps.Mask<byte>(V(s, op->B)),
                    1 => VectorOps.Mask<ushort>(V(s, op->B)),
                    2 => VectorOps.Mask<uint>(V(s, op->B)),
                    _ => VectorOps.Mask<ulong>(V(s, op->B)),
                };
                break;
            case IrOp.VSelect:
                V(s, op->A) = VectorOps.Select(V(s, op->B), V(s, op->C), V(s, (int)op->Imm));
                break;
            default:
                V(s, op->A) = form switch
                {
                    0 => Lanes<byte, sbyte>(operation, V(s, op->B), V(s, op->C)),
                    1 => Lanes<ushort, short>(operation, V(s, op->B), V(s, op->C)),
                    2 => Lanes<uint, int>(operation, V(s, op->B), V(s, op->C)),
                    _ => Lanes<ulong, long>(operation, V(s, op->B), V(s, op->C)),
                };
                break;
        }
    }

    private static ref Vector128<byte> V(byte* s, int offset) => ref *(Vector128<byte>*)(s + offset);

    private static Vector128<byte> Lanes<TU, TS>(IrOp op, Vector128<byte> a, Vector128<byte> b)
        where TU : unmanaged, IBinaryInteger<TU>
        where TS : unmanaged, IBinaryInteger<TS>
        => op switch
        {
            IrOp.VAnd => VectorOps.And(a, b),
            IrOp.VOr => VectorOps.Or(a, b),
            IrOp.VXor => VectorOps.Xor(a, b),
            IrOp.VAndNot => VectorOps.AndNot(a, b),
            IrOp.VAdd => VectorOps.Add<TU>(a, b),
            IrOp.VSub => VectorOps.Sub<TU>(a, b),
            IrOp.VMul => VectorOps.Mul<TU>(a, b),
            IrOp.VAddSatS => VectorOps.AddSat<TS>(a, b),
            IrOp.VAddSatU => VectorOps.AddSat<TU>(a, b),
            IrOp.VSubSatS => VectorOps.SubSat<TS>(a, b),
            IrOp.VSubSatU => VectorOps.SubSat<TU>(a, b),
            IrOp.VMinS => VectorOps.Min<TS>(a, b),
            IrOp.VMinU => VectorOps.Min<TU>(a, b),
            IrOp.VMaxS => VectorOps.Max<TS>(a, b),
            IrOp.VMaxU => VectorOps.Max<TU>(a, b),
            IrOp.VEq => VectorOps.Equal<TU>(a, b),
            IrOp.VGtS => VectorOps.Greater<TS>(a, b),
            IrOp.VGtU => VectorOps.Greater<TU>(a, b),
            IrOp.VGeS => VectorOps.NotLess<TS>(a, b),
            IrOp.VGeU => VectorOps.NotLess<TU>(a, b),
            IrOp.VShlV => VectorOps.ShiftLeftLanes<TU>(a, b),
            IrOp.VShrUV => VectorOps.ShiftRightLanes<TU>(a, b),
            IrOp.VShrSV => VectorOps.ShiftRightSignedLanes<TS>(a, b),
            IrOp.VZipLow => VectorOps.ZipLow<TU>(a, b),
            IrOp.VZipHigh => VectorOps.ZipHigh<TU>(a, b),
            IrOp.VNarrow => VectorOps.Narrow<TU>(a, b),
            IrOp.VShuffle => VectorOps.Shuffle(a, b),
            IrOp.VAbs => VectorOps.Abs<TS>(a),
            IrOp.VPopCount => VectorOps.PopCount(a),
            IrOp.VWidenLowS => VectorOps.WidenLow<TS>(a),
            IrOp.VWidenLowU => VectorOps.WidenLow<TU>(a),
            IrOp.VWidenHighS => VectorOps.WidenHigh<TS>(a),
            IrOp.VWidenHighU => VectorOps.WidenHigh<TU>(a),
            _ => throw new InvalidOperationException($"unknown vector operation {op}"),
        };

    private static Vector128<byte> Shift<TU, TS>(IrOp op, Vector128<byte> a, int amount)
        where TU : unmanaged
        where TS : unmanaged
        => op switch
        {
            IrOp.VShl => VectorOps.ShiftLeft<TU>(a, amount),
            IrOp.VShrU => VectorOps.ShiftRight<TU>(a, amount),
            _ => VectorOps.ShiftRightSigned<TS>(a, amount),
        };

    private static Vector128<byte> VectorFloat<T>(byte* s, Op* op, IrOp operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int mode = (int)op->Imm;
        Vector128<byte> a = V(s, op->B), b = V(s, op->C);
        return operation switch
        {
            IrOp.VFAdd => VectorFloatOps.Add<T>(s, a, b, mode),
            IrOp.VFSub => VectorFloatOps.Sub<T>(s, a, b, mode),
            IrOp.VFMul => VectorFloatOps.Mul<T>(s, a, b, mode),
            IrOp.VFDiv => VectorFloatOps.Div<T>(s, a, b, mode),
            IrOp.VFSqrt => VectorFloatOps.Sqrt<T>(s, a, mode),
            IrOp.VFMulAdd => VectorFloatOps.MulAdd<T>(s, a, b, V(s, op->High), mode),
            IrOp.VFEq => VectorFloatOps.Equal<T>(s, a, b),
            IrOp.VFLt => VectorFloatOps.Less<T>(s, a, b),
            _ => VectorFloatOps.NotGreater<T>(s, a, b),
        };
    }

    // Imm is the lane's offset in bytes. The scalar may lie in what is written.
    private static void InsertLane(byte* s, Op* op, int form)
    {
        int bytes = ((LaneShape)form).LaneBytes();
        ulong value = AtomicMemory.Read(s + op->C, bytes);
        V(s, op->A) = V(s, op->B);
        AtomicMemory.Write(s + op->A + op->Imm, bytes, value);
    }

    private static Vector128<byte> FromScalar(byte* s, Op* op, bool everywhere, int form) => ((LaneShape)form).LaneBytes() switch
    {
        1 => everywhere ? VectorOps.Splat(*(s + op->B)) : VectorOps.Scalar(*(s + op->B)),
        2 => everywhere ? VectorOps.Splat(*(ushort*)(s + op->B)) : VectorOps.Scalar(*(ushort*)(s + op->B)),
        4 => everywhere ? VectorOps.Splat((uint)I(s, op->B)) : VectorOps.Scalar((uint)I(s, op->B)),
        _ => everywhere ? VectorOps.Splat(U(s, op->B)) : VectorOps.Scalar(U(s, op->B)),
    };
}
