namespace Emulation.Storage;

/// <summary>Numbers of the NBD protocol (doc/proto.md of the nbd repository, "Values"). Everything on the wire is big-endian.</summary>
internal static class NbdProtocol
{
    public const ulong InitMagic = 0x4e42444d41474943;
    public const ulong OldstyleMagic = 0x0000420281861253;
    public const ulong OptionMagic = 0x49484156454f5054;
    public const ulong OptionReplyMagic = 0x0003e889045565a9;
    public const uint RequestMagic = 0x25609513;
    public const uint SimpleReplyMagic = 0x67446698;
    public const uint StructuredReplyMagic = 0x668e33ef;

    public const int RequestLength = 28;
    public const int SimpleReplyLength = 16;
    public const int ChunkHeaderLength = 20;
    public const int ReservedZeroes = 124;

    /// <summary>Longest string, in bytes.</summary>
    public const int MaxString = 4096;

    /// <summary>Longest payload that every server takes and this one offers.</summary>
    public const int MaxPayload = 32 << 20;

    public const string AllocationContext = "base:allocation";
    public const string DirtyBitmapPrefix = "qemu:dirty-bitmap:";

    // of base:allocation
    public const uint StateHole = 1;
    public const uint StateZero = 2;

    // of qemu:dirty-bitmap
    public const uint StateDirty = 1;

    public const ushort ChunkDone = 1;
    public const ushort ChunkErrorBit = 1 << 15;
}

[Flags]
internal enum NbdHandshakeFlags : ushort
{
    None = 0,
    FixedNewstyle = 1 << 0,
    NoZeroes = 1 << 1,
}

internal enum NbdOption : uint
{
    ExportName = 1,
    Abort = 2,
    List = 3,
    StartTls = 5,
    Info = 6,
    Go = 7,
    StructuredReply = 8,
    ListMetaContext = 9,
    SetMetaContext = 10,
}

internal enum NbdOptionReply : uint
{
    Ack = 1,
    Server = 2,
    Info = 3,
    MetaContext = 4,
    ErrorUnsupported = (1u << 31) + 1,
    ErrorPolicy = (1u << 31) + 2,
    ErrorInvalid = (1u << 31) + 3,
    ErrorPlatform = (1u << 31) + 4,
    ErrorTlsRequired = (1u << 31) + 5,
    ErrorUnknown = (1u << 31) + 6,
    ErrorShutdown = (1u << 31) + 7,
    ErrorBlockSizeRequired = (1u << 31) + 8,
    ErrorTooBig = (1u << 31) + 9,
}

internal enum NbdInfo : ushort
{
    Export = 0,
    Name = 1,
    Description = 2,
    BlockSize = 3,
}

internal enum NbdCommand : ushort
{
    Read = 0,
    Write = 1,
    Disconnect = 2,
    Flush = 3,
    Trim = 4,
    Cache = 5,
    WriteZeroes = 6,
    BlockStatus = 7,
}

[Flags]
internal enum NbdCommandFlags : ushort
{
    None = 0,
    ForceUnitAccess = 1 << 0,
    NoHole = 1 << 1,
    DoNotFragment = 1 << 2,
    RequestOne = 1 << 3,
    FastZero = 1 << 4,
}

internal enum NbdChunk : ushort
{
    None = 0,
    OffsetData = 1,
    OffsetHole = 2,
    BlockStatus = 5,
    Error = NbdProtocol.ChunkErrorBit + 1,
    ErrorOffset = NbdProtocol.ChunkErrorBit + 2,
}

internal enum NbdError : uint
{
    None = 0,
    NotPermitted = 1,
    InputOutput = 5,
    NoMemory = 12,
    Invalid = 22,
    NoSpace = 28,
    Overflow = 75,
    NotSupported = 95,
    Shutdown = 108,
}
