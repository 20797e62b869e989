using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Emulation.SoftFloat;

/// <summary>
/// Everything an operation reads or changes besides its operands: rounding, NaN and flush policies, sticky flags.
/// Exactly eight bytes without references, so it can live in unmanaged memory. <c>default</c> is what RISC-V resets to.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 8)]
public struct FpContext
{
    // The four policy and flag bytes as one word, so that HostFp decides with one load, mask and compare.
    [FieldOffset(0)]
    private readonly uint _word;

    /// <summary>Rounding direction. Byte 0.</summary>
    [FieldOffset(0)]
    public FpRounding Rounding;

    /// <summary>NaN results. Byte 1.</summary>
    [FieldOffset(1)]
    public FpNanRule NanRule;

    /// <summary>Tininess, flush and default NaN choices. Byte 2.</summary>
    [FieldOffset(2)]
    public FpOptions Options;

    /// <summary>Flags raised so far; operations only ever set bits. Byte 3.</summary>
    [FieldOffset(3)]
    public FpFlags Flags;

    private const FpOptions HostHostile = FpOptions.FlushInputs | FpOptions.FlushOutputs | FpOptions.ReportInputDenormals;

    // Constants, not properties: compiled code inlines their users many times, and what the runtime inlines in one method is limited.
    private const uint LittleMode = 0xffu | ((uint)HostHostile << 16), LittleInexact = (uint)FpFlags.Inexact << 24;
    private const uint BigMode = 0xff000000u | ((uint)HostHostile << 8), BigInexact = (uint)FpFlags.Inexact;

    /// <summary>
    /// Rounding is to nearest even, no subnormal needs special care, and inexact is already set: host arithmetic cannot miss
    /// a side effect as long as its result is an ordinary number. NaN rule and tininess do not matter for such results.
    /// </summary>
    internal readonly bool HostDecides
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_word & (BitConverter.IsLittleEndian ? LittleMode | LittleInexact : BigMode | BigInexact)) == (BitConverter.IsLittleEndian ? LittleInexact : BigInexact);
    }

    /// <summary>As <see cref="HostDecides"/>, but inexact is still clear.</summary>
    internal readonly bool HostDecidesIfExact
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_word & (BitConverter.IsLittleEndian ? LittleMode | LittleInexact : BigMode | BigInexact)) == 0;
    }

    /// <summary>Rounding is to nearest even and no subnormal needs special care; inexact may be set or clear.</summary>
    internal readonly bool HostOrders
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_word & (BitConverter.IsLittleEndian ? LittleMode : BigMode)) == 0;
    }

    /// <summary>No subnormal needs special care.</summary>
    internal readonly bool HostCompares
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (Options & HostHostile) == 0;
    }

    /// <summary>Sets <paramref name="flags"/> in <see cref="Flags"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Raise(FpFlags flags) => Flags |= flags;

    internal readonly bool Has(FpOptions any) => (Options & any) != 0;
}
