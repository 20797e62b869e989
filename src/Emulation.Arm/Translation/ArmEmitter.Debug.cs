namespace Emulation.Arm;

// What comes before an instruction: debug, and PSTATE.IL. The order is that of priorities. Arm DDI 0487, D1.3.5.5.
internal abstract partial class ArmEmitter
{
    /// <summary>Mode bits that make a block of one instruction, which <see cref="TryBeginSpecial"/> begins.</summary>
    public const uint Special = ArmMode.Illegal | ArmMode.StepActive | ArmMode.StepPending | ArmMode.Breakpoints;

    /// <summary>Emits what happens before the instruction.</summary>
    /// <param name="mode">Mode word of the block.</param>
    /// <param name="word">The instruction.</param>
    /// <returns>False when it is not executed: the block has ended.</returns>
    public bool TryBeginSpecial(uint mode, uint word)
    {
        if ((mode & ArmMode.StepPending) != 0)
        {
            Ir.Call(SystemHelpers.RaiseStep);
            ContinueInRunLoop();
            return false;
        }

        if ((mode & ArmMode.Breakpoints) != 0)
            Ir.Call(SystemHelpers.CheckBreakpoints, Const(Pc));
        if ((mode & ArmMode.Illegal) != 0)
        {
            RaiseAndEnd(ArmException.IllegalState, 0);
            return false;
        }

        if ((mode & ArmMode.StepActive) != 0)
            BeginStep(word);
        return true;
    }

    /// <summary>Ends the block: goes on behind the instruction after the run loop has looked at mode and interrupts.</summary>
    public abstract void ContinueInRunLoop();

    /// <summary>Raises an exception at the instruction and ends the block, unless a condition may skip the instruction.</summary>
    /// <param name="exceptionClass">EC.</param>
    /// <param name="syndrome">ISS.</param>
    /// <param name="address">What FAR holds.</param>
    public abstract void RaiseAndEnd(int exceptionClass, int syndrome, ulong address = 0);

    /// <summary>The present instruction is stepped: behind it the step is pending.</summary>
    /// <param name="word">The instruction; exclusive loads are told from others by it.</param>
    protected abstract void BeginStep(uint word);
}
