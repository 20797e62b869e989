using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Intrinsics;
using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Jit;

/// <summary>The runtime's methods on 256 bits at once that do what an operation of the IR does to each half.</summary>
internal static class WideMethods
{
    private const bool S = true, U = false;

    private static readonly Dictionary<IrOp, (string Name, bool Signed)> s_names = new()
    {
        [IrOp.VAnd] = (nameof(Vector256.BitwiseAnd), U),
        [IrOp.VOr] = (nameof(Vector256.BitwiseOr), U),
        [IrOp.VXor] = (nameof(Vector256.Xor), U),
        [IrOp.VAndNot] = (nameof(Vector256.AndNot), U),
        [IrOp.VSelect] = (nameof(Vector256.ConditionalSelect), U),
        [IrOp.VAdd] = (nameof(Vector256.Add), U),
        [IrOp.VSub] = (nameof(Vector256.Subtract), U),
        [IrOp.VMul] = (nameof(Vector256.Multiply), U),
        [IrOp.VAddSatS] = (nameof(Vector256.AddSaturate), S),
        [IrOp.VAddSatU] = (nameof(Vector256.AddSaturate), U),
        [IrOp.VSubSatS] = (nameof(Vector256.SubtractSaturate), S),
        [IrOp.VSubSatU] = (nameof(Vector256.SubtractSaturate), U),
        [IrOp.VMinS] = (nameof(Vector256.Min), S),
        [IrOp.VMinU] = (nameof(Vector256.Min), U),
        [IrOp.VMaxS] = (nameof(Vector256.Max), S),
        [IrOp.VMaxU] = (nameof(Vector256.Max), U),
        [IrOp.VEq] = (nameof(Vector256.Equals), U),
        [IrOp.VGtS] = (nameof(Vector256.GreaterThan), S),
        [IrOp.VGtU] = (nameof(Vector256.GreaterThan), U),
        [IrOp.VGeS] = (nameof(Vector256.GreaterThanOrEqual), S),
        [IrOp.VGeU] = (nameof(Vector256.GreaterThanOrEqual), U),
        [IrOp.VAbs] = (nameof(Vector256.Abs), S),
    };

    // Operators of the vector type, for amounts below the lane's width.
    private static readonly Dictionary<IrOp, (string Name, bool Signed)> s_shifts = new()
    {
        [IrOp.VShl] = ("op_LeftShift", U),
        [IrOp.VShrU] = ("op_UnsignedRightShift", U),
        [IrOp.VShrS] = ("op_RightShift", S),
    };

    /// <summary>The method of an operation on vectors of <paramref name="lane"/>; none where the host has no registers of 256 bits.</summary>
    /// <param name="op">A vector operation.</param>
    /// <param name="shape">One of its shapes.</param>
    /// <param name="method">Takes and gives vectors of <paramref name="lane"/>; a shift takes an int amount second.</param>
    /// <param name="lane">Their lane.</param>
    public static bool TryGet(IrOp op, LaneShape shape, [NotNullWhen(true)] out MethodInfo? method, [NotNullWhen(true)] out Type? lane)
    {
        (method, lane) = (null, null);
        if (!Vector256.IsHardwareAccelerated)
            return false;
        if (s_shifts.TryGetValue(op, out (string Name, bool Signed) entry))
        {
            lane = VectorMethods.Lane(shape, entry.Signed);
            method = Operator(entry.Name, lane);
            return true;
        }

        if (!s_names.TryGetValue(op, out entry))
            return false;
        lane = VectorMethods.Lane(shape, entry.Signed);
        int operands = op == IrOp.VSelect ? 3 : op == IrOp.VAbs ? 1 : 2;
        method = Generic(entry.Name, lane, [.. Enumerable.Repeat(typeof(Vector256<>), operands)]);
        return true;
    }

    /// <summary>A method on vectors of bytes.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="parameters">Its generic vector types.</param>
    public static MethodInfo Named(string name, params Type[] parameters) => Generic(name, typeof(byte), parameters);

    /// <summary>The same bits as a vector of other lanes.</summary>
    /// <param name="from">Their lane now.</param>
    /// <param name="to">The other lane.</param>
    [UnconditionalSuppressMessage("Trimming", "IL2060", Justification = "Type arguments are primitive types.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Called where code is generated, and only there.")]
    public static MethodInfo Cast(Type from, Type to) => typeof(Vector256).GetMethod(nameof(Vector256.As))!.MakeGenericMethod(from, to);

    [UnconditionalSuppressMessage("Trimming", "IL2060", Justification = "Type arguments are primitive types.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Called where code is generated, and only there.")]
    private static MethodInfo Generic(string name, Type lane, Type[] parameters)
        => typeof(Vector256).GetMethods().Single(m => m.Name == name && m.IsGenericMethodDefinition && m.GetGenericArguments().Length == 1
            && m.GetParameters().Select(p => p.ParameterType.IsGenericType ? p.ParameterType.GetGenericTypeDefinition() : p.ParameterType).SequenceEqual(parameters))
            .MakeGenericMethod(lane);

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "The operators of the vector type are kept: interpreters use them.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Called where code is generated, and only there.")]
    private static MethodInfo Operator(string name, Type lane)
        => typeof(Vector256<>).MakeGenericType(lane).GetMethod(name) ?? throw new MissingMethodException(nameof(Vector256), name);
}
