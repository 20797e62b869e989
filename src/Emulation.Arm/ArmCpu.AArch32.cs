using Emulation.Core;

namespace Emulation.Arm;

// AArch32: the status register. Arm DDI 0487, G8.2.33 "CPSR"; DDI 0406, B1.3.3.
public sealed partial class ArmCpu
{
    private const uint ModeBits = 0x1f, ThumbBit = 1 << 5, EndianBit = 1 << 9, MaskBits = 7 << 6, StickyBit = 1 << 27, ItBits = 0x0600_fc00;
    private const uint DataTimingBit = 1 << 21, SafeBypassBit = 1 << 23, IllegalBit = 1 << 20, PrivilegedNeverBit = 1 << 22;

    private const ulong ThreadTrap = 1 << 13;

    // which bits MSR can write at all: not T, J, IT
    private const uint WritableStatus = 0xf80f_0200 | MaskBits | ModeBits | DataTimingBit | SafeBypassBit | PrivilegedNeverBit;

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
            ulong state = this[SystemSlot.PState];
            return Nzcv | (this[Registers.A32.Sticky] != 0 ? StickyBit : 0) | ((uint)this[Registers.A32.Ge] << 16) | ((uint)this[SystemSlot.Daif] & MaskBits)
                | ((state & StateDit) != 0 ? DataTimingBit : 0) | ((state & StateSsbs) != 0 ? SafeBypassBit : 0) | (uint)(state & (StateIllegal | StatePan))
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

    /// <summary>What MSR and CPS do.</summary>
    internal void WriteCpsr(uint value, uint mask)
    {
        uint status = Cpsr;
        mask &= WritableStatus & ~ProtectedStatus;
        if (ExceptionLevel == 0)
            mask &= ~(MaskBits | ModeBits | DataTimingBit | PrivilegedNeverBit);
        PutCpsr((status & ~mask) | (value & mask));
    }

    /// <summary>What an exception return does: the status comes from an SPSR, or from memory.</summary>
    internal void RestoreCpsr(uint value)
    {
        uint kept = ProtectedStatus;
        Header.ReservationAddress = ulong.MaxValue;
        PutCpsr((Cpsr & kept) | (value & ~kept));
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
        if ((this[SystemSlot.PState] & StateIllegal) != 0)
            mode |= ArmMode.Illegal;
        if (HasMonitor && _secureBank)
            mode |= A32Mode.Secure;
        if (level != 0 && !Options.StartsInAArch32 && (this[SystemSlot.PState] & StatePan) != 0)
            mode += 1 << ArmMode.MmuShift;
        if (El2Enabled && !IsHostUser && (this[SystemSlot.HstrEl2] & ThreadTrap) != 0)
            mode |= A32Mode.TrapsThreads;
        if ((this[SystemSlot.MdscrEl1] & (DebugStep | DebugMonitor)) != 0 && !IsA32Target(DebugTarget))
            mode |= DebugMode(this[SystemSlot.PState]);
        return mode | A32FloatBits((int)level);
    }

    // A and F of the Non-secure state belong to the Secure state on an Armv7 CPU without Hyp mode: SCR.AW, SCR.FW. B1.5.1.
    private uint ProtectedStatus
    {
        get
        {
            if (!HasMonitor || IsSecure || Isa.Has(ArmFeature.V8))
                return 0;
            ulong control = this[SystemSlot.ScrEl3];
            return ((control & ScrAw) == 0 ? (uint)MaskA : 0) | ((control & ScrFw) == 0 ? (uint)MaskF : 0);
        }
    }

    // those of Hyp mode are not implemented
    private bool HasMode(uint processor)
        => (ProcessorMode)processor != ProcessorMode.Hyp && Enum.IsDefined((ProcessorMode)processor) && ((ProcessorMode)processor != ProcessorMode.Monitor || HasMonitor);

    // from the present mode, by an instruction
    private bool MayEnter(uint processor) => HasMode(processor) && ((ProcessorMode)processor != ProcessorMode.Monitor || IsSecure);

    // An illegal change of mode changes none; Armv8 makes the next instruction an exception. G1.9.2, G1.16.4 "Illegal changes to PE mode".
    private void PutCpsr(uint next)
    {
        if (!MayEnter(next & ModeBits))
        {
            next = (next & ~ModeBits) | (uint)A32Mode.Processor(Header.Mode);
            if (Isa.Has(ArmFeature.V8))
                next |= IllegalBit;
        }

        SetCpsr(next);
        if (AnyInterrupt())
            RequestAttention();
    }

    private void SaveAArch32(StateWriter writer)
    {
        writer.Write(IsAArch32 ? Cpsr : 0);
        writer.Write(_domains);
        writer.Write((byte)(_domainPairs[0] | (_domainPairs[1] << 1) | (_pans << 2)));
    }

    private void LoadAArch32(StateReader reader)
    {
        uint status = reader.ReadUInt32();
        reader.Read(_domains);
        byte pairs = reader.ReadByte();
        (_domainPairs[0], _domainPairs[1], _pans) = (pairs & 1, (pairs >> 1) & 1, (pairs >> 2) & 15);
        Header.Mode = 0;
        _secureBank = HasMonitor && ((this[SystemSlot.ScrEl3] & ScrNs) == 0 || (status & ModeBits) == (uint)ProcessorMode.Monitor);
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
        if (Isa.Has(ArmFeature.V8))
        {
            const ulong Own = StateIllegal | StateDit | StateSsbs | StatePan;
            ulong state = (value & (IllegalBit | PrivilegedNeverBit)) | ((value & DataTimingBit) != 0 ? StateDit : 0) | ((value & SafeBypassBit) != 0 ? StateSsbs : 0);
            this[SystemSlot.PState] = (this[SystemSlot.PState] & ~Own) | (state & StateBits);
        }

        if (!HasMode(value & ModeBits))
            value = (value & ~ModeBits) | (uint)A32Mode.Processor(Header.Mode);
        var processor = (ProcessorMode)(value & ModeBits);
        int level = processor == ProcessorMode.User ? 0 : 1;
        if (level != ExceptionLevel)
            Counters.OnLevelChange(level);
        ExceptionLevel = level;
        if (HasMonitor)
            EnterWorld(processor == ProcessorMode.Monitor || (this[SystemSlot.ScrEl3] & ScrNs) == 0);
        if (Options.StartsInAArch32 && Isa.Has(ArmFeature.PAN) && TryChooseRegime())
            RefreshLevelModes();
        SetMode(A32ModeWord(value));
        if (WorldChanged is { } changed)
            TellWorld(changed);
    }

    private void RequireAArch32()
    {
        if (!IsAArch32)
            throw new InvalidOperationException($"{Name} is in AArch64 state");
    }
}
