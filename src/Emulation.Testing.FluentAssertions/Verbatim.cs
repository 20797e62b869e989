namespace Emulation.Testing.FluentAssertions;

/// <summary>A text that messages show as it is, without quotes.</summary>
/// <param name="text">The text.</param>
internal sealed class Verbatim(string text)
{
    public override string ToString() => text;
}
