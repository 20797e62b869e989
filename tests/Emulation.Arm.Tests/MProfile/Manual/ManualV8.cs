namespace Emulation.Arm.Tests.MProfile.Manual;

/// <summary>A fault as CreateException() of DDI 0553 gives it; of number 0 when there is none.</summary>
internal readonly record struct ManualFault(int Number, bool IsSecure, bool LocksUp);

/// <summary>
/// State of a PE of Armv8-M in plain fields, for the pseudocode of DDI 0553 written down once more: <c>ExceptionReturn()</c>, <c>ExceptionEntry()</c> and what they call.
/// Without <see cref="IsV8"/> the differences of Armv7-M are in force (DDI 0403E, B1.5). Arrays have one element for each Security state, Non-secure first.
/// </summary>
/// <remarks>What becomes UNKNOWN is noted and not compared. Where the manual says UNPREDICTABLE, the fault INVPC stands.</remarks>
internal sealed partial class ManualV8
{
    public const int Nmi = 2, HardFault = 3, MemManage = 4, BusFault = 5, UsageFault = 6, SecureFault = 7, SvCall = 11, PendSv = 14, First = 16, Secured = 512;

    public const uint StackFirst = 0x2_0000, StackBytes = 0x1000;

    private const uint ReadyHardFault = 1 << 4;

    public bool IsV8 { get; init; } = true;

    public bool Security { get; init; }

    public bool Main { get; init; }

    public bool Float { get; init; }

    public bool Dsp { get; init; }

    // the state of the PE
    public uint[] R { get; } = new uint[13];

    public uint Lr { get; set; }

    public uint Pc { get; set; }

    public uint Flags { get; set; }

    public bool T { get; set; } = true;

    public int Ipsr { get; set; }

    public bool Secure { get; set; }

    public uint[] Msp { get; } = new uint[2];

    public uint[] Psp { get; } = new uint[2];

    public uint[] MspLimit { get; } = new uint[2];

    public uint[] PspLimit { get; } = new uint[2];

    public bool[] Spsel { get; } = new bool[2];

    public bool[] Npriv { get; } = new bool[2];

    public bool Fpca { get; set; }

    public bool Sfpa { get; set; }

    public bool[] Primask { get; } = new bool[2];

    public bool[] Faultmask { get; } = new bool[2];

    public int[] Basepri { get; } = new int[2];

    public uint[] S { get; } = new uint[32];

    public uint Fpscr { get; set; }

    // exceptions: numbers, and from Secured on the Secure ones of two
    public bool[] Active { get; } = new bool[2 * Secured];

    public bool[] Pending { get; } = new bool[2 * Secured];

    public int[] Priorities { get; } = new int[2 * Secured];

    public bool[] Itns { get; } = new bool[Secured];

    // controls
    public bool Pris { get; set; }

    public bool Bfhfnmins { get; set; }

    public int[] PriGroup { get; } = new int[2];

    public bool[] MemEnabled { get; } = new bool[2];

    public bool BusEnabled { get; set; }

    public bool[] UsageEnabled { get; } = new bool[2];

    public bool SecureEnabled { get; set; }

    public bool[] Bfhfnmign { get; } = new bool[2];

    public bool[] Stkofhfnmign { get; } = new bool[2];

    public bool StackAlign { get; set; } = true;

    public bool Lspen { get; set; }

    public bool Clronret { get; set; }

    public bool Ts { get; set; }

    public bool[] Lspact { get; } = new bool[2];

    public bool[] LazyUser { get; } = new bool[2];

    public bool[] LazyThread { get; } = new bool[2];

    public bool[] LimitViolated { get; } = new bool[2];

    public uint[] Fpcar { get; } = new uint[2];

    /// <summary>FPCCR's bits 4 to 10: HFRDY, MMRDY, BFRDY, SFRDY, MONRDY, UFRDY.</summary>
    public uint[] Ready { get; } = new uint[2];

    public int[] Cpacr { get; } = [3, 3];

    public bool NsacrCp10 { get; set; } = true;

    // status
    public uint[] Cfsr { get; } = new uint[2];

    public uint Hfsr { get; set; }

    public uint Sfsr { get; set; }

    public bool LockedUp { get; set; }

    // memory: stacks, with nothing around them
    public uint[] Words { get; } = new uint[StackBytes / 4];

    /// <summary>Read-only for the MPUs.</summary>
    public (uint First, uint Last) ReadOnly { get; set; } = (1, 0);

    /// <summary>The MPUs are in force at negative priority: MPU_CTRL.HFNMIENA.</summary>
    public bool ProtectsUrgent { get; set; }

    /// <summary>The vector tables that cannot be read.</summary>
    public bool[] NoVectors { get; } = new bool[2];

    // what is UNKNOWN
    public uint UnknownR { get; private set; }

    public bool UnknownFlags { get; private set; }

    public bool UnknownFloat { get; private set; }

    private int Bank => Secure ? 1 : 0;

    private bool IsHandler => Ipsr != 0;

    private bool IsPrivileged(bool handler, int bank) => handler || !Npriv[bank];

    private ref uint Stack(bool handler, int bank) => ref (!handler && Spsel[bank] ? ref Psp[bank] : ref Msp[bank]);

    private uint Limit(bool handler, int bank) => !IsV8 ? 0 : !handler && Spsel[bank] ? PspLimit[bank] : MspLimit[bank];

    // MemA[] of a stack; gives the fault, whose status bits are set
    private ManualFault Access(uint address, bool writes, int bank, ref uint value, bool lazy = false)
    {
        bool urgent = lazy ? (Ready[bank] & ReadyHardFault) == 0 : IsRequestedNegative(bank);
        if (writes && IsReadOnly(address) && (!urgent || ProtectsUrgent))
        {
            Cfsr[bank] |= lazy ? 1u << 5 : 1 << 4;
            return lazy ? new ManualFault(MemManage, bank == 1, false) : Create(MemManage, bank == 1);
        }

        if (address is < StackFirst or >= StackFirst + StackBytes)
        {
            if (IgnoresBusFaults())
            {
                value = writes ? value : 0;
                return default;
            }

            Cfsr[0] |= lazy ? 1u << 13 : writes ? 1u << 12 : 1 << 11;
            return lazy ? new ManualFault(BusFault, Targets(BusFault, false), false) : Create(BusFault, false);
        }

        if (writes)
            Words[(address - StackFirst) / 4] = value;
        else
            value = Words[(address - StackFirst) / 4];
        return default;
    }

    private bool IsReadOnly(uint address) => ReadOnly.First <= address && address <= ReadOnly.Last;

    private bool IgnoresBusFaults() => Main && Bfhfnmign[Bank] && IsRequestedNegative(Bank);
}
