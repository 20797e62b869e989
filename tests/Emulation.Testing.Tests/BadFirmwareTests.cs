using System.Buffers.Binary;
using Emulation.Debugging;

namespace Emulation.Testing.Tests;

[TestFixture]
public sealed class BadFirmwareTests
{
    [Test]
    public void A_missing_file_is_named()
        => Fails("nowhere.elf").Should().Contain("'nowhere.elf' does not exist").And.Contain("build the firmware first");

    [Test]
    public void A_truncated_file_is_named([Values(3, 10, 30, 60, 100, 4200, 9000)] int length)
        => Fails(fw => fw.Elf(File.ReadAllBytes(Programs.App).AsMemory(0, length), "cut.elf")).Should().Match(m => m.Contains("truncated") || m.Contains("no ELF file")).And.Contain("cut.elf");

    [Test]
    public void Another_architecture_is_named()
    {
        byte[] bytes = File.ReadAllBytes(Programs.App);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(18), 40);
        Fails(fw => fw.Elf(bytes, "arm.elf")).Should().Contain("'arm.elf' is built for Arm (32-bit), and riscv32-virt is RISC-V (32-bit)");
    }

    [Test]
    public void A_segment_outside_memory_is_named()
        => Fails(fw => fw.Bin(new byte[16], 0x5000_0000)).Should().Contain("the segment 0x50000000 to 0x5000000f leaves the memory").And.Contain("linker script");

    [Test]
    public void Firmware_that_overlaps_is_named()
        => Fails(fw => fw.Elf(Programs.App).Bin(new byte[16], 0x8000_0010)).Should().Contain("both load 0x80000010");

    [Test]
    public void No_firmware_is_named() => Fails(static _ => { }).Should().Contain("has no firmware");

    [TestCase(0u, 0x101u, "an initial stack pointer of 0")]
    [TestCase(0x3000_0000u, 0x101u, "the initial stack pointer 0x30000000, which is not in memory of board")]
    [TestCase(0x2000_1000u, 0x100u, "the reset vector 0x00000100, whose bit 0 says Arm state")]
    [TestCase(0x2000_1000u, 0x9000_0001u, "the reset vector 0x90000001, which is outside memory of board")]
    [TestCase(0u, 0u, "is empty")]
    [TestCase(0x2000_1000u, 0x101u, null)]
    [TestCase(0x2000_1003u, 0x101u, null, Description = "the CPU does not look at the two lowest bits of the stack pointer")]
    public void A_bad_vector_table_is_named(uint stack, uint reset, string? expected)
    {
        byte[] flash = new byte[0x200];
        BinaryPrimitives.WriteUInt32LittleEndian(flash, stack);
        BinaryPrimitives.WriteUInt32LittleEndian(flash.AsSpan(4), reset);
        Check(flash, 0).Should().Match(f => expected == null ? !f.Any() : f.Any(m => m.StartsWith("'firmware': the vector table at 0x00000000", StringComparison.Ordinal) && m.Contains(expected) && m.EndsWith("sram at 0x20000000 to 0x20000fff")));
    }

    [Test]
    public void A_vector_table_elsewhere_is_named() => Check(new byte[0x200], 0x400).Should().ContainMatch("*loads nothing at 0x00000000*");

    private static string[] Check(byte[] flash, ulong address)
    {
        var memory = new AddressSpace("system", new GuestLog());
        using var rom = new RamBlock("flash", 0x1_0000);
        using var ram = new RamBlock("sram", 0x1000);
        memory.Root.Add(0, new RamRegion(rom, readOnly: true));
        memory.Root.Add(0x2000_0000, new RamRegion(ram));
        var recipe = new BoardRecipe("board", FirmwareArchitecture.Arm, static (_, _) => { }) { VectorTable = 0 };
        return [.. FirmwareCheck.Run(recipe, [FirmwareImage.FromBinary(flash, address)], memory)];
    }

    private static string Fails(string path) => Fails(fw => fw.Elf(path));

    private static string Fails(Action<FirmwareOptions> firmware)
    {
        Action make = () => new RiscVVirtBench(firmware).Dispose();
        return make.Should().Throw<Exception>().Where(e => e is FirmwareFormatException || e is MachineConfigurationException).Which.Message;
    }
}
