namespace Emulation.Arm;

/// <summary>Instructions that wait: TI of the syndrome when they trap.</summary>
internal enum WaitKind
{
    /// <summary>WFI.</summary>
    Interrupt,

    /// <summary>WFE.</summary>
    Event,

    /// <summary>WFIT.</summary>
    InterruptUntil,

    /// <summary>WFET.</summary>
    EventUntil,
}
