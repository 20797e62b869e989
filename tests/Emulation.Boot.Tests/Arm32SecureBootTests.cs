using System.Text;
using Emulation.Boards;
using Emulation.Boards.Arm;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Boot.Tests;

/// <summary>An unmodified Debian kernel for 32-bit Arm runs in the Non-secure state of a CPU with the Security Extensions.</summary>
[TestFixture]
[Category("Boot")]
public sealed class Arm32SecureBootTests
{
    [Test]
    public void Boots_in_the_Non_secure_state()
    {
        MachineBuilder builder = new MachineBuilder()
            .UseArmVirt(static board => (board.Is32Bit, board.Secure, board.Cpus, board.Engine) = (true, true, 2, new EngineOptions { Engine = EngineKind.Jit }))
            .WithMemory(512.MiB())
            .WithTime(TimeMode.Deterministic)
            .BootLinux(Guest.File("kernel", "armhf"), Guest.File("initramfs.cpio.gz", "armhf"), "console=ttyAMA0")
            .AddConsole(out SerialPort console);
        using Machine machine = builder.Build();
        var text = new StringBuilder();
        console.Transmitted += value => text.Append((char)value);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        RunResult result = machine.Run(null, limit.Token);
        string said = text.ToString();
        result.Reason.Should().Be(StopReason.PowerOff, $"it is at 0x{result.Pc:x} after {machine.InstructionCount} instructions");
        said.Should().Contain(Guest.Farewell).And.Contain("BOOT-OK armv7l").And.Contain(Guest.Checksum).And.Contain("Brought up 1 node, 2 CPU")
            .And.NotContain("WARNING").And.NotContain("BUG:");
        machine.Get<ArmVirtBoard>().Cpus.Should().AllSatisfy(static c => c.IsSecure.Should().BeFalse());
    }
}
