using System.Security.Cryptography;
using Emulation.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Emulation.Boards;

/// <summary>What was found out once, when the first machine was composed: its forks get the same files, seed and time, whatever has become of them.</summary>
/// <typeparam name="TBoot">What the board starts with.</typeparam>
internal sealed class BoardOrigin<TBoot>
    where TBoot : class
{
    private ulong? _seed;
    private DateTimeOffset? _epoch;

    /// <summary>What the board starts with, once it is prepared.</summary>
    public TBoot? Boot { get; set; }

    /// <summary>Chooses the random numbers of the guest: the user's, else the same each time in deterministic mode, and different ones in real time.</summary>
    public ulong Seed(MachineContext context, ulong? chosen)
    {
        const ulong Repeatable = 0x5eed_0000_0000_0001;
        return _seed ??= chosen
            ?? (context.Machine.TimeMode == TimeMode.Deterministic ? Repeatable : BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));
    }

    /// <summary>What the real-time clock shows at power-on, in nanoseconds since 1970: the user's, else a fixed one in deterministic mode, and the host's time in real time.</summary>
    public ulong Epoch(MachineContext context, DateTimeOffset? chosen)
    {
        const ulong NanosecondsPerTick = 100;
        DateTimeOffset epoch = _epoch ??= chosen ?? (context.Machine.TimeMode == TimeMode.Deterministic
            ? new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero)
            : context.Services.GetRequiredService<TimeProvider>().GetUtcNow());
        return (ulong)Math.Max(0, epoch.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * NanosecondsPerTick;
    }
}
