namespace Emulation.Compare.Tests;

public sealed class OptionsTests
{
    [Test]
    public void Nothing_said_means_boot_and_all_programs_five_times()
    {
        Options options = Parse();

        options.Boot.Should().BeTrue();
        options.Programs.Should().BeEmpty();
        options.Runs.Should().Be(5);
    }

    [Test]
    public void Boot_alone_leaves_out_the_programs()
    {
        Parse("--boot").Programs.Should().BeNull();
    }

    [Test]
    public void The_start_is_measured_alone_unless_more_is_asked_for()
    {
        Options start = Parse("--start"), both = Parse("--start", "--boot");

        (start.Start, start.Boot, start.Programs).Should().Be((true, false, null));
        (both.Start, both.Boot, both.Programs).Should().Be((true, true, null));
        Parse().Start.Should().BeFalse();
    }

    [Test]
    public void Programs_alone_leave_out_the_boot()
    {
        Options options = Parse("--bench", "crc, vm", "--cpus", "2", "--scale", "0.5");

        options.Boot.Should().BeFalse();
        options.Programs.Should().Equal("crc", "vm");
        options.Cpus.Should().Be(2);
        options.Scale.Should().Be(0.5);
    }

    [Test]
    public void A_profile_is_for_any_scenario()
    {
        Parse().Profile.Should().BeFalse();
        Options options = Parse("--profile");
        (options.Profile, options.Boot).Should().Be((true, true));
        options.Programs.Should().BeEmpty();
    }

    [TestCase("--runs")]
    [TestCase("--runs", "0")]
    [TestCase("--runs", "-1")]
    [TestCase("--scale", "big")]
    [TestCase("--nonsense")]
    public void Wrong_usage_is_refused(params string[] args)
    {
        Action parse = () => Parse(args);

        parse.Should().Throw<UsageException>().WithMessage("*usage:*");
    }

    [Test]
    public void The_guest_chooses_board_and_QEMU()
    {
        (Parse().Guest.Board, Parse().Qemu).Should().Be(("riscv64-virt", "qemu-system-riscv64"));
        Options options = Parse("--guest", "arm64");
        (options.Guest.Board, options.Qemu).Should().Be(("aarch64-virt", "qemu-system-aarch64"));
        Action parse = () => Parse("--guest", "z80");
        parse.Should().Throw<UsageException>().WithMessage("*riscv64, arm64*");
    }

    private static Options Parse(params string[] args) => Options.Parse(args, _ => null);
}
