using Emulation.Core;
using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Debugging;

/// <summary>A stopped CPU as debuggers see it: registers by the numbers that debug information uses, and memory.</summary>
public sealed class CpuView
{
    private readonly AddressSpace _memory;
    private readonly RegisterSlot?[] _slots;

    /// <summary>Looks at a CPU.</summary>
    /// <param name="cpu">The CPU; it must not run while it is looked at.</param>
    /// <param name="architecture">What it executes.</param>
    /// <param name="memory">Its bus. Addresses are taken as physical ones: firmware that translates addresses otherwise is read wrongly.</param>
    public CpuView(VirtualCpu cpu, FirmwareArchitecture architecture, AddressSpace memory)
    {
        ArgumentNullException.ThrowIfNull(cpu);
        ArgumentNullException.ThrowIfNull(memory);
        Cpu = cpu;
        Architecture = architecture;
        _memory = memory;
        _slots = FindSlots(cpu.Frontend.Registers, architecture);
    }

    /// <summary>The CPU.</summary>
    public VirtualCpu Cpu { get; }

    /// <summary>What it executes.</summary>
    public FirmwareArchitecture Architecture { get; }

    /// <summary>Bytes of an address: 4 or 8.</summary>
    public int PointerSize => Architecture is FirmwareArchitecture.AArch64 or FirmwareArchitecture.RiscV64 ? 8 : 4;

    /// <summary>Address of the next instruction.</summary>
    public ulong Pc => Cpu.Pc;

    /// <summary>The stack pointer; null where the architecture is not known.</summary>
    public ulong? StackPointer => Read(StackColumn);

    /// <summary>Number of the stack pointer in debug information.</summary>
    internal int StackColumn => Architecture switch { FirmwareArchitecture.Arm => 13, FirmwareArchitecture.AArch64 => 31, _ => 2 };

    /// <summary>Number of the register that calls leave the return address in.</summary>
    internal int LinkColumn => Architecture switch { FirmwareArchitecture.Arm => 14, FirmwareArchitecture.AArch64 => 30, _ => 1 };

    /// <summary>Names of the general registers, by their numbers in debug information.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    /// <summary>Reads a general register.</summary>
    /// <param name="number">Its number in the DWARF mapping of the architecture's ABI.</param>
    /// <returns>The value; null when there is no such register.</returns>
    public ulong? Read(int number)
    {
        if (Architecture == FirmwareArchitecture.Arm && number == 15)
            return Pc;
        if ((uint)number >= (uint)_slots.Length || _slots[number] is not { } slot)
            return null;
        ulong value = Cpu.GetRegister(slot);
        return PointerSize == 4 ? (uint)value : value;
    }

    /// <summary>Reads a register by name; null when there is none.</summary>
    /// <param name="name">Name in the words of the instruction set.</param>
    public ulong? Read(string name)
    {
        try
        {
            return Cpu[name];
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Reads memory; null where there is none.</summary>
    /// <param name="address">The address.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    public ulong? ReadMemory(ulong address, int size)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        return _memory.TryRead(address, bytes[..size]) ? System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes) : null;
    }

    private static string[] RiscVNames { get; } =
    [
        "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5",
        "a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
    ];

    private RegisterSlot?[] FindSlots(RegisterFile file, FirmwareArchitecture architecture)
    {
        switch (architecture)
        {
            case FirmwareArchitecture.RiscV32 or FirmwareArchitecture.RiscV64:
                Names = RiscVNames;
                return [.. Enumerable.Range(0, 32).Select(i => file.Find($"x{i}"))];
            case FirmwareArchitecture.AArch64:
                Names = [.. Enumerable.Range(0, 31).Select(static i => $"x{i}"), "sp"];
                return [.. Enumerable.Range(0, 31).Select(i => file.Find($"x{i}")), file.Find("sp")];
            case FirmwareArchitecture.Arm:
                Names = [.. Enumerable.Range(0, 13).Select(static i => $"r{i}"), "sp", "lr", "pc"];
                return
                [
                    .. Enumerable.Range(0, 13).Select(i => file.Find($"r{i}") ?? file.Find($"x{i}")),
                    file.Find("r13") ?? file.Find("x13"), file.Find("r14") ?? file.Find("lr") ?? file.Find("x14"),
                ];
            default:
                return [];
        }
    }
}
