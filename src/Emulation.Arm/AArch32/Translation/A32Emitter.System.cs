using Emulation.IR;

namespace Emulation.Arm;

// System registers. Arm DDI 0487, G8.
internal sealed partial class A32Emitter
{
    /// <summary>MCR and MRC.</summary>
    public void SystemRegister(A32SystemName name, int rt, bool writes)
    {
        if (TryUser(name, rt, writes))
            return;
        if (Level == 0 || (name is not { Coprocessor: 15, Opc1: 0, Crn: 0, Crm: 0 } && A32SystemTable.Find(name) is not { } row)
            || (A32SystemTable.Find(name) is { } known && !(writes ? known.IsWritable : known.IsReadable)))
        {
            Undefined();
            return;
        }

        if (!writes)
        {
            SetR(rt, Ir.Call(A32SystemHelpers.ReadSystem, Word(name.Pack())));
            return;
        }

        Ir.Call(A32SystemHelpers.WriteSystem, R(rt), Word(name.Pack()));
        LeaveAfterFpscr();
    }

    /// <summary>MCRR and MRRC: the counters; others are undefined.</summary>
    public void SystemRegisterPair(A32SystemName name, int rt, int rt2, bool writes)
    {
        if (writes || name.Coprocessor != 15 || name.Crm != 14 || name.Opc1 is not (0 or 1) || !Isa.Has(ArmFeature.V7))
            Undefined();
        else
            SetLong(rt, rt2, Ir.Call(SystemHelpers.ReadCounter));
    }

    // what User mode can access: barriers, thread registers, the counter's frequency
    private bool TryUser(A32SystemName name, int rt, bool writes)
    {
        if (name.Coprocessor != 15)
            return false;
        switch (name.Opc1, name.Crn, name.Crm, name.Opc2)
        {
            case (0, 7, 5, 4) when writes:
                InstructionBarrier();
                return true;
            case (0, 7, 10, 4 or 5) when writes:
                Ir.Fence();
                return true;
            case (0, 13, 0, 2) when Isa.Has(ArmFeature.V6K):
                if (writes)
                    Ir.Set(Registers.Tpidr, R(rt));
                else
                    SetR(rt, Ir.Get(Registers.Tpidr, IrType.I32));
                return true;
            case (0, 13, 0, 3) when Isa.Has(ArmFeature.V6K) && (!writes || Level > 0):
                if (writes)
                    Ir.Set(Registers.TpidrRo, R(rt));
                else
                    SetR(rt, Ir.Get(Registers.TpidrRo, IrType.I32));
                return true;
            case (0, 14, 0, 0) when !writes && Isa.Has(ArmFeature.V7):
                SetR(rt, Ir.Trunc(Ir.Call(SystemHelpers.ReadFrequency), IrType.I32));
                return true;
            default:
                return false;
        }
    }
}
