using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Emulation.Core;
using Emulation.IR;

namespace Emulation.Cpu;

// The run loop: exceptions, interrupts, limits, finding and linking blocks.
public abstract unsafe partial class VirtualCpu
{
    private const ulong LongestInstruction = 16;
    private bool _exact;
    private ulong _resume;
    private int _unfinished;

    private ulong _instructions;
    private long _slice;
    private long _reserve;
    private long _insideSince = -1;
    private int _epoch;
    private ulong? _exitAddress;
    private ulong _runStart;
    private ulong _runStartPc;

    // whether the last run ended where a scheduler cut it: an instruction where runs end has not been reported then
    private bool _cut;
    private CpuExit _stopKind;
    private volatile bool _exitRequested;
    private volatile int _runThread;
    private volatile bool _halted;
    private int _notifications;
    private int _notificationsAtWait = -1;

    /// <inheritdoc/>
    public event Action? Woken;

    /// <inheritdoc/>
    /// <remarks>Inside helpers, hooks and device accesses: without the present instruction.</remarks>
    public ulong InstructionCount => _instructions + (ulong)(_slice - Header.Budget);

    /// <inheritdoc/>
    public GuestFault? Fault { get; private set; }

    /// <inheritdoc/>
    public bool IsIdle => _halted && !WakePending;

    /// <summary>Whether the CPU waits for an interrupt.</summary>
    protected bool Halted
    {
        get => _halted;
        set => _halted = value;
    }

    internal TranslationCache Cache => Context.Cache;

    /// <summary>What <see cref="TranslationCache.Retirement"/> was when this CPU went into translated code; -1 outside.</summary>
    internal long InsideSince => Volatile.Read(ref _insideSince);

    /// <inheritdoc/>
    public void RequestExit() => _exitRequested = true;

    /// <inheritdoc/>
    public void LimitRun(long instructions)
    {
        ref CpuHeader header = ref Header;
        long budget = Math.Max(instructions, 0) + 1;              // the present instruction is still to be counted
        long excess = header.Budget + _reserve - budget;
        if (excess <= 0)
            return;
        long reserved = Math.Min(excess, _reserve);
        _reserve -= reserved;
        header.Budget -= excess - reserved;
        _slice -= excess - reserved;
        RequestAttention();
    }

    /// <summary>Says that an interrupt input changed. From any thread; wakes a halted CPU.</summary>
    /// <remarks>Raised by the CPU's own access to a device, the interrupt is looked at before the next instruction; from another thread, when the slice ends.</remarks>
    public void NotifyInterrupt()
    {
        if (_runThread == Environment.CurrentManagedThreadId)
            RequestAttention();
        else
            _exitRequested = true;
        Interlocked.Increment(ref _notifications);
        Woken?.Invoke();
    }

    /// <inheritdoc/>
    public CpuExit Run(long budget, bool exact = true)
    {
        ref CpuHeader header = ref Header;
        _exact = exact;
        _runThread = Environment.CurrentManagedThreadId;
        _slice = budget;
        header.Budget = budget;
        header.Exit |= ExitRequest.Attention;                     // look for interrupts first
        _exitRequested = false;
        Interlocked.MemoryBarrier();                              // a request before this is seen as the interrupt it was made for
        if (!_cut)
            (_runStart, _runStartPc) = (_instructions, header.Pc);
        header.Activity = CpuActivity.Dispatch;
        CpuExit exit = Loop(ref header);
        _cut = exit is CpuExit.Budget or CpuExit.Halted or CpuExit.Resting;
        header.Activity = CpuActivity.Outside;
        _instructions += (ulong)(_slice - header.Budget);
        (_slice, header.Budget) = (0, 0);
        Context.Meters?.Slice(this, _reported);
        return exit;
    }

    private CpuExit Loop(ref CpuHeader header)
    {
        while (true)
        {
            if (header.Exit != ExitRequest.None && Attend(ref header) is { } exit)
                return exit;
            if (header.Budget <= 0 || _exitRequested)
                return CpuExit.Budget;
            if (Cache.Epoch != _epoch)
                ForgetDropped(ref header);

            Op* link = (Op*)header.LinkSource;
            header.LinkSource = 0;
            int fences = _fences;
            if (Find(ref header, link, fences, out bool alone) is not { } block)
                continue;
            if (Cache.Epoch != _epoch || fences != _fences)
                continue;                                         // a translation waits for other CPUs: one may have dropped this block, or all that jumps lead to
            if (header.Budget < block.Instructions && !_exact)
                return CpuExit.Budget;
            Execute(ref header, block, alone);
        }
    }

    private TranslationBlock? Find(ref CpuHeader header, Op* link, int fences, out bool alone)
    {
        alone = false;
        if (Cache.IsFull)
        {
            Context.Exclusive(Cache.Flush);
            link = null;
            _epoch = Cache.Epoch;
            ForgetJumps();
        }

        alone = SingleStep || IsInUnfinished(header.Pc);
        if (!alone)
        {
            if (FindBlock(header.Pc, header.Mode, out alone) is not { } block)
                return null;
            if (alone)
                return TryFetchRest(block) ? block : null;
            if (header.Budget >= block.Instructions || !_exact)
            {
                if (fences == _fences)
                    Remember(link, block);
                return block;
            }

            alone = true;
            (_resume, _unfinished) = (header.Pc, block.Instructions - 1);
        }

        return Cache.GetBlock(this, header.Pc, header.Mode, ref alone) is { } single && TryFetchRest(single) ? single : null;
    }

    private void Remember(Op* link, TranslationBlock block)
    {
        RememberJump(block);
        if (link != null && Cache.Epoch == _epoch && Cache.BlockById(SourceOf(link)->Id) is { } source)
            Cache.Link(link, source, block);
    }

    // The jump cache is void after every change of the mapping or of code anywhere; the block it led to is mostly still the right one.
    private TranslationBlock? FindBlock(ulong pc, uint mode, out bool single)
    {
        single = false;
        if (!TryFetchPage(pc, out RamBlock? ram, out ulong offset))
            return null;
        if (FetchesFromSplitPage)
            return Cache.GetBlock(this, pc, mode, ref single);
        return JumpAt(pc, mode).Block is { } block && block.Pc == pc && block.Mode == mode && IsAt(block, ram, offset) ? block : Cache.GetBlock(this, pc, mode, ref single);
    }

    // Where a budget ended inside a block, the rest of it goes on one by one: a new block there would overlap for ever, and a loop might get hot twice.
    private bool IsInUnfinished(ulong pc)
    {
        if (_unfinished == 0)
            return false;
        if (pc - _resume > LongestInstruction || !TryFetchPage(pc, out RamBlock? ram, out ulong offset) || Cache.Find(ram, offset, pc, Header.Mode) is not null)
        {
            _unfinished = 0;
            return false;
        }

        _unfinished--;
        _resume = pc;
        return true;
    }

    // A block that must stay alone gets a budget of one: what it links to could hold many instructions.
    private void Execute(ref CpuHeader header, TranslationBlock block, bool alone)
    {
        if (alone)
        {
            _reserve = header.Budget - 1;
            _slice -= _reserve;
            header.Budget = 1;
        }

        Dispatches++;
        header.Activity = CpuActivity.Tier0;
        Volatile.Write(ref _insideSince, Cache.Retirement);
        if (Cache.Handlers is { } handlers)
            handlers.Enter(State, block.Ops, header.Budget);
        else
            Interpreter.Run(State, block.Ops, header.Budget, null);
        Volatile.Write(ref _insideSince, -1);
        header.Activity = CpuActivity.Dispatch;
        if (alone)
        {
            header.Budget += _reserve;
            _slice += _reserve;
            _reserve = 0;
        }
    }

    // Looks at exceptions, stops and interrupts between two instructions.
    private CpuExit? Attend(ref CpuHeader header)
    {
        ExitRequest request = header.Exit;
        header.Exit = ExitRequest.None;
        if ((request & ExitRequest.StopBefore) != 0)
            return _stopKind;
        if ((request & ExitRequest.Exception) != 0)
        {
            header.LinkSource = 0;
            header.Budget--;
            _notificationsAtWait = -1;
            header.ExceptionCount++;
            (int code, ulong value, ulong pc) = (header.ExceptionCode, header.ExceptionValue, header.Pc);
            header.Activity = CpuActivity.Exception;
            Traps++;
            if (!TakeException(code, value))
            {
                Fault = new GuestFault(ExceptionName(code), (ulong)code, pc, value);
                return CpuExit.UnhandledException;
            }

            header.Exit &= ~ExitRequest.Attention;
        }

        if (InterruptPending)
        {
            if (_halted)
                Wakes++;
            _halted = false;
            _notificationsAtWait = -1;
            header.LinkSource = 0;
            header.Activity = CpuActivity.Exception;
            Traps++;
            TakeInterrupt();
            header.Exit &= ~ExitRequest.Attention;
            if ((header.Exit & ExitRequest.Exception) != 0)
                return Attend(ref header);                        // of the entry itself: no instruction comes between
        }

        header.Activity = CpuActivity.Dispatch;
        if (_halted)
        {
            if (!WakePending)
                return CpuExit.Halted;
            _halted = false;
            Wakes++;

            // It may be a loop that waits for another CPU, and that an interrupt which nobody takes keeps awake. OpenSBI before 1.3 has one, with a race
            // besides: a hart that looks again all the time may see itself started before the starting hart has said where it shall go.
            int notifications = Volatile.Read(ref _notifications) & int.MaxValue;
            bool rests = notifications == _notificationsAtWait;
            _notificationsAtWait = notifications;
            if (rests)
                return CpuExit.Resting;
        }

        return null;
    }

    /// <summary>Whether blocks hold one instruction each, because something looks at every instruction.</summary>
    protected bool SingleStep { get; set; }

    /// <summary>For instructions that order fetches behind stores: code that was changed until now, by whomever, is not executed as it was.</summary>
    public void SynchronizeCode()
    {
        if (Cache.Epoch != _epoch)
            RequestAttention();
    }

    // Code changed somewhere: mostly one block of thousands, in a guest that patches itself.
    private void ForgetDropped(ref CpuHeader header)
    {
        Span<ulong> dropped = stackalloc ulong[TranslationCache.DroppedKept];
        if (!Cache.TryGetDropped(ref _epoch, dropped, out int count))
        {
            ForgetJumps();
            return;
        }

        header.LinkSource = 0;
        foreach (ulong pc in dropped[..count])
        {
            JumpCacheEntry* entry = JumpCacheEntry.Of(State, pc);
            if (entry->Pc == pc)
                entry->Key = 0;
        }
    }

    private static BlockHeader* SourceOf(Op* slot)
    {
        while (slot->Code != (int)Micro.Enter * 8)
            slot--;
        return (BlockHeader*)slot - 1;
    }
}
