using Emulation.Core;

namespace Emulation.Arm;

// Debug events that become DebugMonitor or HardFault. DDI 0403E, C1.4, C1.6.
public sealed unsafe partial class ArmMCpu : IMDebugHost
{
    private const int NoStep = 0, StepBegins = 1, StepEnds = 2;
    private int _monitorStep;

    /// <summary>What programs write to the Instrumentation Trace Macrocell, and the serial wire output; nothing comes from CPUs without it.</summary>
    public ArmItm Itm => Debug.Itm;

    internal MDebug Debug { get; }

    internal bool DebugTargetsSecure => Debug.Control.IsMonitorSecure;

    IVirtualCpu IMDebugHost.Cpu => this;

    HookTable IMDebugHost.Hooks => Hooks;

    ulong IMDebugHost.Cycles => InstructionCount;

    uint IMDebugHost.Pc => (uint)Header.Pc;

    bool IMDebugHost.IsPrivileged => IsPrivileged;

    bool IMDebugHost.IsMonitorPending
    {
        get => Exceptions.IsPending(MException.DebugMonitor);
        set => Exceptions.SetPending(MException.DebugMonitor, value);
    }

    private bool DebugMonitorEnabled => Debug.Control.HasMonitor;

    private bool DebugBreaks => _monitorStep != NoStep;

    private bool CanMonitor => DebugMonitorEnabled && Exceptions.Priority(MException.DebugMonitor) < Exceptions.ExecutionPriority;

    void IMDebugHost.RaiseDebugEvent(uint status, bool instead)
    {
        if (!CanMonitor)
            return;                                      // only BKPT becomes a HardFault
        if (instead)
        {
            RecordException(MFault.DebugEvent, status);
            return;
        }

        System.DebugFaultStatus |= status;
        Exceptions.SetPending(MException.DebugMonitor, true);
        RequestAttention();
    }

    // C1.5.4: DEMCR.MON_STEP lets one instruction execute when the monitor has returned
    internal void CheckBreakpoints(uint pc)
    {
        if (_monitorStep == StepBegins)
        {
            _monitorStep = StepEnds;
        }
        else if (_monitorStep == StepEnds && CanMonitor)
        {
            _monitorStep = NoStep;
            UpdateMode();
            RecordException(MFault.DebugEvent, DebugStatus.Halted);
        }
    }

    private void OnExceptionEntry(int index)
    {
        const int Entry = 1;
        Debug.Watchpoints.TraceException(MExceptions.NumberOf(index), Entry);
    }

    private void OnExceptionExit(int index)
    {
        const int Exit = 2;
        Debug.Watchpoints.TraceException(MExceptions.NumberOf(index), Exit);
        if (MExceptions.NumberOf(index) == MException.DebugMonitor && Debug.Control.StepsMonitor)
            _monitorStep = StepBegins;
    }

    private void OnExceptionReturn()
    {
        const int Return = 3;
        Debug.Watchpoints.TraceException(_ipsr, Return);
    }

    // C1.6.1: to DebugMonitor where that is enabled and has priority; a breakpoint else to HardFault
    private void TakeDebugEvent(uint status, int code)
    {
        System.DebugFaultStatus |= status;
        if (CanMonitor)
        {
            Exceptions.SetPending(MException.DebugMonitor, true);
            return;
        }

        System.HardFaultStatus |= Model.IsMainline ? SystemControl.DebugEvent : 0;
        int index = Exceptions.IndexOf(MException.HardFault, Model.HasSecurity && (_secure || !System.FaultsAreNonSecure));
        if (Exceptions.Priority(index) >= Exceptions.ExecutionPriority)
            Lockup($"lockup: {MFault.Name(code)} at 0x{(uint)Header.Pc:x8} in {MException.Name(_ipsr)}; {FaultStatus}");
        else
            Exceptions.SetPending(index, true);
    }
}
