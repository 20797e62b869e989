namespace Emulation.Debugging;

/// <summary>Finds names that somebody may have meant.</summary>
internal static class NameHints
{
    private const int MaxHints = 5, MaxLength = 64;

    /// <summary>The end of a sentence that says which names are alike; empty when none is.</summary>
    public static string For(string name, IEnumerable<string> names)
    {
        string[] alike = [.. names.Where(static n => n.Length > 2).Select(n => (Name: n, Distance: Distance(name, n))).Where(static n => n.Distance is not null)
            .OrderBy(static n => n.Distance).ThenBy(static n => n.Name, StringComparer.Ordinal).Take(MaxHints).Select(static n => n.Name)];
        return alike.Length > 0 ? $"; there is {string.Join(", ", alike)}" : "";
    }

    // null for what is not alike: names that contain each other are, and those with few different letters
    private static int? Distance(string wanted, string name)
    {
        if (name.Contains(wanted, StringComparison.OrdinalIgnoreCase) || wanted.Contains(name, StringComparison.OrdinalIgnoreCase))
            return Math.Abs(name.Length - wanted.Length);
        int limit = Math.Min(3, Math.Max(wanted.Length, name.Length) / 3);
        if (Math.Abs(wanted.Length - name.Length) > limit || Math.Max(wanted.Length, name.Length) > MaxLength)
            return null;
        int letters = Letters(wanted.ToLowerInvariant(), name.ToLowerInvariant());
        return letters <= limit ? letters : null;
    }

    // how many letters have to be added, removed or changed (Levenshtein)
    private static int Letters(string a, string b)
    {
        Span<int> row = stackalloc int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
            row[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
