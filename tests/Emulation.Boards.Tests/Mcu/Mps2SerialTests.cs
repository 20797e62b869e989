using Emulation.Arm;
using Emulation.Boards.Mcu;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Devices;

namespace Emulation.Boards.Tests.Mcu;

/// <summary>SPI, I²C and Ethernet of the boards <c>mps2-an385</c> and <c>mps2-an505</c>: parts on their buses, addresses and interrupts. The CPU waits in a loop.</summary>
public sealed class Mps2SerialTests
{
    private const uint An385Misc = 0x4002_804c, An505Misc = 0x4030_204c;
    private const uint Cr0 = 0x00, Cr1 = 0x04, Data = 0x08, Prescale = 0x10, Mask = 0x14;
    private const uint SerialIn = 1, Set = 0, Clear = 4, Scl = 1, Sda = 2;

    [Test]
    public void Each_SPI_controller_of_AN385_has_its_select_and_interrupt()
    {
        (uint Base, int Select, int Irq)[] expected = [(0x4002_0000, 1, 11), (0x4002_1000, 0, 11), (0x4002_5000, 7, 22), (0x4002_6000, 8, 23), (0x4002_7000, 9, 23)];
        using Machine machine = Build(an505: false);
        Mps2Board board = machine.Get<Mps2Board>();
        for (int i = 0; i < expected.Length; i++)
        {
            board.SpiBuses[i].Attach(0, new SpiNorFlash(SpiNorModel.W25Q128));
            CheckFlash(machine, board.Cpu, expected[i].Base, An385Misc, expected[i].Select, expected[i].Irq);
        }
    }

    [Test]
    public void Each_SPI_controller_of_AN505_has_its_select_and_interrupt()
    {
        (uint Base, int Select)[] expected = [(0x4020_5000, 1), (0x5020_6000, 0), (0x4020_9000, 7), (0x4020_a000, 8), (0x5020_b000, 9)];
        using Machine machine = Build(an505: true);
        Mps2An505Board board = machine.Get<Mps2An505Board>();
        for (int i = 0; i < expected.Length; i++)
        {
            board.SpiBuses[i].Attach(0, new SpiNorFlash(SpiNorModel.W25Q128));
            CheckFlash(machine, board.Cpu, expected[i].Base, An505Misc, expected[i].Select, 51 + i);
        }
    }

    [TestCase(false, new uint[] { 0x4002_2000, 0x4002_3000, 0x4002_9000, 0x4002_a000 })]
    [TestCase(true, new uint[] { 0x4020_7000, 0x4020_8000, 0x5020_c000, 0x5020_d000 })]
    public void An_EEPROM_answers_on_each_two_wire_bus(bool an505, uint[] bases)
    {
        using Machine machine = Build(an505);
        for (int i = 0; i < bases.Length; i++)
        {
            I2cBus bus = an505 ? machine.Get<Mps2An505Board>().I2cBuses[i] : machine.Get<Mps2Board>().I2cBuses[i];
            bus.Attach(0x50, new Eeprom24(Eeprom24Model.C02, [0x11, 0x22, (byte)(0x30 + i)]));
            Start(machine, bases[i]);
            Send(machine, bases[i], 0xa0).Should().BeTrue();
            Send(machine, bases[i], 0x01).Should().BeTrue();
            Start(machine, bases[i]);
            Send(machine, bases[i], 0xa1).Should().BeTrue();
            Receive(machine, bases[i], true).Should().Be(0x22);
            Receive(machine, bases[i], false).Should().Be((byte)(0x30 + i));
            Stop(machine, bases[i]);
            bus.IsBusy.Should().BeFalse();
        }
    }

    [Test]
    public void Transfers_go_on_in_snapshots_and_forks()
    {
        const uint Wires = 0x4002_9000, Spi = 0x4002_6000;
        using Machine machine = Build(an505: false);
        machine.Get<Mps2Board>().I2cBuses[2].Attach(0x50, new Eeprom24(Eeprom24Model.C02, [0xa5, 0x3c]));
        machine.Get<Mps2Board>().SpiBuses[3].Attach(0, new SpiNorFlash(SpiNorModel.W25Q128));
        Start(machine, Wires);
        Send(machine, Wires, 0xa0);
        Send(machine, Wires, 0x00);
        Start(machine, Wires);
        Send(machine, Wires, 0xa1).Should().BeTrue();
        Select(machine, An385Misc, 8, true);
        BeginFlash(machine, Spi);
        using Snapshot snapshot = machine.Snapshot();
        using Machine fork = machine.Fork();
        foreach (Machine each in (Machine[])[machine, fork])
            Finish(each);
        fork.StateHash().Should().Be(machine.StateHash());
        machine.Restore(snapshot);
        Finish(machine);
        fork.StateHash().Should().Be(machine.StateHash());

        static void Finish(Machine each)
        {
            Receive(each, Wires, true).Should().Be(0xa5);
            Receive(each, Wires, false).Should().Be(0x3c);
            Stop(each, Wires);
            each.RunFor(100.VirtualMicroseconds());
            EndFlash(each, Spi);
        }
    }

    [TestCase(false, 0x4020_0000u, 13)]
    [TestCase(true, 0x4200_0000u, 48)]
    public void Ethernet_is_there_without_a_link(bool an505, uint at, int irq)
    {
        using Machine machine = Build(an505);
        ArmMCpu cpu = an505 ? machine.Get<Mps2An505Board>().Cpu : machine.Get<Mps2Board>().Cpu;
        Read(machine, at + 0x50).Should().Be(0x9220_0000);
        Read(machine, at + 0x64).Should().Be(0x8765_4321);
        cpu.Nvic.IsPending(irq).Should().BeFalse();
        Write(machine, at + 0x54, 0x111);
        Write(machine, at + 0x5c, 0x8000_0000);
        cpu.Nvic.IsPending(irq).Should().BeTrue();
    }

    private static void CheckFlash(Machine machine, ArmMCpu cpu, uint spi, uint misc, int select, int irq)
    {
        Select(machine, misc, select, true);
        BeginFlash(machine, spi);
        machine.RunFor(100.VirtualMicroseconds());
        cpu.Nvic.IsPending(irq).Should().BeTrue("interrupt {0} is that of the controller at 0x{1:x8}", irq, spi);
        EndFlash(machine, spi);
        Write(machine, spi + Mask, 0);
        Select(machine, misc, select, false);
    }

    // identification of the flash, bytes in mode 0
    private static void BeginFlash(Machine machine, uint spi)
    {
        Write(machine, spi + Cr0, 0x0007);
        Write(machine, spi + Prescale, 2);
        Write(machine, spi + Cr1, 2);
        Write(machine, spi + Mask, 4);
        foreach (uint value in (uint[])[0x9f, 0, 0, 0])
            Write(machine, spi + Data, value);
    }

    private static void EndFlash(Machine machine, uint spi)
    {
        Read(machine, spi + Data);
        uint id = 0;
        for (int i = 0; i < 3; i++)
            id = (id << 8) | Read(machine, spi + Data);
        id.Should().Be(0xef4018);
    }

    private static void Select(Machine machine, uint misc, int bit, bool selected)
    {
        uint value = Read(machine, misc);
        Write(machine, misc, selected ? value & ~(1u << bit) : value | (1u << bit));
    }

    private static void Start(Machine machine, uint at)
    {
        Write(machine, at + Set, Sda);
        Write(machine, at + Set, Scl);
        Write(machine, at + Clear, Sda);
        Write(machine, at + Clear, Scl);
    }

    private static void Stop(Machine machine, uint at)
    {
        Write(machine, at + Clear, Sda);
        Write(machine, at + Set, Scl);
        Write(machine, at + Set, Sda);
    }

    private static uint Bit(Machine machine, uint at, bool level)
    {
        Write(machine, at + (level ? Set : Clear), Sda);
        Write(machine, at + Set, Scl);
        uint seen = Read(machine, at) >> (int)SerialIn & 1;
        Write(machine, at + Clear, Scl);
        return seen;
    }

    private static bool Send(Machine machine, uint at, byte value)
    {
        for (int bit = 7; bit >= 0; bit--)
            Bit(machine, at, (value >> bit & 1) != 0);
        return Bit(machine, at, true) == 0;
    }

    private static byte Receive(Machine machine, uint at, bool acknowledge)
    {
        uint value = 0;
        for (int bit = 0; bit < 8; bit++)
            value = (value << 1) | Bit(machine, at, true);
        Bit(machine, at, !acknowledge);
        return (byte)value;
    }

    private static uint Read(Machine machine, uint address)
    {
        machine.Memory.Read(address, 4, out ulong value).Should().Be(BusResult.Ok);
        return (uint)value;
    }

    private static void Write(Machine machine, uint address, uint value) => machine.Memory.Write(address, 4, value);

    private static Machine Build(bool an505)
    {
        uint start = an505 ? 0x1000_0000u : 0;
        byte[] bytes = new byte[0x102];
        BitConverter.TryWriteBytes(bytes.AsSpan(0), an505 ? 0x3000_1000u : 0x2000_1000u);
        BitConverter.TryWriteBytes(bytes.AsSpan(4), start + 0x101);
        BitConverter.TryWriteBytes(bytes.AsSpan(0x100), (ushort)0xe7fe);
        var engine = new EngineOptions { Engine = EngineKind.Interpreter };
        MachineBuilder builder = an505 ? new MachineBuilder().UseMps2An505(o => o.Engine = engine) : new MachineBuilder().UseMps2(o => o.Engine = engine);
        return builder.WithoutFirmware().Configure(c => c.OnReset(m => m.Memory.TryLoad(start, bytes).Should().BeTrue())).Build();
    }
}
