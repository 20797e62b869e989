namespace Emulation.Arm;

// Debug events that become DebugMonitor or HardFault. DDI 0403E, C1.4, C1.6.
public sealed unsafe partial class ArmMCpu
{
    internal bool DebugTargetsSecure => false;

    private bool DebugBreaks => false;

    private bool DebugMonitorEnabled => false;

    internal void CheckBreakpoints(uint pc)
    {
    }

    private void OnExceptionEntry(int index)
    {
    }

    private void OnExceptionReturn()
    {
    }

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
