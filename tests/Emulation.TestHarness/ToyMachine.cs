using System.Runtime.InteropServices;
using System.Text;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.IR;
using Emulation.Jit;

namespace Emulation.TestHarness;

/// <summary>How an engine is set up for a test.</summary>
/// <param name="Name">Shown in test names.</param>
/// <param name="Kind">The engine.</param>
/// <param name="Jit">Bounds of tier 1.</param>
public sealed record ToyEngine(string Name, EngineKind Kind, JitOptions? Jit = null)
{
    public override string ToString() => Name;
}

/// <summary>The engines that tests compare.</summary>
public static class Engines
{
    /// <summary>The portable interpreter: what the others are compared with.</summary>
    public static readonly ToyEngine Interpreter = new("interpreter", EngineKind.Interpreter);

    /// <summary>Threaded code.</summary>
    public static readonly ToyEngine Tier0 = new("tier0", EngineKind.Tier0);

    /// <summary>Compiled at the first entry, so that regions are single blocks.</summary>
    public static readonly ToyEngine Jit = new("jit", EngineKind.Jit, new JitOptions { Threshold = 1, Synchronous = true });

    /// <summary>Compiled when neighbours are known, so that regions hold loops.</summary>
    public static readonly ToyEngine JitLoops = new("jit-loops", EngineKind.Jit, new JitOptions { Threshold = 3, Synchronous = true });

    /// <summary>Compiled on its own thread, whenever that comes to it.</summary>
    public static readonly ToyEngine JitThread = new("jit-thread", EngineKind.Jit, new JitOptions { Threshold = 2 });

    /// <summary>Compiled into a code cache that hardly holds anything.</summary>
    public static readonly ToyEngine JitEvicting = new("jit-evicting", EngineKind.Jit, new JitOptions { Threshold = 2, Synchronous = true, MaxRegions = 2 });

    public static IReadOnlyList<ToyEngine> All { get; } = [Interpreter, Tier0, Jit, JitLoops, JitThread, JitEvicting];
}

/// <summary>Memory, a device and CPUs of the toy instruction set under one engine.</summary>
public sealed class ToyMachine : IDisposable
{
    public const ulong Code = 0x1000;
    public const ulong Device = 0x200000;

    public ToyMachine(ToyEngine engine, int cpus = 1, Action<IrBlock>? finish = null)
    {
        Engine = engine;
        Frontend = new ToyFrontend { Finish = finish };
        Memory = new AddressSpace("memory", new GuestLog());
        Ram = new RamBlock("ram", 0x100000);
        Memory.Root.Add(0, new RamRegion(Ram));
        Memory.Root.Add(Device, new MmioRegion("device", 0x1000, new CountingDevice(this)));
        Cache = new TranslationCache(new EngineOptions { Engine = engine.Kind, MaxTranslationBytes = 16 << 20 });
        if (engine.Kind == EngineKind.Jit)
            Cache.TierOne = Jit = new JitEngine(Cache, Frontend, engine.Jit);
        var context = new CpuContext(Memory, new VirtualClock(), new GuestLog(), Cache);
        Cpus = [.. Enumerable.Range(0, cpus).Select(i => new ToyCpu(i, Frontend, context))];
        foreach (ToyCpu cpu in Cpus)
            cpu.Header.Pc = Code;
    }

    public ToyEngine Engine { get; }

    public ToyFrontend Frontend { get; }

    public AddressSpace Memory { get; }

    public RamBlock Ram { get; }

    public TranslationCache Cache { get; }

    public JitEngine? Jit { get; }

    public ToyCpu[] Cpus { get; }

    public ToyCpu Cpu => Cpus[0];

    /// <summary>What the device saw: accesses with the exact instruction count, hashed.</summary>
    public ulong DeviceHash { get; private set; }

    /// <summary>Called for stores to offset 24 of the device.</summary>
    public Action<ulong>? OnDeviceWrite { get; set; }

    public ToyRegisters Toy => Frontend.Toy;

    public void Load(ulong address, ReadOnlySpan<uint> code) => Ram.Write(address, MemoryMarshal.AsBytes(code));

    public ulong this[int register]
    {
        get => Cpu.GetRegister(Toy.R[register]);
        set => Cpu.SetRegister(Toy.R[register], value);
    }

    /// <summary>Runs until exactly so many instructions are executed in all, in runs of the given budgets over and over.</summary>
    public void RunTo(ulong instructions, params ReadOnlySpan<long> budgets)
    {
        for (int i = 0; Cpu.InstructionCount < instructions; i++)
        {
            long left = (long)(instructions - Cpu.InstructionCount);
            CpuExit exit = Cpu.Run(budgets.IsEmpty ? left : Math.Min(left, budgets[i % budgets.Length]));
            if (exit == CpuExit.Halted)
                Cpu.Interrupt();
            else if (exit is not (CpuExit.Budget or CpuExit.Resting))
                throw new InvalidOperationException($"{Engine}: {exit} {Cpu.Fault}");
        }
    }

    /// <summary>All state that a guest can see, as text.</summary>
    public string Dump()
    {
        var text = new StringBuilder();
        text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"pc {Cpu.Pc:x} count {Cpu.InstructionCount} fp {Cpu.Header.Fp.Flags} exceptions {Cpu.Header.ExceptionCount} device {DeviceHash:x} reservation {Cpu.Header.ReservationAddress:x}");
        foreach (RegisterSlot slot in Frontend.Registers.Slots)
        {
            var value = new byte[slot.Bytes];
            Cpu.GetRegisterBytes(slot, value);
            Array.Reverse(value);
            text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"{slot.Name} {Convert.ToHexStringLower(value)}");
        }

        var bytes = new byte[Ram.Size];
        Ram.Read(0, bytes);
        text.Append("memory ").AppendLine(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes)));
        return text.ToString();
    }

    public void Dispose()
    {
        foreach (ToyCpu cpu in Cpus)
            cpu.Dispose();
        Cache.Dispose();
        Ram.Dispose();
    }

    private sealed class CountingDevice(ToyMachine machine) : IMmio
    {
        public ulong Read(ulong offset, int size)
        {
            machine.DeviceHash = (machine.DeviceHash * 31) + (machine.Cpu.InstructionCount << 8) + offset + (ulong)size;
            return machine.Cpu.InstructionCount + offset;
        }

        public void Write(ulong offset, int size, ulong value)
        {
            machine.DeviceHash = (machine.DeviceHash * 37) + (machine.Cpu.InstructionCount << 8) + (offset << 1) + (ulong)size + (value << 32);
            if (offset == 8)
                machine.Cpu.LimitRun((long)(value & 3));
            if (offset == 24)
                machine.OnDeviceWrite?.Invoke(value);
            if (offset == 16)
                machine.Cpu.Interrupt();
        }
    }
}
