using Emulation.Arm.Instructions.Simd;
using Emulation.Cpu.Decode;

namespace Emulation.Arm;

/// <summary>Encodings that A32 and T32 have in common: floating point, vectors, coprocessors. Words in A32 form. Built on first use; immutable.</summary>
internal static class SimdTables
{
    /// <summary>Name of the group that does not need floating point to be enabled.</summary>
    public const string Coprocessors = "coprocessor";

    private static readonly Lazy<EncodingTable<A32Emitter, A32Word>> s_table = new(Build);

    public static EncodingTable<A32Emitter, A32Word> Table => s_table.Value;

    private static EncodingTable<A32Emitter, A32Word> Build()
        => new EncodingTableBuilder<A32Emitter, A32Word>(new A32Schema(A32Schema.Simd))
            .Add(typeof(VfpArithmetic))
            .Add(typeof(VfpConversions))
            .Add(typeof(VfpTransfers))
            .Add(typeof(NeonThreeSame))
            .Add(typeof(NeonFloat))
            .Add(typeof(NeonTwo))
            .Add(typeof(NeonThreeDifferent))
            .Add(typeof(NeonImmediate))
            .Add(typeof(NeonLoadStore))
            .Add(typeof(NeonTransfers))
            .Add(typeof(NeonCrypto))
            .Add(typeof(NeonProducts))
            .Add(typeof(Coprocessors))
            .Build();
}
