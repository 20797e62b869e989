using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Where a part is attached.</summary>
/// <param name="Name">Shown in messages, such as <c>i2c1@48</c>.</param>
/// <param name="Clock">The machine's time.</param>
/// <param name="Log">Where mistakes of the guest go.</param>
/// <param name="Machine">The machine, or null outside of one.</param>
public sealed record PartSite(string Name, VirtualClock Clock, GuestLog Log, Machine? Machine = null);
