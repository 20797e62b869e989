namespace Emulation.Debugging;

/// <summary>A piece of memory that a firmware file fills.</summary>
/// <param name="Address">Physical (load) address.</param>
/// <param name="VirtualAddress">Address that the program uses for it.</param>
/// <param name="Data">The bytes of the file.</param>
/// <param name="MemorySize">Bytes in memory; what <paramref name="Data"/> lacks is zero.</param>
public sealed record FirmwareSegment(ulong Address, ulong VirtualAddress, ReadOnlyMemory<byte> Data, ulong MemorySize)
{
    /// <summary>Bytes at <see cref="Address"/>. Of variables that start-up code copies from flash to RAM the zeros are in RAM only.</summary>
    public ulong LoadSize => Address == VirtualAddress ? MemorySize : (ulong)Data.Length;
}
