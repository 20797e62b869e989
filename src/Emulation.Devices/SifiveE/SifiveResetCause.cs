namespace Emulation.Devices;

/// <summary>What reset an FE310 last, in <c>pmucause</c>.</summary>
internal enum SifiveResetCause
{
    PowerOn = 0,
    External = 1,
    Watchdog = 2,
}
