using Emulation.Arm.Instructions;
using Emulation.Cpu.Decode;

namespace Emulation.Arm;

/// <summary>All A64 encodings, whatever a CPU has of them. Built on first use; immutable.</summary>
internal static class A64Tables
{
    private static readonly Lazy<EncodingTable<A64Emitter, A64Word>> s_table = new(Build);

    public static EncodingTable<A64Emitter, A64Word> Table => s_table.Value;

    private static EncodingTable<A64Emitter, A64Word> Build()
        => new EncodingTableBuilder<A64Emitter, A64Word>(new A64Schema())
            .Add(typeof(DataProcessingImmediate))
            .Add(typeof(AddSubtractRegister))
            .Add(typeof(LogicalRegister))
            .Add(typeof(DataProcessingSources))
            .Add(typeof(Conditional))
            .Add(typeof(FlagManipulation))
            .Add(typeof(Branches))
            .Add(typeof(ExceptionGeneration))
            .Add(typeof(SystemInstructions))
            .Add(typeof(SystemRegisterMoves))
            .Add(typeof(LoadStoreRegister))
            .Add(typeof(UnprivilegedAccess))
            .Add(typeof(LoadStorePair))
            .Add(typeof(LoadStoreVector))
            .Add(typeof(Exclusives))
            .Add(typeof(AtomicOperations))
            .Add(typeof(FloatingPoint))
            .Add(typeof(FloatConversions))
            .Add(typeof(VectorThreeSame))
            .Add(typeof(VectorTwoMiscellaneous))
            .Add(typeof(VectorThreeDifferent))
            .Add(typeof(VectorShiftImmediate))
            .Add(typeof(VectorByElement))
            .Add(typeof(VectorFloatThreeSame))
            .Add(typeof(VectorFloatTwoMiscellaneous))
            .Add(typeof(VectorPermute))
            .Add(typeof(VectorImmediate))
            .Add(typeof(VectorStructures))
            .Add(typeof(VectorElements))
            .Add(typeof(DotProduct))
            .Add(typeof(Cryptography))
            .Add(typeof(Sha512))
            .Add(typeof(ShangMi))
            .Add(typeof(ComplexNumbers))
            .Add(typeof(HalfProducts))
            .Add(typeof(BrainFloat))
            .Add(typeof(ByteMatrices))
            .Add(typeof(ShortSequences))
            .Add(typeof(HintedBranches))
            .Add(typeof(BranchTargets))
            .Add(typeof(SignedPointers))
            .Add(typeof(SignedBranches))
            .Add(typeof(OrderedAccesses))
            .Add(typeof(AtomicPairs))
            .Add(typeof(MemoryCopies))
            .Add(typeof(SystemExtensions))
            .Build();
}
