namespace Emulation.Debugging;

/// <summary>A peripheral of an <see cref="SvdDevice"/>.</summary>
public sealed class SvdPeripheral
{
    private readonly Dictionary<ulong, string> _registers = [];

    internal SvdPeripheral(string name, ulong address) => (Name, Address) = (name, address);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Physical address.</summary>
    public ulong Address { get; }

    /// <summary>Bytes up to the end of its last register or block.</summary>
    public ulong Size { get; private set; }

    /// <summary>Registers by their offset; of several at one offset the first.</summary>
    public IReadOnlyDictionary<ulong, string> Registers => _registers;

    /// <summary>The register that holds an address; null when there is none.</summary>
    /// <param name="address">A physical address.</param>
    public string? RegisterAt(ulong address)
    {
        ulong offset = address - Address;
        foreach (ulong width in (ReadOnlySpan<ulong>)[1, 2, 4, 8])
        {
            if (_registers.TryGetValue(offset & ~(width - 1), out string? name))
                return name;
        }

        return null;
    }

    internal void Add(string name, ulong offset, ulong bytes)
    {
        _registers.TryAdd(offset, name);
        Extend(offset + bytes);
    }

    internal void Extend(ulong size) => Size = Math.Max(Size, size);
}
