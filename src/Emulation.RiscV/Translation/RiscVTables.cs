using Emulation.Cpu.Decode;
using Emulation.RiscV.Instructions;

namespace Emulation.RiscV;

/// <summary>All encodings, whatever a CPU has of them. Built on first use; immutable.</summary>
internal static class RiscVTables
{
    private static readonly Lazy<EncodingTable<RvEmitter, RvWord>> s_table32 = new(Build32);
    private static readonly Lazy<EncodingTable<RvEmitter, RvWord>> s_table16 = new(Build16);

    /// <summary>32-bit encodings.</summary>
    public static EncodingTable<RvEmitter, RvWord> Table32 => s_table32.Value;

    /// <summary>16-bit encodings.</summary>
    public static EncodingTable<RvEmitter, RvWord> Table16 => s_table16.Value;

    private static EncodingTable<RvEmitter, RvWord> Build32()
        => new EncodingTableBuilder<RvEmitter, RvWord>(new RvSchema32())
            .Add(typeof(BaseInteger))
            .Add(typeof(BaseWord))
            .Add(typeof(LoadStore))
            .Add(typeof(MultiplyDivide))
            .Add(typeof(Atomics))
            .Add(typeof(LoadReserved))
            .Add(typeof(Zicsr))
            .Add(typeof(Zifencei))
            .Add(typeof(PrivilegedInstructions))
            .Add(typeof(SingleFloat))
            .Add(typeof(DoubleFloat))
            .Add(typeof(HalfFloatTransfers))
            .Add(typeof(HalfFloatArithmetic))
            .Add(typeof(Zfa))
            .Add(typeof(Zba))
            .Add(typeof(BitLogic))
            .Add(typeof(Zbb))
            .Add(typeof(Zbs))
            .Add(typeof(Zbc))
            .Add(typeof(Zbkb))
            .Add(typeof(Zbkx))
            .Add(typeof(Aes))
            .Add(typeof(Zknh))
            .Add(typeof(Zicond))
            .Add(typeof(CacheBlocks))
            .Add(typeof(Hints))
            .Add(typeof(Zawrs))
            .Add(typeof(Zacas))
            .Add(typeof(Zimop))
            .Build();

    private static EncodingTable<RvEmitter, RvWord> Build16()
        => new EncodingTableBuilder<RvEmitter, RvWord>(new RvSchema16())
            .Add(typeof(Compressed))
            .Add(typeof(CompressedFloat))
            .Add(typeof(Zcb))
            .Add(typeof(CompressedHints))
            .Build();
}
