namespace Emulation.Core;

/// <summary>A machine's whole state at one moment, in memory. It shares memory with the machine, copy-on-write, and any number of restores may use it.</summary>
public sealed class Snapshot : IDisposable
{
    internal Snapshot(string machine, StateSection[] sections, (string Name, RamImage Image)[] memory, (string Name, IDisposable Checkpoint)[] backends)
    {
        Machine = machine;
        Sections = sections;
        Memory = memory;
        Backends = backends;
    }

    /// <summary>Name of the machine it was taken from.</summary>
    public string Machine { get; }

    internal StateSection[] Sections { get; }

    internal (string Name, RamImage Image)[] Memory { get; }

    internal (string Name, IDisposable Checkpoint)[] Backends { get; }

    /// <summary>Gives up the snapshot; memory that no machine shares any more is freed.</summary>
    public void Dispose()
    {
        foreach ((_, RamImage image) in Memory)
            image.Dispose();
        foreach ((_, IDisposable checkpoint) in Backends)
            checkpoint.Dispose();
    }
}

/// <summary>The state of one device, vCPU, or of the machine itself.</summary>
internal sealed record StateSection(string Name, int Version, byte[] Data);
