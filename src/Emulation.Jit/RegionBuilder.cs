using Emulation.Cpu;
using Emulation.IR;
using Emulation.IR.Passes;

namespace Emulation.Jit;

/// <summary>Chooses the blocks of a region: from a hot block along direct jumps on its page, as far as the code is about as hot.</summary>
internal sealed unsafe class RegionBuilder(TranslationCache cache, IFrontend frontend)
{
    // A block that is entered less than a quarter as often as the first is not worth registers.
    private const int ColdShift = 2;
    private readonly IrBuilder _builder = new();

    /// <summary>Blocks of a region, the entry first; empty when the code changed meanwhile.</summary>
    /// <param name="hot">The entry.</param>
    /// <param name="maxInstructions">Most guest instructions.</param>
    /// <param name="isTaken">Whether a block begins a region of its own that is better left alone.</param>
    public List<RegionBlock> Build(TranslationBlock hot, int maxInstructions, Func<TranslationBlock, bool> isTaken)
    {
        long least = Math.Max(cache.EntriesOf(hot) >> ColdShift, 1);
        return Build(hot, maxInstructions, pc => cache.FindOnSamePage(hot, pc) is { } next && cache.EntriesOf(next) >= least && !isTaken(next) ? next : null);
    }

    /// <summary>The same, of the blocks that an earlier run chose, as far as their code is the same; whether they were executed already does not matter.</summary>
    /// <param name="hot">The entry.</param>
    /// <param name="maxInstructions">Most guest instructions.</param>
    /// <param name="members">The blocks.</param>
    /// <param name="seed">Of their hashes.</param>
    public List<RegionBlock> Build(TranslationBlock hot, int maxInstructions, ProfileMember[] members, ulong seed)
    {
        var wanted = new HashSet<ProfileMember>(members);
        var offsets = new HashSet<ushort>(members.Select(static m => m.Offset));
        return Build(hot, maxInstructions, pc =>
        {
            var offset = (ushort)(pc & (StateLayout.PageSize - 1));
            if (!offsets.Contains(offset) || cache.GetOnSamePage(hot, pc, frontend) is not { } next || next.SecondRam is not null || cache.ReadCode(next) is not { } code)
                return null;
            return wanted.Contains(new ProfileMember(offset, (uint)ProfileKey.HashOf(seed, code))) ? next : null;
        });
    }

    private List<RegionBlock> Build(TranslationBlock hot, int maxInstructions, Func<ulong, TranslationBlock?> choose)
    {
        var blocks = new List<RegionBlock>();
        if (Capture(hot) is not { } first)
            return blocks;
        blocks.Add(first);
        var known = new HashSet<ulong> { hot.Pc };
        int instructions = first.Instructions;
        for (int i = 0; i < blocks.Count; i++)
        {
            if (blocks[i].Leaves)
                continue;
            foreach (ulong pc in blocks[i].Successors)
            {
                if (((pc ^ hot.Pc) & ~(StateLayout.PageSize - 1)) != 0 || !known.Add(pc))
                    continue;
                if (choose(pc) is not { SecondRam: null } next || Capture(next) is not { } block || instructions + block.Instructions > maxInstructions)
                    continue;
                instructions += block.Instructions;
                blocks.Add(block);
            }
        }

        return blocks;
    }

    private RegionBlock? Capture(TranslationBlock block)
    {
        Op* ops = null;
        int count = 0, instructions = 0;
        ushort[] firstOps = [];
        byte[]? code = null;
        cache.Synchronize(() =>
        {
            code = cache.ReadCode(block);
            if (code is null)
                return;
            ops = block.Ops;
            count = block.Header->Ops;
            instructions = block.Instructions;
            firstOps = new ReadOnlySpan<ushort>(block.Header->FirstOps, instructions + 1).ToArray();
        });
        if (code is null)
            return null;
        var ir = new IrBlock();
        _builder.Begin(ir, block.Pc, block.Mode);
        TranslationResult result = frontend.Translate(_builder, code, block.Pc, block.Mode, instructions, cache.Instrumentation);
        if (result != TranslationResult.Done || ir.InstructionCount != instructions || ir.NextPc != block.Pc + (ulong)code.Length)
            return null;
        ulong[] exits = RegionBlock.SuccessorsOf(ir);
        IrPasses.Optimize(ir);
        return new RegionBlock(block, ir, exits, ops, count, firstOps);
    }
}
