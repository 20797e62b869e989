using Emulation.Cpu.Decode;
using static Emulation.RiscV.RiscVExtension;

namespace Emulation.RiscV;

/// <summary>Reads ISA strings and adds what is implied.</summary>
internal static class RiscVIsaParser
{
    // RISC-V Unprivileged ISA, the "depends on" and "implies" statements of each chapter
    private static readonly (RiscVExtension Given, RiscVExtension[] Implied)[] s_implied =
    [
        (M, [Zmmul]),
        (A, [Zaamo, Zalrsc]),
        (D, [F]),
        (F, [Zicsr]),
        (C, [Zca]),
        (B, [Zba, Zbb, Zbs]),
        (Zacas, [Zaamo]),
        (Zawrs, [Zalrsc]),
        (Zfh, [Zfhmin]),
        (Zfhmin, [F]),
        (Zfa, [F]),
        (Zcb, [Zca]),
        (Zcmop, [Zca]),
        (Zcd, [Zca, D]),
        (Zcf, [Zca, F]),
        (Zicntr, [Zicsr]),
        (Zihpm, [Zicsr]),
        (Zk, [Zkn, Zkr, Zkt]),
        (Zkn, [Zbkb, Zbkc, Zbkx, Zkne, Zknd, Zknh]),
        (Zkr, [Zicsr]),
        (Sscofpmf, [Zihpm]),
        (Smstateen, [Ssstateen]),
        (Sv57, [Sv48]),
        (Sv48, [Sv39]),
    ];

    private static readonly RiscVExtension[] s_general = [I, M, A, F, D, Zicsr, Zifencei];

    /// <summary>Reads an ISA string in lower case, without options.</summary>
    /// <param name="text">Such as <c>rv64gc_zba</c>.</param>
    public static (int Xlen, FeatureSet Features) Parse(string text)
    {
        int xlen = text.StartsWith("rv32", StringComparison.Ordinal) ? 32 : text.StartsWith("rv64", StringComparison.Ordinal) ? 64 : 0;
        if (xlen == 0)
            throw Error(text, "does not begin with rv32 or rv64");
        FeatureSet features = Bit(xlen == 32 ? RV32 : RV64);
        string[] parts = text[4..].Split('_');
        string letters = SplitLetters(parts[0], out string? first);
        if (letters.Length == 0 || letters[0] is not ('i' or 'g'))
            throw Error(text, letters.StartsWith('e') ? "has the base 'e', which is not supported" : "has no base: 'i' or 'g' must come first");
        foreach (char letter in letters)
        {
            if (letter != 'g')
                features |= Named(text, letter.ToString());
            else
                foreach (RiscVExtension extension in s_general)
                    features |= Bit(extension);
        }

        if (first is not null)
            features |= Named(text, first);
        foreach (string part in parts.AsSpan(1))
            features |= Named(text, part);
        features = Close(xlen, features);
        Check(text, xlen, features);
        return (xlen, features);
    }

    /// <summary>Gives a CPU with S-mode the translation schemes of its width when the string names none.</summary>
    /// <param name="xlen">32 or 64.</param>
    /// <param name="features">What it has.</param>
    public static FeatureSet WithTranslationSchemes(int xlen, FeatureSet features)
    {
        bool any = features.Has((int)Sv32) || features.Has((int)Sv39) || features.Has((int)Svbare);
        return any ? features : Close(xlen, features | Bit(xlen == 32 ? Sv32 : Sv57));
    }

    private static FeatureSet Close(int xlen, FeatureSet features)
    {
        FeatureSet before;
        do
        {
            before = features;
            foreach ((RiscVExtension given, RiscVExtension[] implied) in s_implied)
            {
                if (!features.Has((int)given))
                    continue;
                foreach (RiscVExtension extension in implied)
                    features |= Bit(extension);
            }

            // "C" is Zca with Zcd when there is D and, on RV32, Zcf when there is F
            if (features.Has((int)C) && features.Has((int)D))
                features |= Bit(Zcd);
            if (features.Has((int)C) && features.Has((int)F) && xlen == 32)
                features |= Bit(Zcf);
        }
        while (features != before);

        return features;
    }

    private static void Check(string text, int xlen, FeatureSet features)
    {
        if (xlen == 64 && features.Has((int)Zcf))
            throw Error(text, "has 'zcf', which exists on RV32 only");
        if (xlen == 64 && features.Has((int)Sv32))
            throw Error(text, "has 'sv32', which exists on RV32 only");
        if (xlen == 32 && features.Has((int)Sv39))
            throw Error(text, "has 'sv39', 'sv48' or 'sv57', which exist on RV64 only");
        if (xlen == 32 && features.Has((int)Ssu64xl))
            throw Error(text, "has 'ssu64xl', which exists on RV64 only");
    }

    // "rv64imaczba": a z or s begins a name of several letters, which ends the run of single ones
    private static string SplitLetters(string run, out string? name)
    {
        string letters = "";
        for (int i = 0; i < run.Length; i++)
        {
            char c = run[i];
            if (c is 'z' or 's' or 'x')
            {
                name = run[i..];
                return letters;
            }

            if (!char.IsAsciiDigit(c) && !(c == 'p' && i > 0 && char.IsAsciiDigit(run[i - 1])))
                letters += c;                            // digits are version numbers
        }

        name = null;
        return letters;
    }

    private static FeatureSet Named(string text, string name)
    {
        if (RiscVIsaNames.TryFind(name, out RiscVExtension extension) || RiscVIsaNames.TryFind(WithoutVersion(name), out extension))
            return Bit(extension);
        throw Error(text, name.Length == 0 ? "has an empty extension name" : $"has the unknown extension '{name}'");
    }

    private static string WithoutVersion(string name)
    {
        int end = name.Length;
        while (end > 0 && char.IsAsciiDigit(name[end - 1]))
            end--;
        if (end == 0 || end == name.Length || name[end - 1] != 'p')
            return name;
        end--;
        while (end > 0 && char.IsAsciiDigit(name[end - 1]))
            end--;
        return name[..end];
    }

    private static FeatureSet Bit(RiscVExtension extension) => FeatureSet.Of((int)extension);

    private static ArgumentException Error(string text, string what) => new($"RISC-V ISA '{text}' {what}");
}
