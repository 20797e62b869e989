using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Arm;

// Access to system registers and encoded system instructions. Arm DDI 0487, D17.1, C5.
public sealed unsafe partial class ArmCpu
{
    private const int BlockBytes = 64;

    /// <summary>System registers of a device, such as the CPU interface of a GICv3; null for none. ID_AA64PFR0_EL1.GIC follows.</summary>
    public IArmSystemRegisters? SystemRegisters { get; set; }

    /// <summary>The performance monitors' output, to be connected to an interrupt controller.</summary>
    public Core.IrqLine CounterOverflow => Counters.Line;

    internal PerformanceCounters Counters => field ??= new PerformanceCounters(this);

    internal int GroupSize => _group.Cpus.Count;

    /// <summary>Finds a system register by the manual's name.</summary>
    /// <param name="name">Such as <c>SCTLR_EL1</c>; without regard to case.</param>
    /// <param name="encoding">op0&lt;&lt;14 | op1&lt;&lt;11 | CRn&lt;&lt;7 | CRm&lt;&lt;3 | op2; -1 when there is none.</param>
    /// <returns>Whether this CPU has it.</returns>
    public bool TryFindSystemRegister(string name, out int encoding)
    {
        foreach (SystemRegister row in SystemRegisterTable.Rows)
        {
            if (row.Op0 >= 2 && row.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && (row.Exists is null || row.Exists(this)))
            {
                encoding = row.Encoding;
                return true;
            }
        }

        encoding = -1;
        return false;
    }

    /// <summary>Reads a system register for firmware, a debugger or a test, whatever the present level. Reading has the side effects that the register itself has.</summary>
    /// <param name="encoding">As <see cref="TryFindSystemRegister"/> gives it.</param>
    /// <param name="value">Its value; 0 when there is none.</param>
    /// <returns>False when the CPU has no such register or it cannot be read.</returns>
    public bool TryReadSystemRegister(int encoding, out ulong value)
    {
        value = 0;
        if ((uint)encoding > ushort.MaxValue || SystemRegisterTable.Find(encoding) is not { } row || row.Op0 < 2 || row.ReadLevel == SystemRegister.Nobody)
            return false;
        if (row.Exists is not null && !row.Exists(this))
            return false;
        if (row.IsExternal)
            return TryReadExternal(encoding, HighestLevel, out value);
        value = row.Slot is SystemSlot.SpEl0 or SystemSlot.SpEl1 or SystemSlot.SpEl2 or SystemSlot.SpEl3 && row.Slot == CurrentSp ? this[Registers.Sp] : row.ReadOn(this);
        return true;
    }

    /// <summary>Writes a system register for firmware, a debugger or a test, whatever the present level.</summary>
    /// <param name="encoding">As <see cref="TryFindSystemRegister"/> gives it.</param>
    /// <param name="value">The value.</param>
    /// <returns>False when the CPU has no such register or it cannot be written.</returns>
    public bool TryWriteSystemRegister(int encoding, ulong value)
    {
        if ((uint)encoding > ushort.MaxValue || SystemRegisterTable.Find(encoding) is not { } row || row.Op0 < 2 || row.WriteLevel == SystemRegister.Nobody)
            return false;
        if (row.Exists is not null && !row.Exists(this))
            return false;
        if (row.IsExternal)
            return TryWriteExternal(encoding, HighestLevel, value);
        row.WriteOn(this, value);
        if (row.Slot is { } slot && slot <= SystemSlot.SpEl3 && slot == CurrentSp)
            this[Registers.Sp] = value;
        return true;
    }

    /// <summary>MRS: the value, or a recorded exception.</summary>
    /// <param name="word">The instruction.</param>
    internal ulong ReadRegister(uint word)
    {
        int encoding = (int)(word >> 5) & 0xffff;
        if (Check(word, false, ref encoding) is not { } row)
            return 0;
        if (!row.IsExternal)
            return row.ReadOn(this);
        if (TrapsExternal(word, encoding))
            return 0;
        if (!TryReadExternal(encoding, ExceptionLevel, out ulong value))
            RecordTrap(0, ArmException.Code(ArmException.Unknown, 0));
        return value;
    }

    /// <summary>MSR and SYS.</summary>
    /// <param name="word">The instruction.</param>
    /// <param name="value">The register's.</param>
    internal void WriteRegister(uint word, ulong value)
    {
        int encoding = (int)(word >> 5) & 0xffff;
        if (Check(word, true, ref encoding) is not { } row)
            return;
        if (!row.IsExternal)
            row.WriteOn(this, value);
        else if (!TrapsExternal(word, encoding) && !TryWriteExternal(encoding, ExceptionLevel, value))
            RecordTrap(0, ArmException.Code(ArmException.Unknown, 0));
    }

    /// <summary>DC ZVA.</summary>
    internal void ZeroBlock(ulong address)
    {
        int index = ArmMode.Mmu(Header.Mode);
        ulong block = address & ~(ulong)(BlockBytes - 1);
        if (!TryGetWritePointer(block, BlockBytes, index, out byte* pointer))
            return;
        if (pointer is not null)
        {
            new Span<byte>(pointer, BlockBytes).Clear();
            return;
        }

        // translated code, a hook or a device: store by store
        var how = new MemOp(8, false, index);
        for (int i = 0; i < BlockBytes && TryStore(block + (ulong)i, how, 0); i += 8)
        {
        }
    }

    private SystemSlot CurrentSp => _ownSp ? SystemSlot.SpEl0 + ExceptionLevel : SystemSlot.SpEl0;

    // the row of an access from the present level, after redirection; null after an exception was recorded
    private SystemRegister? Check(uint word, bool write, ref int encoding)
    {
        int level = ExceptionLevel, op1 = (encoding >> 11) & 7;
        if (op1 == 5 && encoding >> 14 == 3)
            encoding = level >= 2 && (this[SystemSlot.HcrEl2] & HcrE2h) != 0 ? SystemRegisterTable.GuestEncoding(encoding) : -1;
        else if (level == 2 && IsHost)
            encoding = SystemRegisterTable.HostEncoding(encoding);
        int target = -1;
        SystemRegister? row = encoding < 0 ? null : SystemRegisterTable.Find(encoding);
        if (row is not null && (row.Exists is null || row.Exists(this)))
        {
            if (level >= (write ? row.WriteLevel : row.ReadLevel))
                target = row.IsVirtualMemory ? SystemTraps.VirtualMemory(this, write) : row.Trap is { } trap ? trap(this, write) : 0;
            else if (level == 0 && !write && IsIdentification(encoding) && Isa.Has(ArmFeature.IDST))
                target = UserTarget;
        }

        if (target == 0)
            return row;
        if (target < 0)
            RecordTrap(0, ArmException.Code(ArmException.Unknown, 0));
        else
            RecordTrap(target, ArmException.Code(ArmException.SystemRegister, TrapSyndrome(word)));
        return null;
    }

    // IDST: op0 = 3, op1 = 0, 1 or 3, CRn = 0
    private static bool IsIdentification(int encoding) => encoding >> 14 == 3 && ((encoding >> 11) & 7) is 0 or 1 or 3 && ((encoding >> 7) & 15) == 0;

    /// <summary>ISS of a trapped MRS, MSR or SYS.</summary>
    /// <param name="word">The instruction.</param>
    internal static int TrapSyndrome(uint word)
    {
        int op0 = (int)(word >> 19) & 3, op1 = (int)(word >> 16) & 7, crn = (int)(word >> 12) & 15, crm = (int)(word >> 8) & 15, op2 = (int)(word >> 5) & 7;
        return (op0 << 20) | (op2 << 17) | (op1 << 14) | (crn << 10) | ((int)(word & 31) << 5) | (crm << 1) | ((int)(word >> 21) & 1);
    }

    private ArmRegisterAccess AccessOf(int level)
        => new(
            this,
            level,
            HasMonitor ? IsSecureBelow : IsSecure,       // Monitor mode chooses whose registers it accesses
            (Hcr & (HcrImo | HcrTge)) == HcrImo || (Hcr & (HcrTge | HcrE2h)) == HcrTge,
            (Hcr & (HcrFmo | HcrTge)) == HcrFmo || (Hcr & (HcrTge | HcrE2h)) == HcrTge,
            Options.HasEl3 && (this[SystemSlot.ScrEl3] & ScrIrq) != 0,
            Options.HasEl3 && (this[SystemSlot.ScrEl3] & ScrFiq) != 0);

    private bool TrapsExternal(uint word, int encoding)
    {
        int target = SystemRegisters?.TrapTarget(encoding, AccessOf(ExceptionLevel)) ?? 0;
        if (target != 0)
            RecordTrap(target, ArmException.Code(ArmException.SystemRegister, TrapSyndrome(word)));
        return target != 0;
    }

    private bool TryReadExternal(int encoding, int level, out ulong value)
    {
        value = 0;
        if (SystemRegisters is not { } device)
            return false;
        Context.Memory.EnterDeviceLock();
        try
        {
            return device.TryRead(encoding, AccessOf(level), out value);
        }
        finally
        {
            Context.Memory.DeviceLock.Exit();
        }
    }

    private bool TryWriteExternal(int encoding, int level, ulong value)
    {
        if (SystemRegisters is not { } device)
            return false;
        Context.Memory.EnterDeviceLock();
        try
        {
            return device.TryWrite(encoding, AccessOf(level), value);
        }
        finally
        {
            Context.Memory.DeviceLock.Exit();
        }
    }
}
