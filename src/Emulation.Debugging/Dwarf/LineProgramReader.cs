namespace Emulation.Debugging;

/// <summary>Executes line number programs. DWARF 5, 6.2; DWARF 2 to 4 differ in the header only.</summary>
internal sealed class LineProgramReader
{
    private const int MaxEntries = 8_000_000;
    private readonly ElfContent _elf;
    private readonly ReadOnlyMemory<byte> _strings;
    private readonly ReadOnlyMemory<byte> _lineStrings;
    private readonly bool _codeAtZero;

    public LineProgramReader(ElfContent elf)
    {
        _elf = elf;
        _strings = elf.Section(".debug_str");
        _lineStrings = elf.Section(".debug_line_str");

        // what the linker dropped keeps its line program, with addresses from 0
        _codeAtZero = elf.ReadSymbols().FunctionAt(0) is { Kind: SymbolKind.Function, Address: 0 };
    }

    public List<LineEntry> Entries { get; } = [];

    /// <summary>Statements that begin where another one does, and have no code that is theirs alone.</summary>
    public List<LineEntry> Empty { get; } = [];

    /// <summary>The files of each program, by its offset in the section: other sections name them by index.</summary>
    public Dictionary<ulong, List<string>> Files { get; } = [];

    public void ReadUnit(ref DwarfCursor section)
    {
        ulong offset = (ulong)section.Position;
        ulong length = section.InitialLength(out bool wide);
        DwarfCursor unit = section.Part(length);
        int version = unit.U16();
        if (version is < 2 or > 5)
            return;                                           // an unknown version costs its lines, not the file
        var header = new LineHeader { Wide = wide, Version = version, AddressSize = _elf.Is64Bit ? 8 : 4 };
        if (version >= 5)
        {
            header.AddressSize = unit.U8();
            unit.U8();                                        // segment selectors
        }

        ulong headerLength = wide ? unit.U64() : unit.U32();
        DwarfCursor head = unit.Part(headerLength);
        header.MinInstruction = head.U8();
        if (version >= 4)
            header.MaxOperations = Math.Max((byte)1, head.U8());
        header.DefaultIsStatement = head.U8() != 0;
        header.LineBase = (sbyte)head.U8();
        header.LineRange = head.U8();
        header.OpcodeBase = head.U8();
        if (header.LineRange == 0 || header.OpcodeBase == 0)
            throw head.Error("a line range of 0");
        header.Lengths = head.Take((ulong)(header.OpcodeBase - 1)).ToArray();
        header.Files = version >= 5 ? ReadFiles5(ref head, wide) : ReadFiles(ref head);
        Files[offset] = header.Files;
        Run(ref unit, header);
    }

    private static List<string> ReadFiles(ref DwarfCursor head)
    {
        var directories = new List<string> { "" };
        while (head.Text() is { Length: > 0 } directory)
            directories.Add(directory);
        var files = new List<string> { "" };
        while (head.Text() is { Length: > 0 } file)
        {
            ulong directory = head.Uleb();
            head.Uleb();
            head.Uleb();
            files.Add(Join(directory < (ulong)directories.Count ? directories[(int)directory] : "", file));
        }

        return files;
    }

    private List<string> ReadFiles5(ref DwarfCursor head, bool wide)
    {
        List<string> directories = ReadEntries(ref head, wide, []);
        for (int i = 1; i < directories.Count; i++)
            directories[i] = Join(directories[0], directories[i]);
        return ReadEntries(ref head, wide, directories);
    }

    private List<string> ReadEntries(ref DwarfCursor head, bool wide, List<string> directories)
    {
        const ulong Path = 1, DirectoryIndex = 2;
        var format = new (ulong Content, ulong Form)[head.U8()];
        for (int i = 0; i < format.Length; i++)
            format[i] = (head.Uleb(), head.Uleb());
        ulong count = head.Uleb();
        if (count > (ulong)head.Length || (format.Length == 0 && count > 0))
            throw head.Error($"{count} files");
        var names = new List<string>((int)count);
        for (ulong i = 0; i < count; i++)
        {
            string name = "";
            string directory = "";
            foreach ((ulong content, ulong form) in format)
            {
                if (content == Path)
                    name = ReadText(ref head, form, wide);
                else if (content == DirectoryIndex && ReadNumber(ref head, form) is var index && index < (ulong)directories.Count)
                    directory = directories[(int)index];
                else if (content != DirectoryIndex)
                    Skip(ref head, form, wide);
            }

            names.Add(Join(directory, name));
        }

        return names;
    }

    private string ReadText(ref DwarfCursor head, ulong form, bool wide) => form switch
    {
        0x08 => head.Text(),
        0x0e => head.TextAt(_strings.Span, wide ? head.U64() : head.U32()),
        0x1f => head.TextAt(_lineStrings.Span, wide ? head.U64() : head.U32()),
        _ => throw head.Error($"a path of form 0x{form:x}"),
    };

    private static ulong ReadNumber(ref DwarfCursor head, ulong form) => form switch
    {
        0x0b => head.U8(),
        0x05 => head.U16(),
        0x06 => head.U32(),
        0x07 => head.U64(),
        0x0f => head.Uleb(),
        _ => throw head.Error($"a number of form 0x{form:x}"),
    };

    private void Skip(ref DwarfCursor head, ulong form, bool wide)
    {
        switch (form)
        {
            case 0x08 or 0x0e or 0x1f: ReadText(ref head, form, wide); break;
            case 0x1e: head.Take(16); break;
            case 0x09: head.Take(head.Uleb()); break;
            case 0x0a: head.Take(head.U8()); break;
            default: ReadNumber(ref head, form); break;
        }
    }

    private static string Join(string directory, string name)
        => directory.Length == 0 || name.StartsWith('/') || (name.Length > 1 && name[1] == ':') ? name : directory.EndsWith('/') ? directory + name : $"{directory}/{name}";

    private void Run(ref DwarfCursor code, LineHeader header)
    {
        var state = new LineState(header.DefaultIsStatement);
        var sequence = new List<(ulong Address, int File, int Line, bool IsStatement)>();
        while (!code.AtEnd)
        {
            byte opcode = code.U8();
            if (opcode >= header.OpcodeBase)
            {
                int adjusted = opcode - header.OpcodeBase;
                state.Advance((ulong)(adjusted / header.LineRange), header);
                state.Line += header.LineBase + (adjusted % header.LineRange);
                Append(sequence, state, ref code);
                continue;
            }

            switch (opcode)
            {
                case 0:
                    DwarfCursor extended = code.Part(code.Uleb());
                    if (extended.AtEnd)
                        break;
                    switch (extended.U8())
                    {
                        case 1:
                            Close(sequence, state.Address, header);
                            state = new LineState(header.DefaultIsStatement);
                            break;
                        case 2:
                            state.Address = extended.Unsigned(extended.Length - 1);
                            state.Operation = 0;
                            break;
                        case 3:
                            string name = extended.Text();
                            extended.Uleb();
                            header.Files.Add(name);
                            break;
                        default:
                            break;
                    }

                    break;
                case 1: Append(sequence, state, ref code); break;
                case 2: state.Advance(code.Uleb(), header); break;
                case 3: state.Line = (int)(state.Line + code.Sleb()); break;
                case 4: state.File = (int)Math.Min(code.Uleb(), int.MaxValue); break;
                case 5: code.Uleb(); break;
                case 6: state.IsStatement = !state.IsStatement; break;
                case 7 or 10 or 11: break;
                case 8: state.Advance((ulong)((255 - header.OpcodeBase) / header.LineRange), header); break;
                case 9:
                    state.Address += code.U16();
                    state.Operation = 0;
                    break;
                default:
                    for (int i = header.Lengths[opcode - 1]; i > 0; i--)
                        code.Uleb();
                    break;
            }
        }
    }

    private void Append(List<(ulong Address, int File, int Line, bool IsStatement)> sequence, in LineState state, ref DwarfCursor code)
    {
        if (sequence.Count + Entries.Count >= MaxEntries)
            throw code.Error("more lines than make sense");
        sequence.Add((state.Address, state.File, state.Line, state.IsStatement));
    }

    private void Close(List<(ulong Address, int File, int Line, bool IsStatement)> sequence, ulong end, LineHeader header)
    {
        bool dropped = sequence.Count > 0 && sequence[0].Address == 0 && !_codeAtZero;
        for (int i = 0; i < sequence.Count && !dropped; i++)
        {
            (ulong address, int file, int line, bool isStatement) = sequence[i];
            ulong next = i + 1 < sequence.Count ? sequence[i + 1].Address : end;

            string name = file < header.Files.Count ? header.Files[file] : "?";

            // of rows at one address the last one stands; where one before it says that a statement of its line begins there, it does all the same
            for (int j = i - 1; !isStatement && j >= 0 && sequence[j].Address == address; j--)
                isStatement = sequence[j].IsStatement && sequence[j].File == file && sequence[j].Line == line;
            if (next > address)
                Entries.Add(new LineEntry(address, next, name, line, isStatement));
            else if (next == address && isStatement)
                Empty.Add(new LineEntry(address, address, name, line, true));
        }

        sequence.Clear();
    }
}
