namespace Emulation.Debugging;

/// <summary>What a unit's line program is executed by. DWARF 5, 6.2.4.</summary>
internal sealed class LineHeader
{
    public required bool Wide { get; init; }

    public required int Version { get; init; }

    public int AddressSize { get; set; }

    public byte MinInstruction { get; set; }

    public byte MaxOperations { get; set; } = 1;

    public bool DefaultIsStatement { get; set; }

    public int LineBase { get; set; }

    public int LineRange { get; set; }

    public byte OpcodeBase { get; set; }

    public byte[] Lengths { get; set; } = [];

    public List<string> Files { get; set; } = [];
}

/// <summary>The registers of the line number state machine. DWARF 5, 6.2.2.</summary>
/// <param name="isStatement">What the header says.</param>
internal struct LineState(bool isStatement)
{
    public ulong Address;
    public ulong Operation;
    public int File = 1;
    public int Line = 1;
    public bool IsStatement = isStatement;

    public void Advance(ulong operations, LineHeader header)
    {
        if (header.MaxOperations == 1)
        {
            Address += header.MinInstruction * operations;
            return;
        }

        Address += header.MinInstruction * ((Operation + operations) / header.MaxOperations);
        Operation = (Operation + operations) % header.MaxOperations;
    }
}
