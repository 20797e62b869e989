using Emulation.Cpu;

namespace Emulation.Arm;

// Exceptions taken in AArch32, system registers. Arm DDI 0487, G1.12, G1.13; DDI 0406, B1.8.
public sealed unsafe partial class ArmCpu
{
    private const uint SctlrVectors = 1 << 13, SctlrEndian = 1 << 25, SctlrThumb = 1 << 30;
    private const uint MaskA = 1 << 8, MaskI = 1 << 7, MaskF = 1 << 6;
    private const uint HighVectors = 0xffff_0000;
    private const int AbortAlignment = 0x01, AbortExternal = 0x08, AbortDebug = 0x02, WriteBit = 1 << 11;

    /// <summary>A stored system register of AArch32.</summary>
    internal ref uint this[A32SystemSlot slot] => ref *(uint*)(State + Registers.A32.System[(int)slot].Offset);

    /// <summary>What MRC reads.</summary>
    internal uint ReadA32System(A32SystemName name)
    {
        if (name is { Opc1: 0, Crn: 0, Crm: 0, Opc2: 5 })
            return (Isa.Has(ArmFeature.MultiProcessing) ? 1u << 31 : 0) | (uint)Index;
        if (A32SystemTable.Find(name) is not { } row)
            return Isa.Midr;                             // aliases of MIDR
        return row.Slot is { } slot ? this[slot] : row.Constant;
    }

    /// <summary>What MCR writes.</summary>
    internal void WriteA32System(A32SystemName name, uint value)
    {
        if (A32SystemTable.Find(name) is not { Slot: { } slot } row)
            return;                                      // maintenance
        this[slot] = (this[slot] & ~row.Mask) | (value & row.Mask);
        if (slot is A32SystemSlot.Cpacr or A32SystemSlot.Sctlr)
            SetMode((Header.Mode & ~A32Mode.FloatMask) | A32FloatBits());
    }

    private void ResetAArch32()
    {
        this[A32SystemSlot.Sctlr] = 0x00c5_0078;
        this[A32SystemSlot.Cpacr] = 0;
        SetCpsr((uint)ProcessorMode.Supervisor | MaskA | MaskI | MaskF);
    }

    // false when nothing in the guest handles it
    private bool TakeA32Exception(int code, ulong value)
    {
        uint pc = (uint)Header.Pc;
        bool thumb = (Header.Mode & A32Mode.Thumb) != 0;
        int status = code & 0x3f;
        switch (ArmException.Class(code))
        {
            case ArmException.Svc32:
                AdvanceIt();
                EnterA32(ProcessorMode.Supervisor, 0x08, pc + (thumb ? 2u : 4u), MaskI);
                return true;
            case ArmException.Hvc32:
                AdvanceIt();
                EnterHyp(pc + 4);
                return true;
            case ArmException.Smc32:
                AdvanceIt();
                EnterA32(ProcessorMode.Monitor, 0x08, pc + 4, MaskA | MaskI | MaskF);
                return true;
            case ArmException.InstructionAbort or ArmException.InstructionAbort + 1 or ArmException.PcAlignment:
                this[A32SystemSlot.Ifsr] = ArmException.Class(code) == ArmException.PcAlignment ? AbortAlignment : FaultStatus32(status);
                this[A32SystemSlot.Ifar] = (uint)value;
                EnterA32(ProcessorMode.Abort, 0x0c, pc + 4, MaskA | MaskI);
                return true;
            case ArmException.Breakpoint32:
                this[A32SystemSlot.Ifsr] = AbortDebug;
                EnterA32(ProcessorMode.Abort, 0x0c, pc + 4, MaskA | MaskI);
                return true;
            case ArmException.DataAbort or ArmException.DataAbort + 1:
                this[A32SystemSlot.Dfsr] = FaultStatus32(status) | ((code & (1 << 6)) != 0 ? (uint)WriteBit : 0);
                this[A32SystemSlot.Dfar] = (uint)value;
                EnterA32(ProcessorMode.Abort, 0x10, pc + 8, MaskA | MaskI);
                return true;
            case ArmException.Unknown:
                EnterA32(ProcessorMode.Undefined, 0x04, pc + (thumb ? 2u : 4u), MaskI);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Takes an interrupt in AArch32: <see cref="VirtualCpu.Header"/>'s PC is the instruction that follows.</summary>
    /// <param name="fast">FIQ rather than IRQ.</param>
    internal void TakeA32Interrupt(bool fast)
        => EnterA32(fast ? ProcessorMode.Fiq : ProcessorMode.Irq, fast ? 0x1cu : 0x18, (uint)Header.Pc + 4, fast ? MaskA | MaskI | MaskF : MaskA | MaskI);

    // short-descriptor statuses of the faults that occur without translation
    private static uint FaultStatus32(int status) => status == ArmException.AlignmentFault ? AbortAlignment : (uint)AbortExternal;

    // the preferred return is behind the instruction: so is ITSTATE
    private void AdvanceIt() => SetMode(A32Mode.WithIt(Header.Mode, A32Mode.Advance(A32Mode.It(Header.Mode))));

    private void EnterA32(ProcessorMode processor, uint vector, uint link, uint masks)
    {
        uint status = Cpsr, control = this[A32SystemSlot.Sctlr];
        uint next = (status & ~(ModeBits | ThumbBit | EndianBit | 0x0600_fc00)) | (uint)processor | masks;
        if ((control & SctlrThumb) != 0 && Isa.Has(ArmFeature.V6T2))
            next |= ThumbBit;
        if ((control & SctlrEndian) != 0)
            next |= EndianBit;
        SetCpsr(next);
        this[Registers.A32.SpsrOf(processor)!] = status;
        this[Registers.A32.R(processor, 14)] = link;
        uint start = processor == ProcessorMode.Monitor ? this[A32SystemSlot.Mvbar]
            : (control & SctlrVectors) != 0 ? HighVectors
            : Isa.Has(ArmFeature.Security) ? this[A32SystemSlot.Vbar] : 0;
        Header.Pc = start + vector;
    }

    private void EnterHyp(uint link)
    {
        uint status = Cpsr;
        SetCpsr((status & ~(ModeBits | ThumbBit | 0x0600_fc00)) | (uint)ProcessorMode.Hyp | MaskA | MaskI | MaskF);
        this[Registers.A32.SpsrOf(ProcessorMode.Hyp)!] = status;
        this[Registers.A32.ElrHyp] = link;
        Header.Pc = this[A32SystemSlot.Hvbar] + ((status & ModeBits) == (uint)ProcessorMode.Hyp ? 0x08u : 0x14);
    }
}
