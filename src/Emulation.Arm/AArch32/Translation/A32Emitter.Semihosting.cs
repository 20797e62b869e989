namespace Emulation.Arm;

// Instructions that may be calls of the host: whether one answers is known only when they execute.
internal partial class A32Emitter
{
    /// <summary>SVC.</summary>
    public void SupervisorCall(int immediate, bool mayBeSemihosting)
    {
        if (mayBeSemihosting)
            Raise(ArmException.Semihosting, ArmException.ByCall | immediate);
        else
            Raise(ArmException.Svc32, immediate);
    }

    /// <summary>HLT. The number of semihosting is one before version 8 of the architecture, too.</summary>
    public void Halt(bool isSemihosting)
    {
        if (isSemihosting)
            Raise(ArmException.Semihosting, 0);
        else
            Undefined();
    }
}
