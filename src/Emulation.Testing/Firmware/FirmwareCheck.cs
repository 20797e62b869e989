using System.Buffers.Binary;
using Emulation.Boards.Mcu;
using Emulation.Core;
using Emulation.Debugging;

namespace Emulation.Testing;

/// <summary>Finds what keeps firmware from running on a board, before it runs, and says how to mend it.</summary>
internal static class FirmwareCheck
{
    public static IEnumerable<string> Run(BoardRecipe recipe, IReadOnlyList<FirmwareImage> images, AddressSpace memory)
    {
        if (images.Count == 0)
        {
            yield return $"{recipe.Name} has no firmware; give one: fw => fw.Elf(\"app.elf\")";
            yield break;
        }

        // what is built for something else need not be looked at further
        FirmwareImage[] foreign = [.. images.Where(i => i.Architecture != FirmwareArchitecture.Unknown && i.Architecture != recipe.Architecture)];
        foreach (FirmwareImage image in foreign)
            yield return $"'{image.Name}' is built for {Name(image.Architecture)}, and {recipe.Name} is {Name(recipe.Architecture)}; build it for the board, or choose another board";
        if (foreign.Length > 0)
            yield break;
        bool misplaced = false;
        foreach (FirmwareImage image in images)
        {
            foreach (string fault in Misplaced(recipe, image, memory))
            {
                misplaced = true;
                yield return fault;
            }
        }

        foreach (string fault in Overlaps(images))
            yield return fault;
        if (recipe.VectorTable is { } table && !misplaced)
        {
            foreach (string fault in Vectors(recipe, images, memory, table))
                yield return fault;
        }
    }

    // one message for all segments of a file
    private static IEnumerable<string> Misplaced(BoardRecipe recipe, FirmwareImage image, AddressSpace memory)
    {
        var outside = new List<string>();
        foreach (FirmwareSegment segment in image.Segments)
        {
            if (segment.LoadSize > 0 && !IsMemory(memory, segment.Address, segment.LoadSize, out ulong hole))
                outside.Add($"0x{segment.Address:x8} to 0x{segment.Address + segment.LoadSize - 1:x8}{(hole > segment.Address ? $" at 0x{hole:x8}" : "")}");
        }

        if (outside.Count > 0)
            yield return $"'{image.Name}': the segment{(outside.Count > 1 ? "s" : "")} {string.Join(", ", outside)} leave{(outside.Count > 1 ? "" : "s")} the memory of {recipe.Name}; it has {Map(memory)}: check ORIGIN and LENGTH in the linker script, or choose another board";
    }

    private static IEnumerable<string> Overlaps(IReadOnlyList<FirmwareImage> images)
    {
        var segments = images.SelectMany(static i => i.Segments.Where(static s => !s.Data.IsEmpty).Select(s => (Image: i, Segment: s))).OrderBy(static s => s.Segment.Address).ToList();
        for (int i = 1; i < segments.Count; i++)
        {
            (FirmwareImage image, FirmwareSegment before) = segments[i - 1];
            (FirmwareImage other, FirmwareSegment segment) = segments[i];
            if (segment.Address - before.Address < (ulong)before.Data.Length && !ReferenceEquals(image, other))
                yield return $"'{image.Name}' and '{other.Name}' both load 0x{segment.Address:x8}; link them for different addresses";
        }
    }

    // what the words mean is the boards' business; here it is said which file they are from, and before anything is loaded
    private static IEnumerable<string> Vectors(BoardRecipe recipe, IReadOnlyList<FirmwareImage> images, AddressSpace memory, ulong table)
    {
        string file = images[0].Name;
        byte[]? words = Loaded(images, table, 8);
        if (words is null)
        {
            yield return $"'{file}' loads nothing at 0x{table:x8}, where {recipe.Name} takes the vector table from; place the section of vectors (.isr_vector, .vectors) there in the linker script";
            yield break;
        }

        uint stack = BinaryPrimitives.ReadUInt32LittleEndian(words), reset = BinaryPrimitives.ReadUInt32LittleEndian(words.AsSpan(4));
        if (VectorTable.FindFault(memory, stack, reset, recipe.Name, table) is { } fault)
            yield return $"'{file}': {fault}; {recipe.Name} has {Map(memory)}";
    }

    private static byte[]? Loaded(IReadOnlyList<FirmwareImage> images, ulong address, int count)
    {
        foreach (FirmwareSegment segment in images.SelectMany(static i => i.Segments))
        {
            ulong offset = address - segment.Address;
            if (offset < (ulong)segment.Data.Length && (ulong)segment.Data.Length - offset >= (ulong)count)
                return segment.Data.Slice((int)offset, count).ToArray();
        }

        return null;
    }

    private static bool IsMemory(AddressSpace memory, ulong address, ulong size, out ulong hole)
    {
        hole = address;
        ulong last = address + (size - 1);
        while (memory.TryFind(hole, out FlatRange range) && range.Region is RamRegion)
        {
            if (range.Last >= last)
                return true;
            hole = range.Last + 1;
        }

        return false;
    }

    private static string Map(AddressSpace memory)
    {
        var parts = new List<string>();
        foreach (FlatRange range in memory.View.Ranges)
        {
            if (range.Region is RamRegion)
                parts.Add($"{range.Region.Name} at 0x{range.Start:x8} to 0x{range.Last:x8}");
        }

        return string.Join(", ", parts);
    }

    private static string Name(FirmwareArchitecture architecture) => architecture switch
    {
        FirmwareArchitecture.Arm => "Arm (32-bit)",
        FirmwareArchitecture.AArch64 => "Arm (64-bit)",
        FirmwareArchitecture.RiscV32 => "RISC-V (32-bit)",
        FirmwareArchitecture.RiscV64 => "RISC-V (64-bit)",
        _ => "another architecture",
    };
}
