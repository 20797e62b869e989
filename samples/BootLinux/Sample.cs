using Emulation.Boards;
using Emulation.Boards.RiscV;
using Emulation.Core;
using Emulation.Storage;

namespace BootLinux;

/// <summary>Boots a Linux kernel with two CPUs, waits for a text on its console, and forks the machine there.</summary>
public static class Sample
{
    /// <summary>Runs the sample.</summary>
    /// <param name="args">Kernel, initrd, text to wait for, and a disk image if there is one.</param>
    /// <param name="output">Gets the console.</param>
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        if (args.Length is < 3 or > 4)
        {
            await output.WriteLineAsync("usage: BootLinux KERNEL INITRD TEXT [DISK]");
            return 2;
        }

        MachineBuilder builder = new MachineBuilder()
            .UseRiscVVirt(board => board.Cpus = 2)
            .WithMemory(512.MiB())
            .BootLinux(args[0], initrd: args[1], commandLine: "console=ttyS0")
            .AddConsole(out SerialPort tty);
        using BlockDevice? disk = args.Length == 4 ? DiskImage.Open(args[3], readOnly: true) : null;
        if (disk is not null)
            builder.AddVirtioBlock(disk.Overlay(leaveOpen: true));    // writes stay in memory
        await using Machine vm = builder.Build();

        tty.LineTransmitted += output.WriteLine;
        await vm.WaitForLineAsync(tty, args[2], within: 60.VirtualSeconds());

        // the copy shares memory with the original until one of them writes
        await using Machine copy = vm.Fork();
        await output.WriteLineAsync($"forked at {copy.InstructionCount} instructions, state {copy.StateHash().Hex[..16]}");
        return copy.StateHash() == vm.StateHash() ? 0 : 1;
    }
}
