namespace Emulation.Debugging;

/// <summary>Reads a section of call frame information.</summary>
/// <param name="elf">The file.</param>
/// <param name="name"><c>.debug_frame</c>, or <c>.eh_frame</c>, which the Linux Standard Base describes.</param>
/// <param name="section">Its bytes.</param>
/// <param name="address">Its virtual address: pointers may be relative to where they are.</param>
internal sealed class CallFrameReader(ElfContent elf, string name, ReadOnlyMemory<byte> section, ulong address)
{
    private readonly bool _exceptionHandling = name == ".eh_frame";
    private readonly Dictionary<ulong, CallFrameCommon?> _commons = [];

    public void Read(List<CallFrameEntry> entries)
    {
        var cursor = new DwarfCursor(section.Span, elf.Name, name);
        while (!cursor.AtEnd)
        {
            int start = cursor.Position;
            ulong length = cursor.InitialLength(out bool wide);
            if (length == 0)
            {
                if (_exceptionHandling)
                    break;
                continue;
            }

            int idAt = cursor.Position;
            DwarfCursor entry = cursor.Part(length);
            ulong id = wide ? entry.U64() : entry.U32();
            if (IsCommon(id, wide))
            {
                if (!_commons.ContainsKey((ulong)start))
                    _commons.Add((ulong)start, ReadCommon(entry, idAt));
                continue;
            }

            ulong commonAt = _exceptionHandling ? (ulong)idAt - id : id;
            if (Common(commonAt) is { } common && ReadEntry(entry, idAt, common) is { } read)
                entries.Add(read);
        }
    }

    private bool IsCommon(ulong id, bool wide) => _exceptionHandling ? id == 0 : id == (wide ? ulong.MaxValue : 0xffff_ffff);

    private CallFrameCommon? Common(ulong at)
    {
        if (_commons.TryGetValue(at, out CallFrameCommon? known))
            return known;
        if (at >= (ulong)section.Length)
            return null;
        var cursor = new DwarfCursor(section.Span, elf.Name, name) { Position = (int)at };
        ulong length = cursor.InitialLength(out bool wide);
        int idAt = cursor.Position;
        DwarfCursor entry = cursor.Part(length);
        CallFrameCommon? common = IsCommon(wide ? entry.U64() : entry.U32(), wide) ? ReadCommon(entry, idAt) : null;
        _commons.Add(at, common);
        return common;
    }

    // Null for what is of an unknown version or augmentation: its functions cannot be unwound.
    private CallFrameCommon? ReadCommon(DwarfCursor entry, int at)
    {
        int version = entry.U8();
        if (version is not (1 or 3 or 4))
            return null;
        string augmentation = entry.Text();
        int addressSize = elf.Is64Bit ? 8 : 4;
        if (version == 4)
        {
            addressSize = entry.U8();
            entry.U8();
        }

        ulong codeAlignment = entry.Uleb();
        long dataAlignment = entry.Sleb();
        int returnColumn = version == 1 ? entry.U8() : (int)Math.Min(entry.Uleb(), int.MaxValue);
        byte encoding = 0;
        bool hasData = augmentation.StartsWith('z');
        if (hasData)
        {
            DwarfCursor data = entry.Part(entry.Uleb());
            foreach (char letter in augmentation.AsSpan(1))
            {
                switch (letter)
                {
                    case 'R': encoding = data.U8(); break;
                    case 'L': data.U8(); break;
                    case 'P': Pointer(ref data, data.U8(), addressSize, 0); break;
                    case 'S' or 'B': break;
                    default: return null;
                }
            }
        }
        else if (augmentation.Length > 0)
        {
            return null;
        }

        return new CallFrameCommon(elf.Name, codeAlignment, dataAlignment, returnColumn, encoding, hasData, addressSize, Rest(entry, at));
    }

    private CallFrameEntry? ReadEntry(DwarfCursor entry, int at, CallFrameCommon common)
    {
        byte encoding = _exceptionHandling ? common.PointerEncoding : (byte)0;
        ulong place = address + (ulong)(at + entry.Position);
        ulong start = Pointer(ref entry, encoding, common.AddressSize, place);
        ulong size = Pointer(ref entry, (byte)(encoding & 0x0f), common.AddressSize, 0);
        if (common.HasAugmentationData)
            entry.Take(entry.Uleb());
        return size == 0 ? null : new CallFrameEntry(common, start, size, Rest(entry, at));
    }

    // an entry's cursor begins at its identifier
    private ReadOnlyMemory<byte> Rest(DwarfCursor entry, int at) => section.Slice(at + entry.Position, entry.Length - entry.Position);

    /// <summary>A pointer as exception tables encode them. Linux Standard Base, "DWARF Exception Header Encoding".</summary>
    private ulong Pointer(ref DwarfCursor cursor, byte encoding, int addressSize, ulong place)
    {
        if (encoding == 0xff)
            return 0;
        ulong value = (encoding & 0x0f) switch
        {
            0x00 => cursor.Unsigned(addressSize),
            0x01 => cursor.Uleb(),
            0x02 => cursor.U16(),
            0x03 => cursor.U32(),
            0x04 => cursor.U64(),
            0x09 => (ulong)cursor.Sleb(),
            0x0a => (ulong)(short)cursor.U16(),
            0x0b => (ulong)(int)cursor.U32(),
            0x0c => cursor.U64(),
            _ => throw cursor.Error($"a pointer of encoding 0x{encoding:x}"),
        };
        if ((encoding & 0x70) == 0x10)
            value += place;
        return elf.Is64Bit ? value : (uint)value;
    }
}
