using Emulation.Core;

namespace Emulation.Arm;

// Debug events that become DebugMonitor or HardFault; what the debug units need. DDI 0403E, C1.4, C1.6.
public sealed unsafe partial class ArmMCpu : IMDebugHost
{
    /// <summary>What software sends through the instrumentation trace macrocell, and the serial wire output.</summary>
    public ArmItm Itm => Debug.Itm;

    internal MDebug Debug { get; private set; } = null!;

    internal bool DebugTargetsSecure => Model.HasSecurity && Debug.Control.IsMonitorSecure;

    IVirtualCpu IMDebugHost.Cpu => this;

    HookTable IMDebugHost.Hooks => Context.Hooks;

    ulong IMDebugHost.Cycles => InstructionCount;

    uint IMDebugHost.Pc => (uint)Header.Pc;

    bool IMDebugHost.IsPrivileged => IsPrivileged;

    private bool DebugMonitorEnabled => Debug.Control.HasMonitor;

    void IMDebugHost.RaiseDebugEvent(uint status, bool instead)
    {
        if (instead)
        {
            RecordException(MFault.DebugEvent, status);
            return;
        }

        System.DebugFaultStatus |= status;
        if (DebugMonitorEnabled && Exceptions.Priority(MException.DebugMonitor) < Exceptions.ExecutionPriority)
            Exceptions.SetPending(MException.DebugMonitor, true);
    }

    // code that is kept in translated form may not be what is fetched now
    void IMDebugHost.OnCodePatched() => RequestAttention();

    private void OnExceptionEntry(int index) => Debug.Watchpoints.TraceException(MExceptions.NumberOf(index), 1);

    private void OnExceptionReturn() => Debug.Watchpoints.TraceException(_ipsr, 3);

    // C1.6.1: to DebugMonitor where that is enabled and has priority; a breakpoint else to HardFault
    private void TakeDebugEvent(uint status, int code)
    {
        System.DebugFaultStatus |= status;
        if (DebugMonitorEnabled && Exceptions.Priority(MException.DebugMonitor) < Exceptions.ExecutionPriority)
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
