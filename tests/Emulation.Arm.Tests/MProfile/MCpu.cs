using System.Buffers.Binary;
using System.Text;
using Emulation.Arm.Tests.Semantics;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Jit;

namespace Emulation.Arm.Tests.MProfile;

/// <summary>One M-profile CPU with memory, on any engine; tier 1 compiles each block at its first entry, on the spot.</summary>
internal sealed class MCpu : IDisposable, IArmMSemihosting
{
    private readonly TranslationCache _cache;
    private readonly StringBuilder _output = new();

    public MCpu(EngineKind engine, ArmMCpuOptions options)
    {
        var log = new GuestLog();
        var space = new AddressSpace("memory", log);
        var frontend = new ArmMFrontend(options.Model);
        _cache = new TranslationCache(new EngineOptions { Engine = engine });
        if (engine == EngineKind.Jit)
            _cache.TierOne = new JitEngine(_cache, frontend, new JitOptions { Threshold = 1, Synchronous = true });
        Clock = new VirtualClock();
        Cpu = new ArmMCpu(0, options, new CpuContext(space, Clock, log, _cache), frontend) { Semihosting = this };
        Clock.SetSource(() => (long)Cpu.InstructionCount);
        Memory = new CpuMemory(space);
    }

    public MCpu(EngineKind engine, ArmMCpuModel model)
        : this(engine, new ArmMCpuOptions { Model = model })
    {
    }

    public ArmMCpu Cpu { get; }

    public CpuMemory Memory { get; }

    public VirtualClock Clock { get; }

    /// <summary>What the program has written by semihosting.</summary>
    public string Output => _output.ToString();

    /// <summary>Whether it has ended by semihosting.</summary>
    public bool HasExited { get; private set; }

    public uint this[ArmMRegister register]
    {
        get => Cpu[register];
        set => Cpu[register] = value;
    }

    public uint Read(uint address)
    {
        Span<byte> bytes = stackalloc byte[4];
        Memory.Read(address, bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    public void Write(uint address, params ReadOnlySpan<uint> words)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (uint word in words)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, word);
            Memory.Write(address, bytes);
            address += 4;
        }
    }

    public void WriteCode(uint address, params ReadOnlySpan<ushort> halfwords)
    {
        Span<byte> bytes = stackalloc byte[2];
        foreach (ushort half in halfwords)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, half);
            Memory.Write(address, bytes);
            address += 2;
        }
    }

    /// <summary>Loads the segments of an ELF file.</summary>
    public void LoadElf(byte[] elf)
    {
        int table = BitConverter.ToInt32(elf, 28), size = BitConverter.ToUInt16(elf, 42), count = BitConverter.ToUInt16(elf, 44);
        for (int i = 0; i < count; i++)
        {
            int at = table + (i * size);
            if (BitConverter.ToInt32(elf, at) == 1 && BitConverter.ToInt32(elf, at + 16) > 0)
                Memory.Write(BitConverter.ToUInt32(elf, at + 12), elf.AsSpan(BitConverter.ToInt32(elf, at + 4), BitConverter.ToInt32(elf, at + 16)));
        }
    }

    /// <summary>Runs as a machine does: timers at their times, idle time jumped over is not needed.</summary>
    public RunResult Run(ulong limit, WayOfRunning way = WayOfRunning.Whole)
    {
        ulong start = Cpu.InstructionCount;
        using IDisposable? hook = way == WayOfRunning.Hooked ? Cpu.Hooks.Code(0, uint.MaxValue, static (in CodeEvent _) => { }) : null;
        RunResult result;
        do
        {
            ulong left = Math.Min(way is WayOfRunning.Steps or WayOfRunning.Saved ? 1u : 5000, limit - (Cpu.InstructionCount - start));
            if (Clock.NextDeadline != long.MaxValue)
                left = Math.Min(left, (ulong)Math.Max(1, Clock.NextDeadline - Clock.Now));
            result = Cpu.RunAlone(left);
            Clock.RunDue();
            if (way == WayOfRunning.Saved)
                SaveAndLoad();
        }
        while (result.Reason == StopReason.InstructionLimit && !HasExited && Cpu.InstructionCount - start < limit);
        return result;
    }

    /// <summary>Starts from reset once more.</summary>
    public void Restart()
    {
        HasExited = false;
        Cpu.Reset();
    }

    /// <summary>Saves, resets, loads.</summary>
    public void SaveAndLoad()
    {
        var writer = new StateWriter();
        Cpu.Save(writer);
        Cpu.Reset();
        Cpu.Load(new StateReader(Cpu.Name, 1, writer.Written.ToArray()));
    }

    public bool HandleCall(ArmMCpu cpu)
    {
        switch (cpu[ArmMRegister.R0])
        {
            case 4:
                Span<byte> one = stackalloc byte[1];
                for (uint at = cpu[ArmMRegister.R1]; cpu.TryReadMemory(at, one) && one[0] != 0; at++)
                    _output.Append((char)one[0]);
                break;
            case 0x18:
                HasExited = true;
                break;
        }

        return true;
    }

    public void Dispose()
    {
        Cpu.Dispose();
        Memory.Dispose();
        _cache.Dispose();
    }
}
