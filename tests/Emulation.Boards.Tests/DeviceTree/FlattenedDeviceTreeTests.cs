using System.Diagnostics;
using Emulation.Boards.DeviceTree;
using Emulation.Boards.RiscV;
using Emulation.Core;

namespace Emulation.Boards.Tests.DeviceTree;

public sealed class FlattenedDeviceTreeTests
{
    [Test]
    public void What_was_written_is_read()
    {
        var tree = new FlattenedDeviceTree { BootCpu = 3 };
        tree.Reservations.Add((0x8000_0000, 0x1_0000));
        FdtNode node = tree.Root.SetCells("#address-cells", 2).AddNode("soc").AddNode("uart@10000000");
        node.SetStrings("compatible", "a", "bc").SetUInt64("reg", 0x1000_0000, 0x100).SetEmpty("dma-coherent").Set("odd", new byte[] { 1, 2, 3 });
        tree.PhandleOf(node).Should().Be(1);
        tree.PhandleOf(node).Should().Be(1);

        FlattenedDeviceTree read = FlattenedDeviceTree.Read(tree.Write());
        read.BootCpu.Should().Be(3);
        read.Reservations.Should().Equal((0x8000_0000UL, 0x1_0000UL));
        FdtNode uart = read.Root.Find("soc/uart")!;
        uart.Property("compatible")!.AsStrings().Should().Equal("a", "bc");
        uart.Property("reg")!.AsCells().Should().Equal(0u, 0x1000_0000u, 0u, 0x100u);
        uart.Property("dma-coherent")!.Value.Length.Should().Be(0);
        uart.Property("odd")!.Value.ToArray().Should().Equal(1, 2, 3);
        read.PhandleOf(read.Root).Should().Be(2, "phandles that were read stay unique");
        read.Write().Should().NotEqual(tree.Write());
        FlattenedDeviceTree.Read(read.Write()).Write().Should().Equal(read.Write());
    }

    [Test]
    public void Every_truncation_is_refused_and_every_bit_flip_is_answered()
    {
        byte[] blob = Board(2, 64).Write();
        for (int length = 0; length < blob.Length; length += 7)
            FluentActions.Invoking(() => FlattenedDeviceTree.Read(blob.AsMemory(0, length))).Should().Throw<FdtException>();
        var random = new Random(2);
        for (int i = 0; i < 3000; i++)
        {
            byte[] broken = [.. blob];
            broken[random.Next(i % 2 == 0 ? 40 : blob.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                FlattenedDeviceTree.Read(broken).Write();
            }
            catch (FdtException)
            {
                // refused
            }
        }
    }

    [Test]
    public void Deep_nesting_is_refused()
    {
        var tree = new FlattenedDeviceTree();
        FdtNode node = tree.Root;
        for (int i = 0; i < 100; i++)
            node = node.AddNode("n");
        FluentActions.Invoking(() => FlattenedDeviceTree.Read(tree.Write())).Should().Throw<FdtException>().WithMessage("*deep*");
    }

    [TestCase(1, 64)]
    [TestCase(2, 32)]
    [TestCase(8, 64)]
    public void The_device_tree_compiler_accepts_the_boards_tree(int harts, int bits)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, Board(harts, bits).Write());
            (int code, string output, string error) = Compile(path);
            code.Should().Be(0, error);
            error.Should().NotContain("ERROR");
            output.Should().Contain("riscv-virtio").And.Contain($"cpu@{harts - 1:x} {{").And.Contain("mmu-type = \"riscv,sv" + (bits == 64 ? "57" : "32"));
            error.Should().NotContain("Warning");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static FlattenedDeviceTree Board(int harts, int bits)
    {
        using Machine machine = new MachineBuilder().UseRiscVVirt(o => (o.Isa, o.Cpus) = (bits == 64 ? RiscVVirtOptions.DefaultIsa64 : RiscVVirtOptions.DefaultIsa32, harts))
            .WithoutFirmware().Build();
        return machine.Get<RiscVVirtBoard>().DeviceTree;
    }

    private static (int Code, string Output, string Error) Compile(string path)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("dtc", ["-I", "dtb", "-O", "dts", path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Oracle.Missing("dtc is not installed: Debian's package device-tree-compiler has it");
            throw;
        }
    }
}
