namespace Emulation.Devices;

/// <summary>What one half of a timer module does.</summary>
internal enum StellarisTimerMode
{
    Off,
    OneShot,
    Periodic,
    EdgeCount,
    EdgeTime,
    Pwm,
    Clock,
}
