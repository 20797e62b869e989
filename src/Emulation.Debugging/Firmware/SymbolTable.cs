namespace Emulation.Debugging;

/// <summary>The names of a firmware, by name and by address.</summary>
public sealed class SymbolTable
{
    private readonly Dictionary<string, List<Symbol>> _byName = new(StringComparer.Ordinal);
    private readonly Symbol[] _code;

    internal SymbolTable(IReadOnlyList<Symbol> symbols)
    {
        All = symbols;
        foreach (Symbol symbol in symbols)
        {
            if (!_byName.TryGetValue(symbol.Name, out List<Symbol>? same))
                _byName.Add(symbol.Name, same = []);
            same.Add(symbol);
        }

        // where several names share an address the function's comes last, so that a search finds it
        _code = [.. symbols.Where(static s => s.Kind != SymbolKind.Variable).OrderBy(static s => s.Address).ThenBy(static s => s.Kind == SymbolKind.Function).ThenBy(static s => s.IsGlobal)];
    }

    /// <summary>A table without names.</summary>
    internal static SymbolTable Empty { get; } = new([]);

    /// <summary>All names, in the order of the file.</summary>
    public IReadOnlyList<Symbol> All { get; }

    /// <summary>Finds a name; a global one before local ones. Null when there is none.</summary>
    /// <param name="name">The name.</param>
    public Symbol? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _byName.TryGetValue(name, out List<Symbol>? same) ? same.Find(static s => s.IsGlobal) ?? same[0] : null;
    }

    /// <summary>Finds a name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="KeyNotFoundException">There is none, or several files have a local one; the message has names that are alike.</exception>
    public Symbol Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_byName.TryGetValue(name, out List<Symbol>? same))
        {
            Symbol? global = same.Find(static s => s.IsGlobal);
            if (global is null && same.Select(static s => s.Address).Distinct().Count() > 1)
                throw new KeyNotFoundException($"the firmware has {same.Count} local symbols '{name}' (at {string.Join(", ", same.Select(static s => $"0x{s.Address:x}"))}); name the file of the one that is meant, as in 'main.c:{name}', or use an address");
            return global ?? same[0];
        }

        if (All.Count == 0)
            throw new KeyNotFoundException($"the firmware has no symbol '{name}': it has no symbol table at all; use an ELF file that was not stripped");
        throw new KeyNotFoundException($"the firmware has no symbol '{name}'{NameHints.For(name, _byName.Keys)} (the compiler may have removed or inlined it)");
    }

    /// <summary>The function, or the last label before, an address; null when there is none.</summary>
    /// <param name="address">A virtual address.</param>
    public Symbol? FunctionAt(ulong address)
    {
        int low = 0, high = _code.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_code[middle].Address <= address)
                low = middle + 1;
            else
                high = middle;
        }

        // labels inside a function give way to the function that contains them
        for (int i = low - 1, steps = 0; i >= 0 && steps < 64; i--, steps++)
        {
            if (_code[i].Kind == SymbolKind.Function && _code[i].Size > 0)
            {
                if (_code[i].Contains(address))
                    return _code[i];
                break;
            }
        }

        Symbol? nearest = low > 0 ? _code[low - 1] : null;
        return nearest is { Kind: SymbolKind.Function, Size: > 0 } && !nearest.Contains(address) ? null : nearest;
    }
}
