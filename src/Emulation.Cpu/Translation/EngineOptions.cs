namespace Emulation.Cpu;

/// <summary>How guest code is executed.</summary>
public enum EngineKind
{
    /// <summary>The portable interpreter: the reference, and what runs where no code can be generated.</summary>
    Interpreter,

    /// <summary>Threaded tier-0 code.</summary>
    Tier0,

    /// <summary>Tier 0, and compiled regions for hot code.</summary>
    Jit,
}

/// <summary>Bounds and choice of the execution engine.</summary>
public sealed record EngineOptions
{
    /// <summary>How guest code is executed. Where the runtime cannot generate code (native AOT), every kind is the interpreter.</summary>
    public EngineKind Engine { get; init; } = EngineKind.Tier0;

    /// <summary>Whether compiled regions say that they run, so that <see cref="ActivityProfile"/> can tell them from tier 0. Costs two stores a region.</summary>
    public bool Profile { get; init; }

    /// <summary>Bytes of tier-0 code after which everything is dropped and translation starts over.</summary>
    public long MaxTranslationBytes { get; init; } = 96 << 20;
}

/// <summary>A tier-1 engine: compiles hot code and installs it at the entry of tier-0 blocks.</summary>
public interface ITierOne : IDisposable
{
    /// <summary>Entries after which a block is reported as hot.</summary>
    int Threshold { get; }

    /// <summary>Entries after which a block just translated is reported as hot: fewer than <see cref="Threshold"/> when it is known to get hot. Called under the cache's lock.</summary>
    /// <param name="block">The block.</param>
    int ThresholdOf(TranslationBlock block) => Threshold;

    /// <summary>A block was entered as often as <see cref="ThresholdOf"/> said. Called on a vCPU's thread: must return at once.</summary>
    /// <param name="block">The block.</param>
    void OnHot(TranslationBlock block);

    /// <summary>A block was dropped; regions that contain it must not be entered any more. Called under the cache's lock.</summary>
    /// <param name="block">The block.</param>
    void OnInvalidated(TranslationBlock block);
}
