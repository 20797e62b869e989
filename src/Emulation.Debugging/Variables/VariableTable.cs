namespace Emulation.Debugging;

/// <summary>A variable that has an address of its own.</summary>
/// <param name="Name">Its name; of C++ with namespaces and classes, <c>a::b</c>; of one inside a function, <c>function::name</c>.</param>
/// <param name="Address">Its virtual address.</param>
/// <param name="Type">Its type.</param>
/// <param name="File">The source file of its unit, as the compiler named it; null where not known.</param>
public sealed record VariableInfo(string Name, ulong Address, FirmwareType Type, string? File);

/// <summary>The variables of a firmware with their types.</summary>
public sealed class VariableTable
{
    private readonly Dictionary<string, List<VariableInfo>> _byName = new(StringComparer.Ordinal);

    private VariableTable(IReadOnlyList<VariableInfo> all)
    {
        All = all;
        foreach (VariableInfo variable in all)
        {
            Add(variable.Name, variable);
            if (variable.Name.LastIndexOf("::", StringComparison.Ordinal) is >= 0 and var colon)
                Add(variable.Name[(colon + 2)..], variable);
        }
    }

    /// <summary>All variables, in the order of the file.</summary>
    public IReadOnlyList<VariableInfo> All { get; }

    internal static VariableTable Empty { get; } = new([]);

    /// <summary>Finds a variable; null when there is none.</summary>
    /// <param name="name">Its name; <c>file.c:name</c> where several files have one of that name.</param>
    /// <exception cref="KeyNotFoundException">There are several; the message has their files.</exception>
    public VariableInfo? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string? file = null;
        string own = name;
        if (name.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && colon + 1 < name.Length && name[colon + 1] != ':')
            (file, own) = (name[..colon], name[(colon + 1)..]);
        if (!_byName.TryGetValue(own, out List<VariableInfo>? found))
            return null;
        List<VariableInfo> fitting = file is null ? found : found.FindAll(v => v.File is not null && LineTable.IsFile(v.File, file));
        if (fitting.Count == 0)
            return null;
        if (fitting.Exists(v => v.Address != fitting[0].Address))
            throw new KeyNotFoundException($"the firmware has {fitting.Count} variables '{name}': {string.Join(", ", fitting.Select(static v => $"{v.Name} of {v.File ?? "?"} at 0x{v.Address:x}"))}; name the file, as in '{Path.GetFileName(fitting[0].File) ?? "file.c"}:{own}'");
        return fitting[0];
    }

    /// <summary>Finds a variable.</summary>
    /// <param name="name">Its name; <c>file.c:name</c> where several files have one of that name.</param>
    /// <exception cref="KeyNotFoundException">There is none, or there are several; the message has names that are alike.</exception>
    public VariableInfo Get(string name)
    {
        if (Find(name) is { } variable)
            return variable;
        if (All.Count == 0)
            throw new KeyNotFoundException($"the firmware has no variable '{name}': it has no debug information about variables; build it with -g and do not strip it");
        throw new KeyNotFoundException($"the firmware has no variable '{name}'{NameHints.For(name, _byName.Keys)} (the compiler may have removed it, or keep it in a register)");
    }

    internal static VariableTable Read(DwarfInfo info, SymbolTable symbols)
    {
        var types = new TypeReader();
        var all = new List<VariableInfo>();

        // what the linker dropped keeps its entry, with address 0
        bool dataAtZero = symbols.All.Any(static s => s is { Kind: SymbolKind.Variable, Address: 0 });
        foreach (DwarfUnit unit in info.Units)
        {
            if (unit.Root is not { } root)
                continue;
            var open = new Stack<(DwarfEntry Entry, string Scope)>();
            open.Push((root, ""));
            while (open.TryPop(out (DwarfEntry Entry, string Scope) next))
            {
                foreach (DwarfEntry child in next.Entry.Children)
                {
                    if (child.Tag == DwarfTag.Variable)
                    {
                        if (info.Addresses.Static(child) is { } address && (address != 0 || dataAtZero) && child.Name is { } name)
                            all.Add(new VariableInfo(ScopeOf(child, next.Scope) + name, address, types.TypeOf(child) ?? FirmwareType.Unknown(), root.Name));
                    }
                    else if (child.Tag is DwarfTag.Namespace or DwarfTag.Subprogram or DwarfTag.StructureType or DwarfTag.ClassType)
                    {
                        open.Push((child, child.Name is { } scope ? $"{next.Scope}{scope}::" : next.Scope));
                    }
                    else if (child.Tag == DwarfTag.LexicalBlock)
                    {
                        open.Push((child, next.Scope));
                    }
                }
            }
        }

        return new VariableTable(all);
    }

    // the definition of a member of a class or namespace stands outside of it
    private static string ScopeOf(DwarfEntry entry, string scope)
    {
        DwarfEntry origin = entry.Origin();
        if (ReferenceEquals(origin, entry))
            return scope;
        scope = "";
        for (DwarfEntry? outer = origin.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer.Tag is DwarfTag.Namespace or DwarfTag.StructureType or DwarfTag.ClassType or DwarfTag.Subprogram && outer.Name is { } name)
                scope = $"{name}::{scope}";
        }

        return scope;
    }

    private void Add(string name, VariableInfo variable)
    {
        if (!_byName.TryGetValue(name, out List<VariableInfo>? same))
            _byName.Add(name, same = []);
        same.Add(variable);
    }
}
