using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Emulation.Cpu;

/// <summary>Turns a dynamic method into a native function pointer.</summary>
internal static class NativeCode
{
    /// <summary>Whether the host lets nothing but stores wait behind later loads.</summary>
    public static bool HasTotalStoreOrder { get; } = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;

    /// <summary>Compiles now and gives the address of the code itself, not of a stub. The caller keeps the method alive.</summary>
    /// <param name="method">A complete method.</param>
    public static nint Compile(DynamicMethod method)
    {
        // The pointer is only direct once the method is compiled: before that it is a stub that every call would go through.
        RuntimeMethodHandle handle = Descriptor(method);
        RuntimeHelpers.PrepareMethod(handle);
        return handle.GetFunctionPointer();
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "GetMethodDescriptor")]
    private static extern RuntimeMethodHandle Descriptor(DynamicMethod method);
}
