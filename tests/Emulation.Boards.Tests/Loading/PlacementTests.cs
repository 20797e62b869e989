using Emulation.Boards.DeviceTree;
using Emulation.Boards.Loading;
using Emulation.Boards.RiscV;
using Emulation.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Emulation.Boards.Tests.Loading;

public sealed class PlacementTests
{
    private static IEnumerable<TestCaseData> GoodKernels()
    {
        yield return new TestCaseData(Images.Linux()).SetName("Linux image");
        yield return new TestCaseData(Images.LinuxWithSections()).SetName("Linux image with sections");
        yield return new TestCaseData(Images.Gzip(Images.Linux())).SetName("gzip of a Linux image");
        yield return new TestCaseData(Images.Zboot(Images.Gzip(Images.Linux()), "gzip")).SetName("EFI zboot");
        yield return new TestCaseData(Images.Elf()).SetName("ELF");
        yield return new TestCaseData(Images.Gzip(Images.Elf())).SetName("gzip of ELF");
        yield return new TestCaseData(Images.Elf(virtualAddress: 0xffff_ffff_8000_0000)).SetName("ELF that is linked high");
    }

    [TestCaseSource(nameof(GoodKernels))]
    public void A_kernel_starts_at_its_place_in_S_mode_with_hart_and_device_tree(byte[] content)
    {
        using var files = new TestFiles();
        using Machine machine = Build(b => b.BootLinux(files.Write("kernel", content), commandLine: "console=ttyS0 quiet"));
        RiscVVirtBoard board = machine.Get<RiscVVirtBoard>();
        machine.Run(2);
        board.Harts[0].Pc.Should().Be(0x8020_0000);
        board.Harts[0].Privilege.Should().Be(Emulation.RiscV.PrivilegeLevel.Supervisor);
        board.Harts[0]["x10"].Should().Be(0);
        FlattenedDeviceTree tree = TreeAt(machine, board.Harts[0]["x11"]);
        tree.Root.Find("chosen")!.Property("bootargs")!.AsString().Should().Be("console=ttyS0 quiet");
    }

    [TestCase(64, 100, TestName = "small")]
    [TestCase(64, 20 << 20, TestName = "beyond the middle")]
    [TestCase(64, 50 << 20, TestName = "so large that it only fits from low down")]
    [TestCase(2048, 100 << 20, TestName = "much memory")]
    public void Kernel_initrd_and_device_tree_do_not_overlap(int megabytes, int initrdBytes)
    {
        using var files = new TestFiles();
        string initrd = files.Write("initrd", new byte[initrdBytes]);
        using Machine machine = new MachineBuilder().UseRiscVVirt().WithMemory(megabytes.MiB()).BootLinux(files.Write("kernel", Images.Linux()), initrd).Build();
        machine.Run(2);
        ulong tree = machine.Get<RiscVVirtBoard>().Harts[0]["x11"];
        FdtNode chosen = TreeAt(machine, tree).Root.Find("chosen")!;
        ulong start = chosen.Property("linux,initrd-start")!.AsUInt64(), end = chosen.Property("linux,initrd-end")!.AsUInt64();
        (end - start).Should().Be((ulong)initrdBytes);
        start.Should().BeGreaterThanOrEqualTo(0x8021_0000);
        end.Should().BeLessThanOrEqualTo(tree);
        (start % (2 << 20)).Should().Be(0);
        (tree % (2 << 20)).Should().Be(0);
        tree.Should().BeLessThan(0x8000_0000 + Math.Min((ulong)megabytes << 20, 1 << 30));
    }

    [Test]
    public void A_device_tree_of_the_user_is_completed()
    {
        using var files = new TestFiles();
        var tree = new FlattenedDeviceTree();
        tree.Root.SetStrings("model", "mine");
        tree.Root.AddNode("memory@0").SetUInt64("reg", 0, 1);
        string path = files.Write("tree.dtb", tree.Write());
        using Machine machine = Build(b => b.BootLinux(files.Write("kernel", Images.Linux()), commandLine: "x").WithDeviceTree(path));
        machine.Run(2);
        FdtNode root = TreeAt(machine, machine.Get<RiscVVirtBoard>().Harts[0]["x11"]).Root;
        root.Property("model")!.AsString().Should().Be("mine");
        root.Find("memory@0").Should().BeNull();
        root.Find("memory")!.Property("reg")!.AsCells().Should().Equal(0u, 0x8000_0000u, 0u, 64u << 20);
        root.Find("chosen")!.Property("bootargs")!.AsString().Should().Be("x");
    }

    [Test]
    public void A_reset_loads_everything_again()
    {
        using var files = new TestFiles();
        using Machine machine = Build(b => b.BootLinux(files.Write("kernel", Images.Elf(fileBytes: 16, memoryBytes: 4096))));
        machine.Memory.TryLoad(0x8020_0000, new byte[4096].Select(_ => (byte)0xaa).ToArray());
        machine.Reset();
        byte[] bytes = new byte[4096];
        machine.Memory.TryRead(0x8020_0000, bytes).Should().BeTrue();
        bytes[..4].Should().Equal(1, 2, 3, 4);
        bytes[16..].Should().OnlyContain(b => b == 0);
    }

    [Test]
    public void Loading_tells_how_far_it_is()
    {
        using var files = new TestFiles();
        var seen = new List<LoadProgress>();
        MachineBuilder builder = new MachineBuilder().UseRiscVVirt().WithMemory(64.MiB()).BootLinux(files.Write("kernel", Images.Linux()), files.Write("initrd", new byte[5 << 20]));
        builder.Services.AddSingleton<IProgress<LoadProgress>>(new Recorder(seen));
        builder.Build().Dispose();
        seen.Where(p => p.Purpose == "initrd").Select(p => p.Done).Should().BeInAscendingOrder().And.HaveCount(5).And.EndWith(5 << 20);
    }

    [Test]
    public void Files_go_where_they_are_told_also_into_flash()
    {
        using var files = new TestFiles();
        using Machine machine = Build(b => b.WithoutFirmware().LoadFile(files.Write("a", [1, 2, 3]), 0x2000_0010).LoadFile(files.Write("b", [4, 5]), 0x8000_1000));
        byte[] bytes = new byte[3];
        machine.Memory.TryRead(0x2000_0010, bytes).Should().BeTrue();
        bytes.Should().Equal(1, 2, 3);
    }

    private static Machine Build(Func<MachineBuilder, MachineBuilder> boot) => boot(new MachineBuilder().UseRiscVVirt().WithMemory(64.MiB())).Build();

    private static FlattenedDeviceTree TreeAt(Machine machine, ulong address)
    {
        byte[] blob = new byte[16 << 10];
        machine.Memory.TryRead(address, blob).Should().BeTrue();
        return FlattenedDeviceTree.Read(blob);
    }

    private sealed class Recorder(List<LoadProgress> seen) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => seen.Add(value);
    }
}
