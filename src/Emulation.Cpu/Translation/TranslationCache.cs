using System.Collections.Immutable;
using Emulation.Core;
using Emulation.IR;

namespace Emulation.Cpu;

/// <summary>Translated code of one machine, shared by its vCPUs: found by place in memory, virtual address and mode; dropped when its bytes change.</summary>
public sealed unsafe class TranslationCache : IDisposable
{
    /// <summary>Most guest instructions in a block.</summary>
    public const int MaxInstructions = 64;

    /// <summary>Dropped blocks that are known one by one; a power of two. A CPU that is further behind forgets all of its jumps.</summary>
    internal const int DroppedKept = 64;

    private readonly Lock _lock = new();
    private ImmutableDictionary<ulong, int> _stops = ImmutableDictionary<ulong, int>.Empty;
    private ImmutableHashSet<ulong> _breakpoints = [];

    // PCs of the blocks that were dropped last, by epoch.
    private readonly ulong[] _dropped = new ulong[DroppedKept];
    private int _epochField;
    private long _retirement;
    private readonly List<VirtualCpu> _cpus = [];
    private readonly Dictionary<(RamBlock Ram, ulong Page), CodePage> _pages = [];
    private readonly CodeArena _arena;
    private readonly IrBuilder _builder = new();
    private readonly byte[] _crossing = new byte[32];
    private readonly HashSet<RamBlock> _rams = [];
    private Lowering? _lowering;
    private List<TranslationBlock> _blocks = [];

    /// <summary>Creates an empty cache.</summary>
    /// <param name="options">Bounds and engine.</param>
    public TranslationCache(EngineOptions? options = null)
    {
        Options = options ?? new EngineOptions();
        _arena = new CodeArena(Options.MaxTranslationBytes, IsQuiescent);
        Handlers = Options.Engine == EngineKind.Interpreter ? null : ThreadedHandlers.Shared;
    }

    /// <summary>Bounds and engine.</summary>
    public EngineOptions Options { get; }

    /// <summary>Counts invalidations; a CPU that sees a new value forgets its cached jumps to what was dropped.</summary>
    public int Epoch => Volatile.Read(ref _epochField);

    /// <summary>Blocks translated since creation.</summary>
    public long BlocksTranslated { get; private set; }

    /// <summary>Guest instructions translated since creation.</summary>
    public long InstructionsTranslated { get; private set; }

    /// <summary>Blocks dropped because their code changed.</summary>
    public long BlocksInvalidated { get; private set; }

    /// <summary>Times everything was dropped because the bound was reached.</summary>
    public long Flushes { get; private set; }

    /// <summary>Adds instrumentation to blocks while they are translated, or null.</summary>
    public IInstrumentation? Instrumentation { get; set; }

    /// <summary>The tier-1 engine, or null. It hears of hot blocks and of invalidations.</summary>
    public ITierOne? TierOne { get; set; }

    internal ThreadedHandlers? Handlers { get; }

    /// <summary>Whether native memory for tier-0 code has reached its bound.</summary>
    internal bool IsFull => _arena.IsFull;

    /// <summary>Counts removals of tier-1 code; a CPU notes it on its way into translated code.</summary>
    internal long Retirement => Volatile.Read(ref _retirement);

    /// <summary>Whether runs may end at some address.</summary>
    internal bool AnyStops => _stops.Count > 0;

    /// <summary>Ends runs of every vCPU before the instruction at an address. No vCPU may be inside translated code.</summary>
    /// <param name="pc">Virtual address.</param>
    public void AddBreakpoint(ulong pc)
    {
        _breakpoints = _breakpoints.Add(pc);
        AddStop(pc);
    }

    /// <summary>Undoes <see cref="AddBreakpoint"/>. No vCPU may be inside translated code.</summary>
    /// <param name="pc">Virtual address.</param>
    public void RemoveBreakpoint(ulong pc)
    {
        if (!_breakpoints.Contains(pc))
            return;
        _breakpoints = _breakpoints.Remove(pc);
        RemoveStop(pc);
    }

    internal bool IsBreakpoint(ulong pc) => _breakpoints.Contains(pc);

    internal bool IsStop(ulong pc) => _stops.ContainsKey(pc);

    internal void AddStop(ulong pc)
    {
        _stops = _stops.SetItem(pc, _stops.GetValueOrDefault(pc) + 1);
        InvalidateVirtual(pc, pc);
    }

    internal void RemoveStop(ulong pc)
    {
        int count = _stops.GetValueOrDefault(pc) - 1;
        _stops = count > 0 ? _stops.SetItem(pc, count) : _stops.Remove(pc);
        InvalidateVirtual(pc, pc);
    }

    /// <summary>Finds a block or translates it.</summary>
    /// <param name="cpu">Whose frontend and memory are used.</param>
    /// <param name="pc">Virtual address.</param>
    /// <param name="mode">Mode bits.</param>
    /// <param name="single">Whether the block must hold one instruction; set where protection differs inside the page, so that each is checked.</param>
    /// <returns>Null when fetching recorded an exception.</returns>
    internal TranslationBlock? GetBlock(VirtualCpu cpu, ulong pc, uint mode, ref bool single)
    {
        if (!cpu.TryFetchPage(pc, out RamBlock? ram, out ulong offset))
            return null;
        single |= cpu.FetchesFromSplitPage;
        TranslationBlock? block;
        lock (_lock)
        {
            CodePage page = PageAt(ram, offset);
            block = (single ? page.Singles : page.Blocks).GetValueOrDefault((pc, mode));
        }

        if (block is not null && (block.SecondRam is null || SamePlace(cpu, block)))
            return block;
        CpuActivity before = cpu.Header.Activity;
        cpu.Header.Activity = CpuActivity.Translate;
        block = Translate(cpu, pc, mode, single, ram, offset);
        cpu.Header.Activity = before;
        return block;
    }

    /// <summary>The block at a place, if it was translated.</summary>
    internal TranslationBlock? Find(RamBlock ram, ulong offset, ulong pc, uint mode)
    {
        lock (_lock)
            return _pages.TryGetValue((ram, offset & ~(StateLayout.PageSize - 1)), out CodePage? page) ? page.Blocks.GetValueOrDefault((pc, mode)) : null;
    }

    /// <summary>Says which jumps are void for a CPU that looked last at <paramref name="epoch"/>, and brings that up to date.</summary>
    /// <param name="epoch">An earlier <see cref="Epoch"/>; the present one on return.</param>
    /// <param name="pcs">Takes <see cref="DroppedKept"/> virtual addresses.</param>
    /// <param name="count">How many were set.</param>
    /// <returns>False when all jumps are void.</returns>
    internal bool TryGetDropped(ref int epoch, Span<ulong> pcs, out int count)
    {
        lock (_lock)
        {
            count = 0;
            uint behind = (uint)(_epochField - epoch);
            if (behind <= DroppedKept)
            {
                while (epoch + count != _epochField)
                {
                    pcs[count] = _dropped[(epoch + count) & (DroppedKept - 1)];
                    count++;
                }
            }

            epoch = _epochField;
            return behind <= DroppedKept;
        }
    }

    /// <summary>The block a numbered header belongs to.</summary>
    /// <param name="id">Number in the cache.</param>
    internal TranslationBlock? BlockById(int id)
    {
        lock (_lock)
            return (uint)id < (uint)_blocks.Count ? _blocks[id] : null;
    }

    /// <summary>Finds an existing block without translating; for tier 1.</summary>
    /// <param name="near">A block on the same page.</param>
    /// <param name="pc">Virtual address on that page.</param>
    public TranslationBlock? FindOnSamePage(TranslationBlock near, ulong pc)
    {
        lock (_lock)
        {
            ulong page = near.Offset & ~(StateLayout.PageSize - 1);
            return _pages.TryGetValue((near.Ram, page), out CodePage? codePage) ? codePage.Blocks.GetValueOrDefault((pc, near.Mode)) : null;
        }
    }

    /// <summary>Finds a block, or translates it before any CPU gets there; for tier 1.</summary>
    /// <param name="near">A block of the same page and mode.</param>
    /// <param name="pc">Virtual address on that page.</param>
    /// <param name="frontend">The instruction set.</param>
    /// <returns>Null when it cannot be had without a CPU.</returns>
    internal TranslationBlock? GetOnSamePage(TranslationBlock near, ulong pc, IFrontend frontend)
    {
        const ulong InPage = StateLayout.PageSize - 1;
        lock (_lock)
        {
            // Protection may differ inside a page of single instructions.
            ulong offset = (near.Offset & ~InPage) | (pc & InPage);
            if (!near.IsValid || ((near.Pc ^ pc) & ~InPage) != 0 || !ReferenceEquals(FindOnSamePage(near, near.Pc), near))
                return null;
            if (FindOnSamePage(near, pc) is { } found)
                return found;
            return IsFull || !near.Ram.IsCode(offset) ? null : TryTranslate(frontend, pc, near.Mode, false, near.Ram, offset, null, 0);
        }
    }

    /// <summary>Makes a block-ending slot jump straight to a block, when that stays right whatever the mapping does.</summary>
    internal void Link(Op* slot, TranslationBlock source, TranslationBlock target)
    {
        lock (_lock)
        {
            bool samePage = ((source.Pc ^ target.Pc) & ~(StateLayout.PageSize - 1)) == 0;
            if (!samePage || source.Mode != target.Mode || !source.IsValid || !target.IsValid || source.SecondRam is not null)
                return;
            if (target.SecondRam is not null)
            {
                // It goes on in another page, so the mapping decides each time: the exit asks the jump cache from now on.
                Op* exit = slot + slot->C;
                exit->Code = (int)Micro.GotoPc * 8;
                exit->Handler = Handlers?.Get(exit->Code) ?? 0;
                return;
            }

            target.AddIncoming(slot);
            slot->Imm = (long)target.Ops;
        }
    }

    /// <summary>Drops the blocks of a page that overlap a range of virtual addresses; used when hooks change.</summary>
    /// <param name="first">First virtual address.</param>
    /// <param name="last">Last virtual address.</param>
    public void InvalidateVirtual(ulong first, ulong last)
    {
        lock (_lock)
        {
            foreach (CodePage page in _pages.Values)
                page.RemoveWhere(b => b.Pc <= last && b.Pc + (ulong)b.Bytes - 1 >= first, Drop);
            _epochField += DroppedKept + 1;
        }
    }

    /// <summary>Drops everything. No vCPU may execute translated code; one that waits in the middle of it goes on there until it leaves.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            foreach (CodePage page in _pages.Values)
                page.RemoveWhere(static _ => true, Drop);
            foreach ((RamBlock ram, ulong offset) in _pages.Keys)
                ram.UnmarkCode(offset);
            _pages.Clear();
            _blocks = [];
            _arena.Reset(Retire());
            _epochField += DroppedKept + 1;
            Flushes++;
        }
    }

    /// <summary>The bytes a block was translated from; null when it is not valid any more. For tier 1.</summary>
    /// <param name="block">A block of one page.</param>
    public byte[]? ReadCode(TranslationBlock block)
    {
        lock (_lock)
            return block.IsValid ? new ReadOnlySpan<byte>(block.Code, block.Bytes).ToArray() : null;
    }

    /// <summary>How often a block was entered through tier 0, as far as is counted.</summary>
    /// <param name="block">A block.</param>
    public long EntriesOf(TranslationBlock block)
    {
        lock (_lock)
        {
            return block.IsValid ? EntriesAt(block.Ops->High) : 0;
        }
    }

    /// <summary>What a count of entries left says.</summary>
    internal long EntriesAt(int left)
    {
        if (TierOne is not { } tierOne)
            return 0;
        return left <= tierOne.Threshold ? (long)tierOne.Threshold - left : (long)tierOne.Threshold + (int.MaxValue - left);
    }

    /// <summary>Counts the entries of a block anew: it is reported again after so many.</summary>
    /// <param name="block">A block.</param>
    /// <param name="entries">Entries until then, at least 1.</param>
    internal void Recount(TranslationBlock block, int entries)
    {
        lock (_lock)
        {
            if (block.IsValid)
                block.Ops->High = entries;
        }
    }

    /// <summary>Runs an action under the lock that orders translation, linking and invalidation.</summary>
    /// <param name="action">Must not wait for a vCPU.</param>
    public void Synchronize(Action action)
    {
        lock (_lock)
            action();
    }

    /// <summary>Begins the retirement of tier-1 code whose entries were reset: nobody enters it any more.</summary>
    /// <returns>What to ask <see cref="IsQuiescent"/> with.</returns>
    internal long Retire() => Interlocked.Increment(ref _retirement);

    /// <summary>Whether every CPU has left translated code since a retirement.</summary>
    /// <param name="retirement">From <see cref="Retire"/>.</param>
    internal bool IsQuiescent(long retirement)
    {
        // A CPU notes where it is with a plain store before it loads a handler; this is the other half of that fence.
        Interlocked.MemoryBarrierProcessWide();
        lock (_lock)
            return _cpus.TrueForAll(cpu => cpu.InsideSince is long since && (since < 0 || since >= retirement));
    }

    internal void Register(VirtualCpu cpu)
    {
        lock (_lock)
            _cpus.Add(cpu);
    }

    internal void Unregister(VirtualCpu cpu)
    {
        lock (_lock)
            _cpus.Remove(cpu);
    }

    /// <summary>Frees all code.</summary>
    public void Dispose()
    {
        foreach (RamBlock ram in _rams)
            ram.CodeModified -= OnCodeModified;
        _rams.Clear();
        TierOne?.Dispose();
        _arena.Dispose();
    }

    // Fetching and protecting a page may wait for other vCPUs: never under the lock, which they may be waiting for.
    private TranslationBlock? Translate(VirtualCpu cpu, ulong pc, uint mode, bool single, RamBlock ram, ulong offset)
    {
        int inPage = (int)(StateLayout.PageSize - (pc & (StateLayout.PageSize - 1)));
        RamBlock? secondRam = null;
        ulong secondOffset = 0;
        while (true)
        {
            // Pages with code are write-protected before their bytes are read, so a change cannot be missed.
            MarkCode(cpu, ram, offset);
            if (secondRam is not null)
                MarkCode(cpu, secondRam, secondOffset);
            lock (_lock)
            {
                if (!ram.IsCode(offset) || (secondRam is not null && !secondRam.IsCode(secondOffset)))
                    continue;                                 // written to meanwhile, and no longer protected
                if (TryTranslate(cpu.Frontend, pc, mode, single, ram, offset, secondRam, secondOffset) is { } block)
                    return block;
            }

            if (!cpu.TryFetchPage(pc + (ulong)inPage, out secondRam, out secondOffset))
                return null;
        }
    }

    // Null when the first instruction goes on in a second page that is not given.
    private TranslationBlock? TryTranslate(IFrontend frontend, ulong pc, uint mode, bool single, RamBlock ram, ulong offset, RamBlock? secondRam, ulong secondOffset)
    {
        int inPage = (int)(StateLayout.PageSize - (pc & (StateLayout.PageSize - 1)));
        ReadOnlySpan<byte> code = frontend.ExchangesHalfwords(mode) ? Exchanged(ram, offset, inPage) : new ReadOnlySpan<byte>(ram.ReadPointer(offset), inPage);
        _builder.Begin(pc, mode);
        if (secondRam is null)
        {
            if (frontend.Translate(_builder, code, pc, mode, single ? 1 : MaxInstructions, Instrumentation) == TranslationResult.NeedsNextPage)
                return null;
        }
        else
        {
            code.CopyTo(_crossing);
            ReadOnlySpan<byte> rest = frontend.ExchangesHalfwords(mode) ? Exchanged(secondRam, secondOffset, 16) : new ReadOnlySpan<byte>(secondRam.ReadPointer(secondOffset), 16);
            rest.CopyTo(_crossing.AsSpan(inPage));
            frontend.Translate(_builder, _crossing.AsSpan(0, inPage + 16), pc, mode, 1, Instrumentation);
        }

        TranslationBlock block = Place(frontend, code, single, ram, offset, secondRam, secondOffset);
        CodePage page = PageAt(ram, offset);
        Dictionary<(ulong, uint), TranslationBlock> blocks = single ? page.Singles : page.Blocks;
        if (blocks.Remove((pc, mode), out TranslationBlock? old))
            Drop(old);
        page.Add(block, single);
        if (secondRam is not null)
            PageAt(secondRam, secondOffset).AddCrossing(block);
        return block;
    }

    private static byte[] Exchanged(RamBlock ram, ulong offset, int count)
    {
        const int Halfword = 2;
        byte* page = ram.ReadPointer(offset & ~(StateLayout.PageSize - 1));
        int first = (int)(offset & (StateLayout.PageSize - 1));
        var code = new byte[count];
        for (int i = 0; i < count; i++)
            code[i] = page[(first + i) ^ Halfword];
        return code;
    }

    private TranslationBlock Place(IFrontend frontend, ReadOnlySpan<byte> code, bool single, RamBlock ram, ulong offset, RamBlock? secondRam, ulong secondOffset)
    {
        IrBlock ir = _builder.Block;
        _lowering ??= new Lowering(frontend);
        ulong page = ir.Pc & ~(StateLayout.PageSize - 1);
        bool crosses = secondRam is not null;
        _lowering.Lower(ir, target => !crosses && (target & ~(StateLayout.PageSize - 1)) == page);
        ReadOnlySpan<Op> source = _lowering.Ops;
        ReadOnlySpan<ushort> firstOps = _lowering.FirstOps, offsets = _lowering.PcOffsets;

        // Tier 1 translates again from the same bytes, whatever memory holds by then.
        int bytes = (int)(ir.NextPc - ir.Pc), kept = crosses || TierOne is null ? 0 : bytes;
        byte* memory = _arena.Allocate(sizeof(BlockHeader) + (source.Length * Op.Size) + ((firstOps.Length + offsets.Length) * sizeof(ushort)) + kept);
        var header = (BlockHeader*)memory;
        var ops = (Op*)(memory + sizeof(BlockHeader));
        var tables = (ushort*)(ops + source.Length);
        *header = new BlockHeader
        {
            Pc = ir.Pc,
            Mode = ir.Mode,
            Instructions = (ushort)ir.InstructionCount,
            Ops = (ushort)source.Length,
            FirstOps = tables,
            PcOffsets = tables + firstOps.Length,
            Id = _blocks.Count,
        };
        var keptCode = (byte*)(tables + firstOps.Length + offsets.Length);
        code[..kept].CopyTo(new Span<byte>(keptCode, kept));
        source.CopyTo(new Span<Op>(ops, source.Length));
        firstOps.CopyTo(new Span<ushort>(header->FirstOps, firstOps.Length));
        offsets.CopyTo(new Span<ushort>(header->PcOffsets, offsets.Length));
        for (int i = 0; i < source.Length; i++)
        {
            if (ops[i].Code / 8 == (int)Micro.Goto)
            {
                ops[i].C = (ushort)ops[i].Imm;
                ops[i].Imm = (long)(ops + i + ops[i].Imm);
            }

            ops[i].Handler = Handlers?.Get(ops[i]) ?? 0;
        }

        // A single instruction is executed alone, and never worth a region.
        bool counts = TierOne is not null && !single;
        if (counts)
            ops[0].Handler = Handlers!.Counting;
        BlocksTranslated++;
        InstructionsTranslated += ir.InstructionCount;
        var block = new TranslationBlock(header->Id, ir.Pc, ir.Mode, header, ops, ram, offset, bytes)
        {
            Code = keptCode,
            SecondRam = secondRam,
            SecondOffset = secondOffset,
        };
        _blocks.Add(block);
        ops[0].High = counts ? TierOne!.ThresholdOf(block) : int.MaxValue;
        return block;
    }

    private void MarkCode(VirtualCpu cpu, RamBlock ram, ulong offset)
    {
        lock (_lock)
        {
            if (_rams.Add(ram))
                ram.CodeModified += OnCodeModified;
        }

        if (!ram.TryMarkCode(offset))
            cpu.Context.Exclusive(() => ram.MarkCode(offset));
    }

    private static bool SamePlace(VirtualCpu cpu, TranslationBlock block)
    {
        ulong second = (block.Pc | (StateLayout.PageSize - 1)) + 1;
        return cpu.TryFetchPage(second, out RamBlock? ram, out ulong offset) && ReferenceEquals(ram, block.SecondRam) && offset == block.SecondOffset;
    }

    private CodePage PageAt(RamBlock ram, ulong offset)
    {
        ulong page = offset & ~(StateLayout.PageSize - 1);
        if (!_pages.TryGetValue((ram, page), out CodePage? codePage))
            _pages.Add((ram, page), codePage = new CodePage());
        return codePage;
    }

    private void OnCodeModified(RamBlock ram, ulong offset, ulong count)
    {
        lock (_lock)
        {
            ulong page = offset & ~(StateLayout.PageSize - 1);
            if (!_pages.TryGetValue((ram, page), out CodePage? codePage))
            {
                ram.UnmarkCode(offset);
                return;
            }

            if (!codePage.MayTouch(offset, count))
                return;
            codePage.RemoveWhere(b => Touches(b, ram, offset, count), Drop);
            if (codePage.IsEmpty)
            {
                _pages.Remove((ram, page));
                ram.UnmarkCode(offset);
            }
        }
    }

    private static bool Touches(TranslationBlock block, RamBlock ram, ulong offset, ulong count)
    {
        if (block.SecondRam is not null)
            return true;                                       // one instruction: rather dropped than examined
        return ReferenceEquals(block.Ram, ram) && block.Offset < offset + count && offset < block.Offset + (ulong)block.Bytes;
    }

    private void Drop(TranslationBlock block)
    {
        BlocksInvalidated++;
        _dropped[_epochField & (DroppedKept - 1)] = block.Pc;
        Volatile.Write(ref _epochField, _epochField + 1);
        block.Invalidate();
        TierOne?.OnInvalidated(block);
        block.Region = null;
        block.Ops->Handler = Handlers?.Get(block.Ops->Code) ?? 0;
        if (block.SecondRam is not null)
        {
            // It is listed under both of its pages.
            ulong first = block.Offset & ~(StateLayout.PageSize - 1);
            if (_pages.TryGetValue((block.Ram, first), out CodePage? page))
                page.Forget(block);
            if (_pages.TryGetValue((block.SecondRam, block.SecondOffset & ~(StateLayout.PageSize - 1)), out page))
                page.Forget(block);
        }
    }
}
