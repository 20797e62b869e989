using Emulation.Core;

namespace Emulation.Arm;

// AArch32: the status register. Arm DDI 0487, G8.2.33 "CPSR".
public sealed partial class ArmCpu
{
    private const uint ModeBits = 0x1f, ThumbBit = 1 << 5, EndianBit = 1 << 9, MaskBits = 7 << 6, StickyBit = 1 << 27;

    // which bits MSR can write at all: not T, J, IT
    private const uint WritableStatus = 0xf80f_0200 | MaskBits | ModeBits;

    /// <summary>Whether the CPU executes A32 or T32.</summary>
    public bool IsAArch32 => (Header.Mode & A32Mode.AArch32) != 0;

    /// <summary>The status register of AArch32, T and IT included. Writing it changes mode, instruction set and byte order. Not while the CPU runs.</summary>
    /// <exception cref="InvalidOperationException">The CPU is in AArch64 state: see <see cref="EnterAArch32"/>.</exception>
    public uint Cpsr
    {
        get
        {
            RequireAArch32();
            uint mode = Header.Mode;
            uint it = (uint)A32Mode.It(mode);
            return Nzcv | (this[Registers.A32.Sticky] != 0 ? StickyBit : 0) | ((uint)this[Registers.A32.Ge] << 16) | ((uint)this[SystemSlot.Daif] & MaskBits)
                | ((it & 3) << 25) | ((it >> 2) << 10) | ((mode & A32Mode.BigEndian) != 0 ? EndianBit : 0)
                | ((mode & A32Mode.Thumb) != 0 ? ThumbBit : 0) | (uint)A32Mode.Processor(mode);
        }

        set
        {
            RequireAArch32();
            SetCpsr(value);
        }
    }

    /// <summary>Enters AArch32 in User mode. Not while the CPU runs.</summary>
    /// <param name="thumb">T32 rather than A32.</param>
    /// <exception cref="InvalidOperationException">The CPU has no AArch32 state.</exception>
    public void EnterAArch32(bool thumb)
    {
        if (!Isa.Has(ArmFeature.AArch32))
            throw new InvalidOperationException($"{Name} has no AArch32 state");
        if (!IsAArch32)
            SwitchTo(0, false);
        SetCpsr((uint)ProcessorMode.User | (thumb ? ThumbBit : 0));
    }

    /// <summary>What MSR does.</summary>
    internal void WriteCpsr(uint value, uint mask)
    {
        mask &= WritableStatus;
        uint next = (Cpsr & ~mask) | (value & mask);
        if (!HasMode(next & ModeBits))
            next = (next & ~ModeBits) | (Cpsr & ModeBits);       // an illegal change of mode changes none
        SetCpsr(next);
        if (AnyInterrupt())
            RequestAttention();
    }

    /// <summary>The mode word that follows from a status register and the floating-point controls.</summary>
    internal uint A32ModeWord(uint status)
    {
        var processor = (ProcessorMode)(status & ModeBits);
        uint level = processor == ProcessorMode.User ? 0 : 1u;
        uint it = ((status >> 25) & 3) | ((status >> 8) & 0xfc);
        uint mode = A32Mode.AArch32 | A32LevelBits(level) | ((status & 0xf) << A32Mode.ProcessorShift) | (it << A32Mode.ItShift);
        if ((status & ThumbBit) != 0)
            mode |= A32Mode.Thumb;
        if ((status & EndianBit) != 0)
            mode |= A32Mode.BigEndian;
        return mode | A32FloatBits((int)level);
    }

    /// <summary>Whether EL1 is in AArch32 state: it is so from reset on, or never.</summary>
    internal bool El1IsAArch32 => Options.StartsInAArch32;

    // those of EL2 and EL3 are not implemented in AArch32
    private static bool HasMode(uint processor)
        => Enum.IsDefined((ProcessorMode)processor) && (ProcessorMode)processor is not (ProcessorMode.Hyp or ProcessorMode.Monitor);

    private void SaveAArch32(StateWriter writer)
    {
        writer.Write(IsAArch32 ? Cpsr : 0);
        writer.Write(_domains);
        writer.Write((byte)_domainPair);
    }

    private void LoadAArch32(StateReader reader)
    {
        uint status = reader.ReadUInt32();
        reader.Read(_domains);
        _domainPair = reader.ReadByte() & 1;
        Header.Mode = 0;
        RefreshModes();
        if (status == 0)
            return;
        if (!Isa.Has(ArmFeature.AArch32) || !HasMode(status & ModeBits))
            throw reader.Damaged($"there is no status register 0x{status:x8}");
        SetCpsr(status);
    }

    private void SetCpsr(uint value)
    {
        Nzcv = value & 0xf000_0000;
        this[Registers.A32.Sticky] = (value >> 27) & 1;
        this[Registers.A32.Ge] = (value >> 16) & 15;
        this[SystemSlot.Daif] = value & MaskBits;
        if (!HasMode(value & ModeBits))
            value = (value & ~ModeBits) | (uint)A32Mode.Processor(Header.Mode);
        int level = (ProcessorMode)(value & ModeBits) == ProcessorMode.User ? 0 : 1;
        if (level != ExceptionLevel)
            Counters.OnLevelChange(level);
        ExceptionLevel = level;
        SetMode(A32ModeWord(value));
    }

    private void RequireAArch32()
    {
        if (!IsAArch32)
            throw new InvalidOperationException($"{Name} is in AArch64 state");
    }
}
