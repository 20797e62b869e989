using Emulation.Cpu;

namespace Emulation.Arm;

// Exceptions taken to EL1 in AArch32. Arm DDI 0487, G1.12, G1.13; DDI 0406, B1.8.
public sealed unsafe partial class ArmCpu
{
    private const uint SctlrVectors = 1 << 13, SctlrEndian = 1 << 25, SctlrThumb = 1 << 30;
    private const uint HighVectors = 0xffff_0000;
    private const uint UndefinedVector = 0x04, CallVector = 0x08, PrefetchVector = 0x0c, DataVector = 0x10, IrqVector = 0x18, FiqVector = 0x1c;

    private bool TakeA32Exception(int code, ulong value, in WalkFault fault)
    {
        uint pc = (uint)Header.Pc;
        bool thumb = (Header.Mode & A32Mode.Thumb) != 0;
        int exceptionClass = ArmException.Class(code), syndrome = ArmException.Iss(code);
        switch (exceptionClass)
        {
            case ArmException.Svc32:
                AdvanceIt();
                EnterA32(ProcessorMode.Supervisor, CallVector, pc + (thumb ? 2u : 4u), MaskI);
                break;
            case ArmException.Hvc32 or ArmException.Smc32:
                if (TryFirmware(exceptionClass == ArmException.Hvc32 ? ArmConduit.Hvc : ArmConduit.Smc, syndrome))
                    return true;
                EnterA32(ProcessorMode.Undefined, UndefinedVector, pc + (thumb ? 2u : 4u), MaskI);
                break;
            case ArmException.InstructionAbort or ArmException.PcAlignment:
                int status = exceptionClass == ArmException.PcAlignment ? ArmException.AlignmentFault : syndrome & 0x3f;
                this[SystemSlot.IfsrEl2] = StatusRegister(status, 0);
                this[SystemSlot.FarEl1] = (uint)this[SystemSlot.FarEl1] | (value << 32);
                EnterA32(ProcessorMode.Abort, PrefetchVector, pc + 4, MaskA | MaskI);
                break;
            case ArmException.Breakpoint32:
                this[SystemSlot.IfsrEl2] = StatusRegister(ArmException.DebugFault, 0);
                EnterA32(ProcessorMode.Abort, PrefetchVector, pc + 4, MaskA | MaskI);
                break;
            case ArmException.DataAbort:
                this[SystemSlot.EsrEl1] = StatusRegister(syndrome & 0x3f, fault.Domain)
                    | ((syndrome & SyndromeWrite) != 0 ? A32FaultStatus.Write : 0) | ((syndrome & SyndromeCache) != 0 ? A32FaultStatus.Cache : 0);
                this[SystemSlot.FarEl1] = (this[SystemSlot.FarEl1] & ~(ulong)uint.MaxValue) | (uint)value;
                EnterA32(ProcessorMode.Abort, DataVector, pc + 8, MaskA | MaskI);
                break;
            case ArmException.Unknown or ArmException.FpTrapped or ArmException.WaitTrapped:
                EnterA32(ProcessorMode.Undefined, UndefinedVector, pc + (thumb ? 2u : 4u), MaskI);
                break;
            default:
                return false;
        }

        return true;
    }

    // IRQ, FIQ, SError
    private void TakeA32Interrupt(ArmInterrupt which)
    {
        uint pc = (uint)Header.Pc;
        switch (which)
        {
            case ArmInterrupt.SError:
                _systemErrorPending = false;
                this[SystemSlot.EsrEl1] = UsesLongDescriptors ? A32FaultStatus.AsynchronousLong : A32FaultStatus.AsynchronousShort;
                EnterA32(ProcessorMode.Abort, DataVector, pc + 8, MaskA | MaskI);
                break;
            case ArmInterrupt.Fiq:
                EnterA32(ProcessorMode.Fiq, FiqVector, pc + 4, MaskA | MaskI | MaskF);
                break;
            default:
                EnterA32(ProcessorMode.Irq, IrqVector, pc + 4, MaskA | MaskI);
                break;
        }
    }

    private ulong StatusRegister(int status, int domain)
    {
        if (!UsesLongDescriptors)
            return A32FaultStatus.Short(status) | ((uint)domain << 4);
        if (status < ArmException.ExternalAbort && (status & 3) == 0)
            status++;                                    // there is no level 0
        return A32FaultStatus.LongFormat | (uint)status;
    }

    private bool TryFirmware(ArmConduit conduit, int immediate)
    {
        uint mode = Header.Mode;
        AdvanceIt();
        if (Firmware is { } firmware && CallOut(() => firmware.HandleCall(this, conduit, immediate)))
            return true;
        SetMode(mode);
        return false;
    }

    // the preferred return is behind the instruction: so is ITSTATE
    private void AdvanceIt() => SetMode(A32Mode.WithIt(Header.Mode, A32Mode.Advance(A32Mode.It(Header.Mode))));

    private void EnterA32(ProcessorMode processor, uint vector, uint link, ulong masks)
    {
        uint status = Cpsr, control = (uint)this[SystemSlot.SctlrEl1];
        uint next = (status & ~(ModeBits | ThumbBit | EndianBit | 0x0600_fc00)) | (uint)processor | (uint)masks;
        if ((control & SctlrThumb) != 0 && Isa.Has(ArmFeature.V6T2))
            next |= ThumbBit;
        if ((control & SctlrEndian) != 0)
            next |= EndianBit;
        SetCpsr(next);
        this[Registers.A32.SpsrOf(processor)!] = status;
        this[Registers.A32.R(processor, 14)] = link;
        uint start = (control & SctlrVectors) != 0 ? HighVectors : Isa.Has(ArmFeature.Security) ? (uint)this[SystemSlot.VbarEl1] : 0;
        Header.Pc = start + vector;
        if (AnyInterrupt())
            RequestAttention();
    }
}
