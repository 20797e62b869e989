using Emulation.IR;

namespace Emulation.Arm;

// System registers. Arm DDI 0487, G8.
internal partial class A32Emitter
{
    /// <summary>MCR and MRC.</summary>
    public void SystemRegister(A32SystemName name, int rt, bool writes)
    {
        if (TryUser(name, rt, writes))
            return;
        if (!TryFind(name, writes))
            return;
        if (!writes)
        {
            IrValue value = Ir.Trunc(Ir.Call(A32SystemHelpers.ReadSystem, Word(name.Pack(rt))), IrType.I32);
            if (rt != PcNumber)
                SetR(rt, value);
            else
                SetNzcv(Ir.ShrU(value, 28));
            return;
        }

        Ir.Call(A32SystemHelpers.WriteSystem, RWide(rt), Word(name.Pack(rt)));
        if (!A32Maintenance.IsForCaches(name))
            LeaveAfterModeChange();
    }

    /// <summary>MCRR and MRRC.</summary>
    public void SystemRegisterPair(A32SystemName name, int rt, int rt2, bool writes)
    {
        if (!TryFind(name, writes))
            return;
        if (!writes)
        {
            SetLong(rt, rt2, Ir.Call(A32SystemHelpers.ReadSystem, Word(name.Pack(rt, rt2))));
            return;
        }

        Ir.Call(A32SystemHelpers.WriteSystem, Join(rt, rt2), Word(name.Pack(rt, rt2)));
        LeaveAfterModeChange();
    }

    private bool TryFind(A32SystemName name, bool writes)
    {
        if (A32SystemTable.Find(name) is { } row && Isa.Has(row.Requires) && (writes ? row.IsWritable : row.IsReadable)
            && (Level > 0 || (writes ? row.UserWrites : row.UserReads)))
            return true;
        if (Level > 0 && Isa.Has(ArmFeature.V8) && name.Coprocessor == 15 && name.Crn is >= 9 and <= 11)
            return true;                                 // HCR_EL2.TIDCP may trap what there is not
        Undefined();
        return false;
    }

    // in place: Monitor mode may mean the registers of the Non-secure state
    private bool HasThreads => Processor != ProcessorMode.Monitor && (_mode & A32Mode.TrapsThreads) == 0;

    // what User mode can access: barriers, thread registers, the counter's frequency
    private bool TryUser(A32SystemName name, int rt, bool writes)
    {
        if (name.Coprocessor != 15)
            return false;
        switch (name.Opc1, name.Crn, name.Crm, name.Opc2)
        {
            case (0, 7, 5, 4) when writes:
                CheckBarrier();
                InstructionBarrier();
                return true;
            case (0, 7, 10, 4) when writes:
                CheckBarrier();
                SynchronizationBarrier();
                return true;
            case (0, 7, 10, 5) when writes:
                CheckBarrier();
                Ir.Fence();
                return true;
            case (0, 13, 0, 2) when Isa.Has(ArmFeature.V6K) && HasThreads:
                if (writes)
                    Ir.Set(Registers.Tpidr, R(rt));
                else
                    SetR(rt, Ir.Get(Registers.Tpidr, IrType.I32));
                return true;
            case (0, 13, 0, 3) when Isa.Has(ArmFeature.V6K) && (!writes || Level > 0) && HasThreads:
                if (writes)
                    Ir.Set(Registers.TpidrRo, R(rt));
                else
                    SetR(rt, Ir.Get(Registers.TpidrRo, IrType.I32));
                return true;
            default:
                return false;
        }
    }
}
