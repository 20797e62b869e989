namespace Emulation.Cli.Images;

/// <summary>Text of the form NAME=VALUE,...; two commas stand for one in a value.</summary>
internal static class OptionList
{
    /// <summary>Takes it apart; what has no value has an empty one.</summary>
    public static List<NamedValue> Split(string text)
    {
        var parts = new List<NamedValue>();
        foreach (string part in text.Replace(",,", "\0", StringComparison.Ordinal).Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string plain = part.Replace('\0', ',');
            int equals = plain.IndexOf('=', StringComparison.Ordinal);
            parts.Add(equals < 0 ? new NamedValue(plain, "") : new NamedValue(plain[..equals], plain[(equals + 1)..]));
        }

        return parts;
    }
}
