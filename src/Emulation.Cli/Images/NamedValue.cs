namespace Emulation.Cli.Images;

/// <summary>One NAME=VALUE.</summary>
/// <param name="Name">Before the equals sign.</param>
/// <param name="Value">Behind it; empty when there is none.</param>
internal sealed record NamedValue(string Name, string Value);
