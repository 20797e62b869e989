using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Emulation.IR;

/// <summary>A C# method that guest code calls for what operations do not express.</summary>
/// <remarks>
/// Signature: <c>static ulong F(byte* state, ulong a, ulong b, ulong c)</c> with 0 to 3 operands after the state pointer; <c>void</c> when there is no result.
/// Operands and result travel as zero-extended 64-bit values, IEEE numbers as their bits; vectors as the offset of their register.
/// A helper that raises a guest exception declares <see cref="IrEffects.MayFault"/>, records it in the CPU's state and returns; engines look there after the call.
/// </remarks>
public sealed class IrHelper
{
    private IrHelper(string name, MethodInfo method, IrType result, int arity, IrEffects effects)
    {
        Name = name;
        Method = method;
        Result = result;
        Arity = arity;
        Effects = effects;
        Pointer = method.MethodHandle.GetFunctionPointer();
    }

    /// <summary>Shown in listings.</summary>
    public string Name { get; }

    /// <summary>The method.</summary>
    public MethodInfo Method { get; }

    /// <summary>Managed function pointer of the method.</summary>
    public nint Pointer { get; }

    /// <summary>Type of the result, <see cref="IrType.None"/> for void.</summary>
    public IrType Result { get; }

    /// <summary>Operands after the state pointer, 0 to 3.</summary>
    public int Arity { get; }

    /// <summary>What it may do. <see cref="IrEffects.ReadsState"/> and <see cref="IrEffects.WritesState"/> are about register slots an engine may keep in host registers.</summary>
    public IrEffects Effects { get; }

    /// <summary>Describes a helper.</summary>
    /// <param name="type">The class that declares the method.</param>
    /// <param name="method">Name of a static method with the signature above.</param>
    /// <param name="result">Type of the result.</param>
    /// <param name="effects">What it may do.</param>
    public static IrHelper Create(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods)] Type type,
        string method,
        IrType result,
        IrEffects effects)
    {
        MethodInfo info = type.GetMethod(method, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            ?? throw new ArgumentException($"{type.Name} has no static method '{method}'", nameof(method));
        ParameterInfo[] parameters = info.GetParameters();
        bool ok = !result.IsVector() && parameters.Length is >= 1 and <= 4 && parameters[0].ParameterType == typeof(byte*)
            && parameters.Skip(1).All(p => p.ParameterType == typeof(ulong))
            && info.ReturnType == (result == IrType.None ? typeof(void) : typeof(ulong));
        if (!ok)
            throw new ArgumentException($"{type.Name}.{method} does not have the signature of a helper", nameof(method));
        return new IrHelper(method, info, result, parameters.Length - 1, effects);
    }
}
