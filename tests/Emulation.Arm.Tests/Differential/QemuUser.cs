using System.Diagnostics;

namespace Emulation.Arm.Tests.Differential;

/// <summary>The oracle: QEMU's user-mode emulator, when the machine has one.</summary>
internal static class QemuUser
{
    /// <summary>Ends the test when there is none: in CI a missing oracle is a failure.</summary>
    public static void Require()
    {
        if (Find() is not null)
            return;
        const string Message = "no qemu-aarch64 on this machine: Debian's package qemu-user has it";
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(Message);
        Assert.Ignore(Message);
    }

    /// <summary>Runs a program; gives what it wrote.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="InvalidOperationException">It did not end well.</exception>
    public static byte[] Run(Program program)
    {
        string path = Path.Combine(Path.GetTempPath(), $"arm-differential-{Guid.NewGuid():n}");
        File.WriteAllBytes(path, ElfWriter.Write(Program.Base, program.Image));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            var start = new ProcessStartInfo(Find()!) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.ArgumentList.Add("-cpu");
            start.ArgumentList.Add("max");
            start.ArgumentList.Add(path);
            using Process process = Process.Start(start)!;
            Task<string> message = process.StandardError.ReadToEndAsync();
            var output = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(output);
            process.WaitForExit();
            return process.ExitCode == 0
                ? output.ToArray()
                : throw new InvalidOperationException($"QEMU ended with exit code {process.ExitCode}: {message.Result}");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string? Find()
    {
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            foreach (string name in (string[])["qemu-aarch64", "qemu-aarch64-static"])
            {
                string path = Path.Combine(folder, name);
                if (File.Exists(path))
                    return path;
            }
        }

        return null;
    }
}
