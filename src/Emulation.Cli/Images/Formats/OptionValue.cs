using System.Globalization;
using Emulation.Cli.Options;

namespace Emulation.Cli.Images;

/// <summary>The value that a user gives an option of a format.</summary>
/// <param name="Name">The option.</param>
/// <param name="Text">The value as it is written.</param>
/// <param name="Takes">What values there are.</param>
/// <param name="Secrets">Passphrases by their names.</param>
internal sealed record OptionValue(string Name, string Text, string Takes, Secrets Secrets)
{
    public bool Switch() => Text switch { "on" or "yes" or "true" => true, "off" or "no" or "false" => false, _ => throw Wrong() };

    public int Size() => (int)Math.Min(SizeText.ParseSize(Text, $"-o {Name}"), int.MaxValue);

    public int Number() => int.TryParse(Text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw Wrong();

    public T Choice<T>(params (string Name, T Value)[] choices)
    {
        foreach ((string name, T value) in choices)
        {
            if (name == Text)
                return value;
        }

        throw Wrong();
    }

    /// <summary>What cannot be chosen: only one value is there.</summary>
    public T Only<T>(T options, string value) => Text == value ? options : throw new UsageException($"-o {Name}: '{Text}' is not supported; {value} is");

    public UsageException Wrong() => new($"-o {Name}: '{Text}' is not possible; it takes {Takes}");
}
