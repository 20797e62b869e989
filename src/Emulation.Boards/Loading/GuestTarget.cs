namespace Emulation.Boards.Loading;

/// <summary>What an image has to be made for.</summary>
/// <param name="Board">Shown in messages.</param>
/// <param name="ElfMachine">The ELF machine number.</param>
/// <param name="Bits">32 or 64.</param>
/// <param name="Architecture">Shown in messages.</param>
internal sealed record GuestTarget(string Board, ushort ElfMachine, int Bits, string Architecture)
{
    /// <summary>Bytes from the start of memory from which a Linux image counts the place it wants.</summary>
    public ulong KernelBase { get; init; }
}
