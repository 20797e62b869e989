namespace Emulation.Arm;

// Debug. Arm DDI 0487, G2; semihosting.
internal sealed partial class A32Emitter
{
    /// <summary>Raises when a breakpoint is at the instruction.</summary>
    public void CheckBreakpoints()
    {
        if ((_mode & ArmMode.Breakpoints) != 0)
            Ir.Call(SystemHelpers.CheckBreakpoints, Const(Pc));
    }

    /// <summary>HLT: a semihosting call, or undefined, since halting debug is not implemented.</summary>
    public void Halt(bool calls)
    {
        if (calls)
            Raise(ArmException.Halt, 0);
        else
            Undefined();
    }
}
