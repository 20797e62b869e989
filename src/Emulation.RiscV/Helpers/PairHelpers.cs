using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.RiscV;

/// <summary>AMOCAS.Q: compare and exchange of 16 bytes, whose operands are too many for one call.</summary>
/// <remarks>
/// .NET has no 16-byte compare and exchange, so it is done while no other CPU executes: towards loads, stores and atomics of any width it is one
/// step, as the manual asks. CPUs on threads of their own leave their translated code for it, so it costs as much as a remote fence.
/// </remarks>
internal static unsafe class PairHelpers
{
    // the pair travels through the header's scratch words: memory effects keep the calls in order
    private const IrEffects Scratch = IrEffects.ReadsMemory | IrEffects.WritesMemory;

    /// <summary><c>void (low, high)</c>: what memory must hold.</summary>
    public static readonly IrHelper SetExpected = IrHelper.Create(typeof(PairHelpers), nameof(StoreExpected), IrType.None, Scratch);

    /// <summary><c>void (address with MMU index in bits 3 to 0, low, high)</c>: exchanges when it does.</summary>
    public static readonly IrHelper CompareExchange
        = IrHelper.Create(typeof(PairHelpers), nameof(Exchange), IrType.None, Scratch | IrEffects.MayFault | IrEffects.ReadsTime);

    /// <summary>What memory held, low half.</summary>
    public static readonly IrHelper OldLow = IrHelper.Create(typeof(PairHelpers), nameof(LoadLow), IrType.I64, Scratch);

    /// <summary>What memory held, high half.</summary>
    public static readonly IrHelper OldHigh = IrHelper.Create(typeof(PairHelpers), nameof(LoadHigh), IrType.I64, Scratch);

    public static void StoreExpected(byte* s, ulong low, ulong high)
    {
        ref CpuHeader header = ref *(CpuHeader*)s;
        (header.Scratch0, header.Scratch1) = (low, high);
    }

    public static ulong LoadLow(byte* s) => ((CpuHeader*)s)->Scratch0;

    public static ulong LoadHigh(byte* s) => ((CpuHeader*)s)->Scratch1;

    public static void Exchange(byte* s, ulong addressAndMmu, ulong low, ulong high)
    {
        VirtualCpu cpu = VirtualCpu.From(s);
        ulong address = addressAndMmu & ~15UL;
        int mmuIndex = (int)(addressAndMmu & 15);
        bool done = false;
        cpu.Context.Exclusive(() => done = TryExchange(cpu, address, mmuIndex, low, high));
        if (done)
            return;

        // A device, translated code or a hook: for those the device lock is needed, and it is taken before the others are stopped
        cpu.Context.Memory.EnterDeviceLock();
        try
        {
            cpu.Context.Exclusive(() => ExchangeOnBus(cpu, address, mmuIndex, low, high));
        }
        finally
        {
            cpu.Context.Memory.DeviceLock.Exit();
        }
    }

    // False when the access has to go through the bus; true also when it faulted.
    private static bool TryExchange(VirtualCpu cpu, ulong address, int mmuIndex, ulong low, ulong high)
    {
        if (!cpu.TryGetWritePointer(address, 16, mmuIndex, out byte* pointer))
            return true;
        if (pointer is null)
            return false;
        ref CpuHeader header = ref cpu.Header;
        var memory = (ulong*)pointer;
        (ulong oldLow, ulong oldHigh) = (memory[0], memory[1]);
        if (oldLow == header.Scratch0 && oldHigh == header.Scratch1)
            (memory[0], memory[1]) = (low, high);
        (header.Scratch0, header.Scratch1) = (oldLow, oldHigh);
        return true;
    }

    private static void ExchangeOnBus(VirtualCpu cpu, ulong address, int mmuIndex, ulong low, ulong high)
    {
        ref CpuHeader header = ref cpu.Header;
        var how = new MemOp(8, false, mmuIndex);
        if (!cpu.TryLoad(address, how, out ulong oldLow) || !cpu.TryLoad(address + 8, how, out ulong oldHigh))
            return;
        if (oldLow == header.Scratch0 && oldHigh == header.Scratch1 && (!cpu.TryStore(address, how, low) || !cpu.TryStore(address + 8, how, high)))
            return;
        (header.Scratch0, header.Scratch1) = (oldLow, oldHigh);
    }
}
