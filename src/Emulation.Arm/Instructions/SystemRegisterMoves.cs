using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm.Instructions;

/// <summary>MRS, MSR (register), SYS. What a register does is in <see cref="SystemRegisterTable"/>; what programs use all the time is in place. Arm DDI 0487, C4.1.93.</summary>
[Extension("Base")]
internal static class SystemRegisterMoves
{
    private const int Fpcr = 0xda20, Fpsr = 0xda21, Daif = 0xda11, Tpidr = 0xde82, TpidrRo = 0xde83, CurrentLevel = 0xc212, StackSelect = 0xc210,
        StackPointer = 0xc208;

    [Encoding("1101010100 1 11 011 0100 0010 000 rt", "mrs")]
    public static void ReadNzcv(A64Emitter e, A64Word i) => e.SetX(i.Rt, e.Ir.Shl(e.Nzcv(), 28));

    [Encoding("1101010100 0 11 011 0100 0010 000 rt", "msr")]
    public static void WriteNzcv(A64Emitter e, A64Word i) => e.SetNzcv(e.Ir.And(e.Ir.ShrU(e.X(i.Rt), 28), e.Const(15)));

    [Encoding("1101010100 1 1. ... .... .... ... rt", "mrs")]
    public static void Mrs(A64Emitter e, A64Word i)
    {
        switch (i.Field(5, 16))
        {
            case Fpcr:
                if (TryFloat(e))
                    e.SetX(i.Rt, e.Ir.Get(e.Registers.Fpcr));
                break;
            case Fpsr:
                if (TryFloat(e))
                    e.SetX(i.Rt, e.Ir.Call(SystemHelpers.ReadFpsr));
                break;
            case Tpidr:
                e.SetX(i.Rt, e.Ir.Get(e.Registers.Tpidr));
                break;
            case TpidrRo:
                e.SetX(i.Rt, e.Ir.Get(e.Registers.TpidrRo));
                break;
            case Daif when e.Level != 0:
                e.SetX(i.Rt, e.Ir.Get(e.Registers.System[(int)SystemSlot.Daif]));
                break;
            case CurrentLevel when e.Level != 0:
                e.SetX(i.Rt, e.Const((ulong)e.Level << 2));
                break;
            case StackSelect when e.Level != 0:
                e.SetX(i.Rt, e.Const((e.Mode & ArmMode.OwnSp) != 0 ? 1UL : 0));
                break;
            case StackPointer when e.Level != 0 && (e.Mode & ArmMode.OwnSp) != 0:
                e.SetX(i.Rt, e.Ir.Get(e.Registers.System[(int)SystemSlot.SpEl0]));
                break;
            default:
                Read(e, i);
                break;
        }
    }

    [Encoding("1101010100 0 1. ... .... .... ... rt", "msr")]
    public static void Msr(A64Emitter e, A64Word i)
    {
        switch (i.Field(5, 16))
        {
            case Fpcr:
                if (TryFloat(e))
                {
                    e.Ir.Call(SystemHelpers.WriteFpcr, e.X(i.Rt));
                    e.ContinueInRunLoop();
                }

                break;
            case Fpsr:
                if (TryFloat(e))
                {
                    e.Ir.Call(SystemHelpers.WriteFpsr, e.X(i.Rt));
                    e.ContinueInRunLoop();
                }

                break;
            case Tpidr:
                e.Ir.Set(e.Registers.Tpidr, e.X(i.Rt));
                break;
            case Daif when e.Level != 0:
                SystemInstructions.WriteDaif(e, e.Ir.And(e.X(i.Rt), e.Const(ArmCpu.AllMasked)));
                break;
            case TpidrRo when e.Level != 0:
                e.Ir.Set(e.Registers.TpidrRo, e.X(i.Rt));
                break;
            case TpidrRo:
                e.RaiseAndEnd(ArmException.Unknown, 0);
                break;
            case StackPointer when e.Level != 0 && (e.Mode & ArmMode.OwnSp) != 0:
                e.Ir.Set(e.Registers.System[(int)SystemSlot.SpEl0], e.X(i.Rt));
                break;
            default:
                Write(e, i);
                break;
        }
    }

    [Encoding("1101010100 0 01 ... .... .... ... rt", "sys")]
    public static void Sys(A64Emitter e, A64Word i) => Write(e, i);

    private static bool TryFloat(A64Emitter e)
    {
        if (!e.Isa.Has(ArmFeature.FP))
            e.Undefined();
        else if ((e.Mode & ArmMode.FpTrapped) != 0)
            e.RaiseAndEnd(ArmException.FpTrapped, ArmException.FpSyndrome);
        return !e.Ended;
    }

    private static void Read(A64Emitter e, A64Word i)
    {
        if (FindRow(e, i) is not { } row || row.ReadLevel == SystemRegister.Nobody)
            e.Undefined();
        else if (IsInPlace(e, row, row.ReadLevel))
            e.SetX(i.Rt, e.Ir.Get(e.Registers.System[(int)row.Slot!.Value]));
        else
            e.SetX(i.Rt, e.Ir.Call(SystemHelpers.ReadRegister, e.Const(i.Bits)));
    }

    private static void Write(A64Emitter e, A64Word i)
    {
        if (FindRow(e, i) is not { } row || row.WriteLevel == SystemRegister.Nobody)
        {
            e.Undefined();
            return;
        }

        if (IsInPlace(e, row, row.WriteLevel))
        {
            e.Ir.Set(e.Registers.System[(int)row.Slot!.Value], row.Mask == ulong.MaxValue ? e.X(i.Rt) : e.Ir.And(e.X(i.Rt), e.Const(row.Mask)));
            return;
        }

        e.Ir.Call(SystemHelpers.WriteRegister, e.Const(i.Bits), e.X(i.Rt));
        const int TlbMaintenance = 8, TlbMaintenanceNxs = 9;
        if (row.Op0 == 1 ? row.Crn is TlbMaintenance or TlbMaintenanceNxs : row.Write is not null)
            e.ContinueIndirect();                        // mode or mapping may be others
    }

    // a slot of the register file, when nothing can trap: registers of EL2 and EL3 are in place at their own level, which then exists
    private static bool IsInPlace(A64Emitter e, SystemRegister row, int level)
    {
        if (!row.IsPlain || e.Level < level || (row.IsVirtualMemory && (e.Mode & ArmMode.Trapping) != 0))
            return false;
        return row.Op1 switch
        {
            0 => row.Exists is null,
            4 => e.Level == 2,
            6 => true,
            _ => false,
        };
    }

    private static SystemRegister? FindRow(A64Emitter e, A64Word i)
    {
        int encoding = i.Field(5, 16);
        if (encoding >> 14 == 3 && ((encoding >> 11) & 7) == 5)
            encoding = e.Level >= 2 && SystemRegisterTable.GuestEncoding(encoding) >= 0 ? encoding : -1;
        else if (e.Level == 2 && e.Mmu >= ArmMode.MmuHostUser && e.Mmu != ArmMode.MmuMonitor)
            encoding = SystemRegisterTable.HostEncoding(encoding);
        if (encoding < 0)
            return null;

        // by its other name a register is never in place
        return ((encoding >> 11) & 7) == 5 && encoding >> 14 == 3
            ? SystemRegisterTable.Find(SystemRegisterTable.GuestEncoding(encoding)) is { } row ? row with { IsPlain = false } : null
            : SystemRegisterTable.Find(encoding);
    }
}
