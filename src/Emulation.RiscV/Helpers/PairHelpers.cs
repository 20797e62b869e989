using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.RiscV;

/// <summary>AMOCAS.Q: compare and exchange of 16 bytes, whose operands are too many for one call.</summary>
/// <remarks>
/// .NET has no 16-byte compare and exchange, so the machine's device lock makes it atomic: towards every other AMOCAS.Q and access to
/// devices always. A plain store or narrower atomic of another CPU to the same 16 bytes can fall between comparison and exchange
/// when CPUs run on threads of their own; it cannot in deterministic mode.
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
        ref CpuHeader header = ref *(CpuHeader*)s;
        VirtualCpu cpu = VirtualCpu.From(s);
        ulong address = addressAndMmu & ~15UL;
        var how = new MemOp(8, false, (int)(addressAndMmu & 15));
        // first the right to write, so that faults are those of a store
        if (!cpu.TryGetWritePointer(address, 16, how.MmuIndex, out _))
            return;
        cpu.Context.Memory.EnterDeviceLock();
        try
        {
            if (!cpu.TryLoad(address, how, out ulong oldLow) || !cpu.TryLoad(address + 8, how, out ulong oldHigh))
                return;
            if (oldLow == header.Scratch0 && oldHigh == header.Scratch1)
            {
                if (!cpu.TryStore(address, how, low) || !cpu.TryStore(address + 8, how, high))
                    return;
            }

            (header.Scratch0, header.Scratch1) = (oldLow, oldHigh);
        }
        finally
        {
            cpu.Context.Memory.DeviceLock.Exit();
        }
    }
}
