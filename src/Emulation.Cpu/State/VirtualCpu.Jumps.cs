using System.Runtime.CompilerServices;
using Emulation.Core;

namespace Emulation.Cpu;

// The second level of the jump cache: what the first one, which translated code looks at itself, has no room for. A guest that
// executes the same code in several modes or address spaces by turns would come back to the run loop at every such jump.
public abstract unsafe partial class VirtualCpu
{
    private const int FirstJumps = 1 << 11;
    private const int LastJumps = 1 << 16;

    private KnownJump[] _jumps = new KnownJump[FirstJumps];
    private int _replacedJumps;

    /// <summary>Looks for the block at the PC in the header, when translated code has missed it, and lets it find the block the next time.</summary>
    /// <returns>Its first operation, or null: the run loop has to look.</returns>
    internal Op* FindJump()
    {
        ref CpuHeader header = ref Header;
        ulong pc = header.Pc;
        ref KnownJump known = ref JumpAt(pc, header.Mode);
        if (known.Block is not { IsValid: true } block || block.Pc != pc || block.Mode != header.Mode)
            return null;
        if (known.Generation != header.Generation)
        {
            // Another mapping than that under which it was found: right as long as the page is known to lie at the same place.
            ref readonly FetchEntry page = ref FindFetch(pc & ~(StateLayout.PageSize - 1), FetchMmuIndex);
            if (page.Ram is null || !IsAt(block, page.Ram, page.Offset + (pc & (StateLayout.PageSize - 1))))
                return null;
            known.Generation = header.Generation;
        }

        *JumpCacheEntry.Of(State, pc) = new JumpCacheEntry { Pc = pc, Key = header.Key, Target = block.Ops };
        return block.Ops;
    }

    // Whether a block is the code at a place in memory. What goes on in a second page depends on the mapping of that, too.
    private static bool IsAt(TranslationBlock block, RamBlock ram, ulong offset)
        => block.Offset == offset && ReferenceEquals(block.Ram, ram) && block.IsValid && block.SecondRam is null;

    private void RememberJump(TranslationBlock block)
    {
        *JumpCacheEntry.Of(State, block.Pc) = new JumpCacheEntry { Pc = block.Pc, Key = Header.Key, Target = block.Ops };
        ref KnownJump known = ref JumpAt(block.Pc, block.Mode);
        if (known.Block is { IsValid: true } other && !ReferenceEquals(other, block) && ++_replacedJumps > _jumps.Length / 4 && _jumps.Length < LastJumps)
        {
            GrowJumps();
            known = ref JumpAt(block.Pc, block.Mode);
        }

        (known.Block, known.Generation) = (block, Header.Generation);
    }

    private void GrowJumps()
    {
        KnownJump[] old = _jumps;
        _jumps = new KnownJump[old.Length * 2];
        _replacedJumps = 0;
        foreach (ref readonly KnownJump jump in old.AsSpan())
        {
            if (jump.Block is { IsValid: true } block)
                JumpAt(block.Pc, block.Mode) = jump;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref KnownJump JumpAt(ulong pc, uint mode)
    {
        ulong hash = ((pc >> 1) ^ ((ulong)mode << 32)) * 0x9e37_79b9_7f4a_7c15;
        return ref _jumps[(int)(hash >> 44) & (_jumps.Length - 1)];
    }

    private struct KnownJump
    {
        public TranslationBlock? Block;

        /// <summary>Of the mapping under which it is known to be the code at its PC.</summary>
        public uint Generation;
    }
}
