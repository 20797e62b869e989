using System.Text;
using Emulation.Cli.Options;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Cli.Running;

/// <summary>The monitor: a prompt while the machine is stopped.</summary>
internal sealed class MonitorPrompt(Machine machine, InputPump input, TextWriter output, Statistics statistics)
{
    private const byte Backspace = 8;
    private const byte Delete = 127;
    private const byte EndOfInput = 4;

    /// <summary>Talks with the user.</summary>
    /// <returns>True to go on, false to leave.</returns>
    public bool Run(CancellationToken cancellation)
    {
        output.WriteLine();
        output.WriteLine("The machine is stopped. 'help' lists the commands, 'continue' goes on.");
        while (true)
        {
            output.Write("(emu) ");
            output.Flush();
            switch (ReadLine(cancellation)?.Trim())
            {
                case null or "c" or "continue": return true;
                case "q" or "quit": return false;
                case "": break;
                case "info registers":
                    foreach (VirtualCpu cpu in machine.Cpus.OfType<VirtualCpu>())
                        FaultReport.WriteRegisters(output, cpu);
                    break;
                case "stats": statistics.Write(output, StatisticsFormat.Text); break;
                case "help" or "?":
                    output.WriteLine("info registers  the integer registers of all CPUs");
                    output.WriteLine("stats           what was measured so far");
                    output.WriteLine("continue, c     goes on");
                    output.WriteLine("quit, q         leaves");
                    break;
                case string other: output.WriteLine($"there is no command '{other}'; 'help' lists them"); break;
            }
        }
    }

    // The terminal echoes nothing, so the line is edited here.
    private string? ReadLine(CancellationToken cancellation)
    {
        var line = new StringBuilder();
        while (input.ReadForMonitor(cancellation) is { } value)
        {
            switch (value)
            {
                case (byte)'\r' or (byte)'\n':
                    output.WriteLine();
                    return line.ToString();
                case Backspace or Delete:
                    if (line.Length == 0)
                        break;
                    line.Length--;
                    output.Write("\b \b");
                    break;
                case EndOfInput:
                    output.WriteLine();
                    return null;
                case >= 32 and < 127:
                    line.Append((char)value);
                    output.Write((char)value);
                    break;
                default: break;
            }

            output.Flush();
        }

        return null;
    }
}
