using Emulation.Core;
using Emulation.IR;

namespace Emulation.Cpu;

// A CPU without a machine: registers by name, run from here to there.
public abstract unsafe partial class VirtualCpu
{
    /// <summary>Reads or writes a register, zero-extended.</summary>
    /// <param name="slot">A slot of <see cref="IFrontend.Registers"/>.</param>
    public ulong this[RegisterSlot slot]
    {
        get => GetRegister(slot);
        set => SetRegister(slot, value);
    }

    /// <summary>Reads or writes a register by name, zero-extended.</summary>
    /// <param name="name">Name in the words of the instruction set.</param>
    /// <exception cref="ArgumentException">There is no such register.</exception>
    public virtual ulong this[string name]
    {
        get => GetRegister(Slot(name));
        set => SetRegister(Slot(name), value);
    }

    /// <summary>Sets the address of the next instruction.</summary>
    /// <param name="pc">Virtual address.</param>
    public virtual void SetPc(ulong pc) => Header.Pc = pc;

    /// <summary>Runs on the caller's thread.</summary>
    /// <param name="from">Address of the first instruction.</param>
    /// <param name="until">The run ends before the instruction at this address.</param>
    /// <param name="maxInstructions">The run ends after this many.</param>
    public RunResult Run(ulong from, ulong until, ulong maxInstructions = ulong.MaxValue)
    {
        SetPc(from);
        _cut = false;
        ExitAddress = until;
        try
        {
            return RunAlone(maxInstructions);
        }
        finally
        {
            ExitAddress = null;
        }
    }

    /// <summary>Goes on where the last run ended, on the caller's thread.</summary>
    /// <param name="maxInstructions">The run ends after this many.</param>
    public RunResult RunAlone(ulong maxInstructions)
    {
        ulong started = InstructionCount;
        while (true)
        {
            ulong executed = InstructionCount - started;
            if (executed >= maxInstructions)
                return Result(StopReason.InstructionLimit, executed);
            CpuExit exit = Run((long)Math.Min(maxInstructions - executed, 1_000_000));
            executed = InstructionCount - started;
            switch (exit)
            {
                case CpuExit.ExitAddress: return Result(StopReason.ExitAddress, executed);
                case CpuExit.Breakpoint: return Result(StopReason.Breakpoint, executed);
                case CpuExit.Watchpoint: return Result(StopReason.Watchpoint, executed);
                case CpuExit.UnhandledException: return Result(StopReason.UnhandledException, executed);
                case CpuExit.Halted: return Result(StopReason.Halted, executed);
                case CpuExit.Budget when Hooks.TakeStop(): return Result(StopReason.StopRequested, executed);
                default: break;
            }
        }

        RunResult Result(StopReason reason, ulong executed)
            => new(reason, Pc, executed, 0, reason == StopReason.UnhandledException ? Fault : null);
    }

    private RegisterSlot Slot(string name)
        => Frontend.Registers.Find(name) ?? throw new ArgumentException($"'{name}' is not a register of this CPU", nameof(name));
}
