using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Arm;

// Syndromes of data aborts, and AT. Arm DDI 0487, D17.2.37, C5.4.
public sealed unsafe partial class ArmCpu
{
    private const int SyndromeWrite = 1 << 6, SyndromeCache = 1 << 8, SyndromeValid = 1 << 24;

    // What accesses do not say while they are made is read from the instruction when one has failed
    private int RefineDataAbort(int syndrome, in WalkFault fault, int target)
    {
        if ((syndrome & SyndromeCache) != 0 || !TryPeek(Header.Pc, out uint word))
            return syndrome;
        if ((syndrome & SyndromeWrite) != 0 && IsAtomic(word) && (fault.Status & 0x3c) is FaultStatus.Translation or FaultStatus.AccessFlag or FaultStatus.AddressSize)
            syndrome &= ~SyndromeWrite;                  // the read would have failed too
        return fault.IsStage2 && !fault.OnWalk ? syndrome | AccessSyndrome(word) : syndrome;
    }

    // loads and stores of one general register without write-back: what a hypervisor needs to emulate a device
    private static int AccessSyndrome(uint word)
    {
        int size = (int)(word >> 30), register = (int)(word & 31), opc = (int)(word >> 22) & 3;
        bool immediate = (word & 0x3f00_0000) == 0x3900_0000, unscaled = (word & 0x3f20_0400) == 0x3800_0000 && (word & (1 << 10)) == 0;
        bool indexed = (word & 0x3f20_0c00) == 0x3820_0800;
        bool ordered = (word & 0x3fa0_0000) == 0x0880_0000;
        if (ordered)
            return SyndromeValid | (size << 22) | (register << 16) | (size == 3 ? 1 << 15 : 0) | (1 << 14);
        if ((!immediate && !unscaled && !indexed) || (size == 3 && opc >= 2))
            return 0;
        bool signed = opc >= 2, wide = opc == 2 || (opc < 2 && size == 3);
        return SyndromeValid | (size << 22) | (signed ? 1 << 21 : 0) | (register << 16) | (wide ? 1 << 15 : 0);
    }

    // LSE, CAS, CASP
    private static bool IsAtomic(uint word)
        => (word & 0x3f20_0c00) == 0x3820_0000 || (word & 0x3fa0_7c00) == 0x08a0_7c00 || (word & 0xbfa0_7c00) == 0x0820_7c00;

    private bool TryPeek(ulong address, out uint word)
    {
        word = 0;
        if ((address & 3) != 0 || !_translator.TryTranslate(address, MemoryAccessKind.Fetch, FetchMmuIndex, true, out WalkResult result))
            return false;
        if (Context.Memory.Read(BusAddress(result), 4, out ulong value) != Core.BusResult.Ok)
            return false;
        word = (uint)value;
        return true;
    }

    /// <summary>AT: the result goes to PAR_EL1.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="level">Whose rights, 0 to 3.</param>
    /// <param name="both">Both stages.</param>
    /// <param name="kind">Read or write.</param>
    /// <param name="pan">PSTATE.PAN is heeded.</param>
    internal void TranslateAddress(ulong address, int level, bool both, MemoryAccessKind kind, bool pan)
    {
        bool host = IsHostUser && !both;
        int index = level switch
        {
            0 => host ? ArmMode.MmuHostUser : ArmMode.MmuUser,
            1 when pan && (this[SystemSlot.PState] & StatePan) != 0 => host && ExceptionLevel == 2 ? ArmMode.MmuHostPan : ArmMode.MmuKernelPan,
            1 => host && ExceptionLevel == 2 ? ArmMode.MmuHost : ArmMode.MmuKernel,
            2 => IsHost ? ArmMode.MmuHost : ArmMode.MmuHypervisor,
            _ => ArmMode.MmuMonitor,
        };
        const ulong Reserved = 1 << 11, NonCacheable = 0x44;
        if (_translator.TryTranslate(address, kind, index, both, out WalkResult result))
        {
            this[SystemSlot.ParEl1] = (result.Address & 0x000f_ffff_ffff_f000) | ((ulong)result.Attributes << 56) | Reserved | (result.IsSecure ? 0UL : 1 << 9)
                | ((ulong)(result.IsDevice || result.Attributes == NonCacheable ? 2 : result.Shareability) << 7);
            return;
        }

        WalkFault fault = _translator.Fault;
        bool external = fault.Status is >= FaultStatus.ExternalOnWalk - 1 and <= FaultStatus.ExternalOnWalk + 3;
        if (external || (fault.IsStage2 && !both && ExceptionLevel == 1))
        {
            // a walk that the bus stops is no result; one of stage 1 that stage 2 stops is for the hypervisor
            RecordFault(fault, address, MemoryAccessKind.Write);
            Header.ExceptionCode |= SyndromeCache;
            return;
        }

        this[SystemSlot.ParEl1] = 1 | ((ulong)fault.Status << 1) | (fault.OnWalk ? 1UL << 8 : 0) | (fault.IsStage2 ? 1UL << 9 : 0) | Reserved;
    }
}
