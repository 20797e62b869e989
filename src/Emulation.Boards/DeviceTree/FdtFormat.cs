namespace Emulation.Boards.DeviceTree;

/// <summary>Numbers of the flattened format. Devicetree Specification 0.4, chapter 5.</summary>
internal static class FdtFormat
{
    public const uint Magic = 0xd00dfeed;
    public const int HeaderSize = 40;
    public const uint Version = 17;
    public const uint LastCompatibleVersion = 16;
    public const uint BeginNode = 1;
    public const uint EndNode = 2;
    public const uint Property = 3;
    public const uint Nop = 4;
    public const uint End = 9;

    /// <summary>A hostile blob must not overflow the stack; real trees are less than ten deep.</summary>
    public const int MaxDepth = 64;
}
