namespace Emulation.Debugging;

/// <summary>A piece of memory that a firmware file fills.</summary>
/// <param name="Address">Physical (load) address.</param>
/// <param name="VirtualAddress">Address that the program uses for it.</param>
/// <param name="Data">The bytes of the file.</param>
/// <param name="MemorySize">Bytes in memory; what <paramref name="Data"/> lacks is zero.</param>
public sealed record FirmwareSegment(ulong Address, ulong VirtualAddress, ReadOnlyMemory<byte> Data, ulong MemorySize);
