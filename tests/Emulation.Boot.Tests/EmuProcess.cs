using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Emulation.Cpu;

namespace Emulation.Boot.Tests;

/// <summary>A saved machine that goes on in a process of its own: the command emu.</summary>
/// <param name="Console">What the guest printed there.</param>
/// <param name="Place">Where it ended.</param>
internal sealed record EmuProcess(string Console, BootPlace Place)
{
    /// <summary>Goes on from a saved state.</summary>
    /// <param name="state">The file.</param>
    /// <param name="setup">What the guest sees.</param>
    /// <param name="engine">What executes it there.</param>
    /// <param name="until">Text that ends the run; null for power-off.</param>
    public static EmuProcess GoOn(string state, GuestSetup setup, EngineKind engine, string? until)
    {
        string console = state + ".console";
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "emu.dll"), "run", "--board", "riscv64-virt", "--memory", "512M", "--cpus", $"{setup.Harts}",
            "--time", "deterministic", "--engine", engine.ToString().ToLowerInvariant(), "--load-state", state, "--serial", "file:" + console,
            "--stats", "json", "--timeout", "480",
            .. Option("--until", until), .. Option("--firmware", Guest.FirmwareFile(setup.Firmware)),
            .. Option("--disk", setup.Disk ? $"file={Guest.DiskImage},readonly" : null),
        ];
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            string report = process.StandardError.ReadToEnd();
            process.WaitForExit();
            string text = File.Exists(console) ? File.ReadAllText(console, Encoding.Latin1) : "";
            if (process.ExitCode != 0)
                Assert.Fail($"emu ended with {process.ExitCode}: {report}\nIts console: {text}");
            using JsonDocument statistics = JsonDocument.Parse(report);
            JsonElement facts = statistics.RootElement;
            return new EmuProcess(text, new BootPlace(facts.GetProperty("stateHash").GetString()!, facts.GetProperty("instructions").GetUInt64()));
        }
        finally
        {
            File.Delete(console);
        }
    }

    private static string[] Option(string name, string? value) => value is null ? [] : [name, value];
}
