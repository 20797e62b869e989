using System.Diagnostics;

namespace Emulation.RiscV.Tests.Differential;

/// <summary>The oracle: QEMU's user-mode emulator of the width, when the machine has one.</summary>
internal static class QemuUser
{
    // what QEMU 7.2 knows of the unprivileged extensions and does not enable by itself
    private const string Options = "zba=true,zbb=true,zbc=true,zbs=true,zbkb=true,zbkc=true,zbkx=true,zknd=true,zkne=true,zknh=true,Zfh=true,Zihintpause=true";

    /// <summary>What QEMU 7.2 does wrong. CTZW of a zero word looks into the upper word (mended in QEMU 8.0); b.txt has the manual's result.</summary>
    public static readonly string[] Wrong = ["ctzw"];

    /// <summary>The ISA that matches the options; hints and may-be-operations left out because no program shows them.</summary>
    /// <param name="xlen">32 or 64.</param>
    public static string Isa(int xlen) => $"rv{xlen}gc_zba_zbb_zbc_zbs_zbkb_zbkc_zbkx_zknd_zkne_zknh_zfh_zihintpause";

    public static bool IsAvailable(int xlen) => Find(xlen) is not null;

    /// <summary>Ends the test.</summary>
    public static void Missing(int xlen) => Oracle.Missing($"no qemu-riscv{xlen} on this machine: Debian's package qemu-user has it");

    /// <summary>Runs a program; gives what it wrote.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="InvalidOperationException">It did not end well.</exception>
    public static byte[] Run(Program program)
    {
        string path = Path.Combine(Path.GetTempPath(), $"riscv-differential-{Guid.NewGuid():n}");
        File.WriteAllBytes(path, ElfWriter.Write(program.Xlen, Program.Base, program.Image));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            var start = new ProcessStartInfo(Find(program.Xlen)!) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.ArgumentList.Add("-cpu");
            start.ArgumentList.Add($"rv{program.Xlen},{Options}");
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

    private static string? Find(int xlen)
    {
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            foreach (string name in (string[])[$"qemu-riscv{xlen}", $"qemu-riscv{xlen}-static"])
            {
                string path = Path.Combine(folder, name);
                if (File.Exists(path))
                    return path;
            }
        }

        return null;
    }
}
