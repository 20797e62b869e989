using Emulation.Core;
using Emulation.Cpu;
using Emulation.Debugging;

namespace Emulation.Testing;

/// <summary>Puts firmware into a board's memory: flash once, when the board is made; RAM at each reset, as a debugger or an earlier boot stage would.</summary>
internal sealed class FirmwareLoader(BoardRecipe recipe, FirmwareOptions options)
{
    public void Attach(MachineBuilder builder)
        => builder.Configure(context => context.OnComposed(() => Compose(context)));

    private void Compose(MachineContext context)
    {
        string[] faults = [.. FirmwareCheck.Run(recipe, options.Images, context.Memory)];
        foreach (string fault in faults)
            context.Error(fault);
        if (faults.Length > 0)
            return;
        if (!context.IsFork)
            Load(context.Memory, static _ => true);
        context.OnReset(machine =>
        {
            Load(machine.Memory, static region => !region.ReadOnly);
            if (recipe.StartsAtEntry && options.Images[0].Entry is { } entry)
                ((VirtualCpu)machine.Cpus[0]).SetPc(entry);
        });
    }

    private void Load(AddressSpace memory, Func<RamRegion, bool> wanted)
    {
        foreach (FirmwareSegment segment in options.Images.SelectMany(static i => i.Segments))
        {
            if (!memory.TryFind(segment.Address, out FlatRange range) || range.Region is not RamRegion region || !wanted(region))
                continue;
            memory.TryLoad(segment.Address, segment.Data.Span);
            Clear(memory, segment.Address + (ulong)segment.Data.Length, segment.LoadSize - (ulong)segment.Data.Length);
        }
    }

    private static void Clear(AddressSpace memory, ulong address, ulong count)
    {
        ReadOnlySpan<byte> zeros = stackalloc byte[RamBlock.PageSize];
        for (ulong done = 0; done < count; done += (ulong)zeros.Length)
            memory.TryLoad(address + done, zeros[..(int)Math.Min(count - done, (ulong)zeros.Length)]);
    }
}
