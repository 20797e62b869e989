namespace Emulation.Debugging;

/// <summary>How a frame was found.</summary>
public enum FrameSource
{
    /// <summary>It is the present instruction.</summary>
    Present,

    /// <summary>By the file's unwind information.</summary>
    UnwindInformation,

    /// <summary>By the link register: the function before has no unwind information and may have called nothing yet.</summary>
    LinkRegister,

    /// <summary>By the registers that an exception stacked.</summary>
    ExceptionFrame,

    /// <summary>By the frame pointer.</summary>
    FramePointer,

    /// <summary>By the debug information: its code was put into the function of the next frame, whose registers and stack it uses.</summary>
    Inlined,
}

/// <summary>A function that is not finished.</summary>
/// <param name="Pc">Address of the present instruction, or of the one that the function goes on with.</param>
/// <param name="StackPointer">The stack pointer in it.</param>
/// <param name="Location">Function, file and line.</param>
/// <param name="Source">How it was found.</param>
public sealed record StackFrame(ulong Pc, ulong StackPointer, SourceLocation Location, FrameSource Source)
{
    /// <inheritdoc/>
    public override string ToString() => Source switch
    {
        FrameSource.ExceptionFrame => $"{Location} <- interrupted",
        FrameSource.Inlined => $"{Location} inlined",
        _ => Location.ToString(),
    };
}
