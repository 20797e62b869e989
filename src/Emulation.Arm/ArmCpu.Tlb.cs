using Emulation.Cpu;

namespace Emulation.Arm;

// What makes translations void. Arm DDI 0487, D8.13 "TLB maintenance".
public sealed unsafe partial class ArmCpu
{
    private const int RemoteCapacity = 32;
    private const ulong RangeLimit = 64;

    // An instruction on an address inside a large page concerns the whole page, of which the TLB may hold many granules.
    private readonly LargePages _largePages = new(), _largeGlobalPages = new();

    // Broadcast instructions are carried out on the other CPUs by the DSB that waits for them: many at a time.
    private readonly (TlbScope Scope, ulong Address, uint Asid)[] _pendingRemote = new (TlbScope, ulong, uint)[RemoteCapacity];
    private int _pendingRemoteCount;
    private int _pageReach = StateLayout.PageShift;
    private bool _tagged;

    /// <summary>Forgets every cached translation.</summary>
    internal void FlushTranslations()
    {
        _largePages.Clear();
        _largeGlobalPages.Clear();
        _pageReach = StateLayout.PageShift;
        _tagged = false;
        ForgetDevices();
        FlushTlb();
        SwitchAddressSpace(SpaceTag);
    }

    // Address spaces are told apart by the ASIDs of both regimes that have any.
    private uint SpaceTag => CurrentAsid(false) | (Options.HasEl2 ? CurrentAsid(true) << 16 : 0);

    // Forgets the cached translations of the address spaces of an ASID.
    private void FlushAsid(uint asid)
    {
        ForgetDevices();
        if (!Options.HasEl2)
        {
            FlushAddressSpace(asid & AsidMask(false));
            return;
        }

        FlushAllSpaces();
    }

    /// <summary>Forgets every cached translation that is not global.</summary>
    internal void FlushAllSpaces()
    {
        _largePages.Clear();
        ForgetDevices();
        FlushLocalTlb();
    }

    /// <summary>A TLB maintenance instruction.</summary>
    /// <param name="scope">What it is about.</param>
    /// <param name="address">Virtual address, sign-extended.</param>
    /// <param name="asid">ASID.</param>
    /// <param name="broadcast">Whether other CPUs are concerned.</param>
    internal void Invalidate(TlbScope scope, ulong address, uint asid, bool broadcast)
    {
        InvalidateHere(scope, address, asid);
        if (!broadcast && (ExceptionLevel != 1 || (Hcr & HcrFb) == 0))
            return;
        if (_group.Cpus.Count < 2)
            return;
        if (_pendingRemoteCount < RemoteCapacity)
            _pendingRemote[_pendingRemoteCount++] = (scope, address, asid);
        else
            _pendingRemote[0].Scope = TlbScope.All;
    }

    /// <summary>DSB: what this CPU told others to forget is forgotten.</summary>
    internal void SynchronizeTlbs()
    {
        if (_pendingRemoteCount == 0)
            return;
        Context.Exclusive(() =>
        {
            foreach (ArmCpu other in _group.Cpus)
            {
                if (!ReferenceEquals(other, this))
                    other.InvalidateFor(_pendingRemote.AsSpan(0, _pendingRemoteCount));
            }
        });
        _pendingRemoteCount = 0;
        RequestAttention();
    }

    private void InvalidateFor(ReadOnlySpan<(TlbScope Scope, ulong Address, uint Asid)> list)
    {
        foreach ((TlbScope scope, ulong address, uint asid) in list)
        {
            if (scope == TlbScope.All)
            {
                FlushTranslations();
                return;
            }
        }

        foreach ((TlbScope scope, ulong address, uint asid) in list)
            InvalidateHere(scope, address, asid);
    }

    private void InvalidateHere(TlbScope scope, ulong address, uint asid)
    {
        switch (scope)
        {
            case TlbScope.All:
                FlushTranslations();
                break;
            case TlbScope.Asid:
                FlushAsid(asid);
                break;
            case TlbScope.Address:
                InvalidateAddress(address, asid);
                break;
            case TlbScope.AddressAllAsids:
                InvalidateAddress(address, null);
                break;
        }
    }

    /// <summary>A TLB maintenance instruction on a range of addresses. TLBIRANGE.</summary>
    /// <param name="operand">Xt.</param>
    /// <param name="scope">Address or all ASIDs.</param>
    /// <param name="wide">TCR.DS.</param>
    /// <param name="broadcast">Whether other CPUs are concerned.</param>
    internal void InvalidateRange(ulong operand, TlbScope scope, bool wide, bool broadcast)
    {
        int granule = ((operand >> 46) & 3) switch { 1 => 12, 2 => 14, 3 => 16, _ => 0 };
        if (granule == 0)
            return;                                      // reserved: no effect is one of those allowed
        int scale = (int)(operand >> 44) & 3;
        ulong bytes = (((operand >> 39) & 31) + 1) << ((5 * scale) + 1 + granule);
        ulong first = (ulong)((long)(operand << 27) >> 27) << (wide ? 16 : granule);
        if (bytes >> StateLayout.PageShift > RangeLimit)
        {
            Invalidate(TlbScope.All, 0, 0, broadcast);
            return;
        }

        for (ulong offset = 0; offset < bytes; offset += 1UL << granule)
            Invalidate(scope, first + offset, (uint)(operand >> 48), broadcast);
    }

    /// <summary>After a write of a TTBR, or of AArch32's CONTEXTIDR: another ASID is another address space.</summary>
    internal void OnTableWrite(SystemSlot slot, ulong value)
    {
        uint before = SpaceTag;
        this[slot] = value;
        if (SpaceTag == before)
            return;
        ForgetDevices();
        SwitchAddressSpace(SpaceTag);
    }

    private void InvalidateAddress(ulong address, uint? asid)
    {
        if (_tagged || _largeGlobalPages.Contains(address))
        {
            FlushTranslations();
            return;
        }

        ulong reach = 1UL << _pageReach;
        ulong first = address & ~(reach - 1);
        for (ulong offset = 0; offset < reach; offset += StateLayout.PageSize)
            FlushTlbPage(first + offset);
        ForgetDevices();
        if (!_largePages.Contains(address))
            return;
        if (asid is { } one)
        {
            FlushAsid(one);
            return;
        }

        FlushAllSpaces();
    }

    private uint AsidMask(bool host)
        => Options.Model.HasWideAsids && (this[host ? SystemSlot.TcrEl2 : SystemSlot.TcrEl1] & (1UL << 36)) != 0 ? 0xffffu : 0xffu;

    private uint CurrentAsid(bool host)
    {
        if (!host && El1IsAArch32 && !UsesLongDescriptors)
            return (uint)this[SystemSlot.ContextIdrEl1] & 0xff;
        ulong tcr = this[host ? SystemSlot.TcrEl2 : SystemSlot.TcrEl1];
        bool second = (tcr & (1 << 22)) != 0;
        ulong table = host
            ? this[second ? SystemSlot.TtbrOneEl2 : SystemSlot.TtbrZeroEl2]
            : this[second ? SystemSlot.TtbrOneEl1 : SystemSlot.TtbrZeroEl1];
        return (uint)(table >> 48) & AsidMask(host);
    }

    private void NoteReach(ulong address, in WalkResult result)
    {
        _tagged |= (long)(address << 8) >> 8 != (long)address;
        if (result.Reach <= StateLayout.PageShift)
            return;
        if (result.Reach <= 16)
            _pageReach = Math.Max(_pageReach, result.Reach);
        else
            (result.IsGlobal ? _largeGlobalPages : _largePages).Add(address, result.Reach);
    }

    private void ForgetDevices()
    {
        Array.Fill(_devicePages, (1UL, 0, PageRights.None, 0UL));
        ForgetGuardPages();
    }
}
