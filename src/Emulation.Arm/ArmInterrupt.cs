namespace Emulation.Arm;

/// <summary>Interrupt inputs of a CPU. Arm DDI 0487, D1.3.6 "Asynchronous exception types".</summary>
public enum ArmInterrupt
{
    /// <summary>Physical IRQ.</summary>
    Irq,

    /// <summary>Physical FIQ.</summary>
    Fiq,

    /// <summary>Virtual IRQ, as an interrupt controller's virtual interface drives it; HCR_EL2.VI is a second source.</summary>
    VirtualIrq,

    /// <summary>Virtual FIQ, as an interrupt controller's virtual interface drives it; HCR_EL2.VF is a second source.</summary>
    VirtualFiq,

    /// <summary>System error: an edge makes it pending until it is taken.</summary>
    SError,
}
