using System.Text;
using Emulation.Cpu.Decode;

namespace Emulation.Arm.Tests.Encodings;

/// <summary>Names of instructions by our table.</summary>
internal static class Mnemonics
{
    private static readonly ArmFrontend s_frontend = new(ArmIsa.Everything);

    /// <summary>The mnemonic of a word without aliases; null when it is unallocated.</summary>
    public static string? Of(uint word)
    {
        if (s_frontend.Find(word) is not { } row)
            return null;
        var text = new StringBuilder();
        row.Syntax!.Format(text, A64Tables.Table.Schema, word, 0, default);
        return text.ToString();
    }

    public static IEnumerable<string> Lines(string resource)
    {
        using Stream stream = typeof(Mnemonics).Assembly.GetManifestResourceStream(resource) ?? throw new FileNotFoundException(resource);
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
                yield return line;
        }
    }
}
