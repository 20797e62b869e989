using Emulation.Cpu;

namespace Emulation.Arm;

// System registers of AArch32 that more happens at than storing. Arm DDI 0487, G8.2.
public sealed unsafe partial class ArmCpu
{
    private const ulong ExtendedAddresses = 1UL << 31;

    // Two values of DACR have a regime each, so that a kernel that closes and opens the domain of user memory does not empty the TLB every time.
    private readonly uint[] _domains = new uint[2];
    private int _domainPair;

    /// <summary>TTBCR.EAE: long descriptors.</summary>
    internal bool UsesLongDescriptors => (this[SystemSlot.TcrEl1] & ExtendedAddresses) != 0;

    /// <summary>DACR of a regime.</summary>
    /// <param name="mmuIndex">As in the mode word.</param>
    internal uint DomainsOf(int mmuIndex) => _domains[mmuIndex >> 2];

    /// <summary>What MRC and MRRC read, or a recorded exception.</summary>
    internal ulong ReadA32System(ulong packed)
        => CheckA32System(packed, false) is { } row ? row.ReadOn(this) : 0;

    /// <summary>What MCR and MCRR write, or a recorded exception.</summary>
    internal void WriteA32System(ulong packed, ulong value)
    {
        if (CheckA32System(packed, true) is { } row)
            row.WriteOn(this, value);
    }

    /// <summary>DACR.</summary>
    internal void WriteDomains(ulong value)
    {
        this[SystemSlot.DacrEl2] = (uint)value;
        if (_domains[_domainPair] == (uint)value)
            return;
        _domainPair ^= 1;
        if (_domains[_domainPair] != (uint)value)
        {
            _domains[_domainPair] = (uint)value;
            FlushTranslations();
        }

        RefreshModes();
    }

    /// <summary>CONTEXTIDR: another ASID is another address space.</summary>
    internal void WriteContext(ulong value)
    {
        OnTableWrite(SystemSlot.ContextIdrEl1, value);
    }

    /// <summary>ATS1CPR, ATS1CPW, ATS1CUR, ATS1CUW: the result goes to PAR.</summary>
    internal void TranslateA32Address(ulong address, int level, MemoryAccessKind kind)
    {
        const ulong LongFormat = 1 << 11, LongReserved = 1 << 9, Superpage = 2;
        int index = (_domainPair << 2) | (level == 0 ? ArmMode.MmuUser : ArmMode.MmuKernel);
        bool found = _translator.TryTranslate((uint)address, kind, index, true, out WalkResult result);
        WalkFault fault = _translator.Fault;
        this[SystemSlot.ParEl1] = (found, UsesLongDescriptors) switch
        {
            (true, true) => (result.Address & 0xff_ffff_f000) | ((ulong)result.Attributes << 56) | LongFormat | LongReserved | ((ulong)result.Shareability << 7),
            (false, true) => 1 | ((ulong)fault.Status << 1) | LongFormat | LongReserved,
            (true, false) => (result.Address & 0xffff_f000) | (result.Address >> 32 != 0 ? Superpage | ((result.Address >> 32) << 16) : 0) | (result.IsDevice ? 1u << 4 : 0),
            _ => 1 | ((A32FaultStatus.Short(fault.Status) & 0xf) << 1) | ((A32FaultStatus.Short(fault.Status) >> 10 & 1) << 5) | ((A32FaultStatus.Short(fault.Status) >> 12 & 1) << 6),
        };
    }

    private void ResetAArch32()
    {
        Array.Clear(_domains);
        _domainPair = 0;
        this[SystemSlot.SctlrEl1] = 0x00c5_0078;
        this[Registers.A32.Fpscr] = 0;
        this[Registers.A32.Fpexc] = 0;
        RefreshModes();
        SetCpsr((uint)ProcessorMode.Supervisor | (uint)(MaskA | MaskI | MaskF));
    }

    private A32SystemRegister? CheckA32System(ulong packed, bool writes)
    {
        A32SystemName name = A32SystemName.Unpack(packed);
        A32SystemRegister? row = A32SystemTable.Find(name);
        if (row is not null && row.Twin != 0)
        {
            SystemRegister twin = SystemRegisterTable.Find(row.Twin)!;
            if (twin.Exists is { } exists && !exists(this))
                row = null;
            else if (twin.Trap is { } trap && trap(this, writes) is var target and not 0)
            {
                if (El1IsAArch32 || target < 0)
                    row = null;
                else
                {
                    int exceptionClass = name.Crn == A32SystemName.Pair ? ArmException.SystemPair32 : ArmException.SystemRegister32;
                    RecordTrap(target, ArmException.Code(exceptionClass, A32SystemName.Syndrome(packed, !writes)));
                    return null;
                }
            }
        }

        if (row is null)
            RecordTrap(0, ArmException.Code(ArmException.Unknown, 0));
        return row;
    }
}
