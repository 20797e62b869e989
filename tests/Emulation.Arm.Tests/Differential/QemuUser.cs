using System.Diagnostics;

namespace Emulation.Arm.Tests.Differential;

/// <summary>The oracle: QEMU's user-mode emulator, when the machine has one.</summary>
internal static class QemuUser
{
    /// <summary>Ends the test when there is none.</summary>
    public static void Require()
    {
        if (Find("qemu-aarch64") is null || Find("qemu-arm") is null)
            Oracle.Missing("no qemu-aarch64 or qemu-arm on this machine: Debian's package qemu-user has it");
    }

    /// <summary>Runs a program; gives what it wrote.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="InvalidOperationException">It did not end well.</exception>
    public static byte[] Run(Program program) => Run("qemu-aarch64", "max", ElfWriter.Write(Program.Base, program.Image));

    /// <summary>Runs a program of AArch32.</summary>
    /// <param name="program">The program.</param>
    /// <param name="thumb">Whether it begins in T32.</param>
    /// <param name="cpu">A CPU model of QEMU.</param>
    /// <param name="bigEndian">Whether the image is big-endian, code too: BE-32.</param>
    /// <exception cref="InvalidOperationException">It did not end well.</exception>
    public static byte[] Run32(Program program, bool thumb, string cpu = "max", bool bigEndian = false)
        => Run(bigEndian ? "qemu-armeb" : "qemu-arm", cpu, ElfWriter.Write32((uint)Program.Base, (uint)Program.Base | (thumb ? 1u : 0), program.Image, bigEndian));

    private static byte[] Run(string emulator, string cpu, byte[] executable)
    {
        string path = Path.Combine(Path.GetTempPath(), $"arm-differential-{Guid.NewGuid():n}");
        File.WriteAllBytes(path, executable);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            var start = new ProcessStartInfo(Find(emulator)!) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.ArgumentList.Add("-cpu");
            start.ArgumentList.Add(cpu);
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

    private static string? Find(string emulator)
    {
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            foreach (string name in (string[])[emulator, emulator + "-static"])
            {
                string path = Path.Combine(folder, name);
                if (File.Exists(path))
                    return path;
            }
        }

        return null;
    }
}
