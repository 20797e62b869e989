namespace Emulation.Devices;

/// <summary>Where a request line goes: the stream and channel of a <see cref="Stm32Dma"/>.</summary>
/// <param name="Request">The request's name, such as <c>USART2_RX</c>.</param>
/// <param name="Stream">0 to 7.</param>
/// <param name="Channel">0 to 7.</param>
public readonly record struct Stm32DmaRequestLine(string Request, int Stream, int Channel)
{
    /// <summary>Reads a table as manuals print it.</summary>
    /// <param name="table">A row per channel; its streams between bars, several names between commas, a dash for none.</param>
    internal static IReadOnlyList<Stm32DmaRequestLine> Parse(string table)
        => [.. table.Split('\n').SelectMany(static (row, channel) => row.Split('|').SelectMany((place, stream)
            => place.Split(',', StringSplitOptions.TrimEntries).Where(static name => name != "-").Select(name => new Stm32DmaRequestLine(name, stream, channel))))];
}
