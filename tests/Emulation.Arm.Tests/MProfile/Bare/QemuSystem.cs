using System.Diagnostics;

namespace Emulation.Arm.Tests.MProfile.Bare;

/// <summary>The oracle: QEMU's system emulator, when the machine has it in the version that the expectations are of.</summary>
internal static class QemuSystem
{
    private const string Version = "7.2.";

    /// <summary>Where the programs are.</summary>
    /// <param name="here">This file.</param>
    public static string Folder() => Path.Combine(AppContext.BaseDirectory, "MProfile", "Bare");

    /// <summary>Runs a program; gives what it printed by semihosting.</summary>
    /// <param name="elf">The program.</param>
    /// <param name="machine">Which board: a part of QEMU's name.</param>
    public static string Run(string elf, string machine)
        => Run("-M", machine.StartsWith("an", StringComparison.Ordinal) ? "mps2-" + machine : machine, "-nographic", "-monitor", "none", "-serial", "null",
            "-semihosting-config", "enable=on,target=native", "-kernel", elf);

    /// <summary>Ends the test when there is none of this version.</summary>
    public static void Require()
    {
        string version;
        try
        {
            version = Run("--version");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            version = "";
        }

        if (!version.Contains("version " + Version, StringComparison.Ordinal))
            Oracle.Missing($"no qemu-system-arm {Version} on this machine: Debian's package qemu-system-arm has it");
    }

    /// <summary>Runs QEMU; gives the bytes of its standard output.</summary>
    /// <param name="arguments">Its arguments.</param>
    public static byte[] RunBytes(params string[] arguments)
    {
        var output = new MemoryStream();
        Run(process => process.StandardOutput.BaseStream.CopyToAsync(output), arguments);
        return output.ToArray();
    }

    private static string Run(params string[] arguments)
    {
        Task<string>? output = null;
        string said = Run(process => output = process.StandardOutput.ReadToEndAsync(), arguments);
        return output!.Result + said;
    }

    private static string Run(Func<Process, Task> read, string[] arguments)
    {
        const int Limit = 30_000;
        var start = new ProcessStartInfo("qemu-system-arm", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> said = process.StandardError.ReadToEndAsync();
        Task output = read(process);
        if (process.WaitForExit(Limit))
        {
            output.Wait();
            return said.Result;
        }

        process.Kill();
        throw new InvalidOperationException($"QEMU did not end: {string.Join(' ', arguments)}");
    }
}
