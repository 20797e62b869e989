namespace Emulation.Cpu;

// Address spaces that the guest may come back to: what is known of their pages is kept until something makes it void.
public abstract unsafe partial class VirtualCpu
{
    private const int KeptSpaces = 32;
    private const ulong NoSpace = ulong.MaxValue;

    private readonly KeptSpace[] _spaces = new KeptSpace[KeptSpaces];

    // By place, the tag of the space that is kept there: they are searched at every switch.
    private readonly ulong[] _keptTags = [.. Enumerable.Repeat(NoSpace, KeptSpaces)];
    private readonly long[] _keptSince = new long[KeptSpaces];
    private uint _spaceTag;
    private long _switches;

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
        int place = _keptTags.AsSpan().IndexOf(tag);
        if (place >= 0)
            GoTo(place);
        else
            GoToNewSpace();
        UseGeneration();
    }

    /// <summary>Forgets every cached translation of an address space but those of global pages.</summary>
    /// <param name="tag">As <see cref="SwitchAddressSpace"/> was told.</param>
    protected void FlushAddressSpace(uint tag)
    {
        _fences++;
        int place = _keptTags.AsSpan().IndexOf(tag);
        if (place >= 0)
            Forget(place);
        if (tag != _spaceTag)
            return;
        ClearFirstLevel();
        _secondLevel.Forget(_secondLevel.Key);
        GoToNewSpace();
        UseGeneration();
    }

    // In a free place, or in that of the space that was left the longest time ago.
    private void KeepSpace()
    {
        int place = _keptTags.AsSpan().IndexOf(NoSpace);
        if (place < 0)
        {
            place = _keptSince.AsSpan().IndexOf(_keptSince.Min());
            Forget(place);
        }

        KeptSpace space = _spaces[place] ??= new KeptSpace(_generations.Length);
        (_keptTags[place], _keptSince[place]) = (_spaceTag, ++_switches);
        (space.Key, space.Mapping) = (_secondLevel.Key, _mapping);
        _generations.CopyTo(space.Generations, 0);
        _jumpsLocally.CopyTo(space.JumpsLocally, 0);
    }

    // Jumps that lead to global pages only are good in both.
    private void GoTo(int place)
    {
        KeptSpace space = _spaces[place];
        _keptTags[place] = NoSpace;
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
        _secondLevel.GoToNew();
        ForgetLocalJumps();
    }

    private void ForgetOtherSpaces()
    {
        for (int i = 0; i < _keptTags.Length; i++)
        {
            if (_keptTags[i] != NoSpace)
                Forget(i);
        }
    }

    private void Forget(int place)
    {
        _secondLevel.Forget(_spaces[place].Key);
        _keptTags[place] = NoSpace;
    }

    /// <summary>What is known of an address space that is not the present one.</summary>
    /// <param name="regimes">Translation regimes.</param>
    private sealed class KeptSpace(int regimes)
    {
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
