using System.Diagnostics;
using Emulation.Boards.Loading;

namespace Emulation.Cli.Running;

/// <summary>One line on a terminal while a large file is read; it vanishes at the end.</summary>
internal sealed class ProgressLine(TextWriter terminal) : IProgress<LoadProgress>, IDisposable
{
    private const long Large = 16 << 20;
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);
    private readonly Stopwatch _sinceWritten = Stopwatch.StartNew();
    private bool _shown;

    public void Report(LoadProgress value)
    {
        if (value.Done >= value.Total)
            Clear();
        else if (value.Total >= Large && _sinceWritten.Elapsed >= s_interval)
            Show(value);
    }

    public void Dispose() => Clear();

    private void Show(LoadProgress value)
    {
        terminal.Write($"\r\e[K{value.Purpose} {Path.GetFileName(value.Path)}: {value.Done >> 20} of {value.Total >> 20} MiB ({100 * value.Done / value.Total} %)");
        terminal.Flush();
        _sinceWritten.Restart();
        _shown = true;
    }

    private void Clear()
    {
        if (!_shown)
            return;
        terminal.Write("\r\e[K");
        terminal.Flush();
        _shown = false;
    }
}
