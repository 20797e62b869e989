using System.Runtime.InteropServices;

namespace Emulation.Boards.Tests;

/// <summary>The samples run and give what they promise.</summary>
public sealed class SampleTests
{
    [Test]
    public void Snippet_emulator()
    {
        using var output = new StringWriter();
        SnippetEmulator.Sample.Run(output).Should().Be(0, output.ToString());
        output.ToString().Should().Contain("the guest wrote 285 (4 bytes)").And.Contain("ExitAddress after 51 instructions, 10 reads");
    }

    [Test]
    public void Custom_device()
    {
        using var output = new StringWriter();
        CustomDevice.Sample.Run(output).Should().Be(0, output.ToString());
        output.ToString().Should().Contain("PowerOff after 25");
    }

    [Test]
    public async Task Disk_tool()
    {
        using var files = new TestFiles();
        string folder = Directory.CreateTempSubdirectory("emulation-disk-tool-").FullName;
        try
        {
            using var output = new StringWriter();
            (await DiskTool.Sample.RunAsync([folder, files.Write("a", [.. Enumerable.Repeat((byte)1, 1000)]), files.Write("b", [2, 3])], output)).Should().Be(0, output.ToString());
            output.ToString().Should().Contain("2 bytes of b at byte 1024").And.Contain("both hold the same").And.Contain($"changed first at byte {(64 << 20) - 4}");
            (await DiskTool.Sample.RunAsync([], output)).Should().Be(2);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public async Task Boot_linux_waits_for_a_text_and_forks()
    {
        using var files = new TestFiles();

        // a kernel of a few instructions that says OK and stops
        byte[] kernel = Images.Linux();
        uint[] program =
        [
            0x04f0_0513, // li a0, 'O'
            0x0010_0893, // li a7, 1
            0x0000_0073, // ecall
            0x04b0_0513, // li a0, 'K'
            0x0000_0073, // ecall
            0x0000_006f, // j .
        ];
        BitConverter.TryWriteBytes(kernel, 0x1000_006fu); // j .+0x100, over the header
        MemoryMarshal.AsBytes(program.AsSpan()).CopyTo(kernel.AsSpan(0x100));
        using var output = new StringWriter();
        int code = await BootLinux.Sample.RunAsync([files.Write("kernel", kernel), files.Write("initrd", [1]), "OK"], output);
        code.Should().Be(0, output.ToString());
        output.ToString().Should().Contain("forked at");
        (await BootLinux.Sample.RunAsync([], output)).Should().Be(2);
    }
}
