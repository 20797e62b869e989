using Emulation.Boards.Mcu;
using Emulation.Core;

namespace Emulation.Boards.Tests.Mcu;

/// <summary>The boards <c>sifive-e</c> and <c>microbit</c>: reset, firmware, and what its start depends on.</summary>
public sealed class McuBoardTests
{
    // enables the UART, sends "Hi" and a line end, waits for interrupts
    private const string SifiveHello = "b7320110054323a4620013038004" + "23a062001303900623a06200294323a0620073005010f5bf";

    // backup0 counts starts; sends it as a digit; sleeps until an alarm in 10 ms
    private const string SifiveSleeper = "37050010b7320110054323a4620083230508138e030323a0c201850323207508b7fe5100938eee152326d515"
        + "09432320651403238504130373142320650605632320650403a30201130e007d7d1ee31f0efe2326d5152324051401a0";

    // enables the UART, sends "Hi" and a line end, lights the LED at the top left, sleeps
    private const string MicrobitHello = "10480421104a8150012181600f4a104b482100f00ff8692100f00cf80a2100f009f80c480c4a0d4981500d4a0d49815030bf"
        + "fde70024c4508150c458002cfcd07047000000200040000500001c0500001c0100000000005014050000102000000405000000200000";

    private TestFiles _files = null!;

    [SetUp]
    public void SetUp() => _files = new TestFiles();

    [TearDown]
    public void TearDown() => _files.Dispose();

    [TestCase(SifiveEChip.Fe310G000, 0x2040_0000UL)]
    [TestCase(SifiveEChip.Fe310G002, 0x2001_0000UL)]
    public void The_reset_code_finds_the_firmware_in_flash(SifiveEChip chip, ulong address)
    {
        using Machine machine = new MachineBuilder().UseSifiveE(o => o.Chip = chip).AddConsole(out SerialPort console)
            .LoadFile(_files.Write("hello.bin", Convert.FromHexString(SifiveHello)), address).Build();
        machine.RunUntilText(console, "Hi\n", TimeSpan.FromSeconds(1)).Reason.Should().Be(StopReason.Condition);
        machine.Get<SifiveEBoard>().Uart0.Should().NotBeNull();
    }

    [Test]
    public void Sleeping_ends_with_a_reset_that_keeps_the_backup_registers()
    {
        using Machine machine = new MachineBuilder().UseSifiveE().AddConsole(out SerialPort console)
            .LoadFile(_files.Write("sleep.bin", Convert.FromHexString(SifiveSleeper)), 0x2040_0000).Build();
        machine.RunUntilText(console, "012", TimeSpan.FromSeconds(1)).Reason.Should().Be(StopReason.Condition);
        machine.Clock.Now.Should().BeInRange(2 * 9_979_000, 21_000_000);
    }

    [Test]
    public void A_saved_board_goes_on_as_it_was()
    {
        byte[] program = Convert.FromHexString(SifiveSleeper);
        using Machine machine = new MachineBuilder().UseSifiveE().AddConsole(out SerialPort console)
            .LoadFile(_files.Write("sleep.bin", program), 0x2040_0000).Build();
        machine.RunFor(15_000_000);
        using Machine fork = machine.Fork();
        SerialPort other = fork.CounterpartOf(console);
        machine.RunFor(50_000_000);
        fork.RunFor(50_000_000);
        other.RecentText.Should().Be(console.RecentText).And.StartWith("0123");
    }

    [Test]
    public void The_microbit_starts_from_its_vectors_and_lights_an_led()
    {
        using Machine machine = new MachineBuilder().UseMicrobit().AddConsole(out SerialPort console).LoadFile(Microbit(), 0).Build();
        machine.RunUntilText(console, "Hi\n", TimeSpan.FromSeconds(1)).Reason.Should().Be(StopReason.Condition);
        machine.RunFor(200_000_000);
        MicrobitBoard board = machine.Get<MicrobitBoard>();
        board.Display.IsLit(0, 0).Should().BeTrue();
        board.Display.IsLit(1, 0).Should().BeFalse();
        board.Display.Brightness(0, 0).Should().BeApproximately(1, 1e-9);
        board.Display.Text().Should().StartWith("#");
    }

    [Test]
    public void Intel_hex_is_loaded_where_it_says()
    {
        byte[] image = File.ReadAllBytes(Microbit());
        var lines = new List<string>();
        for (int at = 0; at < image.Length; at += 16)
            lines.Add(Record(at, 0, image.AsSpan(at, Math.Min(16, image.Length - at))));
        lines.Add(Record(0, 1, []));
        string path = _files.Write("hello.hex", System.Text.Encoding.ASCII.GetBytes(string.Join("\r\n", lines)));
        using Machine machine = new MachineBuilder().UseMicrobit().AddConsole(out SerialPort console).WithFirmware(path).Build();
        machine.RunUntilText(console, "Hi\n", TimeSpan.FromSeconds(1)).Reason.Should().Be(StopReason.Condition);

        string damaged = _files.Write("damaged.hex", System.Text.Encoding.ASCII.GetBytes(lines[0][..^1] + "\n"));
        FluentActions.Invoking(() => new MachineBuilder().UseMicrobit().WithFirmware(damaged).Build())
            .Should().Throw<MachineConfigurationException>().WithMessage("*Intel HEX*line 1*");

        static string Record(int address, byte type, ReadOnlySpan<byte> data)
        {
            byte[] record = [(byte)data.Length, (byte)(address >> 8), (byte)address, type, .. data];
            return ":" + Convert.ToHexString(record) + ((byte)-record.Sum(static b => b)).ToString("X2");
        }
    }

    [Test]
    public void Firmware_for_another_architecture_is_named()
        => FluentActions.Invoking(() => new MachineBuilder().UseMicrobit().LoadFile(TestFiles.Firmware(32)).Build())
            .Should().Throw<MachineConfigurationException>().WithMessage("*RISC-V*microbit is Arm*");

    [Test]
    public void A_board_without_firmware_says_what_it_needs()
        => FluentActions.Invoking(() => new MachineBuilder().UseSifiveE().Build()).Should().Throw<MachineConfigurationException>().WithMessage("*nothing to run*");

    private string Microbit()
    {
        byte[] code = Convert.FromHexString(MicrobitHello);
        byte[] image = new byte[192 + code.Length];
        BitConverter.TryWriteBytes(image, 0x2000_4000);
        for (int i = 1; i < 48; i++)
            BitConverter.TryWriteBytes(image.AsSpan(4 * i), 0xc1);
        code.CopyTo(image, 192);
        return _files.Write("hello-microbit.bin", image);
    }
}
