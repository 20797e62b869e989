using System.Runtime.InteropServices;
using Emulation.Core;
using Emulation.RiscV;

namespace SnippetEmulator;

/// <summary>One CPU with memory of its own: a loop that sums a table, hooks that watch it, a device that answers it.</summary>
public static class Sample
{
    private const ulong Code = 0x1000, Table = 0x8000, Device = 0x1_0000;

    private static readonly uint[] s_code =
    [
        0x0005_2683,    // loop: lw   a3, 0(a0)
        0x00d6_0633,    //       add  a2, a2, a3
        0x0045_0513,    //       addi a0, a0, 4
        0xfff5_8593,    //       addi a1, a1, -1
        0xfe05_98e3,    //       bnez a1, loop
        0x00c7_2023,    //       sw   a2, 0(a4)
    ];

    /// <summary>Runs the sample.</summary>
    /// <param name="output">Gets what happened.</param>
    public static int Run(TextWriter output)
    {
        using var cpu = RiscVCpu.Create("rv64imac");
        cpu.Memory.Map(Code, 0x1000, MemoryMarshal.AsBytes(s_code.AsSpan()), readOnly: true);
        RamBlock table = cpu.Memory.Map(Table, 0x1000);
        var printer = new Printer(output);
        cpu.Memory.MapIo(Device, 0x100, printer);
        for (uint i = 0; i < 10; i++)
            table.Write(4 * i, 4, i * i);

        cpu["x10"] = Table;                                  // a0
        cpu["x11"] = 10;                                     // a1
        cpu["x14"] = Device;                                 // a4
        int reads = 0;
        using IDisposable watch = cpu.Hooks.Read(Table, Table + 0xfff, (in MemoryEvent e) => reads++);
        RunResult result = cpu.Run(from: Code, until: Code + (4 * (ulong)s_code.Length), maxInstructions: 10_000);

        output.WriteLine($"{result.Reason} after {result.Instructions} instructions, {reads} reads of the table, a2 = {cpu["x12"]}");
        return result.Reason == StopReason.ExitAddress && printer.Last == 285 ? 0 : 1;
    }

    private sealed class Printer(TextWriter output) : IMmio
    {
        public ulong Last { get; private set; }

        public ulong Read(ulong offset, int size) => 0;

        public void Write(ulong offset, int size, ulong value)
        {
            Last = value;
            output.WriteLine($"the guest wrote {value} ({size} bytes) to the device");
        }
    }
}
