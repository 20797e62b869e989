using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Jit;

/// <summary>The tier-1 engine: compiles hot blocks, and what they jump to, on a thread of its own; vCPUs never wait for it.</summary>
/// <remarks>
/// A region is entered through the first operation of its entry block, so links, jump caches and other regions reach it without being changed.
/// The lock of the translation cache orders installing and removing; nothing is installed whose code changed since it was read.
/// </remarks>
public sealed unsafe partial class JitEngine : ITierOne
{
    // A block that is inside a region already, and is still entered from outside this much more often, gets a region of its own.
    private const int RecountFactor = 8;

    // Innermost loops stay methods of their own when the region around them would run out of host registers.
    private const int ManyRegisters = 12;

    private readonly TranslationCache _cache;
    private readonly JitOptions _options;
    private readonly RegionBuilder _builder;
    private readonly SlotMap _map;
    private readonly bool _foldsTlb;
    private readonly Lock _compiling = new();
    private readonly CompileQueue _queue;
    private readonly AutoResetEvent _work = new(false);
    private readonly Thread? _thread;
    private readonly Dictionary<TranslationBlock, List<Region>> _regions = [];
    private readonly LinkedList<Region> _live = new();
    private readonly List<Region> _retired = [];
    private volatile bool _stopping;
    private long _compiled, _blocks, _instructions, _ilBytes, _liveIlBytes, _invalidated, _evicted, _discarded, _ticks;

    /// <summary>Creates the engine. Set it as the cache's <see cref="TranslationCache.TierOne"/> before the first block is translated.</summary>
    /// <param name="cache">Translated code of the machine.</param>
    /// <param name="frontend">The instruction set of the machine's CPUs.</param>
    /// <param name="options">Bounds.</param>
    [RequiresDynamicCode("Compiles IL; see IsSupported.")]
    public JitEngine(TranslationCache cache, IFrontend frontend, JitOptions? options = null)
    {
        if (!IsSupported)
            throw new PlatformNotSupportedException("code cannot be generated here");
        _cache = cache;
        _options = options ?? new JitOptions();
        _builder = new RegionBuilder(cache, frontend);
        _queue = new CompileQueue(cache);
        _map = new SlotMap(frontend.Registers);
        _foldsTlb = frontend.FoldsTlb;
        _profile = _options.Profile;
        _seed = ProfileKey.SeedOf(frontend.Registers);
        if (_options.Synchronous)
            return;
        _thread = new Thread(Work) { IsBackground = true, Name = "tier 1", Priority = ThreadPriority.BelowNormal };
        _thread.Start();
    }

    /// <summary>Whether the runtime can generate code; without it there is no tier 1.</summary>
    [FeatureGuard(typeof(RequiresDynamicCodeAttribute))]
#pragma warning disable IL4000 // the analyzer does not see through the second condition
    public static bool IsSupported => RuntimeFeature.IsDynamicCodeSupported && RuntimeFeature.IsDynamicCodeCompiled;
#pragma warning restore IL4000

    /// <summary>What the engine reports to, or null.</summary>
    public JitMeters? Meters { get; init; }

    /// <inheritdoc/>
    public int Threshold => _options.Threshold;

    /// <summary>What it has done so far.</summary>
    public JitStatistics Statistics
    {
        get
        {
            int queued = _queue.Count;
            JitStatistics result = default;
            _cache.Synchronize(() => result = new JitStatistics(
                _compiled, _live.Count, _blocks, _instructions, _ilBytes, _liveIlBytes,
                Stopwatch.GetElapsedTime(0, Volatile.Read(ref _ticks)), _invalidated, _evicted, _discarded, queued));
            return result;
        }
    }

    /// <inheritdoc/>
    public void OnHot(TranslationBlock block)
    {
        if (block.SecondRam is not null || _stopping)
            return;
        if (_options.Synchronous)
        {
            lock (_compiling)
                Compile(block);
            return;
        }

        if (IsKnown(block, out ProfileRegion region))
            _queue.AddKnown(block, (long)region.Heat);
        else
            _queue.Add(block);
        _work.Set();
    }

    /// <inheritdoc/>
    public void OnInvalidated(TranslationBlock block)
    {
        if (!_regions.TryGetValue(block, out List<Region>? regions))
            return;
        foreach (Region region in regions.ToArray())
        {
            Remove(region);
            _invalidated++;
            Meters?.Removed("invalidated");
        }
    }

    /// <summary>Waits until no hot block is left to compile. For tests and measurements.</summary>
    public void Drain()
    {
        while (true)
        {
            lock (_compiling)
            {
                if (_queue.Count == 0)
                    return;
            }

            Thread.Sleep(1);
        }
    }

    /// <summary>Stops the compiling thread. Installed regions stay until the cache drops them.</summary>
    public void Dispose()
    {
        _stopping = true;
        _work.Set();
        _thread?.Join();
        _work.Dispose();
        RecordProfile();
    }

    private void Work()
    {
        while (!_stopping)
        {
            bool idle;
            lock (_compiling)
            {
                TranslationBlock? block = _queue.Take();
                idle = block is null;
                if (block is not null)
                    Compile(block);
            }

            if (idle)
                _work.WaitOne();
        }
    }

    private void Compile(TranslationBlock block)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            CompileRegion(block);
        }
        finally
        {
            long ticks = Stopwatch.GetTimestamp() - start;
            Interlocked.Add(ref _ticks, ticks);
            Meters?.Took(Stopwatch.GetElapsedTime(0, ticks));
        }

        Free();
    }

    private void CompileRegion(TranslationBlock block)
    {
        if (IsKnown(block, out ProfileRegion known))
        {
            if (!IsEntry(block) && Emit(_builder.Build(block, _options.MaxInstructions, known.Members, _seed)) is { } again)
            {
                _cache.Synchronize(() => Install(again, isKnown: true));
                return;
            }
        }
        else if (IsInside(block))
        {
            _cache.Recount(block, (int)Math.Min((long)_options.Threshold * RecountFactor, int.MaxValue / 2));
            return;
        }

        Region? region = null;
        for (int limit = _options.MaxInstructions; limit > 0; limit /= 2)
        {
            List<RegionBlock> blocks = _builder.Build(block, limit, static _ => false);
            if (blocks.Count > 1 && RegistersOf(blocks) > ManyRegisters)
                blocks = _builder.Build(block, limit, IsEntry);
            if (blocks.Count == 0)
                break;
            region = Emit(blocks);
            if (region is not null || blocks.Count == 1)
                break;
        }

        if (region is null)
            Discard();
        else
            _cache.Synchronize(() => Install(region, isKnown: false));
    }

    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "An instance exists only where code can be generated.")]
    private Region? Emit(List<RegionBlock> blocks)
    {
        if (blocks.Count == 0)
            return null;
        try
        {
            RegionAnalysis.Run(blocks, _map);
            DynamicMethod method = RegionCompiler.Emit(blocks, _map, _cache.Options.Profile, _profile is not null, _foldsTlb, out int ilBytes);
            if (ilBytes > _options.MaxMethodBytes)
                return null;
            return new Region([.. blocks.Select(b => b.Source)], method, NativeCode.Compile(method), ilBytes);
        }
        catch (NotSupportedException)
        {
            return null;                                      // tier 0 executes it for ever
        }
    }

    private bool IsEntry(TranslationBlock block)
    {
        bool result = false;
        _cache.Synchronize(() => result = _regions.TryGetValue(block, out List<Region>? regions) && regions.Exists(r => r.EntryBlock == block));
        return result;
    }

    // Inside a region, not at its entry; counted once.
    private bool IsInside(TranslationBlock block)
    {
        bool result = false;
        _cache.Synchronize(() =>
        {
            result = _regions.ContainsKey(block) && block.Region is null;
            if (result)
                block.Region = this;
        });
        return result;
    }

    private int RegistersOf(List<RegionBlock> blocks)
    {
        SlotSet used = default;
        foreach (RegionBlock block in blocks)
        {
            foreach (ref readonly IrInst inst in block.Ir.Insts)
            {
                if (inst.Op is IrOp.Get or IrOp.Set && _map.Find(inst) is >= 0 and int slot)
                    used |= SlotSet.Of(slot);
            }
        }

        return used.Count;
    }

    // Under the cache's lock.
    private void Install(Region region, bool isKnown)
    {
        if (!Array.TrueForAll(region.Blocks, static b => b.IsValid) || IsInstalledAt(region.EntryBlock))
        {
            Discard();
            return;
        }

        foreach (TranslationBlock block in region.Blocks)
        {
            if (!_regions.TryGetValue(block, out List<Region>? regions))
                _regions.Add(block, regions = []);
            regions.Add(region);
        }

        region.IsInstalled = true;
        Record(region, isKnown);
        region.EntryBlock.Region = region;
        _live.AddLast(region);
        _compiled++;
        Meters?.Compiled();
        _blocks += region.Blocks.Length;
        _instructions += region.Blocks.Sum(static b => b.Instructions);
        _ilBytes += region.IlBytes;
        _liveIlBytes += region.IlBytes;
        Volatile.Write(ref region.EntryBlock.Ops->Handler, region.Entry);
        while (_live.Count > _options.MaxRegions || (_liveIlBytes > _options.MaxTotalBytes && _live.Count > 1))
        {
            Region oldest = _live.First!.Value;
            Remove(oldest);
            _evicted++;
            Meters?.Removed("evicted");
        }
    }

    private void Discard()
    {
        _discarded++;
        Meters?.Discarded();
    }

    private bool IsInstalledAt(TranslationBlock block) => _regions.TryGetValue(block, out List<Region>? regions) && regions.Exists(r => r.EntryBlock == block);

    // Under the cache's lock. CPUs may still be inside: the code lives until none can be.
    private void Remove(Region region)
    {
        foreach (TranslationBlock block in region.Blocks)
        {
            if (!_regions.TryGetValue(block, out List<Region>? regions))
                continue;
            regions.Remove(region);
            if (regions.Count == 0)
                _regions.Remove(block);
        }

        Record(region);
        region.IsInstalled = false;
        region.EntryBlock.Region = null;
        region.EntryBlock.Ops->High = _options.Threshold;
        Volatile.Write(ref region.EntryBlock.Ops->Handler, _cache.Handlers!.Counting);
        _live.Remove(region);
        _liveIlBytes -= region.IlBytes;
        region.Retired = _cache.Retire();
        _retired.Add(region);
    }

    // Gives up retired code that every CPU has left.
    private void Free()
    {
        Region[] candidates = [];
        _cache.Synchronize(() => candidates = [.. _retired]);
        if (candidates.Length == 0)
            return;
        Region[] free = Array.FindAll(candidates, r => _cache.IsQuiescent(r.Retired));
        if (free.Length > 0)
            _cache.Synchronize(() => _retired.RemoveAll(r => free.Contains(r)));
    }
}
