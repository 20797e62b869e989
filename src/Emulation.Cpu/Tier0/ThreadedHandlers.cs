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
    private static readonly Lazy<ThreadedHandlers?> s_shared = new(
        // where the runtime only interprets IL, our own interpreter is the better one
        static () => RuntimeFeature.IsDynamicCodeSupported && RuntimeFeature.IsDynamicCodeCompiled ? new ThreadedHandlers() : null);

    private const int Codes = ((int)Micro.Resolve + 1) * 8;
    private const int RegimeCount = 256;

    // Memory operations have a handler for each regime; the others use the first row.
    private readonly nint[]?[] _handlers = new nint[]?[RegimeCount];
    private readonly List<DynamicMethod> _methods = [];
    private readonly Lock _lock = new();
    private readonly delegate*<byte*, Op*, long, void> _enter;
    private readonly SlowHandlers _slow;

    [RequiresDynamicCode("Emits IL.")]
    private ThreadedHandlers()
    {
        _enter = (delegate*<byte*, Op*, long, void>)Compile(HandlerEmitter.EmitTrampoline, "enter");
        nint outOfBudget = Compile(HandlerEmitter.EmitOutOfBudget, "out_of_budget");
        _slow = new SlowHandlers(
            Compile(HandlerEmitter.EmitSlowLoad, "slow_load"),
            Compile(HandlerEmitter.EmitSlowStore, "slow_store"),
            outOfBudget,
            Compile(il => HandlerEmitter.EmitHot(il, outOfBudget), "hot"),
            Compile(HandlerEmitter.EmitJumpMissed, "jump_missed"));
        Counting = Compile(il => HandlerEmitter.EmitCountingEnter(il, _slow), "counting");
    }

    /// <summary>The handlers of this process, or null where no code can be generated.</summary>
    public static ThreadedHandlers? Shared => s_shared.Value;

    /// <summary>Handler of block entries that are counted for tier 1.</summary>
    public nint Counting { get; }

    /// <summary>What a look into the jump cache goes to that finds nothing, with PC and budget in the header.</summary>
    public nint JumpMissed => _slow.JumpMissed;

    /// <summary>The handler of an operation.</summary>
    public nint Get(in Op op)
    {
        var family = (Micro)(op.Code / 8);
        return Get(op.Code, family is Micro.Load or Micro.Load32 or Micro.Store ? op.Regime : 0);
    }

    /// <summary>The handler of an operation code that does not access memory.</summary>
    public nint Get(ushort code) => Get(code, 0);

    /// <summary>Runs translated code until it leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enter(byte* state, Op* op, long budget) => _enter(state, op, budget);

    private nint Get(ushort code, int regime)
    {
        nint handler = Volatile.Read(ref _handlers[regime]) is { } row ? Volatile.Read(ref row[code]) : 0;
        return handler != 0 ? handler : Create(code, regime);
    }

    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "An instance exists only where code can be generated.")]
    private nint Create(ushort code, int regime)
    {
        lock (_lock)
        {
            nint[] row = _handlers[regime] ?? new nint[Codes];
            if (row[code] == 0)
                Volatile.Write(ref row[code], Compile(il => HandlerEmitter.Emit(il, (Micro)(code / 8), code & 7, regime, _slow), $"{(Micro)(code / 8)}_{code & 7}"));
            Volatile.Write(ref _handlers[regime], row);
            return row[code];
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
