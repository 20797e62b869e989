using Emulation.Core;

namespace Emulation.Arm;

// Debug events that become DebugMonitor or HardFault; what the debug units need. DDI 0403E, C1.4, C1.6.
public sealed unsafe partial class ArmMCpu : IMDebugHost
{
    private const int NoStep = 0, StepBegins = 1, StepEnds = 2;
    private int _monitorStep;
    private IDisposable? _step;

    /// <summary>What software sends through the instrumentation trace macrocell, and the serial wire output.</summary>
    public ArmItm Itm => Debug.Itm;

    internal MDebug Debug { get; private set; } = null!;

    internal bool DebugTargetsSecure => Model.HasSecurity && Debug.Control.IsMonitorSecure;

    IVirtualCpu IMDebugHost.Cpu => this;

    HookTable IMDebugHost.Hooks => Context.Hooks;

    AddressSpace IMDebugHost.Memory => Context.Memory;

    ulong IMDebugHost.PrivateBus => Options.PrivateBus;

    ulong IMDebugHost.Cycles => InstructionCount;

    uint IMDebugHost.Pc => (uint)Header.Pc;

    bool IMDebugHost.IsPrivileged => IsPrivileged;

    bool IMDebugHost.IsMonitorPending
    {
        get => Exceptions.IsPending(MException.DebugMonitor);
        set => Exceptions.SetPending(MException.DebugMonitor, value);
    }

    private bool DebugMonitorEnabled => Debug.Control.HasMonitor;

    private bool CanMonitor
        => DebugMonitorEnabled && (!_secure || DebugTargetsSecure) && Exceptions.Priority(MException.DebugMonitor) < Exceptions.ExecutionPriority;

    void IMDebugHost.OnRemapped() => OnProtectionChanged();

    // of the debug events that nothing may handle only BKPT becomes a HardFault
    void IMDebugHost.RaiseDebugEvent(uint status, bool instead)
    {
        if (!CanMonitor)
            return;
        if (instead)
        {
            RecordException(MFault.DebugEvent, status);
            return;
        }

        System.DebugFaultStatus |= status;
        Exceptions.SetPending(MException.DebugMonitor, true);
    }

    private void OnExceptionEntry(int index) => Debug.Watchpoints.TraceException(MExceptions.NumberOf(index), 1);

    private void OnExceptionExit(int index)
    {
        Debug.Watchpoints.TraceException(MExceptions.NumberOf(index), 2);
        if (MExceptions.NumberOf(index) == MException.DebugMonitor && Debug.Control.StepsMonitor)
            Step(StepBegins);
    }

    private void OnExceptionReturn() => Debug.Watchpoints.TraceException(_ipsr, 3);

    // C1.5.4: DEMCR.MON_STEP lets one instruction execute when the monitor has returned, wherever it is
    private void Step(int state)
    {
        _monitorStep = state;
        _step?.Dispose();
        _step = state == NoStep ? null : Context.Hooks.Code(0, uint.MaxValue, OnStep);
    }

    private void OnStep(in CodeEvent e)
    {
        if (!ReferenceEquals(e.Cpu, this))
            return;
        if (_monitorStep == StepBegins)
        {
            _monitorStep = StepEnds;
        }
        else if (CanMonitor)
        {
            Step(NoStep);
            RecordException(MFault.DebugEvent, DebugStatus.Halted);
        }
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
