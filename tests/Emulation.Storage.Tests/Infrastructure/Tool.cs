using System.Diagnostics;

namespace Emulation.Storage.Tests;

/// <summary>Other programs of Debian that make images or parts of them; a test that needs one that is not there is left out.</summary>
internal static class Tool
{
    /// <summary>Runs a program; fails the test unless it ends with 0.</summary>
    public static void Run(string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Oracle.Missing($"no {tool} on this machine: build/install-test-packages.sh installs it");
            return;
        }

        using (process)
        {
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
                Assert.Fail($"{tool} {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}{error.Result}");
        }
    }
}
