using Emulation.Cpu;

namespace Emulation.Arm;

// Memory before Armv7: alignment, byte order, pages smaller than 4 KiB. Arm DDI 0100I, A2.7, A2.8, B4.
public sealed unsafe partial class ArmCpu
{
    private const ulong ControlWordInvariant = 1 << 7, ControlUnaligned = 1 << 22;

    // what SCTLR has at reset: Armv7 has new descriptors and unaligned accesses for ever
    private ulong ResetControl => Isa.Has(ArmFeature.V8) ? 0x00c5_0838u : Isa.Has(ArmFeature.V7) ? 0x00c5_0078u : 0x0005_0078u;

    // what a level contributes, SCTLR and the debug registers
    private uint A32LevelBits(uint level) => WithA32Debug(WithOldMemory(_levelModes[level] & A32Mode.LevelBits));

    // SCTLR.A, U and B. Memory that the MMU does not translate is not checked for alignment.
    private uint WithOldMemory(uint mode)
    {
        if (!El1IsAArch32 || Isa.Has(ArmFeature.V7))
            return mode;
        ulong control = this[SystemSlot.SctlrEl1];
        if (!Isa.Has(ArmFeature.V6) || (control & ControlUnaligned) == 0)
        {
            mode |= A32Mode.OldAlignment;
            if ((control & ControlAlign) == 0)
                mode &= ~ArmMode.Aligned;
        }

        return (control & ControlWordInvariant) != 0 ? mode | A32Mode.WordInvariant : mode;
    }

    // the address that the instruction has, where that of BE-32 differs
    private ulong AddressOf(ulong address, int size)
    {
        const uint Changed = ArmMode.AArch32 | A32Mode.WordInvariant;
        return size is 1 or 2 && (Header.Mode & Changed) == Changed && !Isa.Has(ArmFeature.V7) ? address ^ (uint)(4 - size) : address;
    }

    // the far end of an access that reaches into another subpage has to be allowed too
    private bool TryFarEnd(ulong address, int size, MemoryAccessKind kind, int mmuIndex)
    {
        const int Subpage = 10;
        ulong last = address + (ulong)size - 1;
        if (address >> Subpage == last >> Subpage || _translator.TryTranslate(last, kind, mmuIndex, true, out _))
            return true;
        RecordFault(_translator.Fault, last, kind);
        return false;
    }
}
