using Emulation.Debugging;

namespace Emulation.Testing.Tests;

/// <summary>The programs of tests/firmware.</summary>
internal static class Programs
{
    public static string App => Path.Combine(TestContext.CurrentContext.TestDirectory, "firmware", "app.elf");

    /// <summary>The line of a source file that has a text.</summary>
    public static int LineOf(string text, string file = "app.c")
        => 1 + Array.FindIndex(File.ReadAllLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "firmware", file)), l => l.Contains(text, StringComparison.Ordinal));

    public static RiscVVirtBench NewBoard(Action<FirmwareOptions>? more = null)
        => new(fw =>
        {
            fw.Elf(App);
            more?.Invoke(fw);
        });

    public static RiscVVirtBench Ready(Action<FirmwareOptions>? more = null)
    {
        RiscVVirtBench board = NewBoard(more);
        board.Uart.WaitForLine("ready", within: 100.VirtualMilliseconds());
        return board;
    }
}
