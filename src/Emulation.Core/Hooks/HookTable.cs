namespace Emulation.Core;

/// <summary>Hooks on ranges of code and memory. Ranges are inclusive at both ends; dispatch allocates nothing; what is not hooked costs nothing.</summary>
/// <remarks>
/// May be used from any thread, also while vCPUs execute; a vCPU on another thread may call a hook once more shortly after it was removed.
/// Hooks that cover an address are called by ascending start of their range, then in the order they were added.
/// An engine asks <see cref="Covers"/> and <see cref="TouchesPage"/> when it translates or fills a TLB entry, emits calls to the Invoke methods only
/// where something is hooked, and drops on <see cref="Changed"/> what the changed range touches.
/// </remarks>
public sealed class HookTable
{
    private const int Kinds = (int)HookKind.Unmapped + 1;
    private readonly Lock _changing = new();
    private readonly HookSet[] _sets = new HookSet[Kinds];
    private int _epoch;
    private int _stop;

    /// <summary>Creates an empty table.</summary>
    public HookTable() => Array.Fill(_sets, HookSet.Empty);

    /// <summary>Raised after a hook was added or removed, on the thread that did it: first address, last address, kind.</summary>
    public event Action<ulong, ulong, HookKind>? Changed;

    /// <summary>Raised when a hook asks the run to stop, on the vCPU's thread, after the vCPU was told.</summary>
    internal event Action? StopAsked;

    /// <summary>Counts changes: part of the key of translated code that was made with hooks in view.</summary>
    public int Epoch => Volatile.Read(ref _epoch);

    /// <summary>Whether there is a code or block hook anywhere.</summary>
    public bool AnyCode => Any(HookKind.Code) || Any(HookKind.Block);

    /// <summary>Whether there is a read or write hook anywhere.</summary>
    public bool AnyMemory => Any(HookKind.Read) || Any(HookKind.Write);

    /// <summary>Calls <paramref name="hook"/> before each instruction that starts in the range.</summary>
    /// <param name="first">First virtual address.</param>
    /// <param name="last">Last virtual address, inclusive.</param>
    /// <param name="hook">What to call.</param>
    /// <returns>Removes the hook when disposed.</returns>
    public IDisposable Code(ulong first, ulong last, CodeHook hook) => Add(HookKind.Code, first, last, hook, null);

    /// <summary>Calls <paramref name="hook"/> before each block that starts in the range.</summary>
    /// <inheritdoc cref="Code"/>
    public IDisposable Block(ulong first, ulong last, CodeHook hook) => Add(HookKind.Block, first, last, hook, null);

    /// <summary>Calls <paramref name="hook"/> after each data read that touches the range.</summary>
    /// <inheritdoc cref="Code"/>
    public IDisposable Read(ulong first, ulong last, MemoryHook hook) => Add(HookKind.Read, first, last, null, hook);

    /// <summary>Calls <paramref name="hook"/> before each data write that touches the range.</summary>
    /// <inheritdoc cref="Code"/>
    public IDisposable Write(ulong first, ulong last, MemoryHook hook) => Add(HookKind.Write, first, last, null, hook);

    /// <summary>Calls <paramref name="hook"/> for each instruction fetch that touches the range.</summary>
    /// <inheritdoc cref="Code"/>
    public IDisposable Fetch(ulong first, ulong last, MemoryHook hook) => Add(HookKind.Fetch, first, last, null, hook);

    /// <summary>Calls <paramref name="hook"/> for each access to a physical address in the range that nothing answers.</summary>
    /// <inheritdoc cref="Code"/>
    public IDisposable Unmapped(ulong first, ulong last, MemoryHook hook) => Add(HookKind.Unmapped, first, last, null, hook);

    /// <summary>Whether there is a hook of this kind anywhere.</summary>
    /// <param name="kind">The kind.</param>
    public bool Any(HookKind kind) => Set(kind).Any;

    /// <summary>Whether a hook of this kind touches the range.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="first">First address.</param>
    /// <param name="last">Last address, inclusive.</param>
    public bool Covers(HookKind kind, ulong first, ulong last) => Set(kind).Covers(first, last);

    /// <summary>Whether a code hook or a block hook touches the range.</summary>
    /// <param name="first">First virtual address.</param>
    /// <param name="last">Last virtual address, inclusive.</param>
    public bool CoversCode(ulong first, ulong last) => Covers(HookKind.Code, first, last) || Covers(HookKind.Block, first, last);

    /// <summary>Whether a hook of this kind touches a page.</summary>
    /// <param name="page">Any address in the page of <see cref="RamBlock.PageSize"/> bytes.</param>
    /// <param name="kind">The kind.</param>
    public bool TouchesPage(ulong page, HookKind kind) => Covers(kind, page & ~(ulong)(RamBlock.PageSize - 1), page | (RamBlock.PageSize - 1));

    /// <summary>Calls the code hooks at an instruction.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="pc">Virtual address of the instruction.</param>
    /// <param name="size">Bytes of the instruction; 0 where not known.</param>
    public void InvokeCode(IVirtualCpu cpu, ulong pc, int size) => Set(HookKind.Code).Invoke(new CodeEvent(this, cpu, pc, size));

    /// <summary>Calls the block hooks at the start of a block.</summary>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="pc">Virtual address of the first instruction.</param>
    /// <param name="size">Bytes of the block; 0 where not known.</param>
    public void InvokeBlock(IVirtualCpu cpu, ulong pc, int size) => Set(HookKind.Block).Invoke(new CodeEvent(this, cpu, pc, size));

    /// <summary>Calls the memory hooks that an access touches.</summary>
    /// <param name="kind">Read, Write, Fetch or Unmapped.</param>
    /// <param name="cpu">The vCPU.</param>
    /// <param name="pc">Virtual address of the instruction.</param>
    /// <param name="address">Virtual address of the access; physical for Unmapped.</param>
    /// <param name="size">Width in bytes, 1 to 16.</param>
    /// <param name="value">Low 64 bits of the value.</param>
    /// <param name="valueHigh">High 64 bits of the value.</param>
    public void InvokeMemory(HookKind kind, IVirtualCpu cpu, ulong pc, ulong address, int size, ulong value, ulong valueHigh = 0)
        => Set(kind).Invoke(new MemoryEvent(this, cpu, kind, pc, address, size, value, valueHigh));

    /// <summary>Whether a hook asked for a stop since the last call: for whoever runs a vCPU without a machine.</summary>
    public bool TakeStop() => Interlocked.Exchange(ref _stop, 0) != 0;

    internal void RequestStop(IVirtualCpu cpu)
    {
        Volatile.Write(ref _stop, 1);
        cpu.LimitRun(0);
        StopAsked?.Invoke();
    }

    internal void Remove(HookEntry entry)
    {
        lock (_changing)
        {
            HookSet old = Set(entry.Kind);
            HookSet set = old.Without(entry);
            if (set.Count == old.Count)
                return;
            Install(entry.Kind, set);
        }

        Changed?.Invoke(entry.First, entry.Last, entry.Kind);
    }

    private HookEntry Add(HookKind kind, ulong first, ulong last, CodeHook? code, MemoryHook? memory)
    {
        if (code is null && memory is null)
            throw new ArgumentNullException(nameof(memory), "a hook has something to call");
        ArgumentOutOfRangeException.ThrowIfLessThan(last, first);
        var entry = new HookEntry(this, kind, first, last) { Code = code, Memory = memory };
        lock (_changing)
            Install(kind, Set(kind).With(entry));
        Changed?.Invoke(first, last, kind);
        return entry;
    }

    private HookSet Set(HookKind kind) => Volatile.Read(ref _sets[(int)kind]);

    private void Install(HookKind kind, HookSet set)
    {
        Volatile.Write(ref _sets[(int)kind], set);
        Interlocked.Increment(ref _epoch);
    }
}
