namespace Emulation.Compare.Tests;

public sealed class GuestConsoleTests
{
    [Test]
    public void Marks_are_timed_by_the_read_that_completes_their_line()
    {
        var console = new GuestConsole();
        console.Add("\r\n", 0.1);
        console.Add("OpenSBI\r\nBOOT-", 0.2);
        console.Add("OK riscv64\r\n", 1.5);

        console.FirstOutput.Should().Be(0.2);
        console.BootOk.Should().Be(1.5);
        console.PoweredOff.Should().BeFalse();
    }

    [Test]
    public void Kernel_messages_may_precede_a_mark_on_its_line()
    {
        var console = new GuestConsole();
        console.Add("[    1.5] random: init BOOT-OK riscv64\n[    2.0] clock POWEROFF\r\n", 1);

        console.BootOk.Should().Be(1);
        console.PoweredOff.Should().BeTrue();
    }

    [Test]
    public void Program_lines_are_results_and_everything_like_them_is_not()
    {
        var console = new GuestConsole();
        console.Add("crc da7c8b547166b610 0.785000\r\nsha256 23295ac6e56186bd 1.3\ncrc da7c8b54 0.7\nmd5 sums\n", 1);

        console.Programs.Should().Equal(
            new ProgramResult("crc", "da7c8b547166b610", 0.785),
            new ProgramResult("sha256", "23295ac6e56186bd", 1.3));
    }

    [TestCase("crc FAILED: 0000000000000001 instead of 0000000000000002 in repetition 3")]
    [TestCase("blkread skipped: no /dev/vda")]
    [TestCase("forks ended with status 139")]
    [TestCase("nosuch is not in this image")]
    public void A_program_that_did_not_do_its_work_is_a_complaint(string line)
    {
        var console = new GuestConsole();
        console.Add(line + "\r\n", 1);

        console.Complaints.Should().Equal(line);
        console.Programs.Should().BeEmpty();
    }

    [Test]
    public void Numbered_lines_are_counted()
    {
        var console = new GuestConsole();
        console.Add("line 00000\r\nline 00001\r\nline 1\r\n", 1);

        console.NumberedLines.Should().Be(2);
    }
}
