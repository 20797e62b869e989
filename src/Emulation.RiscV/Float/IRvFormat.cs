using Emulation.IR;
using Emulation.SoftFloat;

namespace Emulation.RiscV.Float;

/// <summary>What helpers need of a format; values are bits, zero-extended. Integer results saturate: RISC-V Unprivileged ISA, "F", "Domains of float-to-integer conversions".</summary>
internal interface IRvFormat
{
    /// <summary>Type of its values in IR.</summary>
    static abstract IrType Type { get; }

    static abstract ulong MinimumNumber(ulong a, ulong b, ref FpContext context);

    static abstract ulong MaximumNumber(ulong a, ulong b, ref FpContext context);

    static abstract ulong Minimum(ulong a, ulong b, ref FpContext context);

    static abstract ulong Maximum(ulong a, ulong b, ref FpContext context);

    static abstract bool EqQuiet(ulong a, ulong b, ref FpContext context);

    static abstract bool LtSignaling(ulong a, ulong b, ref FpContext context);

    static abstract bool LeSignaling(ulong a, ulong b, ref FpContext context);

    static abstract bool LtQuiet(ulong a, ulong b, ref FpContext context);

    static abstract bool LeQuiet(ulong a, ulong b, ref FpContext context);

    static abstract FpClass Classify(ulong a);

    static abstract ulong RoundToInt(ulong a, FpRounding rounding, bool raiseInexact, ref FpContext context);

    static abstract int ToInt32(ulong a, FpRounding rounding, ref FpContext context);

    static abstract uint ToUInt32(ulong a, FpRounding rounding, ref FpContext context);

    static abstract long ToInt64(ulong a, FpRounding rounding, ref FpContext context);

    static abstract ulong ToUInt64(ulong a, FpRounding rounding, ref FpContext context);

    static abstract ulong FromInt32(int value, ref FpContext context);

    static abstract ulong FromUInt32(uint value, ref FpContext context);

    static abstract ulong FromInt64(long value, ref FpContext context);

    static abstract ulong FromUInt64(ulong value, ref FpContext context);
}
