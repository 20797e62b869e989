using Emulation.Arm.Instructions.T32;
using Emulation.Cpu.Decode;

namespace Emulation.Arm;

/// <summary>All encodings of T32 by length, whatever a CPU has of them. Built on first use; immutable.</summary>
/// <remarks>What coprocessors, floating point and vectors have is the same as in A32 but for the first byte.</remarks>
internal static class T32Tables
{
    private static readonly Lazy<EncodingTable<A32Emitter, T32Word>> s_table16 = new(Build16);
    private static readonly Lazy<EncodingTable<A32Emitter, T32Word>> s_table32 = new(Build32);

    public static EncodingTable<A32Emitter, T32Word> Table16 => s_table16.Value;

    public static EncodingTable<A32Emitter, T32Word> Table32 => s_table32.Value;

    private static EncodingTable<A32Emitter, T32Word> Build16()
        => new EncodingTableBuilder<A32Emitter, T32Word>(new T32Schema(16))
            .Add(typeof(NarrowDataProcessing))
            .Add(typeof(NarrowLoadStore))
            .Add(typeof(NarrowMiscellaneous))
            .Add(typeof(NarrowBranches))
            .Build();

    private static EncodingTable<A32Emitter, T32Word> Build32()
        => new EncodingTableBuilder<A32Emitter, T32Word>(new T32Schema(32))
            .Add(typeof(WideDataProcessing))
            .Add(typeof(WideImmediate))
            .Add(typeof(WideRegister))
            .Add(typeof(WideMultiply))
            .Add(typeof(WideLoadStore))
            .Add(typeof(WideMultiple))
            .Add(typeof(WideExclusive))
            .Add(typeof(WideBranches))
            .Add(typeof(WideLinkingBranches))
            .Add(typeof(WideSystem))
            .Build();
}
