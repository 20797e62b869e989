using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Emulation.IR;

namespace Emulation.Cpu;

/// <summary>Accesses to host memory that a guest sees as one: plain, and atomic between vCPUs.</summary>
internal static unsafe class AtomicMemory
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(byte* p, int size) => size switch
    {
        1 => *p,
        2 => Unsafe.ReadUnaligned<ushort>(p),
        4 => Unsafe.ReadUnaligned<uint>(p),
        _ => Unsafe.ReadUnaligned<ulong>(p),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(byte* p, int size, ulong value)
    {
        switch (size)
        {
            case 1: *p = (byte)value; break;
            case 2: Unsafe.WriteUnaligned(p, (ushort)value); break;
            case 4: Unsafe.WriteUnaligned(p, (uint)value); break;
            default: Unsafe.WriteUnaligned(p, value); break;
        }
    }

    /// <summary>A value as it lies in memory, or back.</summary>
    public static ulong Swapped(ulong value, MemOp how)
        => how.BigEndian ? BinaryPrimitives.ReverseEndianness(value) >> (64 - (8 * how.Size)) : value;

    /// <summary>What an atomic operation stores over <paramref name="old"/>, both as they lie in memory.</summary>
    public static ulong Apply(AtomicOp op, MemOp how, ulong old, ulong operand)
    {
        int shift = 64 - (8 * how.Size);
        ulong shown = Swapped(old, how);
        long a = (long)(shown << shift) >> shift, b = (long)(operand << shift) >> shift;
        ulong ua = (ulong)a << shift, ub = (ulong)b << shift;
        long result = op switch
        {
            AtomicOp.Swap => b,
            AtomicOp.Add => a + b,
            AtomicOp.And => a & b,
            AtomicOp.Or => a | b,
            AtomicOp.Xor => a ^ b,
            AtomicOp.MinS => Math.Min(a, b),
            AtomicOp.MaxS => Math.Max(a, b),
            AtomicOp.MinU => ua < ub ? a : b,
            AtomicOp.MaxU => ua > ub ? a : b,
            _ => throw new ArgumentOutOfRangeException(nameof(op)),
        };
        return Swapped((ulong)(result << shift) >> shift, how);
    }

    public static ulong ReadModifyWrite(byte* p, MemOp how, AtomicOp op, ulong operand)
    {
        ulong old = Read(p, how.Size);
        while (true)
        {
            ulong seen = Exchange(p, how.Size, old, Apply(op, how, old, operand));
            if (seen == old)
                return Swapped(old, how);
            old = seen;
        }
    }

    public static ulong CompareExchange(byte* p, MemOp how, ulong expected, ulong value)
    {
        ulong mask = how.Size == 8 ? ulong.MaxValue : (1UL << (8 * how.Size)) - 1;
        return Swapped(Exchange(p, how.Size, Swapped(expected & mask, how), Swapped(value & mask, how)), how);
    }

    private static ulong Exchange(byte* p, int size, ulong expected, ulong value) => size switch
    {
        1 => Interlocked.CompareExchange(ref *p, (byte)value, (byte)expected),
        2 => Interlocked.CompareExchange(ref *(ushort*)p, (ushort)value, (ushort)expected),
        4 => Interlocked.CompareExchange(ref *(uint*)p, (uint)value, (uint)expected),
        _ => Interlocked.CompareExchange(ref *(ulong*)p, value, expected),
    };
}
