using System.Text;
using Emulation.Boards;
using Emulation.Boards.Arm;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Boot.Tests;

/// <summary>Programs of 32-bit Arm under Debian's kernel for AArch64.</summary>
[TestFixture]
[Category("Boot")]
public sealed class CompatBootTests
{
    // the 32-bit busybox computes, forks, makes pipes, takes and sends signals, and says what machine it runs on
    private const string Script = """
        #!/bin/sh
        b=/extra/busybox32
        $b printf 'PRINT-%d\n' 32
        $b dd if=/dev/zero bs=1M count=32 2>/dev/null | $b md5sum
        $b seq 1 2000 | $b awk '{ s += $1 * 1.5 } END { print "SUM-" s }'
        $b sh -c 'trap "echo TRAPPED" USR1; kill -USR1 $$; i=0; while [ $i -lt 300 ]; do i=$((i+1)); (exit 3); done; echo LOOP-$i-$?'
        $b sh -c 'sleep 100 & kill -9 $!; wait $!; echo KILLED-$?'
        $b sh -c 'ulimit -c 0; kill -SEGV $$'; echo SEGV-$?
        $b date +YEAR-%Y
        $b cat /proc/self/stat | $b cut -d' ' -f2
        echo COMPAT-DONE
        """;

    [TestCase("cortex-a72")]
    public void Programs_of_32_bits_run(string cpu)
    {
        var archive = new CpioArchive();
        archive.AddDirectory("extra");
        archive.AddProgram("extra/busybox32", File.ReadAllBytes(Guest.File("busybox", "armhf")));
        archive.AddProgram("extra/compat", Encoding.UTF8.GetBytes(Script.ReplaceLineEndings("\n") + "\n"));
        string initrd = Path.GetTempFileName();
        try
        {
            archive.AppendTo(Guest.File("initramfs.cpio.gz", "arm64"), initrd);
            MachineBuilder builder = new MachineBuilder()
                .UseArmVirt(board => (board.Cpu, board.Cpus, board.Engine) = (cpu, 2, new EngineOptions { Engine = EngineKind.Jit }))
                .WithMemory(512.MiB())
                .WithTime(TimeMode.Deterministic)
                .BootLinux(Guest.File("kernel", "arm64"), initrd, "console=ttyAMA0 run=/extra/compat")
                .AddConsole(out SerialPort console);
            using Machine machine = builder.Build();
            var text = new StringBuilder();
            console.Transmitted += value => text.Append((char)value);
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(8));
            RunResult result = machine.Run(null, limit.Token);
            string said = text.ToString();
            result.Reason.Should().Be(StopReason.PowerOff, $"it is at 0x{result.Pc:x} after {machine.InstructionCount} instructions");
            said.Should().Contain("CPU features: detected: 32-bit EL0 Support").And.Contain("PRINT-32").And.Contain("SUM-3001500").And.Contain("TRAPPED").And.Contain("LOOP-300-3")
                .And.Contain("KILLED-137").And.Contain("SEGV-139").And.Contain("YEAR-20").And.Contain("(busybox32)").And.Contain("COMPAT-DONE")
                .And.NotContain("WARNING").And.NotContain("BUG:");
            said.Split(Guest.Checksum).Should().HaveCount(3, "the programs of both widths compute it");
        }
        finally
        {
            File.Delete(initrd);
        }
    }
}
