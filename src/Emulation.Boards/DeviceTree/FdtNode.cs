using System.Buffers.Binary;
using System.Text;

namespace Emulation.Boards.DeviceTree;

/// <summary>A node of a device tree. Properties and children keep their order.</summary>
/// <param name="name">Name with its unit address, such as <c>serial@10000000</c>; empty for the root.</param>
public sealed class FdtNode(string name)
{
    private readonly List<FdtProperty> _properties = [];
    private readonly List<FdtNode> _children = [];

    /// <summary>Name with its unit address; empty for the root.</summary>
    public string Name { get; } = name;

    /// <summary>The properties in order.</summary>
    public IReadOnlyList<FdtProperty> Properties => _properties;

    /// <summary>The children in order.</summary>
    public IReadOnlyList<FdtNode> Children => _children;

    /// <summary>Adds a child.</summary>
    /// <param name="name">Name with its unit address; unique among its siblings.</param>
    public FdtNode AddNode(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (_children.Exists(c => c.Name == name))
            throw new FdtException($"node '{Name}' has two children named '{name}'");
        var node = new FdtNode(name);
        _children.Add(node);
        return node;
    }

    /// <summary>The child of a name, added if there is none.</summary>
    /// <param name="name">Name with its unit address.</param>
    public FdtNode GetOrAddNode(string name) => _children.Find(c => c.Name == name) ?? AddNode(name);

    /// <summary>Finds a node below this one; null when there is none.</summary>
    /// <param name="path">Names separated by slashes; a name without a unit address matches one with any.</param>
    public FdtNode? Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        FdtNode? node = this;
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = node._children.Find(c => c.Name == part) ?? node._children.Find(c => c.Name.StartsWith(part + "@", StringComparison.Ordinal));
            if (node is null)
                return null;
        }

        return node;
    }

    /// <summary>Finds a property; null when there is none.</summary>
    /// <param name="name">Its name.</param>
    public FdtProperty? Property(string name) => _properties.Find(p => p.Name == name);

    /// <summary>Sets a property to bytes.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">The bytes.</param>
    public FdtNode Set(string name, ReadOnlyMemory<byte> value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var property = new FdtProperty(name, value);
        int index = _properties.FindIndex(p => p.Name == name);
        if (index < 0)
            _properties.Add(property);
        else
            _properties[index] = property;
        return this;
    }

    /// <summary>Sets a property without a value.</summary>
    /// <param name="name">Its name.</param>
    public FdtNode SetEmpty(string name) => Set(name, ReadOnlyMemory<byte>.Empty);

    /// <summary>Sets a property to cells, which are 32 bits each.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cells">The cells.</param>
    public FdtNode SetCells(string name, params ReadOnlySpan<uint> cells)
    {
        byte[] bytes = new byte[4 * cells.Length];
        for (int i = 0; i < cells.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 * i), cells[i]);
        return Set(name, bytes);
    }

    /// <summary>Sets a property to numbers of two cells each.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">The numbers.</param>
    public FdtNode SetUInt64(string name, params ReadOnlySpan<ulong> values)
    {
        byte[] bytes = new byte[8 * values.Length];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8 * i), values[i]);
        return Set(name, bytes);
    }

    /// <summary>Sets a property to a text or a list of them.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="values">The texts.</param>
    public FdtNode SetStrings(string name, params IEnumerable<string> values)
        => Set(name, Encoding.UTF8.GetBytes(string.Concat(values.Select(static v => v + "\0"))));

    /// <summary>Removes a property; nothing happens when there is none.</summary>
    /// <param name="name">Its name.</param>
    public void Remove(string name) => _properties.RemoveAll(p => p.Name == name);

    /// <summary>Removes children.</summary>
    /// <param name="match">Says which.</param>
    public void RemoveNodes(Predicate<FdtNode> match) => _children.RemoveAll(match);
}
