namespace Emulation.Arm;

/// <summary>Cores with the same implementation-defined registers.</summary>
internal enum ArmCpuFamily
{
    /// <summary>None of any vendor.</summary>
    None,

    /// <summary>Cortex-A53, A57, A72.</summary>
    First,

    /// <summary>Cortex-A76, Neoverse N1.</summary>
    Second,
}
