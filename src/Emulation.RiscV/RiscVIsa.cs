using Emulation.Cpu.Decode;

namespace Emulation.RiscV;

/// <summary>
/// What a RISC-V CPU has, from text such as <c>"rv64gc_zba_zbb_sstc"</c>. Options follow behind commas:
/// <c>misaligned=trap</c> (plain misaligned accesses fault instead of working), <c>pmp=0|8|16|64</c> (PMP entries, 16 when not
/// given), <c>priv=m|mu|msu</c> (privilege modes, all three when not given).
/// </summary>
/// <remarks>
/// RISC-V Unprivileged ISA, "ISA Extension Naming Conventions". Implied extensions are added; version suffixes such as
/// <c>2p1</c> are accepted and ignored. Without an <c>sv*</c> name a CPU with S-mode has every translation scheme of its width.
/// </remarks>
public sealed class RiscVIsa
{
    private RiscVIsa(int xlen, FeatureSet features, bool misalignedTraps, int pmpEntries, int modes)
    {
        Xlen = xlen;
        Features = features;
        MisalignedTraps = misalignedTraps;
        PmpEntries = pmpEntries;
        HasUserMode = modes >= 2;
        HasSupervisorMode = modes >= 3;
    }

    /// <summary>Width of integer registers: 32 or 64.</summary>
    public int Xlen { get; }

    /// <summary>Width of floating-point registers: 0, 32 or 64.</summary>
    public int Flen => Has(RiscVExtension.D) ? 64 : Has(RiscVExtension.F) ? 32 : 0;

    /// <summary>Whether plain loads and stores must be aligned.</summary>
    public bool MisalignedTraps { get; }

    /// <summary>Number of physical memory protection entries: 0, 16 or 64.</summary>
    public int PmpEntries { get; }

    /// <summary>Whether there is a U-mode.</summary>
    public bool HasUserMode { get; }

    /// <summary>Whether there is an S-mode.</summary>
    public bool HasSupervisorMode { get; }

    /// <summary>The features for decode tables.</summary>
    internal FeatureSet Features { get; }

    /// <summary>Whether an extension is present, given or implied.</summary>
    /// <param name="name">Name as in ISA strings, without regard to case.</param>
    public bool Has(string name) => RiscVIsaNames.TryFind(name, out RiscVExtension extension) && Has(extension);

    /// <summary>Names of all extensions, in canonical order: what a device tree lists.</summary>
    public IReadOnlyList<string> Extensions => RiscVIsaNames.Canonical(Features);

    /// <summary>Reads an ISA string.</summary>
    /// <param name="text">See the type.</param>
    /// <exception cref="ArgumentException">The text is malformed or names an unknown or impossible extension; the message says which.</exception>
    public static RiscVIsa Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Trim().ToLowerInvariant().Split(',');
        (int xlen, FeatureSet features) = RiscVIsaParser.Parse(parts[0]);
        (bool misalignedTraps, int pmp, int modes) = (false, 16, 3);
        foreach (string option in parts.AsSpan(1))
        {
            switch (option.Trim())
            {
                case "misaligned=trap": misalignedTraps = true; break;
                case "misaligned=ok": misalignedTraps = false; break;
                case "pmp=0": pmp = 0; break;
                case "pmp=8": pmp = 8; break;
                case "pmp=16": pmp = 16; break;
                case "pmp=64": pmp = 64; break;
                case "priv=m": modes = 1; break;
                case "priv=mu": modes = 2; break;
                case "priv=msu": modes = 3; break;
                default: throw new ArgumentException($"unknown option '{option.Trim()}' in RISC-V ISA '{text}'", nameof(text));
            }
        }

        if (modes == 3)
            features = RiscVIsaParser.WithTranslationSchemes(xlen, features);
        return new RiscVIsa(xlen, features, misalignedTraps, pmp, modes);
    }

    /// <summary>Whether an extension is present, given or implied.</summary>
    /// <param name="extension">The extension.</param>
    internal bool Has(RiscVExtension extension) => Features.Has((int)extension);

    /// <summary>The canonical ISA string, without options: single letters, then the others behind underscores.</summary>
    public override string ToString()
    {
        string letters = "", others = "";
        foreach (string name in Extensions)
        {
            if (name.Length == 1)
                letters += name;
            else
                others += "_" + name;
        }

        return $"rv{Xlen}{letters}{others}";
    }
}
