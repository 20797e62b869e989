namespace Emulation.IR.Passes;

/// <summary>All passes in their order.</summary>
public static class IrPasses
{
    /// <summary>Simplifies a block in place; what it does, and what can be seen of it, stays the same.</summary>
    /// <param name="block">A verified block.</param>
    public static void Optimize(IrBlock block)
    {
        RegisterForwarding.Run(block);
        ConstantFolding.Run(block);
        DeadStores.Run(block);
        DeadCode.Run(block);
    }
}
