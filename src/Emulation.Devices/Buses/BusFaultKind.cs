namespace Emulation.Devices;

internal enum BusFaultKind : byte
{
    Nack,
    Corrupt,
    LoseArbitration,
    Error,
}
