using System.Text;
using Emulation.Cli.Terminals;

namespace Emulation.Cli.Tests;

/// <summary>What a run of the command came to.</summary>
/// <param name="Code">Exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record EmuRun(int Code, string Output, string Error)
{
    public static string Firmware => Path.Combine(TestContext.CurrentContext.TestDirectory, "firmware", "hello-rv64.elf");

    public static string[] Hello(params string[] more)
        => ["run", "--board", "riscv64-virt", "--memory", "32M", "--firmware", Firmware, "--time", "deterministic", "--timeout", "60", .. more];

    /// <summary>Runs the command inside this process.</summary>
    public static async Task<EmuRun> RunAsync(string[] args, string input = "", FakeTerminal? terminal = null, bool errorIsTerminal = false)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var host = new CliHost
        {
            Input = new MemoryStream(Encoding.UTF8.GetBytes(input)),
            Output = output,
            Error = TextWriter.Synchronized(error),
            Terminal = terminal,
            ErrorIsTerminal = errorIsTerminal,
        };
        int code = await EmuApplication.RunAsync(args, host).WaitAsync(TimeSpan.FromSeconds(120));
        return new EmuRun(code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }
}

/// <summary>A terminal that remembers its mode.</summary>
internal sealed class FakeTerminal : ITerminal
{
    public bool IsRaw { get; private set; }

    public int Changes { get; private set; }

    public void EnterRawMode()
    {
        IsRaw = true;
        Changes++;
    }

    public void Restore() => IsRaw = false;
}
