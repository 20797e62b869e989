using Emulation.Arm;
using Emulation.Boards.Arm;
using Emulation.Boards.DeviceTree;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Boards.Tests.Arm;

/// <summary>The board <c>arm-virt</c>, where it differs from <c>aarch64-virt</c>.</summary>
public sealed class ArmVirt32Tests
{
    private const ulong Code = 0x4020_0000;

    [Test]
    public void A_GICv3_has_system_registers_of_CP15([Values] EngineKind engine)
    {
        uint[] words =
        [
            0xee04_1f16,                                        // mcr p15, 0, r1, c4, c6, 0      ICC_PMR
            0xee0c_2ffc,                                        // mcr p15, 0, r2, c12, c12, 7    ICC_IGRPEN1
            0xec44_3f0c,                                        // mcrr p15, 0, r3, r4, c12       ICC_SGI1R
            0xee1c_5f1c,                                        // mrc p15, 0, r5, c12, c12, 0    ICC_IAR1
            0xee1c_6f7b,                                        // mrc p15, 0, r6, c12, c11, 3    ICC_RPR
            0xee0c_5f3c,                                        // mcr p15, 0, r5, c12, c12, 1    ICC_EOIR1
            0xee1c_7f1c,                                        // mrc p15, 0, r7, c12, c12, 0    ICC_IAR1
            0xee1c_8fbc,                                        // mrc p15, 0, r8, c12, c12, 5    ICC_SRE
            0xee10_9f31,                                        // mrc p15, 0, r9, c0, c1, 1      ID_PFR1
            0xeedc_afbc,                                        // mrc p15, 6, r10, c12, c12, 5   ICC_MSRE: not without Monitor mode
        ];
        using var files = new TestFiles();
        string program = files.Words("program", words);
        using Machine machine = Build(3, program, engine);
        machine.Memory.Write(0x0800_0000, 4, 2);                // GICD_CTLR.EnableGrp1
        machine.Memory.Write(0x080a_0014, 4, 0);                // GICR_WAKER
        machine.Memory.Write(0x080b_0080, 4, uint.MaxValue);    // GICR_IGROUPR0
        machine.Memory.Write(0x080b_0400, 4, 0x5050_5050);      // GICR_IPRIORITYR
        machine.Memory.Write(0x080b_0404, 4, 0x5050_5050);
        machine.Memory.Write(0x080b_0100, 4, 1 << 5);           // GICR_ISENABLER0
        ArmCpu cpu = machine.Get<ArmVirtBoard>().Cpus[0];
        (cpu["x1"], cpu["x2"], cpu["x3"], cpu["x4"]) = (0xf0, 1, (5 << 24) | 1, 0);
        machine.Run((ulong)words.Length);
        (cpu["x5"], cpu["x6"], cpu["x7"], cpu["x8"], cpu["x9"] >> 28).Should().Be((5, 0x50, 1023, 7, 1));
        cpu.Pc.Should().Be(4, "it is UNDEFINED");
    }

    [Test]
    public void Without_a_GICv3_they_are_UNDEFINED()
    {
        using var files = new TestFiles();
        using Machine machine = Build(2, files.Words("program", 0xee1c_8fbc), EngineKind.Tier0);
        machine.Run(1);
        machine.Get<ArmVirtBoard>().Cpus[0].Pc.Should().Be(4);
    }

    [Test]
    public void A_GICv3_is_in_the_device_tree()
    {
        using var files = new TestFiles();
        using Machine machine = Build(3, files.Words("program", 0xeaff_fffe), EngineKind.Tier0);
        FdtNode controller = machine.Get<ArmVirtBoard>().DeviceTree.Root.Find("intc@8000000")!;
        controller.Property("compatible")!.AsString().Should().Be("arm,gic-v3");
        controller.Find("its@8080000")!.Property("compatible")!.AsString().Should().Be("arm,gic-v3-its");
    }

    [Test]
    public void The_catalog_chooses_the_version()
    {
        using var files = new TestFiles();
        BoardDescription board = BoardCatalog.Find("arm-virt")!;
        var builder = new MachineBuilder();
        board.Apply(builder, new BoardSettings { Options = new Dictionary<string, string> { ["gic"] = "3" } });
        using Machine machine = builder.LoadFile(files.Words("program", 0xeaff_fffe), Code).Build();
        machine.Get<ArmVirtBoard>().GicV3.Should().NotBeNull();
        board.Options.Select(static o => o.Name).Should().Equal("gic", "secure");
    }

    private static Machine Build(int gic, string program, EngineKind engine)
        => new MachineBuilder().UseArmVirt(o =>
        {
            (o.Is32Bit, o.GicVersion) = (true, gic);
            o.Engine = new EngineOptions { Engine = engine };
        }).LoadFile(program, Code).Build();
}
