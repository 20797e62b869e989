namespace Emulation.Boards.DeviceTree;

/// <summary>A device tree and its flattened form, the blob that firmware and kernels read. Devicetree Specification 0.4, chapter 5.</summary>
public sealed class FlattenedDeviceTree
{
    private uint _lastPhandle;

    /// <summary>Creates a tree of an empty root.</summary>
    public FlattenedDeviceTree() { }

    /// <summary>The root node.</summary>
    public FdtNode Root { get; private init; } = new("");

    /// <summary>Ranges of memory that the client program must not use: address and bytes.</summary>
    public IList<(ulong Address, ulong Size)> Reservations { get; } = [];

    /// <summary>Physical id of the CPU that boots.</summary>
    public uint BootCpu { get; set; }

    /// <summary>Gives a node a phandle, or finds the one it has.</summary>
    /// <param name="node">A node of this tree.</param>
    /// <returns>The phandle.</returns>
    public uint PhandleOf(FdtNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (node.Property("phandle") is { } property)
            return property.AsUInt32();
        node.SetCells("phandle", ++_lastPhandle);
        return _lastPhandle;
    }

    /// <summary>Reads a blob.</summary>
    /// <param name="blob">The blob; bytes behind it are ignored.</param>
    /// <exception cref="FdtException">It is no device tree, or damaged.</exception>
    public static FlattenedDeviceTree Read(ReadOnlyMemory<byte> blob)
    {
        var reader = new FdtReader(blob);
        var tree = new FlattenedDeviceTree { Root = reader.ReadTree(), BootCpu = reader.BootCpu };
        foreach ((ulong, ulong) reservation in reader.ReadReservations())
            tree.Reservations.Add(reservation);
        tree._lastPhandle = HighestPhandle(tree.Root);
        return tree;
    }

    /// <summary>Flattens the tree, in version 17 of the format.</summary>
    public byte[] Write() => FdtWriter.Write(this);

    private static uint HighestPhandle(FdtNode node)
    {
        uint highest = node.Property("phandle") is { Value.Length: 4 } property ? property.AsUInt32() : 0;
        foreach (FdtNode child in node.Children)
            highest = Math.Max(highest, HighestPhandle(child));
        return highest;
    }
}
