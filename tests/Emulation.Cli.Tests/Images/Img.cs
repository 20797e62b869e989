using System.Text.Json;

namespace Emulation.Cli.Tests.Images;

/// <summary>Runs of emu img.</summary>
internal static class Img
{
    /// <summary>Runs a command that succeeds and says nothing on standard error; gives its output.</summary>
    public static async Task<string> Run(params string[] arguments)
    {
        EmuRun run = await EmuRun.RunAsync(["img", .. arguments]);
        run.Error.Should().BeEmpty();
        run.Code.Should().Be(0, run.Output);
        return run.Output;
    }

    /// <summary>Runs a command that fails and says why.</summary>
    public static async Task Fails(int code, string[] arguments, params string[] expected)
    {
        EmuRun run = await EmuRun.RunAsync(["img", .. arguments]);
        run.Code.Should().Be(code, run.Error);
        run.Output.Should().BeEmpty();
        run.Error.Should().StartWith("emu: ");
        foreach (string text in expected)
            run.Error.Should().Contain(text);
    }

    public static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement.Clone();

    /// <summary>Data and zeros.</summary>
    public static byte[] Content(int length = 3 << 20, int seed = 1)
    {
        byte[] content = new byte[length];
        new Random(seed).NextBytes(content.AsSpan(length / 60, length / 10));
        content.AsSpan(length / 3, length / 8).Fill(7);
        return content;
    }
}
