using Emulation.Arm;
using Emulation.Boards.Arm;
using Emulation.Boards.DeviceTree;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Boards.Tests.Arm;

/// <summary>The option <c>secure</c>: what only Secure accesses reach. Their program is in <see cref="ArmVirtProgramTests"/>.</summary>
public sealed class ArmVirtSecureTests
{
    private const ulong Code = 0x4010_0000;

    [Test]
    public void The_device_tree_names_them_for_secure_software()
    {
        using var files = new TestFiles();
        using Machine machine = Build(files.Words("program", 0x1400_0000), Code, EngineKind.Tier0);
        FdtNode root = machine.Get<ArmVirtBoard>().DeviceTree.Root;
        foreach (string name in (string[])["pl011@9040000", "pl061@90b0000", "secram@e000000", "secflash@0", "gpio-poweroff", "gpio-restart"])
        {
            FdtNode node = root.Find(name)!;
            (node.Property("status")!.AsString(), node.Property("secure-status")!.AsString()).Should().Be(("disabled", "okay"), name);
        }

        root.Find("flash@4000000")!.Property("reg")!.AsCells().Should().Equal(0, 0x400_0000, 0, 0x400_0000);
        root.Find("gpio-restart")!.Property("gpios")!.AsCells().Should().Equal(root.Find("pl061@90b0000")!.Property("phandle")!.AsCells()[0], 1, 0);
    }

    [Test]
    public void Programs_may_lie_in_Secure_memory()
    {
        using var files = new TestFiles();
        // mov w0, #5; b .
        using Machine machine = Build(files.Words("program", 0x5280_00a0, 0x1400_0000), 0x0e00_1000, EngineKind.Tier0);
        machine.Run(2);
        machine.Get<ArmVirtBoard>().Cpus[0]["x0"].Should().Be(5);
        machine.Memory.TryFind(0x0e00_1000, out _).Should().BeFalse("it is not of the Non-secure space");
    }

    [Test]
    public void A_line_of_secure_software_switches_off()
    {
        using var files = new TestFiles();
        using Machine machine = Build(files.Words("program", 0x1400_0000), Code, EngineKind.Tier0);
        AddressSpace secure = machine.Get<ArmVirtBoard>().SecureMemory!;
        secure.Write(0x090b_0400, 4, 1);
        secure.Write(0x090b_0004, 4, 1);
        machine.Run(1_000_000).Reason.Should().Be(StopReason.PowerOff);
    }

    [Test]
    public void Without_the_option_there_is_one_space()
    {
        using var files = new TestFiles();
        using Machine machine = new MachineBuilder().UseArmVirt().LoadFile(files.Words("program", 0x1400_0000), Code).Build();
        ArmVirtBoard board = machine.Get<ArmVirtBoard>();
        (board.SecureMemory, board.SecureGpio, board.Cpus[0].Options.SecureMemory).Should().Be((null, null, 0));
    }

    private static Machine Build(string program, ulong address, EngineKind engine)
        => new MachineBuilder().UseArmVirt(o =>
        {
            (o.Cpu, o.Secure, o.Virtualization, o.GicVersion) = ("neoverse-n1", true, true, 3);
            o.Engine = new EngineOptions { Engine = engine };
        }).LoadFile(program, address).WithoutFirmware().Build();
}
