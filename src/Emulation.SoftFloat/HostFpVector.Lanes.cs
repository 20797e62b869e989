using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Emulation.SoftFloat;

// Lane by lane, each as the scalar operation.
public static partial class HostFpVector
{
    private interface ILane
    {
        static abstract ulong Of(ulong a, ulong b, ulong c, int signs, ref FpContext context);

        static abstract uint Of(uint a, uint b, uint c, int signs, ref FpContext context);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<T> Lanes<T, TLane>(Vector128<T> a, Vector128<T> b, Vector128<T> c, int signs, ref FpContext context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLane : ILane
    {
        if (typeof(T) == typeof(double))
        {
            Vector128<ulong> x = a.AsUInt64(), y = b.AsUInt64(), z = c.AsUInt64();
            ulong low = TLane.Of(x.GetElement(0), y.GetElement(0), z.GetElement(0), signs, ref context);
            ulong high = TLane.Of(x.GetElement(1), y.GetElement(1), z.GetElement(1), signs, ref context);
            return Vector128.Create(low, high).As<ulong, T>();
        }

        Vector128<uint> u = a.AsUInt32(), v = b.AsUInt32(), w = c.AsUInt32();
        uint r0 = TLane.Of(u.GetElement(0), v.GetElement(0), w.GetElement(0), signs, ref context);
        uint r1 = TLane.Of(u.GetElement(1), v.GetElement(1), w.GetElement(1), signs, ref context);
        uint r2 = TLane.Of(u.GetElement(2), v.GetElement(2), w.GetElement(2), signs, ref context);
        uint r3 = TLane.Of(u.GetElement(3), v.GetElement(3), w.GetElement(3), signs, ref context);
        return Vector128.Create(r0, r1, r2, r3).As<uint, T>();
    }

    private readonly struct AddLane : ILane
    {
        public static ulong Of(ulong a, ulong b, ulong c, int signs, ref FpContext context) => HostFp.AddF64(a, b, ref context);

        public static uint Of(uint a, uint b, uint c, int signs, ref FpContext context) => HostFp.AddF32(a, b, ref context);
    }

    private readonly struct SubLane : ILane
    {
        public static ulong Of(ulong a, ulong b, ulong c, int signs, ref FpContext context) => HostFp.SubF64(a, b, ref context);

        public static uint Of(uint a, uint b, uint c, int signs, ref FpContext context) => HostFp.SubF32(a, b, ref context);
    }

    private readonly struct MulLane : ILane
    {
        public static ulong Of(ulong a, ulong b, ulong c, int signs, ref FpContext context) => HostFp.MulF64(a, b, ref context);

        public static uint Of(uint a, uint b, uint c, int signs, ref FpContext context) => HostFp.MulF32(a, b, ref context);
    }

    private readonly struct DivLane : ILane
    {
        public static ulong Of(ulong a, ulong b, ulong c, int signs, ref FpContext context) => HostFp.DivF64(a, b, ref context);

        public static uint Of(uint a, uint b, uint c, int signs, ref FpContext context) => HostFp.DivF32(a, b, ref context);
    }

    private readonly struct SqrtLane : ILane
    {
        public static ulong Of(ulong a, ulong b, ulong c, int signs, ref FpContext context) => HostFp.SqrtF64(a, ref context);

        public static uint Of(uint a, uint b, uint c, int signs, ref FpContext context) => HostFp.SqrtF32(a, ref context);
    }

    private readonly struct MulAddLane : ILane
    {
        public static ulong Of(ulong a, ulong b, ulong c, int signs, ref FpContext context)
            => HostFp.MulAddF64(a, b, c, (signs & 1) != 0, (signs & 2) != 0, ref context);

        public static uint Of(uint a, uint b, uint c, int signs, ref FpContext context)
            => HostFp.MulAddF32(a, b, c, (signs & 1) != 0, (signs & 2) != 0, ref context);
    }

    private readonly struct EqualLane : ILane
    {
        public static ulong Of(ulong a, ulong b, ulong c, int signs, ref FpContext context) => F64.EqQuiet(a, b, ref context) ? ulong.MaxValue : 0;

        public static uint Of(uint a, uint b, uint c, int signs, ref FpContext context) => F32.EqQuiet(a, b, ref context) ? uint.MaxValue : 0;
    }

    private readonly struct LessLane : ILane
    {
        public static ulong Of(ulong a, ulong b, ulong c, int signs, ref FpContext context) => F64.LtSignaling(a, b, ref context) ? ulong.MaxValue : 0;

        public static uint Of(uint a, uint b, uint c, int signs, ref FpContext context) => F32.LtSignaling(a, b, ref context) ? uint.MaxValue : 0;
    }

    private readonly struct NotGreaterLane : ILane
    {
        public static ulong Of(ulong a, ulong b, ulong c, int signs, ref FpContext context) => F64.LeSignaling(a, b, ref context) ? ulong.MaxValue : 0;

        public static uint Of(uint a, uint b, uint c, int signs, ref FpContext context) => F32.LeSignaling(a, b, ref context) ? uint.MaxValue : 0;
    }
}
