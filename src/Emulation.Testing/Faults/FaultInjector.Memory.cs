using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Testing;

// Memory, registers and the bus.
public sealed partial class FaultInjector
{
    /// <summary>Flips a bit of memory after a time.</summary>
    /// <param name="address">Physical address of the byte.</param>
    /// <param name="bit">0 to 7.</param>
    /// <param name="after">Virtual time from now.</param>
    public Fault FlipBit(ulong address, int bit, TimeSpan after)
    {
        CheckByte(address, bit);
        Fault fault = Plan($"bit {bit} of 0x{address:x8} flips");
        At(fault, after, () => Flip(address, bit));
        return fault;
    }

    /// <summary>Flips a bit of memory just before a CPU reads it for the n-th time: the instruction sees the flipped bit.</summary>
    /// <param name="address">Physical address of the byte.</param>
    /// <param name="bit">0 to 7.</param>
    /// <param name="read">1 for the next read.</param>
    public Fault FlipBitAtRead(ulong address, int bit, int read = 1)
    {
        CheckByte(address, bit);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(read);
        Fault fault = Plan($"bit {bit} of 0x{address:x8} flips at read {read}");
        int left = read;

        // before the read that counts, and again after a write that comes in between
        string evidence = left == 1 ? Flip(address, bit) : "";
        IDisposable hook = Machine.Hooks.Read(address, address, (in MemoryEvent _) =>
        {
            if (left == 0)
                return;
            if (--left == 0)
                fault.Fire(evidence);
            else if (left == 1)
                _board.Pause(() => evidence = Flip(address, bit));
        });
        IDisposable writes = Machine.Hooks.Write(address, address, (in MemoryEvent _) =>
        {
            if (left == 1)
                _board.Pause(() => evidence = Flip(address, bit));
        });
        fault.Undo(hook.Dispose);
        fault.Undo(writes.Dispose);
        return fault;
    }

    /// <summary>Holds a bit of memory at a value from now on. It counts when a CPU writes the other value.</summary>
    /// <param name="address">Physical address of the byte.</param>
    /// <param name="bit">0 to 7.</param>
    /// <param name="value">The value it is stuck at.</param>
    /// <remarks>What DMA writes is seen at the next write of a CPU.</remarks>
    public Fault StuckBit(ulong address, int bit, bool value)
    {
        CheckByte(address, bit);
        Fault fault = Plan($"bit {bit} of 0x{address:x8} is stuck at {(value ? 1 : 0)}");
        void Force()
        {
            byte now = _board.ReadBytes(address, 1)[0];
            byte forced = (byte)(value ? now | (1 << bit) : now & ~(1 << bit));
            if (now == forced)
                return;
            fault.Fire($"0x{now:x2} -> 0x{forced:x2}");
            _board.WriteBytes(address, [forced]);
        }

        Force();
        IDisposable hook = Machine.Hooks.Write(address, address, (in MemoryEvent _) => _board.Pause(Force));
        fault.Undo(hook.Dispose);
        return fault;
    }

    /// <summary>Flips a bit of a CPU register after a time.</summary>
    /// <param name="register">Its name in the words of the instruction set.</param>
    /// <param name="bit">From 0.</param>
    /// <param name="after">Virtual time from now.</param>
    public Fault FlipRegisterBit(string register, int bit, TimeSpan after)
    {
        CheckRegister(register, bit);
        Fault fault = Plan($"bit {bit} of {register} flips");
        bool planned = true;
        fault.Undo(() => planned = false);
        _board.After(after, () => _board.Pause(() =>
        {
            if (!planned)
                return;
            fault.Fire(() => Flip(register, bit));
        }));
        return fault;
    }

    /// <summary>Flips a bit of a CPU register before the instruction at an address, the n-th time that it comes.</summary>
    /// <param name="register">Its name in the words of the instruction set.</param>
    /// <param name="bit">From 0.</param>
    /// <param name="pc">Address of the instruction.</param>
    /// <param name="occurrence">1 for the next time.</param>
    public Fault FlipRegisterBit(string register, int bit, ulong pc, int occurrence = 1)
    {
        CheckRegister(register, bit);
        Fault fault = Plan($"bit {bit} of {register} flips at 0x{pc:x8}");
        AtInstruction(fault, pc, occurrence, () => Flip(register, bit));
        return fault;
    }

    /// <summary>Skips the instruction at an address, the n-th time that it comes.</summary>
    /// <param name="pc">Address of the instruction.</param>
    /// <param name="occurrence">1 for the next time.</param>
    public Fault SkipInstruction(ulong pc, int occurrence = 1)
    {
        Fault fault = Plan($"the instruction at {_board.Firmware.Locate(pc)} is skipped");
        AtInstruction(fault, pc, occurrence, Skip);
        return fault;
    }

    /// <summary>Skips the first instruction of a function, the n-th time that it is called.</summary>
    /// <param name="function">Its name.</param>
    /// <param name="occurrence">1 for the next time.</param>
    public Fault SkipInstruction(string function, int occurrence = 1) => SkipInstruction(_board.Symbol(function).Address, occurrence);

    /// <summary>Skips whatever instruction comes after a time.</summary>
    /// <param name="after">Virtual time from now.</param>
    public Fault SkipInstruction(TimeSpan after)
    {
        Fault fault = Plan($"the instruction after {after.TotalMilliseconds} ms is skipped");
        bool planned = true;
        fault.Undo(() => planned = false);
        _board.After(after, () => _board.Pause(() =>
        {
            if (!planned)
                return;
            fault.Fire(Skip);
        }));
        return fault;
    }

    /// <summary>Makes the bus answer accesses with an error from now on, in place of what is there.</summary>
    /// <param name="address">Physical address of the first byte.</param>
    /// <param name="size">Bytes.</param>
    public Fault BusError(ulong address, ulong size)
    {
        Fault fault = Plan($"bus error at 0x{address:x8}");
        var region = new MmioRegion($"bus error at 0x{address:x8}", size, new Nothing()) { Sizes = AccessSizes.None };
        void OnLogged(string device, string message)
        {
            if (device == region.Name)
                fault.Fire(message);
        }

        Machine.Log.Logged += OnLogged;
        Machine.Memory.Root.Add(address, region, int.MaxValue);
        fault.Undo(() =>
        {
            Machine.Memory.Root.Remove(region);
            Machine.Log.Logged -= OnLogged;
        });
        return fault;
    }

    private void AtInstruction(Fault fault, ulong pc, int occurrence, Func<string> action)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(occurrence);
        int left = occurrence;
        IDisposable breakpoint = _board.Break(pc, () =>
        {
            if (--left == 0)
                fault.Fire(action);
            return false;
        });
        fault.Undo(breakpoint.Dispose);
    }

    private string Skip()
    {
        VirtualCpu cpu = _board.Cpu;
        Span<byte> code = stackalloc byte[16];
        ReadOnlySpan<byte> read = code;

        // the last instructions of a memory have fewer bytes behind them
        while (!Machine.Memory.TryRead(cpu.Pc, code[..read.Length]))
        {
            read = code[..(read.Length / 2)];
            if (read.Length < 2)
                return "there is no instruction to skip";
        }

        string text = cpu.Frontend.Disassemble(read, cpu.Pc, cpu.Header.Mode, out int length);
        string evidence = $"0x{cpu.Pc:x8} {text}";
        cpu.SetPc(cpu.Pc + (ulong)length);
        return evidence;
    }

    private string Flip(ulong address, int bit)
    {
        byte before = _board.ReadBytes(address, 1)[0], after = (byte)(before ^ (1 << bit));
        _board.WriteBytes(address, [after]);
        return $"0x{before:x2} -> 0x{after:x2}";
    }

    private string Flip(string register, int bit)
    {
        ulong before = _board.Cpu[register];
        _board.Cpu[register] = before ^ (1UL << bit);
        return $"0x{before:x} -> 0x{_board.Cpu[register]:x}";
    }

    private void CheckByte(ulong address, int bit)
    {
        _board.ReadBytes(address, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(bit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bit, 7);
    }

    private void CheckRegister(string register, int bit)
    {
        _ = _board.Cpu[register];
        ArgumentOutOfRangeException.ThrowIfNegative(bit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bit, 63);
    }

    private sealed class Nothing : IMmio
    {
        public ulong Read(ulong offset, int size) => 0;

        public void Write(ulong offset, int size, ulong value)
        {
        }
    }
}
