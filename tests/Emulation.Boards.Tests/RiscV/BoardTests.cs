using Emulation.Boards.DeviceTree;
using Emulation.Boards.RiscV;
using Emulation.Core;

namespace Emulation.Boards.Tests.RiscV;

public sealed class BoardTests
{
    [Test]
    public void The_memory_map_and_the_device_tree_agree([Values(1, 2, 8)] int harts, [Values(32, 64)] int bits)
    {
        using Machine machine = Build(harts, bits);
        RiscVVirtBoard board = machine.Get<RiscVVirtBoard>();
        board.Name.Should().Be($"riscv{bits}-virt");
        board.Harts.Should().HaveCount(harts);
        FdtNode root = board.DeviceTree.Root;
        root.Find("cpus")!.Children.Count(c => c.Name.StartsWith("cpu@", StringComparison.Ordinal)).Should().Be(harts);
        foreach (FdtNode node in root.Find("soc")!.Children.Append(root.Find("fw-cfg")!).Append(root.Find("flash")!).Append(root.Find("memory")!))
        {
            IReadOnlyList<uint> reg = node.Property("reg")!.AsCells();
            ulong address = ((ulong)reg[0] << 32) | reg[1];
            machine.Memory.TryFind(address, out FlatRange range).Should().BeTrue($"{node.Name} is at 0x{address:x}");
            range.Start.Should().Be(address);
        }
    }

    [TestCase(0x0000_1000UL, "mrom")]
    [TestCase(0x0010_0000UL, "finisher")]
    [TestCase(0x0010_1000UL, "rtc")]
    [TestCase(0x0200_0000UL, "clint")]
    [TestCase(0x0c00_0000UL, "plic")]
    [TestCase(0x1000_0000UL, "uart0")]
    [TestCase(0x1000_1000UL, "virtio0")]
    [TestCase(0x1000_8000UL, "virtio7")]
    [TestCase(0x1010_0000UL, "fwcfg")]
    [TestCase(0x2000_0000UL, "flash0")]
    [TestCase(0x2200_0000UL, "flash1")]
    [TestCase(0x8000_0000UL, "ram")]
    public void Devices_lie_where_kernels_expect_them(ulong address, string name)
    {
        using Machine machine = Build(1, 64);
        machine.Memory.TryFind(address, out FlatRange range).Should().BeTrue();
        range.Region.Name.Should().StartWith(name);
        range.Start.Should().Be(address);
    }

    [Test]
    public void All_faults_of_the_options_are_listed_and_nothing_else()
    {
        MachineBuilder builder = new MachineBuilder().UseRiscVVirt(o => (o.Isa, o.Cpus, o.Mmu) = ("rv64gc_zfoo", 9, "sv12")).WithMemory(100).WithoutFirmware();
        builder.Invoking(b => b.Build()).Should().Throw<MachineConfigurationException>().Which.Errors.Should().HaveCount(4)
            .And.Contain(e => e.Contains("zfoo")).And.Contain(e => e.Contains("not 9")).And.Contain(e => e.Contains("sv12")).And.Contain(e => e.Contains("100 bytes"));
    }

    [Test]
    public void A_machine_with_nothing_to_run_is_a_fault()
        => new MachineBuilder().UseRiscVVirt().Invoking(b => b.Build()).Should().Throw<MachineConfigurationException>().WithMessage("*nothing to run*");

    [Test]
    public void The_built_in_firmware_needs_S_mode()
        => new MachineBuilder().UseRiscVVirt(o => o.Isa = "rv64imac,priv=mu").LoadFile("x").Invoking(b => b.Build())
            .Should().Throw<MachineConfigurationException>().WithMessage("*S-mode*");

    [TestCase("sv39", "riscv,sv39")]
    [TestCase("sv48", "riscv,sv48")]
    [TestCase(null, "riscv,sv57")]
    public void The_translation_scheme_can_be_limited(string? mmu, string expected)
    {
        using Machine machine = new MachineBuilder().UseRiscVVirt(o => o.Mmu = mmu).WithoutFirmware().Build();
        machine.Get<RiscVVirtBoard>().DeviceTree.Root.Find("cpus/cpu@0")!.Property("mmu-type")!.AsString().Should().Be(expected);
    }

    [Test]
    public void A_deterministic_machine_is_the_same_each_time_and_a_seed_changes_it()
    {
        Hash(null).Should().Be(Hash(null));
        Hash(1).Should().NotBe(Hash(2));

        static string Hash(ulong? seed)
        {
            using Machine machine = new MachineBuilder().UseRiscVVirt(o => o.EntropySeed = seed).WithoutFirmware().Build();
            return machine.StateHash().Hex;
        }
    }

    [Test]
    public void Reset_code_passes_hart_tree_and_next_stage_to_firmware([Values(32, 64)] int bits)
    {
        using var files = new TestFiles();
        string kernel = files.Write("kernel", Images.Elf(bits: bits, physical: 0x8040_0000));
        string firmware = files.Write("fw.bin", new byte[64]);
        using Machine machine = new MachineBuilder().UseRiscVVirt(o => o.Isa = Isa(bits)).BootLinux(kernel).WithFirmware(firmware).Build();
        machine.Run(6);
        RiscVVirtBoard board = machine.Get<RiscVVirtBoard>();
        board.Harts[0].Pc.Should().Be(0x8000_0000);
        byte[] info = new byte[bits / 8 * 6];
        machine.Memory.TryRead(board.Harts[0]["x12"], info).Should().BeTrue();
        ulong[] fields = [.. Enumerable.Range(0, 6).Select(i => bits == 64 ? BitConverter.ToUInt64(info, 8 * i) : BitConverter.ToUInt32(info, 4 * i))];
        fields.Should().Equal(0x4942534f, 2, 0x8040_0000, 1, 0, 0);
        byte[] magic = new byte[4];
        machine.Memory.TryRead(board.Harts[0]["x11"], magic).Should().BeTrue();
        magic.Should().Equal(0xd0, 0x0d, 0xfe, 0xed);
    }

    [Test]
    public void Every_board_of_the_catalogue_can_be_built()
    {
        foreach (BoardDescription board in BoardCatalog.All)
        {
            var builder = new MachineBuilder();
            board.Apply(builder, new BoardSettings { Cpus = board.MaxCpus });
            using Machine machine = builder.WithoutFirmware().Build();
            machine.Get<IBoard>().Name.Should().Be(board.Name);
            machine.Cpus.Should().HaveCount(board.MaxCpus);
        }

        BoardCatalog.Find("no-such-board").Should().BeNull();
    }

    internal static string Isa(int bits) => bits == 64 ? RiscVVirtOptions.DefaultIsa64 : RiscVVirtOptions.DefaultIsa32;

    private static Machine Build(int harts, int bits)
        => new MachineBuilder().UseRiscVVirt(o => (o.Isa, o.Cpus) = (Isa(bits), harts)).WithoutFirmware().Build();
}
