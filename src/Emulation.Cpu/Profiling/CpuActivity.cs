namespace Emulation.Cpu;

/// <summary>What a CPU is doing, as a sampler sees it.</summary>
public enum CpuActivity : byte
{
    /// <summary>Not executing: idle, waiting for a lock, or in the scheduler.</summary>
    Outside,

    /// <summary>Between blocks: looking for the next one, linking.</summary>
    Dispatch,

    /// <summary>Decoding and lowering a block.</summary>
    Translate,

    /// <summary>Tier-0 code or the interpreter, and what it calls that has no line of its own.</summary>
    Tier0,

    /// <summary>Compiled regions. Seen apart from tier 0 only with <see cref="EngineOptions.Profile"/>.</summary>
    Region,

    /// <summary>Walking page tables and filling a software TLB.</summary>
    TlbMiss,

    /// <summary>A device's register, and whatever the device does at once.</summary>
    Device,

    /// <summary>Taking an exception or an interrupt.</summary>
    Exception,
}
