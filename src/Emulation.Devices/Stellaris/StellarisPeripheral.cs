using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A peripheral of a Stellaris microcontroller behind a clock gate: while its clock stands still, accesses give bus faults. LM3S6965 data sheet, "Run Mode Clock Gating Control".</summary>
public abstract class StellarisPeripheral : MmioDevice
{
    /// <summary>Creates the window.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="busClock">The gated clock.</param>
    protected StellarisPeripheral(string name, VirtualClock clock, GuestLog log, ClockSignal busClock)
        : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(busClock);
        (Clock, BusClock) = (clock, busClock);
        Region.Gate = new StellarisClockGuard(name, log, busClock);
    }

    /// <summary>The gated clock.</summary>
    public ClockSignal BusClock { get; }

    /// <summary>Virtual time.</summary>
    protected VirtualClock Clock { get; }
}
