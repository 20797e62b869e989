using System.Globalization;
using Emulation.Storage;
using Spectre.Console;

namespace Emulation.Cli.Images;

/// <summary>The progress of a job: a bar on a terminal; elsewhere, if it is asked for, a line for each percent.</summary>
internal static class ImgProgress
{
    public static async Task RunAsync(CliHost host, bool asked, bool quiet, string what, Func<IProgress<DiskProgress>?, Task> job)
    {
        if (quiet || !(asked || host.ErrorIsTerminal))
        {
            await job(null).ConfigureAwait(false);
            return;
        }

        if (!host.ErrorIsTerminal)
        {
            await job(new Lines(host.Error)).ConfigureAwait(false);
            return;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(host.Error) });
        Progress progress = console.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn());
        await progress.StartAsync(context => job(new Bar(context.AddTask(what)))).ConfigureAwait(false);
    }

    private sealed class Bar(ProgressTask task) : IProgress<DiskProgress>
    {
        public void Report(DiskProgress value) => task.Value = value.Total == 0 ? 100 : 100.0 * value.Done / value.Total;
    }

    private sealed class Lines(TextWriter writer) : IProgress<DiskProgress>
    {
        private long _shown = -1;

        public void Report(DiskProgress value)
        {
            long percent = value.Total == 0 ? 100 : (long)(100.0 * value.Done / value.Total);
            if (percent == _shown)
                return;
            _shown = percent;
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{percent} %"));
        }
    }
}
