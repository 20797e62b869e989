namespace Emulation.IR;

/// <summary>A guest register as a place in the CPU's flat state.</summary>
/// <param name="Name">Name in the words of the instruction set.</param>
/// <param name="Offset">Bytes from the start of the state.</param>
/// <param name="Type">Its natural type.</param>
/// <param name="Cached">Whether engines may keep it in a host register between exits. Only helpers that declare it see such a register.</param>
public sealed record RegisterSlot(string Name, int Offset, IrType Type, bool Cached)
{
    /// <summary>Width in bytes.</summary>
    public int Bytes => Type.Bytes();

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>The layout of a CPU's flat state: one list shared by frontends, engines, snapshots, debuggers and test reports.</summary>
/// <param name="firstOffset">Bytes taken by the part that all CPUs share.</param>
public sealed class RegisterFile(int firstOffset)
{
    private readonly List<RegisterSlot> _slots = [];
    private readonly Dictionary<string, RegisterSlot> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<int, RegisterSlot> _byOffset = [];

    /// <summary>Bytes of the state so far.</summary>
    public int Size { get; private set; } = firstOffset;

    /// <summary>All slots in order of offset.</summary>
    public IReadOnlyList<RegisterSlot> Slots => _slots;

    /// <summary>Adds a register behind the others, naturally aligned.</summary>
    /// <param name="name">Name in the words of the instruction set; unique.</param>
    /// <param name="type">Its type.</param>
    /// <param name="cached">Whether engines may keep it in a host register.</param>
    public RegisterSlot Add(string name, IrType type, bool cached = false)
    {
        int bytes = type.Bytes();
        int offset = (Size + bytes - 1) & -bytes;
        var slot = new RegisterSlot(name, offset, type, cached);
        _byName.Add(name, slot);
        _byOffset.Add(offset, slot);
        _slots.Add(slot);
        Size = offset + bytes;
        return slot;
    }

    /// <summary>Adds a bank of registers: name0, name1, ...</summary>
    /// <param name="prefix">What their names begin with.</param>
    /// <param name="count">How many.</param>
    /// <param name="type">Their type.</param>
    /// <param name="cached">Whether engines may keep them in host registers.</param>
    public RegisterSlot[] AddBank(string prefix, int count, IrType type, bool cached = false)
    {
        var bank = new RegisterSlot[count];
        for (int i = 0; i < count; i++)
            bank[i] = Add($"{prefix}{i}", type, cached);
        return bank;
    }

    /// <summary>Finds a register by name, without regard to case; null when there is none.</summary>
    /// <param name="name">Its name.</param>
    public RegisterSlot? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The register that begins at <paramref name="offset"/>; null when none does.</summary>
    /// <param name="offset">Bytes from the start of the state.</param>
    public RegisterSlot? At(int offset) => _byOffset.GetValueOrDefault(offset);
}
