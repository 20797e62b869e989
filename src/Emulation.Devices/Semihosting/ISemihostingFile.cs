namespace Emulation.Devices;

/// <summary>What an open handle refers to. Results are a count, or a number of <see cref="SemihostingError"/> negated.</summary>
internal interface ISemihostingFile : IDisposable
{
    /// <summary>Bytes of the file.</summary>
    long Length { get; }

    int Read(long position, Span<byte> destination);

    /// <summary>Writes; behind the end, zeros come between.</summary>
    int Write(long position, ReadOnlySpan<byte> source);
}
