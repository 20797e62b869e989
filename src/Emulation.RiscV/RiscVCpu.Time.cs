namespace Emulation.RiscV;

public sealed partial class RiscVCpu
{
    /// <summary>What the <c>time</c> CSR shows.</summary>
    public ulong Time => Timer.Time;

    /// <summary>
    /// The counter behind <c>time</c>, such as the <c>mtime</c> of a timer device; it ticks with <see cref="RiscVCpuOptions.TimebaseFrequency"/>.
    /// Null for one that starts at 0 with the machine. Called on any thread.
    /// </summary>
    public Func<ulong>? TimeSource { get; set; }

    /// <summary>Says that <see cref="TimeSource"/> jumped, because somebody wrote it. Called under the device lock.</summary>
    public void OnTimeWritten() => Timer.Update();
}
