using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Emulation.SoftFloat;

/// <summary>
/// binary32 and binary64 arithmetic by the host's own, wherever that provably gives the same value and flags as
/// <see cref="F32"/> and <see cref="F64"/>; everything else is passed to those. Any context may be given.
/// </summary>
/// <remarks>
/// The inlined part needs rounding to nearest even, no flush or report option, and inexact already set. Then:
/// <list type="bullet">
/// <item>a finite sum or difference is right: a tiny one is exact, so underflow cannot be missed;</item>
/// <item>any other result is right if its exponent field is neither all ones (overflow, NaN, or an infinity that needs no flag)
/// nor 0 or 1: a number that was rounded up to the smallest normal one, field 1, may have underflowed.</item>
/// </list>
/// With inexact still clear, the out-of-line part lets the host compute the rounding error, which decides the flag.
/// </remarks>
public static partial class HostFp
{
    /// <summary>A fused multiply-add instruction; library fallbacks are slow and of unknown quality.</summary>
    private static bool HasFusedMultiplyAdd
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Fma.IsSupported || AdvSimd.IsSupported;
    }
}
