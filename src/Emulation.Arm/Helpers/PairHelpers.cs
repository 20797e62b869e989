using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Arm;

/// <summary>Atomic accesses of 16 bytes, whose operands are too many for one call. See <c>CpuHeader.Scratch0</c>.</summary>
/// <remarks>.NET has no 16-byte compare and exchange, so it is done while no other CPU executes.</remarks>
internal static unsafe class PairHelpers
{
    // the pair travels through the header's scratch words: memory effects keep the calls in order
    private const IrEffects Scratch = IrEffects.ReadsMemory | IrEffects.WritesMemory;
    private const IrEffects Access = Scratch | IrEffects.MayFault | IrEffects.ReadsTime;

    /// <summary><c>void (low, high)</c>: what memory must hold.</summary>
    public static readonly IrHelper SetExpected = Create(nameof(DoSetExpected), IrType.None, Scratch);

    /// <summary><c>void (address, low, high)</c>: exchanges when it does.</summary>
    public static readonly IrHelper CompareExchange = Create(nameof(DoCompareExchange), IrType.None, Access);

    /// <summary><c>void (address, operation)</c>: an <see cref="AtomicOp"/> with the operand where the expected value else is.</summary>
    public static readonly IrHelper Modify = Create(nameof(DoModify), IrType.None, Access);

    /// <summary><c>void (address)</c>: loads and reserves.</summary>
    public static readonly IrHelper LoadExclusive = Create(nameof(DoLoadExclusive), IrType.None, Access);

    /// <summary><c>ulong (address, low, high)</c>: stores if the reservation holds; 0 when it did.</summary>
    public static readonly IrHelper StoreExclusive = Create(nameof(DoStoreExclusive), IrType.I64, Access);

    /// <summary>What memory held, low half.</summary>
    public static readonly IrHelper OldLow = Create(nameof(DoOldLow), IrType.I64, Scratch);

    /// <summary>What memory held, high half.</summary>
    public static readonly IrHelper OldHigh = Create(nameof(DoOldHigh), IrType.I64, Scratch);

    public static void DoSetExpected(byte* s, ulong low, ulong high)
    {
        ref CpuHeader header = ref *(CpuHeader*)s;
        (header.Scratch0, header.Scratch1) = (low, high);
    }

    public static ulong DoOldLow(byte* s) => ((CpuHeader*)s)->Scratch0;

    public static ulong DoOldHigh(byte* s) => ((CpuHeader*)s)->Scratch1;

    public static void DoCompareExchange(byte* s, ulong address, ulong low, ulong high)
        => Alone(s, address, cpu =>
        {
            ref CpuHeader header = ref cpu.Header;
            if (!cpu.TryLoad(address, Half(cpu), out ulong oldLow) || !cpu.TryLoad(address + 8, Half(cpu), out ulong oldHigh))
                return;
            bool equal = oldLow == header.Scratch0 && oldHigh == header.Scratch1;
            if (equal ? !cpu.TryStore(address, Half(cpu), low) || !cpu.TryStore(address + 8, Half(cpu), high) : !IsWritable(cpu, address))
                return;
            (header.Scratch0, header.Scratch1) = (oldLow, oldHigh);
        });

    public static void DoModify(byte* s, ulong address, ulong operation)
        => Alone(s, address, cpu =>
        {
            ref CpuHeader header = ref cpu.Header;
            if (!IsWritable(cpu, address) || !cpu.TryLoad(address, Half(cpu), out ulong oldLow) || !cpu.TryLoad(address + 8, Half(cpu), out ulong oldHigh))
                return;
            ulong low = Apply((AtomicOp)operation, oldLow, header.Scratch0), high = Apply((AtomicOp)operation, oldHigh, header.Scratch1);
            if (cpu.TryStore(address, Half(cpu), low) && cpu.TryStore(address + 8, Half(cpu), high))
                (header.Scratch0, header.Scratch1) = (oldLow, oldHigh);
        });

    public static void DoLoadExclusive(byte* s, ulong address)
        => Alone(s, address, cpu =>
        {
            if (!cpu.TryLoadReserved(address, Half(cpu), out ulong low) || !cpu.TryLoad(address + 8, Half(cpu), out ulong high))
                return;
            cpu[cpu.Registers.ExclusiveHigh] = high;
            (cpu.Header.Scratch0, cpu.Header.Scratch1) = (low, high);
        });

    public static ulong DoStoreExclusive(byte* s, ulong address, ulong low, ulong high)
    {
        bool failed = true;
        Alone(s, address, cpu =>
        {
            if (!cpu.TryLoad(address + 8, Half(cpu), out ulong old))
                return;
            if (old != cpu[cpu.Registers.ExclusiveHigh])
                cpu.Header.ReservationAddress = ulong.MaxValue;
            if (cpu.TryStoreConditional(address, Half(cpu), low, out failed) && !failed)
                cpu.TryStore(address + 8, Half(cpu), high);
        });
        return failed ? 1UL : 0;
    }

    private static ulong Apply(AtomicOp operation, ulong old, ulong operand) => operation switch
    {
        AtomicOp.And => old & operand,
        AtomicOp.Or => old | operand,
        _ => operand,
    };

    private static void Alone(byte* s, ulong address, Action<ArmCpu> action)
    {
        var cpu = (ArmCpu)VirtualCpu.From(s);
        if ((address & 15) != 0)
        {
            cpu.ReportMisaligned(address);
            return;
        }

        // devices and hooks may need the device lock, which is taken before the others are stopped
        cpu.Context.Memory.EnterDeviceLock();
        try
        {
            cpu.Context.Exclusive(() => action(cpu));
        }
        finally
        {
            cpu.Context.Memory.DeviceLock.Exit();
        }
    }

    private static MemOp Half(ArmCpu cpu) => new(8, false, ArmMode.Mmu(cpu.Header.Mode), (cpu.Header.Mode & ArmMode.BigEndian) != 0);

    private static bool IsWritable(ArmCpu cpu, ulong address) => cpu.TryGetWritePointer(address, 16, ArmMode.Mmu(cpu.Header.Mode), out _);

    private static IrHelper Create(string method, IrType result, IrEffects effects)
        => IrHelper.Create(typeof(PairHelpers), method, result, effects);
}
