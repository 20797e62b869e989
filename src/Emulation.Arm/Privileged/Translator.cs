using Emulation.Cpu;

namespace Emulation.Arm;

/// <summary>Walks translation tables. Arm DDI 0487, D8.</summary>
/// <param name="cpu">Whose registers say how.</param>
internal sealed partial class Translator(ArmCpu cpu)
{
    private const ulong Valid = 1;
    private const ulong TableOrPage = 2;
    private const ulong NonSecure = 1 << 5, NonSecureTable = 1UL << 63;
    private const ulong UserAccess = 1 << 6;
    private const ulong ReadOnly = 1 << 7;
    private const ulong Accessed = 1 << 10;
    private const ulong NotGlobal = 1 << 11;
    private const ulong Guarded = 1UL << 50;
    private const ulong DirtyModifier = 1UL << 51;
    private const ulong PrivilegedExecuteNever = 1UL << 53;
    private const ulong ExecuteNever = 1UL << 54;
    private const ulong MmuEnabled = 1;
    private const ulong WriteExecuteNever = 1 << 19;
    private const ulong BigEndian = 1 << 25;
    private const int PageShift = StateLayout.PageShift;

    private readonly TableMemory _memory = new(cpu.Context.Memory);
    private readonly bool _isVersion6 = cpu.Isa.Has(ArmFeature.V6), _isVersion7 = cpu.Isa.Has(ArmFeature.V7);
    private readonly bool _hasSecurity = cpu.Isa.Has(ArmFeature.Security);

    /// <summary>What a walk found out beside its result.</summary>
    public WalkFault Fault { get; private set; }

    /// <summary>Translates an address of a regime, through both stages where there are two.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="kind">What the access does.</param>
    /// <param name="mmuIndex">The regime, as in the mode word.</param>
    /// <param name="both">Whether stage 2 is part of it.</param>
    /// <param name="result">Where it lies.</param>
    /// <returns>False: see <see cref="Fault"/>.</returns>
    public bool TryTranslate(ulong address, MemoryAccessKind kind, int mmuIndex, bool both, out WalkResult result)
    {
        if ((cpu.Options.StartsInAArch32 || mmuIndex < ArmMode.MmuHypervisor) && cpu.El1IsAArch32)
            return TryAArch32(address, kind, mmuIndex, both, out result);
        Stage1Regime regime = Stage1Regime.Of(cpu, mmuIndex, address);
        bool stage2 = mmuIndex < ArmMode.MmuHypervisor && cpu.HasStage2;
        if (!IsEnabled(regime, mmuIndex))
        {
            if (!TryFlat(address, kind, regime, mmuIndex, out result))
                return false;
        }
        else if (!TryStage1(address, kind, regime, stage2, mmuIndex, out result))
        {
            return false;
        }

        return !both || !stage2 || TryAddStage2(kind, regime.IsUser, ref result);
    }

    // EL1 in AArch32, maybe with the second stage of an EL2 in AArch64
    private bool TryAArch32(ulong address, MemoryAccessKind kind, int mmuIndex, bool both, out WalkResult result)
    {
        address = (uint)address;
        bool enabled = (cpu[SystemSlot.SctlrEl1] & MmuEnabled) != 0 && !cpu.Stage1IsOff, stage2 = cpu.HasStage2, found;
        Fault = default;
        if (enabled && !cpu.UsesLongDescriptors)
        {
            found = TryShort((uint)address, kind, mmuIndex, out result);
        }
        else
        {
            ulong extended = address;
            Stage1Regime regime = A32Translation.Of(cpu, mmuIndex, ref extended);
            found = enabled ? TryStage1(extended, kind, regime, stage2, mmuIndex, out result) : TryFlat(address, kind, regime, mmuIndex, out result);
        }

        return found && (!both || !stage2 || TryAddStage2(kind, cpu.IsUserRegime(mmuIndex), ref result));
    }

    private bool IsEnabled(in Stage1Regime regime, int mmuIndex)
        => (regime.Control & MmuEnabled) != 0 && (mmuIndex >= ArmMode.MmuHypervisor || !cpu.Stage1IsOff);

    // D8.2.10 "The effects of disabling an address translation stage"
    private bool TryFlat(ulong address, MemoryAccessKind kind, in Stage1Regime regime, int mmuIndex, out WalkResult result)
    {
        bool normal = kind == MemoryAccessKind.Fetch || cpu.IsNormalWithoutMmu(mmuIndex);
        result = new WalkResult
        {
            Address = regime.Top == 56 ? address & ((1UL << 56) - 1) : address,
            IsSecure = regime.IsSecure,
            Rights = PageRights.All,
            Reach = PageShift,
            IsGlobal = true,
            Attributes = (byte)(normal ? 0xff : 0),
            Shareability = (byte)(normal ? 3 : 2),
        };
        if (result.Address >> cpu.PhysicalBits == 0 || cpu.Options.IsHosted)
            return true;
        Fault = new WalkFault(FaultStatus.At(FaultStatus.AddressSize, 0));
        return false;
    }

    private bool TryStage1(ulong address, MemoryAccessKind kind, in Stage1Regime regime, bool stage2, int mmuIndex, out WalkResult result)
    {
        result = default;
        TableShape shape = regime.Shape;
        ulong extension = (ulong)((long)(address << (64 - regime.Top)) >> (64 - regime.Top + shape.InputBits));
        if (regime.IsClosed || extension != (regime.IsUpper ? ulong.MaxValue : 0))
            return Fail(FaultStatus.At(FaultStatus.Translation, 0));
        ulong table = shape.TableBase(regime.Table);
        if (shape.IsTooLarge(table))
            return Fail(FaultStatus.At(FaultStatus.AddressSize, 0));
        ulong input = address & ((1UL << shape.InputBits) - 1);
        bool bigEndian = (regime.Control & BigEndian) != 0;
        bool secure = regime.IsSecure;
        ulong limits = 0;                                // APTable, UXNTable, PXNTable of the way, at bits 62:59
        for (int level = shape.FirstLevel; ; level++)
        {
            int reach = shape.Reach(level);
            ulong index = level == shape.FirstLevel ? input >> reach : (input >> reach) & ((1UL << shape.Stride) - 1);
            ulong place = table + (index * 8);
            if (secure)
                place += cpu.Options.SecureMemory;
            if (stage2 && !TryTablePlace(ref place, regime.UpdatesAccess))
                return false;
            ulong entry;
            do
            {
                if (!_memory.TryRead(place, bigEndian, out entry))
                    return Fail(FaultStatus.At(FaultStatus.ExternalOnWalk, level));
                if ((entry & Valid) == 0 || (level == 3 ? (entry & TableOrPage) == 0 : (entry & TableOrPage) == 0 && !shape.MayBlock(level)))
                    return Fail(FaultStatus.At(FaultStatus.Translation, level));
                if (level < 3 && (entry & TableOrPage) != 0)
                    break;
                ulong output = shape.AddressIn(entry, reach);
                if (shape.IsTooLarge(output))
                    return Fail(FaultStatus.At(FaultStatus.AddressSize, level));
                if (!TryLeaf(entry, limits, level, kind, in regime, out ulong updated, out PageRights rights))
                    return false;
                if (updated != entry)
                {
                    if (!_memory.TryUpdate(place, bigEndian, entry, updated, out bool stored))
                        return Fail(FaultStatus.At(FaultStatus.ExternalOnWalk, level));
                    if (!stored)
                        continue;
                }

                result.IsSecure = secure && (updated & NonSecure) == 0;
                if (regime.IsSecure && !result.IsSecure && !TryFetchOutside(kind, level, ref rights))
                    return false;
                Finish(updated, in regime, output | (input & ((1UL << reach) - 1)), rights, reach, ref result);
                if (regime.HasUser && regime.IsSecure && !secure)
                    result.IsGlobal = false;             // what a Non-secure table says is for one ASID
                return true;
            }
            while (true);

            secure &= (entry & NonSecureTable) == 0;
            table = shape.AddressIn(entry, shape.Granule);
            if (shape.IsTooLarge(table))
                return Fail(FaultStatus.At(FaultStatus.AddressSize, level));
            if (!regime.FlatPermissions)
                limits |= entry & (0xfUL << 59);
        }
    }

    // SCR_EL3.SIF: Secure state executes nothing that lies in Non-secure memory
    private bool TryFetchOutside(MemoryAccessKind kind, int level, ref PageRights rights)
    {
        if ((cpu[SystemSlot.ScrEl3] & ArmCpu.ScrSif) == 0)
            return true;
        rights &= ~PageRights.Execute;
        return kind != MemoryAccessKind.Fetch || Fail(FaultStatus.At(FaultStatus.Permission, level));
    }

    // checks permissions; says what hardware management of the flags makes of the descriptor
    private bool TryLeaf(ulong entry, ulong limits, int level, MemoryAccessKind kind, in Stage1Regime regime, out ulong updated, out PageRights rights)
    {
        updated = entry;
        rights = PageRights.None;
        if ((entry & Accessed) == 0)
        {
            if (!regime.UpdatesAccess)
                return Fail(FaultStatus.At(FaultStatus.AccessFlag, level));
            updated |= Accessed;
        }

        bool clean = regime.UpdatesDirty && (entry & (DirtyModifier | ReadOnly)) == (DirtyModifier | ReadOnly);
        rights = RightsOf(clean ? entry & ~ReadOnly : entry, limits, in regime);
        PageRights needed = kind switch
        {
            MemoryAccessKind.Read => PageRights.Read,
            MemoryAccessKind.Write => PageRights.Write,
            _ => PageRights.Execute,
        };
        if ((rights & needed) == 0)
            return Fail(FaultStatus.At(FaultStatus.Permission, level));
        if (clean && kind == MemoryAccessKind.Write)
            updated &= ~ReadOnly;
        else if (clean)
            rights &= ~PageRights.Write;
        return true;
    }

    // D8.4 "Memory access control"
    private static PageRights RightsOf(ulong entry, ulong limits, in Stage1Regime regime)
    {
        bool writable = (entry & ReadOnly) == 0 && (limits & (1UL << 62)) == 0;
        bool execute = (entry & ExecuteNever) == 0 && (limits & (1UL << 60)) == 0;
        bool open = execute;                             // XN of AArch32 is for both levels
        PageRights rights;
        if (!regime.HasUser)
        {
            rights = PageRights.Read | (writable ? PageRights.Write : 0);
        }
        else
        {
            bool user = (entry & UserAccess) != 0 && (limits & (1UL << 61)) == 0;
            bool data = regime.IsUser ? user : !(regime.Pan && user);
            rights = data ? PageRights.Read | (writable ? PageRights.Write : 0) : PageRights.None;
            if (!regime.IsUser)
            {
                bool closed = user && writable && (!regime.IsAArch32 || (regime.Control & UserWriteExecuteNever) != 0);
                execute = (entry & PrivilegedExecuteNever) == 0 && (limits & (1UL << 59)) == 0 && !closed && (!regime.IsAArch32 || open);
            }

            writable &= !regime.IsUser || user;
        }

        if (writable && (regime.Control & WriteExecuteNever) != 0)
            execute = false;
        return execute ? rights | PageRights.Execute : rights;
    }

    private static void Finish(ulong entry, in Stage1Regime regime, ulong address, PageRights rights, int reach, ref WalkResult result)
    {
        result.Address = address;
        result.Rights = rights;
        result.Reach = reach;
        result.IsGlobal = !regime.HasUser || (entry & NotGlobal) == 0;
        result.Attributes = (byte)(regime.Attributes >> (8 * ((int)(entry >> 2) & 7)));
        result.IsDevice = (result.Attributes & 0xf0) == 0;
        result.Shareability = (byte)(regime.Shape.Wide ? 3 : (entry >> 8) & 3);
        result.IsGuarded = (entry & Guarded) != 0;
    }

    private bool Fail(int status)
    {
        Fault = new WalkFault(status);
        return false;
    }
}
