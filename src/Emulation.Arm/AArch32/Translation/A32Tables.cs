using Emulation.Arm.Instructions.A32;
using Emulation.Cpu.Decode;

namespace Emulation.Arm;

/// <summary>All encodings of A32, whatever a CPU has of them. Built on first use; immutable.</summary>
internal static class A32Tables
{
    /// <summary>Name of the groups whose emitters look at the condition themselves.</summary>
    public const string Branches = "branch";

    private static readonly Lazy<EncodingTable<A32Emitter, A32Word>> s_table = new(Build);

    public static EncodingTable<A32Emitter, A32Word> Table => s_table.Value;

    private static EncodingTable<A32Emitter, A32Word> Build()
        => new EncodingTableBuilder<A32Emitter, A32Word>(new A32Schema())
            .Add(typeof(DataProcessing))
            .Add(typeof(Multiply))
            .Add(typeof(Media))
            .Add(typeof(LoadStore))
            .Add(typeof(LoadStoreMultiple))
            .Add(typeof(Synchronization))
            .Add(typeof(Instructions.A32.Branches))
            .Add(typeof(LinkingBranches))
            .Add(typeof(Status))
            .Add(typeof(Unconditional))
            .Build();
}
