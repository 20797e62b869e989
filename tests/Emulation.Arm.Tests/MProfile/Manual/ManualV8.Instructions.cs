namespace Emulation.Arm.Tests.MProfile.Manual;

/// <summary>What a CPU is made to do.</summary>
public enum ManualStep
{
    /// <summary>What is pending is taken, then NOP.</summary>
    Interrupt,

    /// <summary>SVC #0.</summary>
    Call,

    /// <summary>UDF #0.</summary>
    Undefined,

    /// <summary>LDR R0, [R1] where there is no memory.</summary>
    BusError,

    /// <summary>STR R0, [R1] where it is read-only.</summary>
    Violation,

    /// <summary>VMOV.F32 S0, S1.</summary>
    Float,

    /// <summary>BX LR.</summary>
    Return,
}

// Single instructions, with what precedes and follows them.
internal sealed partial class ManualV8
{
    /// <summary>The instruction of a step.</summary>
    public static ushort[] CodeOf(ManualStep step) => step switch
    {
        ManualStep.Call => [0xdf00],
        ManualStep.Undefined => [0xde00],
        ManualStep.BusError => [0x6808],
        ManualStep.Violation => [0x6008],
        ManualStep.Float => [0xeeb0, 0x0a60],
        ManualStep.Return => [0x4770],
        _ => [0xbf00],
    };

    public void Execute(ManualStep step)
    {
        int bank = Bank;
        switch (step)
        {
            case ManualStep.Interrupt:
                while (!LockedUp && Highest().Number != 0)
                    Enter();
                Pc += 2;
                break;
            case ManualStep.Call:
                Pc += 2;
                Raise(SvCall, Secure);
                break;
            case ManualStep.Undefined:
                Cfsr[bank] |= 1 << 16;
                Raise(UsageFault, Secure);
                break;
            case ManualStep.BusError when IgnoresBusFaults():
                R[0] = 0;
                Pc += 2;
                break;
            case ManualStep.BusError:
                Cfsr[0] |= 0x8200;
                Raise(BusFault, false);
                break;
            case ManualStep.Violation when IsRequestedNegative(bank) && !ProtectsUrgent:
                Words[(R[1] - StackFirst) / 4] = R[0];
                Pc += 2;
                break;
            case ManualStep.Violation:
                Cfsr[bank] |= 0x82;
                Raise(MemManage, Secure);
                break;
            case ManualStep.Float when CheckFloat(IsPrivileged(IsHandler, bank), bank) is { Number: not 0 } fault:
                Raise(fault);
                break;
            case ManualStep.Float when PrepareFloat():
                S[0] = S[1];
                Pc += 4;
                break;
            case ManualStep.Return:
                Return(Lr);
                break;
        }
    }
}
