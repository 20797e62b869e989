namespace Emulation.Cpu.Decode;

/// <summary>
/// Which features an encoding needs. Text: feature names separated by blanks, all of which are needed; alternatives
/// separated by <c>|</c>, one of which suffices: <c>"RV64 Zbb | RV64 Zbkb"</c>.
/// </summary>
public sealed class FeatureRequirement
{
    private readonly FeatureSet[] _alternatives;

    private FeatureRequirement(FeatureSet[] alternatives) => _alternatives = alternatives;

    /// <summary>The sets one of which must be present entirely.</summary>
    public ReadOnlySpan<FeatureSet> Alternatives => _alternatives;

    /// <summary>Whether <paramref name="features"/> suffice.</summary>
    /// <param name="features">What the CPU has.</param>
    public bool IsMetBy(in FeatureSet features)
    {
        foreach (ref readonly FeatureSet alternative in _alternatives.AsSpan())
        {
            if (features.ContainsAll(alternative))
                return true;
        }

        return false;
    }

    /// <summary>Reads a requirement.</summary>
    /// <param name="text">See the type; null or empty needs nothing.</param>
    /// <param name="schema">Knows the features' numbers.</param>
    /// <exception cref="FormatException">A feature is unknown.</exception>
    public static FeatureRequirement Parse(string? text, EncodingSchema schema)
    {
        string[] parts = (text ?? "").Split('|');
        var alternatives = new FeatureSet[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            foreach (string name in parts[i].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                int feature = schema.FeatureIndex(name);
                if (feature < 0)
                    throw new FormatException($"unknown feature '{name}' in '{text}'");
                alternatives[i] |= FeatureSet.Of(feature);
            }
        }

        return new FeatureRequirement(alternatives);
    }

    /// <summary>Both requirements together.</summary>
    /// <param name="other">Another requirement.</param>
    public FeatureRequirement And(FeatureRequirement other)
    {
        var product = new FeatureSet[_alternatives.Length * other._alternatives.Length];
        int n = 0;
        foreach (FeatureSet a in _alternatives)
        {
            foreach (FeatureSet b in other._alternatives)
                product[n++] = a | b;
        }

        return new FeatureRequirement(product);
    }

    /// <summary>Whether a CPU can exist that meets both requirements.</summary>
    /// <param name="other">Another requirement.</param>
    /// <param name="schema">Knows which features exclude each other.</param>
    public bool CanMeet(FeatureRequirement other, EncodingSchema schema)
    {
        foreach (FeatureSet set in And(other)._alternatives)
        {
            if (schema.CanExist(set))
                return true;
        }

        return false;
    }
}
