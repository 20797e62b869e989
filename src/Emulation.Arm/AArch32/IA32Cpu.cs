namespace Emulation.Arm;

/// <summary>What helpers of T32 and A32 instructions need of a CPU of any profile.</summary>
internal interface IA32Cpu
{
    /// <summary>Floating-point status and control.</summary>
    uint Fpscr { get; set; }

    /// <summary>FPEXC.</summary>
    uint Fpexc { get; set; }

    /// <summary>What VMRS reads.</summary>
    /// <param name="number">Its reg field.</param>
    uint ReadFloatRegister(int number);
}
