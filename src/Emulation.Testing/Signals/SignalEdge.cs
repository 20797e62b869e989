namespace Emulation.Testing;

/// <summary>A change of level.</summary>
public enum SignalEdge
{
    /// <summary>From low to high.</summary>
    Rising,

    /// <summary>From high to low.</summary>
    Falling,

    /// <summary>Both.</summary>
    Any,
}
