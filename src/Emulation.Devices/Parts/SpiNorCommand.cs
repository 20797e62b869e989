namespace Emulation.Devices;

/// <summary>The phases of the commands: what JESD216 calls 1-1-4 and so on.</summary>
internal static class SpiNorCommand
{
    public static bool IsRead(byte command)
        => command is 0x03 or 0x0b or 0x3b or 0x6b or 0xbb or 0xeb or 0x13 or 0x0c or 0x3c or 0x6c or 0xbc or 0xec;

    public static bool IsProgram(byte command) => command is 0x02 or 0x12 or 0x32 or 0x34 or 0x38 or 0x3e;

    public static bool IsQuad(byte command) => command is 0x6b or 0x6c or 0xeb or 0xec or 0x32 or 0x34 or 0x38 or 0x3e;

    /// <summary>Whether a mode byte follows the address.</summary>
    public static bool HasMode(byte command) => command is 0xbb or 0xbc or 0xeb or 0xec;

    public static int AddressLanes(byte command) => command switch
    {
        0xbb or 0xbc => 2,
        0xeb or 0xec or 0x38 or 0x3e => 4,
        _ => 1,
    };

    public static int DataLanes(byte command) => command switch
    {
        0x3b or 0x3c or 0xbb or 0xbc => 2,
        0x6b or 0x6c or 0xeb or 0xec or 0x32 or 0x34 or 0x38 or 0x3e => 4,
        _ => 1,
    };

    public static int DummyClocks(byte command) => command switch
    {
        0x0b or 0x0c or 0x3b or 0x3c or 0x6b or 0x6c or 0x5a or 0x48 => 8,
        0xeb or 0xec => 4,
        0x4b => 32,
        0xab => 24,
        _ => 0,
    };

    public static int AddressBytes(byte command, bool isFourByteMode)
    {
        if (command is 0x13 or 0x0c or 0x3c or 0x6c or 0xbc or 0xec or 0x12 or 0x34 or 0x3e or 0x21 or 0x5c or 0xdc)
            return 4;
        // the tables and identifiers keep their three bytes
        if (command is 0x5a or 0x90)
            return 3;
        return IsRead(command) || IsProgram(command) || EraseSize(command) > 0 ? (isFourByteMode ? 4 : 3) : 0;
    }

    /// <summary>Bytes that a command erases; 0 for other commands and for the whole.</summary>
    public static int EraseSize(byte command) => command switch
    {
        0x20 or 0x21 or 0xd7 => 4 << 10,
        0x52 or 0x5c => 32 << 10,
        0xd8 or 0xdc => 64 << 10,
        _ => 0,
    };
}
