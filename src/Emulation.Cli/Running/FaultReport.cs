using Emulation.Core;
using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Cli.Running;

/// <summary>Shows the state of CPUs to a person.</summary>
internal static class FaultReport
{
    private const int Instructions = 6;
    private const int Columns = 4;

    /// <summary>Why a guest cannot go on.</summary>
    public static void Write(TextWriter writer, Machine machine, RunResult result)
    {
        writer.WriteLine(result.Fault is { } fault ? $"emu: the guest cannot go on: {fault}" : $"emu: the guest cannot go on at pc 0x{result.Pc:x}");
        VirtualCpu? cpu = machine.Cpus.OfType<VirtualCpu>().FirstOrDefault(c => c.Fault is not null && ReferenceEquals(c.Fault, result.Fault))
            ?? machine.Cpus.OfType<VirtualCpu>().FirstOrDefault();
        if (cpu is null)
            return;
        WriteRegisters(writer, cpu);
        foreach ((ulong pc, string text) in cpu.Disassemble(result.Fault?.Pc ?? result.Pc, Instructions))
            writer.WriteLine($"  {pc:x}:  {text}");
    }

    /// <summary>The integer registers of a CPU.</summary>
    public static void WriteRegisters(TextWriter writer, VirtualCpu cpu)
    {
        writer.WriteLine($"{cpu.Name}: pc 0x{cpu.Pc:x}{(cpu.IsIdle ? ", waiting for an interrupt" : "")}");
        int column = 0;
        foreach (RegisterSlot slot in cpu.Frontend.Registers.Slots)
        {
            if (slot.Type is not (IrType.I32 or IrType.I64))
                continue;
            writer.Write($"  {slot.Name,-4} {cpu[slot].ToString(slot.Bytes == 4 ? "x8" : "x16", null)}");
            if (++column % Columns == 0)
                writer.WriteLine();
        }

        if (column % Columns != 0)
            writer.WriteLine();
    }
}
