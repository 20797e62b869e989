using System.Diagnostics;

namespace Emulation.Storage.Tests;

/// <summary>The oracle: Debian's qemu-img and qemu-io.</summary>
internal static class QemuImg
{
    /// <summary>Runs qemu-img; fails the test unless it ends with 0.</summary>
    public static string Run(params string[] arguments)
    {
        (int code, string output) = Start("qemu-img", arguments);
        if (code != 0)
            Assert.Fail($"qemu-img {string.Join(' ', arguments)} ended with {code}: {output}");
        return output;
    }

    /// <summary>Runs qemu-img; false when it ends with another code than 0.</summary>
    public static bool TryRun(out string output, params string[] arguments)
    {
        (int code, output) = Start("qemu-img", arguments);
        return code == 0;
    }

    /// <summary>Runs commands of qemu-io on an image.</summary>
    public static void Io(string format, string path, params string[] commands) => IoWith(["-f", format], path, commands);

    /// <summary>Runs commands of qemu-io on an image with more options.</summary>
    public static void IoWith(string[] options, string path, params string[] commands)
    {
        string[] arguments = [.. options, .. commands.SelectMany(c => (string[])["-c", c]), path];
        (int code, string output) = Start("qemu-io", arguments);
        if (code != 0 || output.Contains("failed", StringComparison.Ordinal))
            Assert.Fail($"qemu-io {string.Join(' ', arguments)} ended with {code}: {output}");
    }

    /// <summary>0: sound; 2: corrupt; 3: leaks only.</summary>
    public static int Check(string path, out string output)
    {
        (int code, output) = Start("qemu-img", ["check", "-f", "qcow2", path]);
        return code;
    }

    /// <summary>The image is sound, without as much as a leak.</summary>
    public static void ShouldBeClean(string path)
    {
        int code = Check(path, out string output);
        if (code != 0)
            Assert.Fail($"qemu-img check of {path} ended with {code}: {output}");
    }

    /// <summary>The disk as qemu-img sees it.</summary>
    public static byte[] Read(string path, string format, params string[] more)
    {
        string raw = path + ".raw";
        Run(["convert", "-f", format, "-O", "raw", .. more, path, raw]);
        byte[] bytes = File.ReadAllBytes(raw);
        File.Delete(raw);
        return bytes;
    }

    public static (int Code, string Output) Start(string tool, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Find(tool)) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    public static string Find(string tool)
    {
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            string path = Path.Combine(folder, tool);
            if (File.Exists(path))
                return path;
        }

        Oracle.Missing($"no {tool} on this machine: Debian's package qemu-utils has it");
        return tool;
    }
}
