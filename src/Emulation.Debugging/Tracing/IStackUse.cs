namespace Emulation.Debugging;

/// <summary>How much of a stack was used.</summary>
public interface IStackUse
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>Its lowest address: it grows towards it.</summary>
    ulong Bottom { get; }

    /// <summary>The address behind its highest.</summary>
    ulong Top { get; }

    /// <summary>Most bytes that were in use.</summary>
    ulong HighWater { get; }

    /// <summary>Bytes that it has.</summary>
    ulong Size { get; }

    /// <summary>Bytes that never were in use.</summary>
    ulong Free { get; }
}
