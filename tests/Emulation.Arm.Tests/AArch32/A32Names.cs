using System.Text;
using Emulation.Cpu.Decode;

namespace Emulation.Arm.Tests.AArch32;

/// <summary>Names of A32 and T32 instructions by our tables.</summary>
internal static class A32Names
{
    private static readonly ArmFrontend s_frontend = new(ArmIsa.Everything);

    // all that is not user code, so that nothing is undefined for its level
    private const uint Mode = A32Mode.AArch32 | A32Mode.Secure | 1 | (3u << A32Mode.ProcessorShift);

    /// <summary>The mnemonic of a word without aliases; null when it is unallocated.</summary>
    /// <param name="set">a32, t16, t32, or simd for words of the common space in A32 form.</param>
    /// <param name="word">The word.</param>
    public static string? Of(string set, uint word)
    {
        if (set == "t32" && ArmFrontend.TryGetSimd(word, out uint a32))
            (set, word) = ("simd", a32);
        else if (set == "a32" && ArmFrontend.IsSimd(word))
            set = "simd";
        (EncodingRow? row, EncodingSchema schema) = set switch
        {
            "a32" => (s_frontend.FindA32(word, Mode) ?? Known(A32Tables.Table, word), A32Tables.Table.Schema),
            "simd" => (s_frontend.FindSimd(word, Mode) ?? Known(SimdTables.Table, word), SimdTables.Table.Schema),
            "t16" => (s_frontend.FindT32(word, 2, Mode) ?? Known(T32Tables.Table16, word), T32Tables.Table16.Schema),
            _ => (s_frontend.FindT32(word, 4, Mode) ?? Known(T32Tables.Table32, word), T32Tables.Table32.Schema),
        };
        if (row is null)
            return null;
        var text = new StringBuilder();
        row.Syntax!.Format(text, schema, word, 0, default);
        return text.ToString();
    }

    /// <summary>A name as assemblers have it, without what says how wide the encoding is.</summary>
    public static string Plain(string name)
    {
        string first = name.Split(' ', '\t')[0];
        return first.EndsWith(".w", StringComparison.Ordinal) || first.EndsWith(".n", StringComparison.Ordinal) ? first[..^2] : first;
    }

    // undefined, but with a name: permanently, for a mode that does not exist, or because there is no such coprocessor
    private static EncodingRow? Known<T>(EncodingTable<A32Emitter, T> table, uint word)
        where T : struct
        => table.TryFind(word, ArmIsa.Everything.Features, out EncodingRow? row) && (row.Method is "Udf" or "Hlt" or "Srs" || row.Extension == SimdTables.Coprocessors) ? row : null;
}
