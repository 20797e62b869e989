namespace Emulation.SoftFloat.Tests;

internal delegate UInt128 FpOperation(UInt128[] operands, ref FpContext context);

/// <summary>Names of TestFloat's functions and what they are here.</summary>
internal static class TestFloatOperations
{
    private static readonly Dictionary<string, FpOperation> s_operations = new()
    {
        ["f16_add"] = (UInt128[] x, ref FpContext c) => F16.Add((ushort)x[0], (ushort)x[1], ref c),
        ["f16_mul"] = (UInt128[] x, ref FpContext c) => F16.Mul((ushort)x[0], (ushort)x[1], ref c),
        ["f16_div"] = (UInt128[] x, ref FpContext c) => F16.Div((ushort)x[0], (ushort)x[1], ref c),
        ["f16_rem"] = (UInt128[] x, ref FpContext c) => F16.Rem((ushort)x[0], (ushort)x[1], ref c),
        ["f16_sqrt"] = (UInt128[] x, ref FpContext c) => F16.Sqrt((ushort)x[0], ref c),
        ["f16_mulAdd"] = (UInt128[] x, ref FpContext c) => F16.MulAdd((ushort)x[0], (ushort)x[1], (ushort)x[2], ref c),
        ["f16_to_f32"] = (UInt128[] x, ref FpContext c) => F16.ToF32((ushort)x[0], ref c),
        ["f16_to_i32"] = (UInt128[] x, ref FpContext c) => (uint)F16.ToInt32((ushort)x[0], c.Rounding, FpIntegerRule.Indefinite, ref c),
        ["f16_to_ui32"] = (UInt128[] x, ref FpContext c) => F16.ToUInt32((ushort)x[0], c.Rounding, FpIntegerRule.Indefinite, ref c),
        ["f16_to_i64"] = (UInt128[] x, ref FpContext c) => (ulong)F16.ToInt64((ushort)x[0], c.Rounding, FpIntegerRule.Indefinite, ref c),
        ["f16_to_ui64"] = (UInt128[] x, ref FpContext c) => F16.ToUInt64((ushort)x[0], c.Rounding, FpIntegerRule.Indefinite, ref c),

        ["f32_add"] = (UInt128[] x, ref FpContext c) => F32.Add((uint)x[0], (uint)x[1], ref c),
        ["f32_mul"] = (UInt128[] x, ref FpContext c) => F32.Mul((uint)x[0], (uint)x[1], ref c),
        ["f32_div"] = (UInt128[] x, ref FpContext c) => F32.Div((uint)x[0], (uint)x[1], ref c),
        ["f32_rem"] = (UInt128[] x, ref FpContext c) => F32.Rem((uint)x[0], (uint)x[1], ref c),
        ["f32_sqrt"] = (UInt128[] x, ref FpContext c) => F32.Sqrt((uint)x[0], ref c),
        ["f32_mulAdd"] = (UInt128[] x, ref FpContext c) => F32.MulAdd((uint)x[0], (uint)x[1], (uint)x[2], ref c),
        ["f32_roundToInt"] = (UInt128[] x, ref FpContext c) => F32.RoundToInt((uint)x[0], c.Rounding, raiseInexact: false, ref c),
        ["f32_to_f16"] = (UInt128[] x, ref FpContext c) => F32.ToF16((uint)x[0], ref c),
        ["f32_to_f64"] = (UInt128[] x, ref FpContext c) => F32.ToF64((uint)x[0], ref c),
        ["f32_to_i32"] = (UInt128[] x, ref FpContext c) => (uint)F32.ToInt32((uint)x[0], c.Rounding, FpIntegerRule.Indefinite, ref c),
        ["f32_to_ui32"] = (UInt128[] x, ref FpContext c) => F32.ToUInt32((uint)x[0], c.Rounding, FpIntegerRule.Indefinite, ref c),
        ["f32_to_i64"] = (UInt128[] x, ref FpContext c) => (ulong)F32.ToInt64((uint)x[0], c.Rounding, FpIntegerRule.Indefinite, ref c),
        ["f32_to_ui64"] = (UInt128[] x, ref FpContext c) => F32.ToUInt64((uint)x[0], c.Rounding, FpIntegerRule.Indefinite, ref c),

        ["f64_add"] = (UInt128[] x, ref FpContext c) => F64.Add((ulong)x[0], (ulong)x[1], ref c),
        ["f64_mul"] = (UInt128[] x, ref FpContext c) => F64.Mul((ulong)x[0], (ulong)x[1], ref c),
        ["f64_div"] = (UInt128[] x, ref FpContext c) => F64.Div((ulong)x[0], (ulong)x[1], ref c),
        ["f64_rem"] = (UInt128[] x, ref FpContext c) => F64.Rem((ulong)x[0], (ulong)x[1], ref c),
        ["f64_sqrt"] = (UInt128[] x, ref FpContext c) => F64.Sqrt((ulong)x[0], ref c),
        ["f64_mulAdd"] = (UInt128[] x, ref FpContext c) => F64.MulAdd((ulong)x[0], (ulong)x[1], (ulong)x[2], ref c),
        ["f64_roundToInt"] = (UInt128[] x, ref FpContext c) => F64.RoundToInt((ulong)x[0], c.Rounding, raiseInexact: false, ref c),
        ["f64_to_f16"] = (UInt128[] x, ref FpContext c) => F64.ToF16((ulong)x[0], ref c),
        ["f64_to_f32"] = (UInt128[] x, ref FpContext c) => F64.ToF32((ulong)x[0], ref c),
        ["f64_to_i32"] = (UInt128[] x, ref FpContext c) => (uint)F64.ToInt32((ulong)x[0], c.Rounding, FpIntegerRule.Indefinite, ref c),
        ["f64_to_ui32"] = (UInt128[] x, ref FpContext c) => F64.ToUInt32((ulong)x[0], c.Rounding, FpIntegerRule.Indefinite, ref c),
        ["f64_to_i64"] = (UInt128[] x, ref FpContext c) => (ulong)F64.ToInt64((ulong)x[0], c.Rounding, FpIntegerRule.Indefinite, ref c),
        ["f64_to_ui64"] = (UInt128[] x, ref FpContext c) => F64.ToUInt64((ulong)x[0], c.Rounding, FpIntegerRule.Indefinite, ref c),

        ["f128_add"] = (UInt128[] x, ref FpContext c) => F128.Add(x[0], x[1], ref c),
        ["f128_mul"] = (UInt128[] x, ref FpContext c) => F128.Mul(x[0], x[1], ref c),
        ["f128_div"] = (UInt128[] x, ref FpContext c) => F128.Div(x[0], x[1], ref c),

        ["i32_to_f32"] = (UInt128[] x, ref FpContext c) => F32.FromInt32((int)(uint)x[0], ref c),
        ["i64_to_f64"] = (UInt128[] x, ref FpContext c) => F64.FromInt64((long)(ulong)x[0], ref c),
        ["ui64_to_f32"] = (UInt128[] x, ref FpContext c) => F32.FromUInt64((ulong)x[0], ref c),
    };

    public static IEnumerable<string> Names => s_operations.Keys;

    /// <summary>The operation and the name of its result's format.</summary>
    public static (FpOperation Run, string Result) Find(string name)
    {
        int to = name.IndexOf("to_", StringComparison.Ordinal);
        return (s_operations[name], to >= 0 ? name[(to + 3)..] : name[..name.IndexOf('_')]);
    }
}
