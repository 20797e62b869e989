using System.Diagnostics;
using System.Runtime.InteropServices;
using Emulation.Cpu;

namespace Emulation.Jit;

/// <summary>Hot blocks that wait to be compiled; the one that is executed most often just now comes first.</summary>
/// <remarks>
/// Compiling cannot keep up with a guest that starts: thousands of blocks may wait. What was hot a while ago says little then, so entries count less
/// the longer ago they were, and code that has become hot this moment overtakes all of it. Blocks that a profile knows are ordered by what it says.
/// </remarks>
internal sealed class CompileQueue(TranslationCache cache)
{
    // Entries of so long ago count half.
    private const double HalfLifeMilliseconds = 20;

    private readonly Lock _lock = new();
    private readonly List<TranslationBlock> _added = [];
    private readonly PriorityQueue<TranslationBlock, long> _known = new();

    // Of the taking thread alone.
    private readonly List<Waiting> _waiting = [];
    private long _lastLook = Stopwatch.GetTimestamp();

    /// <summary>Blocks that wait. From any thread.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _added.Count + _known.Count + _waiting.Count;
        }
    }

    /// <summary>Adds a block that has just become hot.</summary>
    public void Add(TranslationBlock block)
    {
        lock (_lock)
            _added.Add(block);
    }

    /// <summary>Adds a block that a profile knows.</summary>
    /// <param name="block">The block.</param>
    /// <param name="heat">Entries in earlier runs.</param>
    public void AddKnown(TranslationBlock block, long heat)
    {
        lock (_lock)
            _known.Enqueue(block, -heat);
    }

    /// <summary>Removes and returns the block to compile next, or null. Not from several threads at once.</summary>
    public TranslationBlock? Take()
    {
        lock (_lock)
        {
            foreach (TranslationBlock block in _added)
                _waiting.Add(new Waiting(block));
            _added.Clear();
        }

        Look();
        int best = -1;
        Span<Waiting> waiting = CollectionsMarshal.AsSpan(_waiting);
        for (int i = 0; i < waiting.Length; i++)
        {
            if (best < 0 || waiting[i].Score > waiting[best].Score)
                best = i;
        }

        lock (_lock)
        {
            if (_known.TryPeek(out TranslationBlock? known, out long heat) && (best < 0 || -heat >= waiting[best].Score))
            {
                _known.Dequeue();
                return known;
            }

            if (best < 0)
                return null;
            TranslationBlock block = waiting[best].Block;
            _waiting.RemoveAt(best);
            return block;
        }
    }

    // Brings every score up to now, and forgets blocks whose code is gone.
    private void Look()
    {
        long now = Stopwatch.GetTimestamp();
        double decay = Math.Pow(0.5, Stopwatch.GetElapsedTime(_lastLook, now).TotalMilliseconds / HalfLifeMilliseconds);
        _lastLook = now;
        int removed = 0;
        cache.Synchronize(() =>
        {
            foreach (ref Waiting waiting in CollectionsMarshal.AsSpan(_waiting))
            {
                if (!waiting.Block.IsValid)
                {
                    removed++;
                    continue;
                }

                long entries = cache.EntriesOf(waiting.Block);
                waiting.Score = (waiting.Score * decay) + (entries - waiting.Entries);
                waiting.Entries = entries;
            }
        });
        if (removed > 0)
        {
            lock (_lock)
                _waiting.RemoveAll(static w => !w.Block.IsValid);
        }
    }

    private struct Waiting(TranslationBlock block)
    {
        public TranslationBlock Block = block;
        public long Entries;
        public double Score;
    }
}
