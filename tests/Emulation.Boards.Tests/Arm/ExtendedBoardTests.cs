using System.Buffers.Binary;
using Emulation.Boards.Arm;
using Emulation.Boards.DeviceTree;
using Emulation.Core;
using Emulation.Devices;
using Emulation.Storage;

namespace Emulation.Boards.Tests.Arm;

/// <summary>Devices that no board has, attached by the user: on the bus, with an interrupt, in the device tree.</summary>
public sealed class ExtendedBoardTests
{
    private const ulong Keyboard = 0xb00_0000, Card = 0xb01_0000, Timer = 0xb02_0000, Watchdog = 0xb03_0000;
    private const int FirstSpi = 120;

    [TestCase(true, 2)]
    [TestCase(false, 3)]
    public void PrimeCells_are_found_by_the_tree_and_interrupt(bool is32Bit, int gic)
    {
        using Machine machine = Build(is32Bit, gic, out DeviceHandle<Pl050> keyboard);
        ArmVirtBoard board = machine.Get<ArmVirtBoard>();
        byte[] magic = new byte[8];
        ulong tree = machine.Get<ArmVirtBoard>().Cpus[0][is32Bit ? "x2" : "x0"];
        machine.Memory.TryRead(tree, magic).Should().BeTrue();
        byte[] blob = new byte[BinaryPrimitives.ReadUInt32BigEndian(magic.AsSpan(4))];
        machine.Memory.TryRead(tree, blob).Should().BeTrue();
        FdtNode root = FlattenedDeviceTree.Read(blob).Root;
        foreach ((string name, ulong address) in (ReadOnlySpan<(string, ulong)>)[("kmi", Keyboard), ("mmc", Card), ("timer2", Timer), ("watchdog", Watchdog)])
        {
            FdtNode node = root.Find(name)!;
            node.Property("reg")!.AsCells().Should().Equal(0, (uint)address, 0, 0x1000);
            node.Property("clocks")!.AsCells()[0].Should().Be(root.Find("apb-pclk")!.Property("phandle")!.AsCells()[0]);

            // what the bus of PrimeCells reads to find the driver
            machine.Memory.Read(address + 0xff0, 4, out ulong id).Should().Be(BusResult.Ok);
            id.Should().Be(0x0d);
        }

        machine.Memory.Write(Keyboard, 4, 0x14);
        ((Ps2Keyboard)keyboard.In(machine).Device).SetKey(Ps2Key.A, true);
        machine.RunFor(1_000_000);
        machine.Memory.Read(0x0800_0200 + (4 * ((32 + FirstSpi) / 32)), 4, out ulong pending);
        (pending >> (FirstSpi % 32) & 1).Should().Be(1);
        machine.Memory.Read(Keyboard + 8, 4, out ulong code);
        code.Should().Be(0x1c);
        board.Invoking(static b => b.SharedInterrupt(256)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Test]
    public void A_card_is_read_as_drivers_do()
    {
        using Machine machine = Build(true, 2, out _);
        Write(0x000, 3);
        Command(0, 0, 0);
        Command(8, 0x1aa, 1).Should().Be(0x1aa);
        ulong state = 0;
        for (int i = 0; i < 100 && (state & 0x8000_0000) == 0; i++)
        {
            Command(55, 0, 1);
            state = Command(41, 0x4030_0000, 1);
        }

        Command(2, 0, 3);
        ulong address = Command(3, 0, 1) & 0xffff_0000;
        Command(7, (uint)address, 1);
        Write(0x24, 1_000_000);
        Write(0x28, 512);
        Write(0x2c, 0x93);
        Command(17, 0, 1);
        Read(0x80).Should().Be(0x5a5a_5a5a);

        ulong Command(uint number, uint argument, uint response)
        {
            Write(0x08, argument);
            Write(0x0c, 0x400 | (response << 6) | number);
            return Read(0x14);
        }

        void Write(ulong offset, uint value) => machine.Memory.Write(Card + offset, 4, value).Should().Be(BusResult.Ok);

        ulong Read(ulong offset)
        {
            machine.Memory.Read(Card + offset, 4, out ulong value).Should().Be(BusResult.Ok);
            return value;
        }
    }

    [Test]
    public void A_node_that_is_there_already_is_a_fault()
        => new MachineBuilder().UseArmVirt().ForSavedState().ChangeDeviceTree(static root => root.AddNode("cpus")).Invoking(static b => b.Build())
            .Should().Throw<MachineConfigurationException>().WithMessage("*device tree*'cpus'*");

    private static Machine Build(bool is32Bit, int gic, out DeviceHandle<Pl050> keyboard)
    {
        using var files = new TestFiles();
        byte[] content = new byte[1 << 20];
        content.AsSpan(0, 4).Fill(0x5a);
        var disk = new MemoryDisk(content);
        MachineBuilder builder = new MachineBuilder()
            .UseArmVirt(o => (o.Is32Bit, o.GicVersion) = (is32Bit, gic))
            .LoadFile(files.Words("program", is32Bit ? 0xeaff_fffe : 0x1400_0000), 0x4020_0000)
            .Add(Keyboard, static context => new Pl050("kmi", new Ps2Keyboard(), context.Log), out keyboard)
            .Add(Card, context => new Pl180("mmc", new SdCard(context.Backend("card", disk)), context.Log), out DeviceHandle<Pl180> card)
            .Add(Timer, static context => new Sp804("timer2", context.Clock, context.Log), out DeviceHandle<Sp804> timer)
            .Add(Watchdog, static context => new Sp805("watchdog", context.Clock, context.Log, frequency: 1_000_000), out DeviceHandle<Sp805> watchdog);
        DeviceHandle<Pl050> handle = keyboard;
        builder.Configure(context =>
        {
            ArmVirtBoard board = context.Require<ArmVirtBoard>();
            MmioDevice[] sources = [handle.In(context.Machine), card.In(context.Machine), timer.In(context.Machine), watchdog.In(context.Machine)];
            for (int i = 0; i < sources.Length; i++)
            {
                foreach (IrqLine line in sources[i].Lines)
                    line.Connect(board.SharedInterrupt(FirstSpi + i));
            }
        });
        return builder.ChangeDeviceTree(static root =>
        {
            uint clock = root.Find("apb-pclk")!.Property("phandle")!.AsCells()[0];
            Describe("kmi", Keyboard, 0, "arm,pl050");
            Describe("mmc", Card, 1, "arm,pl180");
            Describe("timer2", Timer, 2, "arm,sp804");
            Describe("watchdog", Watchdog, 3, "arm,sp805");

            void Describe(string name, ulong address, uint index, string compatible)
                => root.AddNode($"{name}@{address:x}").SetStrings("compatible", compatible, "arm,primecell").SetUInt64("reg", address, 0x1000)
                    .SetCells("interrupts", 0, FirstSpi + index, 4).SetCells("clocks", clock).SetStrings("clock-names", "apb_pclk");
        }).Build();
    }
}
