using Emulation.Cpu;

namespace Emulation.Arm;

// Between the two execution states. Arm DDI 0487, D1.19 "Interprocessing", D1.4.4, C5.2.19 "SPSR_EL2".
public sealed unsafe partial class ArmCpu
{
    private const ulong SavedDataTiming = 1 << 24;

    // what SPSR_ELx holds of AArch32: DIT is not where CPSR has it, SS is
    private ulong SavedA32State()
    {
        ulong state = this[SystemSlot.PState];
        uint status = Cpsr;
        return (status & ~DataTimingBit) | ((status & DataTimingBit) != 0 ? SavedDataTiming : 0) | (state & (StatePan | StateStep));
    }

    // General registers of AArch32 are 32 bits of those of AArch64; the upper halves are UNKNOWN after the next exception, here 0.
    private ulong ReturnToAArch32(uint saved, uint pc)
    {
        int level = (saved & ModeBits) == (uint)ProcessorMode.User ? 0 : 1;
        bool steps = (saved & StateStep) != 0 && StepsAfterReturn(level, saved & MaskBits);
        SwitchTo(level, false);
        for (int i = 0; i < Registers.X.Length; i++)
            this[Registers.X[i]] = (uint)this[Registers.X[i]];
        this[SystemSlot.PState] = (saved & StatePan & StateBits) | (steps ? StateStep : 0);
        this[Registers.BranchType] = 0;
        SetCpsr((saved & ~(DataTimingBit | (uint)SavedDataTiming)) | ((saved & (uint)SavedDataTiming) != 0 ? DataTimingBit : 0));
        Header.Pc = pc & ((saved & ThumbBit) != 0 ? ~1u : ~3u);
        Header.ReservationAddress = ulong.MaxValue;
        _event = true;
        if (AnyInterrupt())
            RequestAttention();
        return Header.Pc;
    }

    // there is no Hyp mode, and no Monitor mode below an EL3 in AArch64
    private bool IsLegalReturnToA32(uint processor)
    {
        if (processor == (uint)ProcessorMode.User)
            return Isa.Has(ArmFeature.AArch32);
        return ExceptionLevel > 1 && El1IsAArch32 && HasMode(processor) && (Hcr & HcrTge) == 0;
    }

    // which quarter of the vector table: the state of the level immediately below the target. D1.13.1.
    private bool IsA32Below(int target) => target switch
    {
        3 => !El2Enabled && El1IsAArch32,
        2 when !(ExceptionLevel == 0 && IsHostUser) => El1IsAArch32,
        _ => IsAArch32,
    };

    // T32 instructions of 16 bits that an exception tells the length of
    private bool IsNarrow(int exceptionClass, int syndrome)
    {
        if ((Header.Mode & A32Mode.Thumb) == 0)
            return false;
        return exceptionClass switch
        {
            ArmException.Svc32 or ArmException.Breakpoint32 => true,
            ArmException.WaitTrapped => TryPeekA32(out _, out int length) && length == 2,
            ArmException.DataAbort => (syndrome & SyndromeValid) != 0 && TryPeekA32(out _, out int size) && size == 2,
            _ => false,
        };
    }

    private bool TryPeekA32(out uint word, out int length)
    {
        (word, length) = (0, 4);
        bool thumb = (Header.Mode & A32Mode.Thumb) != 0;
        Span<byte> code = stackalloc byte[4];
        for (int offset = 0; offset < 4; offset += 2)
        {
            if (!_translator.TryTranslate((uint)(Header.Pc + (uint)offset), MemoryAccessKind.Fetch, FetchMmuIndex, true, out WalkResult result)
                || Context.Memory.Read(result.Address, 2, out ulong half) != Core.BusResult.Ok)
            {
                return false;
            }

            word = thumb ? (word << 16) | (uint)half : word | ((uint)half << (8 * offset));
            if (thumb && offset == 0 && half >> 11 < 0b11101)
            {
                length = 2;
                return true;
            }
        }

        return true;
    }

    // ISV and what follows, for a stage 2 fault: loads and stores of one register without write-back. D17.2.37.
    private int RefineA32DataAbort(int syndrome, in WalkFault fault)
    {
        if (!fault.IsStage2 || fault.OnWalk || (syndrome & SyndromeCache) != 0 || !TryPeekA32(out uint word, out int length))
            return syndrome;
        int access = (Header.Mode & A32Mode.Thumb) == 0 ? A32Access.OfA32(word) : length == 4 ? A32Access.OfT32(word) : A32Access.OfT16(word);
        return syndrome | (access == 0 ? 0 : (access & ~(15 << 16)) | (WideNumber((access >> 16) & 15) << 16));
    }

    // Rt and Rt2 of a trapped access as AArch64 numbers them
    private int WithWideNumbers(int exceptionClass, int syndrome)
    {
        bool pair = exceptionClass is ArmException.SystemPair32 or ArmException.DebugPair32;
        if (!pair && exceptionClass is not (ArmException.SystemRegister32 or ArmException.DebugRegister32 or ArmException.FloatRegister32))
            return syndrome;
        syndrome = (syndrome & ~(31 << 5)) | (WideNumber((syndrome >> 5) & 15) << 5);
        return pair ? (syndrome & ~(31 << 10)) | (WideNumber((syndrome >> 10) & 15) << 10) : syndrome;
    }

    // D1.20.1 "Mapping of the general-purpose registers between the Execution states"; 31 for PC
    private int WideNumber(int register)
        => register == A32Emitter.PcNumber ? 31 : Array.IndexOf(Registers.X, Registers.A32.R(A32Mode.Processor(Header.Mode), register));
}
