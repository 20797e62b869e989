using System.Buffers.Binary;
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

        foreach (FirmwareImage image in images)
        {
            if (image.Architecture != FirmwareArchitecture.Unknown && image.Architecture != recipe.Architecture)
                yield return $"'{image.Name}' is built for {Name(image.Architecture)}, and {recipe.Name} is {Name(recipe.Architecture)}; build it for the board, or choose another board";
            foreach (FirmwareSegment segment in image.Segments)
            {
                if (segment.LoadSize > 0 && !IsMemory(memory, segment.Address, segment.LoadSize, out ulong hole))
                    yield return $"'{image.Name}': the segment 0x{segment.Address:x8} to 0x{segment.Address + segment.LoadSize - 1:x8} leaves the memory of {recipe.Name} at 0x{hole:x8}; it has {Map(memory)}: check ORIGIN and LENGTH in the linker script";
            }
        }

        foreach (string fault in Overlaps(images))
            yield return fault;
        if (recipe.VectorTable is { } table)
        {
            foreach (string fault in Vectors(recipe, images, memory, table))
                yield return fault;
        }
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

    // Armv7-M ARM, B1.5.3: word 0 is the initial stack pointer, word 1 the reset vector, with bit 0 set for Thumb
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
        string place = $"'{file}': the vector table at 0x{table:x8}";
        if (stack == 0)
            yield return $"{place} has a stack pointer of 0; its first word must be the end of RAM: is the table really there, and was it kept by the linker (KEEP)?";
        else if (stack % 4 != 0)
            yield return $"{place} has a stack pointer of 0x{stack:x8}, which is not a multiple of 4; align _estack to 8 in the linker script";
        else if (!IsRam(memory, stack - 4))
            yield return $"{place} has a stack pointer of 0x{stack:x8}, and no RAM ends there; {recipe.Name} has {Map(memory)}: check the RAM region of the linker script";
        if ((reset & 1) == 0)
            yield return $"{place} has a reset vector of 0x{reset:x8} without bit 0: Cortex-M executes Thumb only; declare Reset_Handler with .thumb_func or .type %function";
        else if (!IsMemory(memory, reset & ~1u, 2, out _))
            yield return $"{place} has a reset vector of 0x{reset:x8}, where {recipe.Name} has no memory; it has {Map(memory)}: check ORIGIN in the linker script";
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

    private static bool IsRam(AddressSpace memory, ulong address) => memory.TryFind(address, out FlatRange range) && range.Region is RamRegion { ReadOnly: false };

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
