using Emulation.Cpu;
using Emulation.Jit;

namespace Emulation.RiscV.Tests;

/// <summary>Engines as tests want them: tier 1 compiles each block at its first entry, on the spot.</summary>
internal static class TestEngines
{
    public static TranslationCache CreateCache(EngineKind engine, IFrontend frontend)
    {
        var cache = new TranslationCache(new EngineOptions { Engine = engine });
        if (engine == EngineKind.Jit)
            cache.TierOne = new JitEngine(cache, frontend, new JitOptions { Threshold = 1, Synchronous = true });
        return cache;
    }
}
