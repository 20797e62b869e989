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
        var frames = new List<StackFrame>();
        Add(frames, firmware, cpu.Pc, state, FrameSource.Present);
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
            Add(frames, firmware, shown, state, source);
        }

        return frames;
    }

    // inlined functions have no frame of their own: they come before the one that they are in
    private static void Add(List<StackFrame> frames, FirmwareImage firmware, ulong shown, UnwindState state, FrameSource source)
    {
        IReadOnlyList<SourceLocation> places = firmware.LocateInlined(shown);
        for (int i = 0; i < places.Count; i++)
        {
            bool inlined = i < places.Count - 1;
            SourceLocation place = places[i] with { Address = state.Pc, Offset = inlined ? 0 : places[i].Offset + (state.Pc - shown) };
            frames.Add(new StackFrame(state.Pc, state.StackPointer, place, inlined ? FrameSource.Inlined : source));
        }
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
