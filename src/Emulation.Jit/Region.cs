using System.Reflection.Emit;
using Emulation.Cpu;

namespace Emulation.Jit;

/// <summary>Compiled code for some blocks, entered at the first.</summary>
/// <param name="blocks">The blocks.</param>
/// <param name="method">The code; a function pointer does not keep it alive.</param>
/// <param name="entry">Native code.</param>
/// <param name="ilBytes">Size of the method.</param>
internal sealed class Region(TranslationBlock[] blocks, DynamicMethod method, nint entry, int ilBytes)
{
    public TranslationBlock[] Blocks { get; } = blocks;

    public TranslationBlock EntryBlock => Blocks[0];

    public DynamicMethod Method { get; } = method;

    public nint Entry { get; } = entry;

    public int IlBytes { get; } = ilBytes;

    /// <summary>Where the profile keeps it; null without a profile.</summary>
    public ProfileKey? Key { get; set; }

    /// <summary>Entries that its entry block seems to have had before it was first entered.</summary>
    public long Uncounted { get; set; }

    public bool IsInstalled { get; set; }

    /// <summary>When it was taken out, as <see cref="TranslationCache.Retire"/> counts.</summary>
    public long Retired { get; set; }
}
