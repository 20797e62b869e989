using Emulation.IR;
using Emulation.SoftFloat;

namespace Emulation.Cpu;

/// <summary>IEEE operations of the IR on the CPU's floating-point environment. Every engine comes here, so flags and NaNs cannot differ.</summary>
/// <remarks>A static rounding mode replaces the environment's for one operation; <see cref="IrRounding.Dynamic"/> keeps it.</remarks>
public static unsafe partial class FloatOps
{
    /// <summary>Result of a two-operand operation on binary64 bits.</summary>
    /// <param name="state">CPU state.</param>
    /// <param name="op"><see cref="IrOp.FAdd"/> to <see cref="IrOp.FDiv"/>.</param>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand.</param>
    /// <param name="rounding">Rounding mode.</param>
    public static ulong Binary64(byte* state, IrOp op, ulong a, ulong b, int rounding)
    {
        ref FpContext environment = ref ((CpuHeader*)state)->Fp;
        if (rounding == (int)IrRounding.Dynamic)
            return Binary64(op, a, b, ref environment);
        FpContext c = With(environment, rounding);
        ulong result = Binary64(op, a, b, ref c);
        environment.Flags |= c.Flags;
        return result;
    }

    /// <summary>Result of a two-operand operation on binary32 bits.</summary>
    /// <param name="state">CPU state.</param>
    /// <param name="op"><see cref="IrOp.FAdd"/> to <see cref="IrOp.FDiv"/>.</param>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand.</param>
    /// <param name="rounding">Rounding mode.</param>
    public static uint Binary32(byte* state, IrOp op, uint a, uint b, int rounding)
    {
        ref FpContext environment = ref ((CpuHeader*)state)->Fp;
        if (rounding == (int)IrRounding.Dynamic)
            return Binary32(op, a, b, ref environment);
        FpContext c = With(environment, rounding);
        uint result = Binary32(op, a, b, ref c);
        environment.Flags |= c.Flags;
        return result;
    }

    /// <summary>Square root of binary64 bits.</summary>
    /// <param name="state">CPU state.</param>
    /// <param name="a">Operand.</param>
    /// <param name="rounding">Rounding mode.</param>
    public static ulong Sqrt64(byte* state, ulong a, int rounding)
    {
        ref FpContext environment = ref ((CpuHeader*)state)->Fp;
        if (rounding == (int)IrRounding.Dynamic)
            return HostFp.SqrtF64(a, ref environment);
        FpContext c = With(environment, rounding);
        ulong result = HostFp.SqrtF64(a, ref c);
        environment.Flags |= c.Flags;
        return result;
    }

    /// <summary>Square root of binary32 bits.</summary>
    /// <param name="state">CPU state.</param>
    /// <param name="a">Operand.</param>
    /// <param name="rounding">Rounding mode.</param>
    public static uint Sqrt32(byte* state, uint a, int rounding)
    {
        ref FpContext environment = ref ((CpuHeader*)state)->Fp;
        if (rounding == (int)IrRounding.Dynamic)
            return HostFp.SqrtF32(a, ref environment);
        FpContext c = With(environment, rounding);
        uint result = HostFp.SqrtF32(a, ref c);
        environment.Flags |= c.Flags;
        return result;
    }

    /// <summary>±(a * b) ± c on binary64 bits with one rounding.</summary>
    /// <param name="state">CPU state.</param>
    /// <param name="a">First factor.</param>
    /// <param name="b">Second factor.</param>
    /// <param name="c">Addend.</param>
    /// <param name="mode">Rounding mode in bits 0-2, negated product in bit 4, negated addend in bit 5.</param>
    public static ulong MulAdd64(byte* state, ulong a, ulong b, ulong c, int mode)
    {
        ref FpContext environment = ref ((CpuHeader*)state)->Fp;
        if ((mode & 7) == (int)IrRounding.Dynamic)
            return HostFp.MulAddF64(a, b, c, (mode & 16) != 0, (mode & 32) != 0, ref environment);
        FpContext context = With(environment, mode & 7);
        ulong result = HostFp.MulAddF64(a, b, c, (mode & 16) != 0, (mode & 32) != 0, ref context);
        environment.Flags |= context.Flags;
        return result;
    }

    /// <summary>±(a * b) ± c on binary32 bits with one rounding.</summary>
    /// <param name="state">CPU state.</param>
    /// <param name="a">First factor.</param>
    /// <param name="b">Second factor.</param>
    /// <param name="c">Addend.</param>
    /// <param name="mode">Rounding mode in bits 0-2, negated product in bit 4, negated addend in bit 5.</param>
    public static uint MulAdd32(byte* state, uint a, uint b, uint c, int mode)
    {
        ref FpContext environment = ref ((CpuHeader*)state)->Fp;
        if ((mode & 7) == (int)IrRounding.Dynamic)
            return HostFp.MulAddF32(a, b, c, (mode & 16) != 0, (mode & 32) != 0, ref environment);
        FpContext context = With(environment, mode & 7);
        uint result = HostFp.MulAddF32(a, b, c, (mode & 16) != 0, (mode & 32) != 0, ref context);
        environment.Flags |= context.Flags;
        return result;
    }

    /// <summary>Comparison of binary64 bits: 1 when it holds.</summary>
    /// <param name="state">CPU state.</param>
    /// <param name="op"><see cref="IrOp.FEq"/>, <see cref="IrOp.FLt"/> or <see cref="IrOp.FLe"/>.</param>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand.</param>
    public static ulong Compare64(byte* state, IrOp op, ulong a, ulong b)
    {
        ref FpContext c = ref ((CpuHeader*)state)->Fp;
        bool result = op switch
        {
            IrOp.FEq => F64.EqQuiet(a, b, ref c),
            IrOp.FLt => F64.LtSignaling(a, b, ref c),
            _ => F64.LeSignaling(a, b, ref c),
        };
        return result ? 1UL : 0;
    }

    /// <summary>Comparison of binary32 bits: 1 when it holds.</summary>
    /// <param name="state">CPU state.</param>
    /// <param name="op"><see cref="IrOp.FEq"/>, <see cref="IrOp.FLt"/> or <see cref="IrOp.FLe"/>.</param>
    /// <param name="a">First operand.</param>
    /// <param name="b">Second operand.</param>
    public static ulong Compare32(byte* state, IrOp op, uint a, uint b)
    {
        ref FpContext c = ref ((CpuHeader*)state)->Fp;
        bool result = op switch
        {
            IrOp.FEq => F32.EqQuiet(a, b, ref c),
            IrOp.FLt => F32.LtSignaling(a, b, ref c),
            _ => F32.LeSignaling(a, b, ref c),
        };
        return result ? 1UL : 0;
    }

    private static ulong Binary64(IrOp op, ulong a, ulong b, ref FpContext context) => op switch
    {
        IrOp.FAdd => HostFp.AddF64(a, b, ref context),
        IrOp.FSub => HostFp.SubF64(a, b, ref context),
        IrOp.FMul => HostFp.MulF64(a, b, ref context),
        IrOp.FDiv => HostFp.DivF64(a, b, ref context),
        _ => throw new ArgumentOutOfRangeException(nameof(op)),
    };

    private static uint Binary32(IrOp op, uint a, uint b, ref FpContext context) => op switch
    {
        IrOp.FAdd => HostFp.AddF32(a, b, ref context),
        IrOp.FSub => HostFp.SubF32(a, b, ref context),
        IrOp.FMul => HostFp.MulF32(a, b, ref context),
        IrOp.FDiv => HostFp.DivF32(a, b, ref context),
        _ => throw new ArgumentOutOfRangeException(nameof(op)),
    };

    private static FpContext With(FpContext environment, int rounding)
    {
        environment.Rounding = (FpRounding)rounding;
        return environment;
    }
}
