using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A peripheral of an STM32 behind a clock gate of the RCC: while its clock stands still, registers read as 0 and writes vanish (RM0090 7.3.10 ff.).</summary>
public abstract class Stm32Peripheral : MmioDevice
{
    /// <summary>Creates the window.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="busClock">The gated clock of its registers.</param>
    /// <param name="size">Bytes of the window.</param>
    protected Stm32Peripheral(string name, GuestLog log, VirtualClock clock, ClockSignal busClock, ulong size = 0x400)
        : base(name, log, size, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(busClock);
        (Clock, BusClock) = (clock, busClock);
    }

    /// <summary>The gated clock of its registers.</summary>
    public ClockSignal BusClock { get; }

    /// <summary>Virtual time.</summary>
    protected VirtualClock Clock { get; }

    /// <inheritdoc/>
    public override ulong Read(ulong offset, int size)
    {
        if (BusClock.IsRunning)
            return base.Read(offset, size);
        Log.Error(Name, "is read while its clock is off");
        return 0;
    }

    /// <inheritdoc/>
    public override void Write(ulong offset, int size, ulong value)
    {
        if (BusClock.IsRunning)
            base.Write(offset, size, value);
        else
            Log.Error(Name, "is written while its clock is off");
    }
}
