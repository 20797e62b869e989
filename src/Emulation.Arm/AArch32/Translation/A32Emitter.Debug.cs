namespace Emulation.Arm;

// Debug. Arm DDI 0487, G2; semihosting.
internal partial class A32Emitter
{
    /// <summary>Raises when a breakpoint is at the instruction.</summary>
    public void CheckBreakpoints()
    {
        if ((_mode & ArmMode.Breakpoints) != 0)
            Ir.Call(SystemHelpers.CheckBreakpoints, Const(Pc));
    }
}
