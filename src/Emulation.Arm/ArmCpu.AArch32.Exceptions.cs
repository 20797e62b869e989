using Emulation.Cpu;

namespace Emulation.Arm;

// Exceptions taken to AArch32, and those taken from it. Arm DDI 0487, G1.12, G1.13, D1.13; DDI 0406, B1.8, B1.9.
public sealed unsafe partial class ArmCpu
{
    private const uint SctlrVectors = 1 << 13, SctlrEndian = 1 << 25, SctlrThumb = 1 << 30;
    private const uint HighVectors = 0xffff_0000;
    private const uint UndefinedVector = 0x04, CallVector = 0x08, PrefetchVector = 0x0c, DataVector = 0x10, IrqVector = 0x18, FiqVector = 0x1c;

    // no exception goes from AArch64 to AArch32
    private bool IsA32Target(int level) => IsAArch32 && (level == 1 ? El1IsAArch32 : level == 3 && HasMonitor);

    // Where an exception from AArch32 goes. Advances PC and ITSTATE where the preferred return is behind the instruction.
    private int RouteFromA32(ref int exceptionClass, ref int syndrome, int target, ref ulong pc, out bool handled)
    {
        handled = false;
        switch (exceptionClass)
        {
            case ArmException.Hvc32 or ArmException.Smc32:
                target = A32CallTarget(exceptionClass, syndrome, out bool isTrap, out handled);
                if (handled)
                    return 0;
                if (target >= 0 && !isTrap)
                    goto case ArmException.Svc32;
                if (target >= 0)
                    break;
                (exceptionClass, syndrome, target) = (ArmException.Unknown, 0, 0);
                break;
            case ArmException.Svc32:
                pc = (uint)(pc + (exceptionClass == ArmException.Svc32 && (Header.Mode & A32Mode.Thumb) != 0 ? 2u : 4));
                AdvanceIt();
                CompleteStep();
                break;
            case ArmException.FpTrapped:
                target = FpTrapTarget(ExceptionLevel);
                if (target > 1 && El1IsAArch32 && (((IA32Cpu)this).Fpexc & FpexcEnable) == 0)
                    target = 1;                          // the nearer control comes first
                break;
        }

        return target != 0 ? target : DefaultTarget(exceptionClass, syndrome);
    }

    // where HVC and SMC go: a level, or -1 when they are UNDEFINED
    private int A32CallTarget(int exceptionClass, int immediate, out bool isTrap, out bool handled)
    {
        (isTrap, handled) = (false, false);
        if (exceptionClass == ArmException.Hvc32)
        {
            if (!El2Enabled)
                handled = TryFirmware(ArmConduit.Hvc, immediate);
            bool enabled = El2Enabled && (Options.HasEl3 ? (this[SystemSlot.ScrEl3] & ScrHce) != 0 : (this[SystemSlot.HcrEl2] & HcrHcd) == 0);
            return enabled ? 2 : -1;
        }

        isTrap = ExceptionLevel == 1 && (Hcr & HcrTsc) != 0;
        if (isTrap)
            return 2;
        if (Options.HasEl3)
            return (this[SystemSlot.ScrEl3] & ScrSmd) != 0 ? -1 : 3;
        handled = TryFirmware(ArmConduit.Smc, immediate);
        return -1;
    }

    private bool TakeA32Exception(int exceptionClass, int syndrome, ulong value, in WalkFault fault, int target, ulong next)
    {
        uint pc = (uint)Header.Pc;
        bool monitor = target == 3;
        switch (exceptionClass)
        {
            case ArmException.Svc32:
                EnterA32(ProcessorMode.Supervisor, CallVector, (uint)next, MaskI);
                break;
            case ArmException.Smc32:
                EnterA32(ProcessorMode.Monitor, CallVector, (uint)next, MaskA | MaskI | MaskF);
                break;
            case ArmException.InstructionAbort or ArmException.PcAlignment:
                int status = exceptionClass == ArmException.PcAlignment ? ArmException.AlignmentFault : syndrome & 0x3f;
                ReportAbort(monitor, SystemSlot.IfsrEl2, StatusRegister(status, 0), value << 32, uint.MaxValue);
                EnterA32(monitor ? ProcessorMode.Monitor : ProcessorMode.Abort, PrefetchVector, pc + 4, MaskA | MaskI | (monitor ? MaskF : 0));
                break;
            case ArmException.Breakpoint32 or ArmException.HardwareBreakpoint:
                this[SystemSlot.IfsrEl2] = StatusRegister(ArmException.DebugFault, 0);
                EnterA32(ProcessorMode.Abort, PrefetchVector, pc + 4, MaskA | MaskI);
                break;
            case ArmException.DataAbort or ArmException.Watchpoint:
                ulong dataStatus = StatusRegister(syndrome & 0x3f, fault.Domain)
                    | ((syndrome & SyndromeWrite) != 0 ? A32FaultStatus.Write : 0) | ((syndrome & SyndromeCache) != 0 ? A32FaultStatus.Cache : 0);
                ReportAbort(monitor, SystemSlot.EsrEl1, dataStatus, (uint)value, ~(ulong)uint.MaxValue);
                EnterA32(monitor ? ProcessorMode.Monitor : ProcessorMode.Abort, DataVector, pc + 8, MaskA | MaskI | (monitor ? MaskF : 0));
                break;
            case ArmException.Unknown or ArmException.FpTrapped or ArmException.WaitTrapped or ArmException.IllegalState or ArmException.SystemRegister32
                or ArmException.SystemPair32 or ArmException.DebugRegister32 or ArmException.DebugPair32:
                uint link = pc + ((Header.Mode & A32Mode.Thumb) != 0 ? 2u : 4u);
                EnterA32(monitor ? ProcessorMode.Monitor : ProcessorMode.Undefined, UndefinedVector, link, MaskI | (monitor ? MaskA | MaskF : 0));
                break;
            default:
                return false;
        }

        return true;
    }

    // DFSR and DFAR, or IFSR and IFAR, which share a slot with it; in the Secure state when Monitor mode takes the abort
    private void ReportAbort(bool secure, SystemSlot slot, ulong status, ulong address, ulong kept)
    {
        bool present = _secureBank;
        if (secure)
            EnterWorld(true);
        this[slot] = status;
        this[SystemSlot.FarEl1] = (this[SystemSlot.FarEl1] & kept) | address;
        EnterWorld(present);
    }

    // IRQ, FIQ, SError
    private void TakeA32Interrupt(ArmInterrupt which, int target)
    {
        uint pc = (uint)Header.Pc;
        bool monitor = target == 3;
        ulong masks = MaskA | MaskI | (monitor ? MaskF : 0);
        switch (which)
        {
            case ArmInterrupt.SError:
                ReportAbort(monitor, SystemSlot.EsrEl1, UsesLongDescriptors ? A32FaultStatus.AsynchronousLong : A32FaultStatus.AsynchronousShort, this[SystemSlot.FarEl1], 0);
                EnterA32(monitor ? ProcessorMode.Monitor : ProcessorMode.Abort, DataVector, pc + 8, masks);
                break;
            case ArmInterrupt.Fiq or ArmInterrupt.VirtualFiq:
                EnterA32(monitor ? ProcessorMode.Monitor : ProcessorMode.Fiq, FiqVector, pc + 4, masks | MaskF);
                break;
            default:
                EnterA32(monitor ? ProcessorMode.Monitor : ProcessorMode.Irq, IrqVector, pc + 4, masks);
                break;
        }
    }

    // SCR routes to Monitor mode. In the Non-secure state it also says whether CPSR.A and CPSR.F hold back what Monitor mode takes. B1.9.
    private bool IsTakenToA32(ulong monitorBit, ulong mask, out int target)
    {
        ulong control = this[SystemSlot.ScrEl3];
        target = (control & monitorBit) != 0 ? 3 : 1;
        ulong owned = monitorBit switch { ScrFiq => ScrFw, ScrEa => ScrAw, _ => 0 };
        if (target == 3 && owned != 0 && !IsSecure && (control & owned) == 0)
            return true;
        return (this[SystemSlot.Daif] & mask) == 0;
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
        uint status = Cpsr, control;
        if (IsMonitor)
            this[SystemSlot.ScrEl3] &= ~ScrNs;           // whatever Monitor mode was about to do, its handler is Secure
        bool monitor = processor == ProcessorMode.Monitor, fromSecure = IsSecure;
        if (monitor)
            EnterWorld(true);
        else
            masks &= ~(ulong)ProtectedStatus;
        control = (uint)this[SystemSlot.SctlrEl1];
        uint next = (status & ~(ModeBits | ThumbBit | EndianBit | ItBits | IllegalBit | SafeBypassBit)) | (uint)processor | (uint)masks;
        if ((control & SctlrThumb) != 0 && Isa.Has(ArmFeature.V6T2))
            next |= ThumbBit;
        if ((control & SctlrEndian) != 0)
            next |= EndianBit;
        if (monitor && !fromSecure)
            next &= ~PrivilegedNeverBit;
        else if ((control & ControlSpan) == 0 && Isa.Has(ArmFeature.PAN))
            next |= PrivilegedNeverBit;
        SetCpsr(next);
        this[Registers.A32.SpsrOf(processor)!] = status;
        this[Registers.A32.R(processor, 14)] = link;
        uint start = (control & SctlrVectors) != 0 ? HighVectors : Isa.Has(ArmFeature.Security) ? (uint)this[SystemSlot.VbarEl1] : 0;
        Header.Pc = (monitor ? (uint)this[SystemSlot.Mvbar] : start) + vector;
        if (AnyInterrupt())
            RequestAttention();
    }
}
