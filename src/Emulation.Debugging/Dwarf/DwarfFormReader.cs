namespace Emulation.Debugging;

/// <summary>Reads attribute values by their forms. DWARF 5, 7.5.6.</summary>
internal static class DwarfFormReader
{
    public const int ImplicitConstant = 0x21;
    private const int Indirect = 0x16;

    /// <summary>Reads a value; one of no interest is of class <see cref="DwarfClass.None"/>.</summary>
    /// <param name="cursor">At the value.</param>
    /// <param name="section">The whole section, of which blocks are parts.</param>
    /// <param name="start">Where in the section the cursor began.</param>
    /// <param name="form">The form.</param>
    /// <param name="constant">The value of an implicit constant.</param>
    /// <param name="unit">The unit.</param>
    public static DwarfValue Read(ref DwarfCursor cursor, ReadOnlyMemory<byte> section, int start, ulong form, long constant, DwarfUnit unit)
    {
        for (int depth = 0; form == Indirect; depth++)
        {
            form = cursor.Uleb();
            if (depth > 4 || form == ImplicitConstant)
                throw cursor.Error("an indirect form of an indirect form");
        }

        switch (form)
        {
            case 0x01: return new(DwarfClass.Address, cursor.Unsigned(unit.AddressSize));
            case 0x03: return Block(ref cursor, section, start, cursor.U16());
            case 0x04: return Block(ref cursor, section, start, cursor.U32());
            case 0x09 or 0x18: return Block(ref cursor, section, start, cursor.Uleb());
            case 0x0a: return Block(ref cursor, section, start, cursor.U8());
            case 0x05: return new(DwarfClass.Constant, cursor.U16());
            case 0x06: return new(DwarfClass.Constant, cursor.U32());
            case 0x07: return new(DwarfClass.Constant, cursor.U64());
            case 0x0b or 0x0c: return new(DwarfClass.Constant, cursor.U8());
            case 0x0f: return new(DwarfClass.Constant, cursor.Uleb());
            case 0x0d: return new(DwarfClass.SignedConstant, (ulong)cursor.Sleb());
            case 0x19: return new(DwarfClass.Constant, 1);
            case ImplicitConstant: return new(DwarfClass.SignedConstant, (ulong)constant);
            case 0x08:
                int at = start + cursor.Position;
                cursor.Text();
                return new(DwarfClass.Text, 0, section[at..(start + cursor.Position - 1)]);
            case 0x0e: return new(DwarfClass.TextOffset, cursor.Unsigned(unit.OffsetSize));
            case 0x1f: return new(DwarfClass.LineTextOffset, cursor.Unsigned(unit.OffsetSize));
            case 0x1a: return new(DwarfClass.TextIndex, cursor.Uleb());
            case >= 0x25 and <= 0x28: return new(DwarfClass.TextIndex, cursor.Unsigned((int)form - 0x24));
            case 0x1b: return new(DwarfClass.AddressIndex, cursor.Uleb());
            case >= 0x29 and <= 0x2c: return new(DwarfClass.AddressIndex, cursor.Unsigned((int)form - 0x28));
            case 0x10: return new(DwarfClass.Reference, cursor.Unsigned(unit.Version == 2 ? unit.AddressSize : unit.OffsetSize));
            case 0x11: return new(DwarfClass.Reference, unit.Offset + cursor.U8());
            case 0x12: return new(DwarfClass.Reference, unit.Offset + cursor.U16());
            case 0x13: return new(DwarfClass.Reference, unit.Offset + cursor.U32());
            case 0x14: return new(DwarfClass.Reference, unit.Offset + cursor.U64());
            case 0x15: return new(DwarfClass.Reference, unit.Offset + cursor.Uleb());
            case 0x17: return new(DwarfClass.SectionOffset, cursor.Unsigned(unit.OffsetSize));
            case 0x22 or 0x23: return new(DwarfClass.ListIndex, cursor.Uleb());

            // what is in other files: signatures, supplementary files
            case 0x20 or 0x24: cursor.Take(8); return default;
            case 0x1c: cursor.Take(4); return default;
            case 0x1d or 0x1f20 or 0x1f21: cursor.Take((ulong)unit.OffsetSize); return default;
            case 0x1e: cursor.Take(16); return default;
            case 0x1f01 or 0x1f02: cursor.Uleb(); return default;
            default: throw cursor.Error($"a value of form 0x{form:x}");
        }
    }

    private static DwarfValue Block(ref DwarfCursor cursor, ReadOnlyMemory<byte> section, int start, ulong length)
    {
        int at = start + cursor.Position;
        cursor.Take(length);
        return new(DwarfClass.Block, length, section.Slice(at, (int)length));
    }
}
