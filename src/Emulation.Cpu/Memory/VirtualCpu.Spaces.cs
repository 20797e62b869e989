namespace Emulation.Cpu;

// Address spaces that the guest may come back to: what is known of their pages is kept until something makes it void.
public abstract unsafe partial class VirtualCpu
{
    private const int KeptSpaces = 16;

    private readonly KeptSpace[] _spaces = new KeptSpace[KeptSpaces];
    private uint _spaceTag;
    private int _nextSpace;

    /// <summary>The guest goes to another address space. What is cached of the present one stays, for when it comes back.</summary>
    /// <param name="tag">Tells address spaces apart: an ASID.</param>
    protected void SwitchAddressSpace(uint tag)
    {
        if (tag == _spaceTag)
            return;
        _fences++;
        ClearFirstLevel();
        KeepSpace();
        _spaceTag = tag;
        if (FindSpace(tag) is { } space)
            GoTo(space);
        else
            GoToNewSpace();
        UseGeneration();
    }

    /// <summary>Forgets every cached translation of an address space but those of global pages.</summary>
    /// <param name="tag">As <see cref="SwitchAddressSpace"/> was told.</param>
    protected void FlushAddressSpace(uint tag)
    {
        _fences++;
        if (FindSpace(tag) is { } space)
            Forget(space);
        if (tag != _spaceTag)
            return;
        ClearFirstLevel();
        _secondLevel.Forget(_secondLevel.Key);
        GoToNewSpace();
        UseGeneration();
    }

    private KeptSpace? FindSpace(uint tag)
    {
        foreach (KeptSpace space in _spaces)
        {
            if (space is { IsUsed: true } && space.Tag == tag)
                return space;
        }

        return null;
    }

    private void KeepSpace()
    {
        ref KeptSpace space = ref _spaces[_nextSpace];
        _nextSpace = (_nextSpace + 1) % KeptSpaces;
        space ??= new KeptSpace(_generations.Length);
        if (space.IsUsed)
            _secondLevel.Forget(space.Key);
        (space.IsUsed, space.Tag, space.Key, space.Mapping) = (true, _spaceTag, _secondLevel.Key, _mapping);
        _generations.CopyTo(space.Generations, 0);
        _jumpsLocally.CopyTo(space.JumpsLocally, 0);
    }

    // Jumps that lead to global pages only are good in both.
    private void GoTo(KeptSpace space)
    {
        space.IsUsed = false;
        _secondLevel.GoTo(space.Key);
        _mapping = space.Mapping;
        for (int i = 0; i < _generations.Length; i++)
        {
            if (!_jumpsLocally[i] && !space.JumpsLocally[i])
                continue;
            _generations[i] = space.Generations[i];
            _jumpsLocally[i] = space.JumpsLocally[i];
        }
    }

    private void GoToNewSpace()
    {
        if (!_secondLevel.TryGoToNew())
        {
            ForgetOtherSpaces();
            _secondLevel.Clear();
        }

        ForgetLocalJumps();
    }

    private void ForgetOtherSpaces()
    {
        foreach (KeptSpace space in _spaces)
        {
            if (space is { IsUsed: true })
                Forget(space);
        }
    }

    private void Forget(KeptSpace space)
    {
        _secondLevel.Forget(space.Key);
        space.IsUsed = false;
    }

    /// <summary>What is known of an address space that is not the present one.</summary>
    /// <param name="regimes">Translation regimes.</param>
    private sealed class KeptSpace(int regimes)
    {
        public bool IsUsed { get; set; }

        public uint Tag { get; set; }

        /// <summary>Of its entries in the second level of the TLB.</summary>
        public ulong Key { get; set; }

        /// <summary>Of its entries among the pages that code was fetched from.</summary>
        public uint Mapping { get; set; }

        /// <summary>By regime, what the keys of its jumps hold.</summary>
        public uint[] Generations { get; } = new uint[regimes];

        /// <summary>By regime, whether any of those leads to a page that is not global.</summary>
        public bool[] JumpsLocally { get; } = new bool[regimes];
    }
}
