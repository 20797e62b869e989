using System.Diagnostics.CodeAnalysis;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Emulation.Cpu;

/// <summary>Tier-0 handlers, emitted as IL and threaded by tail calls: each runs one operation and jumps to the next one's handler.</summary>
/// <remarks>
/// Handlers depend on nothing but the form of the operation, so all machines of a process share them: this is code, not state.
/// Each is compiled when the first operation of its form is placed.
/// </remarks>
internal sealed unsafe class ThreadedHandlers
{
    private static readonly Lazy<ThreadedHandlers?> s_shared = new(static () => RuntimeFeature.IsDynamicCodeSupported ? new ThreadedHandlers() : null);

    private readonly nint[] _handlers = new nint[((int)Micro.Resolve + 1) * 8];
    private readonly List<DynamicMethod> _methods = [];
    private readonly Lock _lock = new();
    private readonly delegate*<byte*, Op*, long, void> _enter;

    [RequiresDynamicCode("Emits IL.")]
    private ThreadedHandlers()
    {
        _enter = (delegate*<byte*, Op*, long, void>)Compile(HandlerEmitter.EmitTrampoline, "enter");
        Counting = Compile(HandlerEmitter.EmitCountingEnter, "counting");
    }

    /// <summary>The handlers of this process, or null where no code can be generated.</summary>
    public static ThreadedHandlers? Shared => s_shared.Value;

    /// <summary>Handler of block entries that are counted for tier 1.</summary>
    public nint Counting { get; }

    /// <summary>The handler of an operation code.</summary>
    public nint Get(ushort code)
    {
        nint handler = Volatile.Read(ref _handlers[code]);
        return handler != 0 ? handler : Create(code);
    }

    /// <summary>Runs translated code until it leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enter(byte* state, Op* op, long budget) => _enter(state, op, budget);

    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "An instance exists only where code can be generated.")]
    private nint Create(ushort code)
    {
        lock (_lock)
        {
            if (_handlers[code] == 0)
                Volatile.Write(ref _handlers[code], Compile(il => HandlerEmitter.Emit(il, (Micro)(code / 8), code & 7), $"{(Micro)(code / 8)}_{code & 7}"));
            return _handlers[code];
        }
    }

    [RequiresDynamicCode("Emits IL.")]
    private nint Compile(Action<ILGenerator> emit, string name)
    {
        var method = new DynamicMethod("tier0_" + name, typeof(void), [typeof(byte*), typeof(Op*), typeof(long)], typeof(ThreadedHandlers).Module, skipVisibility: true) { InitLocals = false };
        emit(method.GetILGenerator());
        _methods.Add(method);                                     // a function pointer does not keep its method alive
        return NativeCode.Compile(method);
    }
}
