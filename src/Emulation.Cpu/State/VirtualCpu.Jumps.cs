using System.Runtime.CompilerServices;

namespace Emulation.Cpu;

// The second level of the jump cache: what the first one, which translated code looks at itself, has no room for. A guest that
// executes the same code in several modes or address spaces by turns would come back to the run loop at every such jump.
public abstract unsafe partial class VirtualCpu
{
    private const int FirstJumps = 1 << 11;
    private const int LastJumps = 1 << 15;

    private KnownJump[] _jumps = new KnownJump[FirstJumps];
    private int _replacedJumps;

    /// <summary>Looks for the block at the PC in the header, when translated code has missed it, and lets it find the block the next time.</summary>
    /// <returns>Its first operation, or null: the run loop has to look.</returns>
    internal Op* FindJump()
    {
        ref CpuHeader header = ref Header;
        ref readonly KnownJump known = ref JumpAt(header.Pc, header.Key);
        if (known.Pc != header.Pc || known.Key != header.Key || known.Block is not { IsValid: true } block)
            return null;
        *JumpCacheEntry.Of(State, block.Pc) = new JumpCacheEntry { Pc = block.Pc, Key = header.Key, Target = block.Ops };
        return block.Ops;
    }

    private void RememberJump(TranslationBlock block)
    {
        ulong key = Header.Key;
        *JumpCacheEntry.Of(State, block.Pc) = new JumpCacheEntry { Pc = block.Pc, Key = key, Target = block.Ops };
        ref KnownJump known = ref JumpAt(block.Pc, key);
        if (known.Block is { IsValid: true } && (known.Pc != block.Pc || known.Key != key) && ++_replacedJumps > _jumps.Length / 2 && _jumps.Length < LastJumps)
        {
            GrowJumps();
            known = ref JumpAt(block.Pc, key);
        }

        known = new KnownJump { Pc = block.Pc, Key = key, Block = block };
    }

    private void GrowJumps()
    {
        KnownJump[] old = _jumps;
        _jumps = new KnownJump[old.Length * 4];
        _replacedJumps = 0;
        foreach (ref readonly KnownJump jump in old.AsSpan())
        {
            if (jump.Block is { IsValid: true })
                JumpAt(jump.Pc, jump.Key) = jump;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref KnownJump JumpAt(ulong pc, ulong key)
    {
        ulong hash = ((pc >> StateLayout.JumpCacheShift) ^ (key << 24) ^ (key >> 14)) * 0x9e37_79b9_7f4a_7c15;
        return ref _jumps[(int)(hash >> 40) & (_jumps.Length - 1)];
    }

    private struct KnownJump
    {
        public ulong Pc;
        public ulong Key;
        public TranslationBlock? Block;
    }
}
