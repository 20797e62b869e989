namespace Emulation.Storage;

/// <summary>What a client chose in the handshake.</summary>
/// <param name="Export">The export.</param>
/// <param name="Structured">Whether replies are structured.</param>
/// <param name="Contexts">Metadata contexts by id: the position in the list.</param>
internal sealed record NbdSessionSetup(ServedExport Export, bool Structured, IReadOnlyList<string> Contexts);
