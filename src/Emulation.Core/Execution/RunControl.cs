namespace Emulation.Core;

/// <summary>Limits of one run.</summary>
/// <param name="MaxInstructions">Instructions of all vCPUs together.</param>
/// <param name="Until">Absolute virtual time in nanoseconds.</param>
/// <param name="Condition">Ends the run when it gives true.</param>
/// <param name="Cancellation">Ends the run when it fires.</param>
internal readonly record struct RunRequest(ulong MaxInstructions = ulong.MaxValue, long Until = long.MaxValue, Func<bool>? Condition = null, CancellationToken Cancellation = default);

/// <summary>Why a run is asked to end, by order of what is reported first.</summary>
[Flags]
internal enum StopCause
{
    None = 0,
    PowerOff = 1,
    Reset = 2,
    Unmapped = 4,
    Condition = 8,
    Requested = 16,
    Cancelled = 32,
}

/// <summary>Stops that were asked for and not yet acted on. Raised from any thread, taken by the scheduler.</summary>
internal sealed class RunControl
{
    private int _causes;

    public bool IsPending => Volatile.Read(ref _causes) != 0;

    /// <summary>The access behind <see cref="StopCause.Unmapped"/>.</summary>
    public GuestFault? Fault { get; private set; }

    public void Raise(StopCause cause) => Interlocked.Or(ref _causes, (int)cause);

    public void RaiseFault(GuestFault fault)
    {
        if ((Volatile.Read(ref _causes) & (int)StopCause.Unmapped) != 0)
            return;
        Fault = fault;
        Raise(StopCause.Unmapped);
    }

    /// <summary>Forgets everything but requests of the guest, which outlive a run that ended for another reason at the same instruction.</summary>
    public void Begin() => Interlocked.And(ref _causes, (int)(StopCause.PowerOff | StopCause.Reset));

    public bool Take(StopCause cause) => (Interlocked.And(ref _causes, ~(int)cause) & (int)cause) != 0;

    public void Clear() => Interlocked.Exchange(ref _causes, 0);

    /// <summary>Whether it was asked for and not yet taken.</summary>
    public bool IsRaised(StopCause cause) => (Volatile.Read(ref _causes) & (int)cause) != 0;

    /// <summary>The cause that is reported first, which stays raised.</summary>
    public bool TryPeek(out StopCause cause)
    {
        int causes = Volatile.Read(ref _causes);
        cause = (StopCause)(causes & -causes);
        return cause != StopCause.None;
    }

    /// <summary>Takes the cause that is reported first.</summary>
    public bool TryTake(out StopReason reason)
    {
        bool any = TryPeek(out StopCause first);
        reason = ReasonOf(first);
        return any && Take(first);
    }

    /// <summary>What a run reports that ends for this cause.</summary>
    public static StopReason ReasonOf(StopCause cause) => cause switch
    {
        StopCause.PowerOff => StopReason.PowerOff,
        StopCause.Reset => StopReason.Reset,
        StopCause.Unmapped => StopReason.UnmappedAccess,
        StopCause.Condition => StopReason.Condition,
        StopCause.Cancelled => StopReason.Cancelled,
        _ => StopReason.StopRequested,
    };
}
