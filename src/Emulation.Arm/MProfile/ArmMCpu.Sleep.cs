namespace Emulation.Arm;

// WFI, WFE, SEV, sleep on exit, reset requests. DDI 0403E, B1.5.17 to B1.5.19.
public sealed unsafe partial class ArmMCpu
{
    private volatile bool _event;
    private volatile bool _systemResets;
    private bool _waitsForEvent, _startsHalted, _sleeping;

    /// <summary>Raised when the CPU goes to sleep or wakes (the SLEEPING and SLEEPDEEP outputs), between two instructions.</summary>
    public event Action<ArmMSleep>? SleepChanged;

    /// <summary>Raised by SEV: the TXEV output, for other CPUs' <see cref="SetEvent"/>.</summary>
    public event Action? EventSent;

    /// <summary>How the CPU sleeps.</summary>
    public ArmMSleep Sleep => !_sleeping ? ArmMSleep.Awake : System.SleepsDeeply(Bank) ? ArmMSleep.Deep : ArmMSleep.Sleeping;

    /// <inheritdoc/>
    protected override bool WakePending => !_startsHalted && (_systemResets || _resetWaits || (_waitsForEvent ? _event || Exceptions.Preempts : Exceptions.Wakes));

    /// <summary>An event: the RXEV input. It ends WFE. From any thread, under the device lock.</summary>
    public void SetEvent()
    {
        if (_event)
            return;
        _event = true;
        if (_waitsForEvent && Halted)
            NotifyInterrupt();
    }

    /// <summary>WFI or WFE.</summary>
    internal void Wait(bool forEvent)
    {
        if (forEvent && _event)
        {
            _event = false;
            return;
        }

        if (forEvent ? Exceptions.Preempts : Exceptions.Wakes)
            return;
        SleepNow(forEvent);
    }

    /// <summary>SEV.</summary>
    internal void SendEvent()
    {
        SetEvent();
        EventSent?.Invoke();
    }

    /// <summary>AIRCR.SYSRESETREQ. The board hears of it in the access itself: what it asks for happens behind this instruction, however the run is cut.</summary>
    internal void RequestSystemReset()
    {
        if (SystemReset is { } reset)
        {
            reset();
            return;
        }

        _systemResets = true;
        RequestAttention();
    }

    // between two instructions: what ended the wait may be no exception that is taken
    private void EndSleep()
    {
        if (!_sleeping)
            return;
        if (_waitsForEvent)
            _event = false;
        _waitsForEvent = false;
        SetSleep(false);
    }

    private void SleepNow(bool forEvent)
    {
        _waitsForEvent = forEvent;
        Halted = true;
        SetSleep(true);
        RequestAttention();
    }

    private void SetSleep(bool sleeping)
    {
        if (_sleeping == sleeping)
            return;
        _sleeping = sleeping;
        SleepChanged?.Invoke(Sleep);
    }

    private void TakeSystemReset()
    {
        _systemResets = false;
        ResetCore(false);
        if (_resetWaits)
            TakeReset();
    }
}
