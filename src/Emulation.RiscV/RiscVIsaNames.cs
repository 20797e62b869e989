using Emulation.Cpu.Decode;

namespace Emulation.RiscV;

/// <summary>Names of extensions and their canonical order.</summary>
internal static class RiscVIsaNames
{
    private const string CategoryOrder = "imafdqlcbkjtpvnh";

    private static readonly string[] s_names = Array.ConvertAll(Enum.GetNames<RiscVExtension>(), static n => n.ToLowerInvariant());

    /// <summary>Name of an extension in ISA strings.</summary>
    /// <param name="extension">The extension.</param>
    public static string Name(RiscVExtension extension) => s_names[(int)extension];

    /// <summary>Finds an extension by name; the widths are not extensions.</summary>
    /// <param name="name">Name without regard to case.</param>
    /// <param name="extension">The extension.</param>
    public static bool TryFind(string name, out RiscVExtension extension)
    {
        int index = Array.FindIndex(s_names, n => n.Equals(name, StringComparison.OrdinalIgnoreCase));
        extension = (RiscVExtension)index;
        return index >= (int)RiscVExtension.I;
    }

    /// <summary>Names in the order of "Subset Naming Convention": letters, Z by category, S alphabetically.</summary>
    /// <param name="features">What the CPU has.</param>
    public static IReadOnlyList<string> Canonical(in FeatureSet features)
    {
        var names = new List<string>();
        for (RiscVExtension e = RiscVExtension.I; (int)e < s_names.Length; e++)
        {
            if (features.Has((int)e))
                names.Add(Name(e));
        }

        names.Sort(static (a, b) =>
        {
            int byRank = Rank(a).CompareTo(Rank(b));
            return byRank != 0 ? byRank : string.CompareOrdinal(a, b);
        });
        return names;
    }

    private static int Rank(string name)
    {
        if (name.Length == 1)
            return CategoryOrder.IndexOf(name[0], StringComparison.Ordinal);
        return name[0] == 'z' ? 100 + CategoryOrder.IndexOf(name[1], StringComparison.Ordinal) : 200;
    }
}
