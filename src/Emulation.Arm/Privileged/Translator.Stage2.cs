using Emulation.Cpu;

namespace Emulation.Arm;

// Stage 2: from intermediate to physical addresses. Arm DDI 0487, D8.2.4, D8.4.5.
internal sealed partial class Translator
{
    private const ulong Stage2Read = 1 << 6;
    private const ulong Stage2Write = 1 << 7;

    private bool TryAddStage2(MemoryAccessKind kind, bool isUser, ref WalkResult result)
    {
        if (!TryStage2(result.Address, kind, isUser, onWalk: false, out WalkResult second))
            return false;
        result.Address = second.Address;
        result.Rights &= second.Rights;
        result.Reach = Math.Min(result.Reach, second.Reach);
        result.IsDevice |= second.IsDevice;
        result.Shareability = (result.Shareability, second.Shareability) switch
        {
            (2, _) or (_, 2) => 2,
            (3, _) or (_, 3) => 3,
            _ => 0,
        };
        if (second.IsDevice)
            result.Attributes = Math.Min(result.Attributes, second.Attributes);
        return true;
    }

    // an access to a table of stage 1, which lies at an intermediate address
    private bool TryTablePlace(ref ulong place, bool writes)
    {
        if (!TryStage2(place, MemoryAccessKind.Read, false, onWalk: true, out WalkResult table))
            return false;
        if (cpu.ProtectsTables && table.IsDevice)
        {
            Fault = new WalkFault(FaultStatus.At(FaultStatus.Permission, 3), true, true, place);
            return false;
        }

        if (writes && (table.Rights & PageRights.Write) == 0 && !TryStage2(place, MemoryAccessKind.Write, false, onWalk: true, out table))
            return false;
        place = table.Address;
        return true;
    }

    private bool TryStage2(ulong address, MemoryAccessKind kind, bool isUser, bool onWalk, out WalkResult result)
    {
        result = default;
        ulong control = cpu[SystemSlot.VtcrEl2];
        int granule = ((control >> 14) & 3) switch { 1 => 16, 2 => 14, _ => 12 };
        bool closed = false;
        TableShape shape = Stage1Regime.Shaped(cpu, (int)control & 63, granule, (int)(control >> 16) & 7, ((control >> 32) & 1) != 0, ref closed);
        int start = (int)(control >> 6) & 3;
        shape = shape with { FirstLevel = granule == 12 ? (start == 3 ? 3 : 2 - start) : 3 - start };
        if (closed || address >> shape.InputBits != 0 || shape.FirstLevel < 0 || shape.InputBits - shape.Reach(shape.FirstLevel) > shape.Stride + 4
            || shape.InputBits <= shape.Reach(shape.FirstLevel))
        {
            return FailStage2(FaultStatus.At(FaultStatus.Translation, 0), onWalk, address);
        }

        ulong table = shape.TableBase(cpu[SystemSlot.VttbrEl2] & 0x0000_ffff_ffff_fffe);
        if (shape.IsTooLarge(table))
            return FailStage2(FaultStatus.At(FaultStatus.AddressSize, 0), onWalk, address);
        bool bigEndian = (cpu[SystemSlot.SctlrEl2] & BigEndian) != 0;
        for (int level = shape.FirstLevel; ; level++)
        {
            int reach = shape.Reach(level);
            ulong index = level == shape.FirstLevel ? address >> reach : (address >> reach) & ((1UL << shape.Stride) - 1);
            ulong place = table + (index * 8), entry;
            do
            {
                if (!_memory.TryRead(place, bigEndian, out entry))
                    return FailStage2(FaultStatus.At(FaultStatus.ExternalOnWalk, level), onWalk, address);
                if ((entry & Valid) == 0 || ((entry & TableOrPage) == 0 && (level == 3 || !shape.MayBlock(level))))
                    return FailStage2(FaultStatus.At(FaultStatus.Translation, level), onWalk, address);
                if (level < 3 && (entry & TableOrPage) != 0)
                    break;
                ulong output = shape.AddressIn(entry, reach);
                if (shape.IsTooLarge(output))
                    return FailStage2(FaultStatus.At(FaultStatus.AddressSize, level), onWalk, address);
                ulong updated = entry;
                if (!TryLeafStage2(ref updated, control, level, kind, isUser, onWalk, address, out PageRights rights))
                    return false;
                if (updated != entry)
                {
                    if (!_memory.TryUpdate(place, bigEndian, entry, updated, out bool stored))
                        return FailStage2(FaultStatus.At(FaultStatus.ExternalOnWalk, level), onWalk, address);
                    if (!stored)
                        continue;
                }

                result.Address = output | (address & ((1UL << reach) - 1));
                result.Rights = rights;
                result.Reach = reach;
                result.Shareability = (byte)(shape.Wide ? 3 : (updated >> 8) & 3);
                result.IsDevice = (updated & (3 << 4)) == 0;
                result.Attributes = (byte)(result.IsDevice ? updated & 0xc : 0xff);
                return true;
            }
            while (true);

            table = shape.AddressIn(entry, granule);
            if (shape.IsTooLarge(table))
                return FailStage2(FaultStatus.At(FaultStatus.AddressSize, level), onWalk, address);
        }
    }

    private bool TryLeafStage2(
        ref ulong entry, ulong control, int level, MemoryAccessKind kind, bool isUser, bool onWalk, ulong address, out PageRights rights)
    {
        rights = PageRights.None;
        bool updates = cpu.Isa.Has(ArmFeature.HAFDBS) && ((control >> 21) & 1) != 0;
        if ((entry & Accessed) == 0)
        {
            if (!updates)
                return FailStage2(FaultStatus.At(FaultStatus.AccessFlag, level), onWalk, address);
            entry |= Accessed;
        }

        bool clean = updates && ((control >> 22) & 1) != 0 && (entry & (DirtyModifier | Stage2Write)) == DirtyModifier;
        if ((entry & Stage2Read) != 0)
            rights |= PageRights.Read;
        if ((entry & Stage2Write) != 0 || clean)
            rights |= PageRights.Write;
        bool execute = (entry & ExecuteNever) == 0;
        if (cpu.Isa.Has(ArmFeature.XNX) && (entry & PrivilegedExecuteNever) != 0)
            execute = execute == isUser;                 // 01: EL0 alone, 11: EL1 alone
        if (execute)
            rights |= PageRights.Execute;
        PageRights needed = kind switch
        {
            MemoryAccessKind.Read => PageRights.Read,
            MemoryAccessKind.Write => PageRights.Write,
            _ => PageRights.Execute,
        };
        if ((rights & needed) == 0)
            return FailStage2(FaultStatus.At(FaultStatus.Permission, level), onWalk, address);
        if (clean && kind == MemoryAccessKind.Write)
            entry |= Stage2Write;
        else if (clean)
            rights &= ~PageRights.Write;
        return true;
    }

    private bool FailStage2(int status, bool onWalk, ulong address)
    {
        Fault = new WalkFault(status, true, onWalk, address);
        return false;
    }
}
