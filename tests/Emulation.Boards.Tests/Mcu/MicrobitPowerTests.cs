using System.Buffers.Binary;
using Emulation.Boards.Mcu;
using Emulation.Core;

namespace Emulation.Boards.Tests.Mcu;

/// <summary>System OFF of the nRF51. nRF51 Series Reference Manual, 12.1.2.</summary>
public sealed class MicrobitPowerTests
{
    private const ulong Reason = 0x2000_0000, AfterOff = Reason + 4, Marker = Reason + 8, Starts = 0x2000_2000, Retained = Starts + 8;
    private const uint ByPin = 1 << 16, ByReset = 1;

    // Counts its starts in block 1 of memory and notes RESETREAS in block 0. At the first start it lets button A (low) raise DETECT, keeps block 1 and turns the system off.
    private const string Program = "00400020410000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        + "0a4801680a4a136801331360094a1160022b0ada084c094d2560094e094f3760"
        + "09480121016063215160fee70004004000200020000000204407005000000300"
        + "240500400300020000050040";

    private TestFiles _files = null!;
    private Machine _machine = null!;

    [SetUp]
    public void SetUp()
    {
        _files = new TestFiles();
        _machine = new MachineBuilder().UseMicrobit().LoadFile(_files.Write("off.bin", Convert.FromHexString(Program)), 0).Build();
        _machine.RunFor(1_000_000);
    }

    [TearDown]
    public void TearDown()
    {
        _machine.Dispose();
        _files.Dispose();
    }

    [Test]
    public void The_system_is_off_from_the_next_instruction_on()
    {
        Board(_machine).Power.IsOff.Should().BeTrue();
        (Word(_machine, Starts), Word(_machine, Reason), Word(_machine, AfterOff)).Should().Be((1u, 0u, 0u));
        ulong instructions = _machine.Cpus[0].InstructionCount;
        _machine.RunFor(1_000_000_000).Reason.Should().Be(StopReason.VirtualTime);
        _machine.Cpus[0].InstructionCount.Should().Be(instructions);
    }

    [Test]
    public void A_pin_wakes_it_with_a_reset_and_memory_is_what_was_kept()
    {
        Put(_machine, Marker, 7);
        Put(_machine, Retained, 8);
        Press(_machine);
        (Word(_machine, Starts), Word(_machine, Reason)).Should().Be((2u, ByPin));
        (Word(_machine, Marker), Word(_machine, Retained)).Should().Be((0u, 8u));
        Board(_machine).Power.IsOff.Should().BeFalse();
    }

    [Test]
    public void The_reset_button_wakes_it()
    {
        Board(_machine).PressReset(_machine);
        _machine.RunFor(1_000_000);
        (Word(_machine, Starts), Word(_machine, Reason)).Should().Be((2u, ByReset));
    }

    [Test]
    public void Saved_or_forked_it_stays_off_and_wakes()
    {
        using Machine fork = _machine.Fork();
        fork.RunFor(1_000_000);
        Word(fork, Starts).Should().Be(1);
        Press(fork);
        Word(fork, Starts).Should().Be(2);
        using var stream = new MemoryStream();
        _machine.Save(stream);
        stream.Position = 0;
        using Machine loaded = new MachineBuilder().UseMicrobit().WithoutFirmware().Build();
        loaded.Load(stream);
        Press(loaded);
        Word(loaded, Reason).Should().Be(ByPin);
        Word(loaded, Starts).Should().Be(2);
    }

    // system_nrf51.c of the maker asks for these; nRF51 Series Compatibility Matrix
    [Test]
    public void The_chip_says_that_it_is_a_QFAA_of_revision_3()
    {
        (Word(_machine, 0x1000_005c) & 0xffff).Should().Be(0x0072, "FICR.CONFIGID.HWID");
        ((Word(_machine, 0xf000_0fe0) & 0xff), Word(_machine, 0xf000_0fe4) & 0xf, Word(_machine, 0xf000_0fe8) & 0xf0, Word(_machine, 0xf000_0fec) & 0xf0).Should().Be((1u, 0u, 0x70u, 0u));
    }

    private static MicrobitBoard Board(Machine machine) => machine.Get<MicrobitBoard>();

    private static void Press(Machine machine)
    {
        Board(machine).ButtonA.IsPressed = true;
        machine.RunFor(1_000_000);
    }

    private static uint Word(Machine machine, ulong address)
    {
        Span<byte> bytes = stackalloc byte[4];
        machine.Memory.TryRead(address, bytes).Should().BeTrue();
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    private static void Put(Machine machine, ulong address, uint value) => machine.Memory.TryWrite(address, BitConverter.GetBytes(value)).Should().BeTrue();
}
