namespace Emulation.Debugging;

/// <summary>How to find the caller of any instruction. DWARF 2 to 5, "Call Frame Information": <c>.debug_frame</c> and <c>.eh_frame</c>.</summary>
public sealed class CallFrameTable
{
    private readonly CallFrameEntry[] _entries;

    private CallFrameTable(CallFrameEntry[] entries) => _entries = entries;

    /// <summary>Number of functions described.</summary>
    public int Count => _entries.Length;

    internal static CallFrameTable Empty { get; } = new([]);

    internal static CallFrameTable Read(ElfContent elf)
    {
        if (elf.IsBigEndian)
            return Empty;
        var entries = new List<CallFrameEntry>();
        foreach (string name in (ReadOnlySpan<string>)[".debug_frame", ".eh_frame"])
        {
            ReadOnlyMemory<byte> section = elf.Section(name, out ulong address);
            if (!section.IsEmpty)
                new CallFrameReader(elf, name, section, address).Read(entries);
        }

        return new CallFrameTable([.. entries.OrderBy(static e => e.Start)]);
    }

    internal UnwindRow? Find(ulong pc)
    {
        int low = 0, high = _entries.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_entries[middle].Start <= pc)
                low = middle + 1;
            else
                high = middle;
        }

        return low > 0 && pc - _entries[low - 1].Start < _entries[low - 1].Size ? CallFrameProgram.Execute(_entries[low - 1], pc) : null;
    }
}
