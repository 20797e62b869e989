namespace Emulation.Arm.Tests.Semantics;

/// <summary>How a short piece of code is executed: it must make no difference.</summary>
public enum WayOfRunning
{
    /// <summary>In one call.</summary>
    Whole,

    /// <summary>An instruction per call.</summary>
    Steps,

    /// <summary>In one call, with a hook on every instruction.</summary>
    Hooked,

    /// <summary>An instruction per call, saved, reset and loaded behind each.</summary>
    Saved,
}
