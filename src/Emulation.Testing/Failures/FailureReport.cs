using System.Globalization;
using System.Text;
using Emulation.Core;
using Emulation.Debugging;

namespace Emulation.Testing;

/// <summary>Writes down what somebody wants to see whose test failed.</summary>
internal static class FailureReport
{
    private const int Lines = 12;

    public static string Write(VirtualBoard board)
    {
        var text = new StringBuilder();
        Machine machine = board.Machine;
        Line(text, $"  at {machine.Clock.Now / 1e6:F6} ms of virtual time, after {machine.InstructionCount} instructions, on {board.Recipe.Name}");
        foreach (TestUart uart in board.Uarts.Where(static u => u.ReceivedCount > 0))
            Section(text, $"last lines on {uart.Name}", uart.Lines.Select(static l => l.Text).TakeLast(Lines).Append(uart.PartialLine).Where(static l => l.Length > 0).Select(Printable));
        if (board.Uarts.Any(static u => u.ReceivedCount == 0))
            Line(text, $"  nothing received on {string.Join(", ", board.Uarts.Where(static u => u.ReceivedCount == 0).Select(static u => u.Name))}");
        foreach (IVirtualCpu cpu in machine.Cpus)
            Cpu(text, board, cpu, machine.Cpus.Count > 1);
        if (board.Recipe.VectorTable is not null)
            Section(text, "fault registers", CortexFaults.Describe(machine.Memory));
        Section(text, "last instructions", (board.Instructions?.Recent ?? []).TakeLast(Lines).Select(pc => board.Firmware.Locate(pc).ToString()));
        Section(text, "last device accesses", (board.Mmio?.Recent ?? []).TakeLast(Lines).Select(a => a.ToString(machine.Memory, board.Mmio!.Svd)));
        Section(text, "last transfers", Transfers(board).TakeLast(Lines));
        Section(text, "faults that the test made", board.PlannedFaults.Select(static f => f.ToString()));
        Section(text, "stacks", board.Stacks.Select(static s => $"{s}"));
        Section(text, "errors of the firmware", board.GuestErrors.TakeLast(Lines));
        return text.ToString().TrimEnd();
    }

    // the lines of serial ports stand above
    private static IEnumerable<string> Transfers(VirtualBoard board)
        => (board.Transcript?.Entries ?? []).Where(e => !board.Uarts.Any(u => u.Name == e.Bus)).Select(static e => e.ToString());

    private static void Cpu(StringBuilder text, VirtualBoard board, IVirtualCpu cpu, bool several)
    {
        string name = several ? $" of {cpu.Name}" : "";
        CpuView? view = board.View(cpu);
        if (view is null)
        {
            Line(text, $"  pc{name} {board.Firmware.Locate(cpu.Pc)}");
            return;
        }

        Section(text, $"call stack{name}", StackUnwinder.Unwind(view, board.Firmware).Select(static f => f.ToString()));
        int width = 2 * view.PointerSize;
        var registers = new List<string>();
        for (int i = 0; i < view.Names.Count; i++)
        {
            if (view.Read(i) is { } value)
                registers.Add($"{view.Names[i],-4} {value.ToString($"x{width}", CultureInfo.InvariantCulture)}");
        }

        Section(text, $"registers{name}", registers.Chunk(4).Select(static r => string.Join("  ", r)));
    }

    private static void Section(StringBuilder text, string title, IEnumerable<string> lines)
    {
        bool any = false;
        foreach (string line in lines)
        {
            if (!any)
                Line(text, $"  {title}:");
            any = true;
            Line(text, $"    {line}");
        }
    }

    private static string Printable(string line) => string.Concat(line.Select(static c => char.IsControl(c) && c != '\t' ? '.' : c));

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append(Environment.NewLine);
}
