using System.Diagnostics;

namespace Emulation.Storage.Tests;

/// <summary>The oracle as a server: Debian's qemu-nbd or qemu-storage-daemon, for the time of a test.</summary>
internal sealed class QemuNbd : IDisposable
{
    private readonly Process _process;

    private QemuNbd(Process process) => _process = process;

    /// <summary>Serves on a Unix socket until it is disposed.</summary>
    /// <param name="socket">Path of the socket.</param>
    /// <param name="arguments">What to serve and how.</param>
    public static QemuNbd Start(string socket, params string[] arguments) => Run("qemu-nbd", socket, ["-k", socket, "-t", "-e", "10", .. arguments]);

    /// <summary>Runs qemu-storage-daemon, which makes the socket itself.</summary>
    public static QemuNbd Daemon(string socket, params string[] arguments) => Run("qemu-storage-daemon", socket, arguments);

    /// <summary>Ends the server as a crash would.</summary>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static QemuNbd Run(string tool, string socket, string[] arguments)
    {
        File.Delete(socket);
        var start = new ProcessStartInfo(QemuImg.Find(tool)) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        for (int i = 0; i < 1000 && !File.Exists(socket) && !process.HasExited; i++)
            Thread.Sleep(10);
        if (File.Exists(socket))
            return new QemuNbd(process);
        if (!process.HasExited)
            process.Kill();
        Assert.Fail($"{tool} {string.Join(' ', arguments)} does not serve: {error.Result}");
        return null!;
    }
}
