namespace Emulation.Debugging;

/// <summary>Finds the functions that a CPU is in: by unwind information, else by frame pointer or link register; through the exception frames of M-profile CPUs.</summary>
/// <remarks>It reads memory only, and ends at the first thing that makes no sense.</remarks>
public static class StackUnwinder
{
    /// <summary>Most frames that are looked for.</summary>
    public const int MaxFrames = 64;

    /// <summary>The call stack, the innermost function first.</summary>
    /// <param name="cpu">A stopped CPU.</param>
    /// <param name="firmware">What it runs.</param>
    public static IReadOnlyList<StackFrame> Unwind(CpuView cpu, FirmwareImage firmware)
    {
        ArgumentNullException.ThrowIfNull(cpu);
        ArgumentNullException.ThrowIfNull(firmware);
        var state = new UnwindState(cpu);
        var frames = new List<StackFrame> { new(cpu.Pc, state.StackPointer, firmware.Locate(cpu.Pc), FrameSource.Present) };
        FrameSource source = FrameSource.Present;
        while (frames.Count < MaxFrames)
        {
            (ulong pc, ulong stack) = (state.Pc, state.StackPointer);
            if (Next(state, firmware, source) is not { } found)
                break;
            source = found;
            if ((state.Pc == pc && state.StackPointer == stack) || (state.StackPointer < stack && source != FrameSource.ExceptionFrame) || !IsCode(firmware, state.Pc))
                break;

            // a return address is behind its call, which may be the last instruction of its line
            ulong shown = source == FrameSource.ExceptionFrame ? state.Pc : state.Pc - 1;
            SourceLocation location = firmware.Locate(shown);
            frames.Add(new StackFrame(state.Pc, state.StackPointer, location with { Address = state.Pc, Offset = location.Offset + (state.Pc - shown) }, source));
        }

        return frames;
    }

    private static bool IsCode(FirmwareImage firmware, ulong pc)
        => pc != 0 && firmware.Segments.Any(s => pc - s.VirtualAddress < s.MemorySize);

    private static FrameSource? Next(UnwindState state, FirmwareImage firmware, FrameSource source)
    {
        if (state.IsExceptionReturn)
            return state.PopException() ? FrameSource.ExceptionFrame : null;

        // of a return address the call before it counts: the function may end there
        bool interrupted = source is FrameSource.Present or FrameSource.ExceptionFrame;
        UnwindRow? row = firmware.Frames.Find(interrupted ? state.Pc : state.Pc - 1);
        if (row is not null)
            return state.Apply(row) ? Arrived(state, FrameSource.UnwindInformation) : null;
        if (interrupted && state.ByLink())
            return Arrived(state, FrameSource.LinkRegister);
        return state.ByFramePointer() ? Arrived(state, FrameSource.FramePointer) : null;
    }

    private static FrameSource? Arrived(UnwindState state, FrameSource source)
        => state.IsExceptionReturn && !state.PopException() ? null : state.CameFromException ? FrameSource.ExceptionFrame : source;
}
