using System.Buffers.Binary;
using System.Text;
using Emulation.Devices;

namespace Emulation.Boards.Acpi;

/// <summary>
/// Hands tables to firmware as three files of firmware configuration: the tables, the root pointer, and what firmware is to do with them. QEMU documentation, "fw_cfg";
/// ACPI Specification 6.3, 5.2.5.
/// </summary>
internal sealed class AcpiLoader
{
    private const string TablesFile = "etc/acpi/tables", RootFile = "etc/acpi/rsdp", ScriptFile = "etc/table-loader";
    private const int CommandSize = 128, NameSize = 56, RootSize = 36;
    private const uint Allocate = 1, AddPointer = 2, AddChecksum = 3;
    private readonly List<byte> _tables = [];
    private readonly List<byte> _script = [];
    private readonly List<int> _listed = [];

    public AcpiLoader()
    {
        Command(Allocate, TablesFile, null, 64, 1);             // anywhere
        Command(Allocate, RootFile, null, 16, 2);               // where it is looked for on a PC
    }

    /// <summary>Adds a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="listed">Whether the extended system description table names it.</param>
    /// <param name="pointer">A place in it that points to another table, and that one's offset.</param>
    /// <returns>Its offset.</returns>
    public int Add(AcpiTable table, bool listed = true, (int At, int Target)? pointer = null)
    {
        int offset = _tables.Count;
        byte[] bytes = table.ToArray();
        if (pointer is (int at, int target))
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), target);
            Command(AddPointer, TablesFile, TablesFile, (uint)(offset + at), 8);
        }

        _tables.AddRange(bytes);
        if (listed)
            _listed.Add(offset);
        Checksum(TablesFile, offset, bytes.Length, AcpiTable.ChecksumOffset);
        return offset;
    }

    /// <summary>Writes the tables that name the others, and gives all of it to firmware.</summary>
    public void Finish(FwCfg items)
    {
        var list = new AcpiTable("XSDT", 1);
        int offset = _tables.Count;
        foreach (int listed in _listed)
        {
            Command(AddPointer, TablesFile, TablesFile, (uint)(offset + list.Length), 8);
            list.U64((ulong)listed);
        }

        Add(list, listed: false);
        byte[] root = new byte[RootSize];
        "RSD PTR "u8.CopyTo(root);
        "EMUL  "u8.CopyTo(root.AsSpan(9));
        root[15] = 2;
        root[20] = RootSize;
        BinaryPrimitives.WriteInt32LittleEndian(root.AsSpan(24), offset);
        Command(AddPointer, RootFile, TablesFile, 24, 8);
        Checksum(RootFile, 0, 20, 8);
        Checksum(RootFile, 0, RootSize, 32);
        items.AddFile(TablesFile, _tables.ToArray());
        items.AddFile(RootFile, root);
        items.AddFile(ScriptFile, _script.ToArray());
    }

    private void Checksum(string file, int start, int length, int at)
    {
        Span<byte> command = stackalloc byte[CommandSize];
        command.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(command, AddChecksum);
        Encoding.ASCII.GetBytes(file, command[4..]);
        BinaryPrimitives.WriteInt32LittleEndian(command[(4 + NameSize)..], start + at);
        BinaryPrimitives.WriteInt32LittleEndian(command[(8 + NameSize)..], start);
        BinaryPrimitives.WriteInt32LittleEndian(command[(12 + NameSize)..], length);
        _script.AddRange(command);
    }

    // allocate: file, alignment, zone; pointer: file, file it points to, place, width
    private void Command(uint command, string file, string? target, uint value, byte last)
    {
        Span<byte> bytes = stackalloc byte[CommandSize];
        bytes.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, command);
        Encoding.ASCII.GetBytes(file, bytes[4..]);
        int at = 4 + NameSize;
        if (target is not null)
        {
            Encoding.ASCII.GetBytes(target, bytes[at..]);
            at += NameSize;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes[at..], value);
        bytes[at + 4] = last;
        _script.AddRange(bytes);
    }
}
