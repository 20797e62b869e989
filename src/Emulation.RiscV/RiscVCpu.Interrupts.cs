using Emulation.Core;

namespace Emulation.RiscV;

// Pending and enabled interrupts. RISC-V Privileged, "Machine Interrupt (mip and mie) Registers".
public sealed partial class RiscVCpu
{
    internal const uint SupervisorBits = (1u << RiscVInterrupt.SupervisorSoftware) | (1u << RiscVInterrupt.SupervisorTimer) | (1u << RiscVInterrupt.SupervisorExternal);
    private const uint MachineBits = (1u << RiscVInterrupt.MachineSoftware) | (1u << RiscVInterrupt.MachineTimer) | (1u << RiscVInterrupt.MachineExternal);
    private const uint InputBits = MachineBits | (1u << RiscVInterrupt.SupervisorExternal);

    // Bits that wires hold high, and bits that software or events set and software clears
    private uint _lines;
    private uint _pendingBits;

    /// <summary>Interrupts this hart has.</summary>
    internal uint ImplementedInterrupts => MachineBits | DelegableInterrupts;

    internal uint DelegableInterrupts
        => (Features.SupervisorMode ? SupervisorBits : 0) | (Features.Sscofpmf ? 1u << RiscVInterrupt.CounterOverflow : 0);

    /// <summary>What <c>mip</c> shows.</summary>
    internal uint PendingInterrupts
    {
        get
        {
            uint pending = (Volatile.Read(ref _lines) | Volatile.Read(ref _pendingBits)) & ImplementedInterrupts;
            if (!TimerCompareEnabled)
                return pending;
            pending &= ~(1u << RiscVInterrupt.SupervisorTimer);
            return Timer.IsExpired ? pending | (1u << RiscVInterrupt.SupervisorTimer) : pending;
        }
    }

    /// <summary>The bits of <c>mip</c> that were set by writing them; external lines do not show.</summary>
    internal uint WrittenInterrupts => Volatile.Read(ref _pendingBits);

    /// <summary>Whether <c>stimecmp</c> drives STIP.</summary>
    internal bool TimerCompareEnabled => Features.Sstc && (Menvcfg & EnvironmentConfig.Stce) != 0;

    /// <inheritdoc/>
    protected override bool InterruptPending
    {
        get
        {
            Counters.Poll();
            long distance = Counters.InstructionsToOverflow();
            if (distance != long.MaxValue)
                LimitRun(distance - 1);
            return !_stopped && EnabledInterrupts() != 0;
        }
    }

    /// <inheritdoc/>
    protected override bool WakePending => !_stopped && (StoredInterrupts & (uint)Mie) != 0;

    // What PendingInterrupts comes to when all timers that are due were served
    private uint StoredInterrupts
    {
        get
        {
            uint pending = Volatile.Read(ref _lines) | Volatile.Read(ref _pendingBits);
            if (!TimerCompareEnabled)
                return pending;
            pending &= ~(1u << RiscVInterrupt.SupervisorTimer);
            return Timer.HasRung ? pending | (1u << RiscVInterrupt.SupervisorTimer) : pending;
        }
    }

    /// <summary>Drives an interrupt input. May be called from any thread, under the device lock.</summary>
    /// <param name="number">A constant of <see cref="RiscVInterrupt"/>: MSIP, MTIP, MEIP or SEIP.</param>
    /// <param name="level">Whether the input is high.</param>
    public void SetInterrupt(int number, bool level)
    {
        uint bit = number is >= 0 and < 32 ? 1u << number : 0;
        if ((bit & InputBits) == 0)
            throw new ArgumentOutOfRangeException(nameof(number), $"a hart has no input for interrupt {number}");
        if (level)
            Interlocked.Or(ref _lines, bit);
        else
            Interlocked.And(ref _lines, ~bit);
        if (level)
            NotifyInterrupt();
    }

    /// <summary>Sets or clears a pending bit that S-mode software can also write, as firmware does. May be called from any thread.</summary>
    /// <param name="number">SSIP, STIP, SEIP or LCOFIP of <see cref="RiscVInterrupt"/>.</param>
    /// <param name="pending">Whether the interrupt is pending.</param>
    public void SetPending(int number, bool pending)
    {
        uint bit = number is >= 0 and < 32 ? 1u << number : 0;
        if ((bit & DelegableInterrupts) == 0)
            throw new ArgumentOutOfRangeException(nameof(number), $"interrupt {number} has no pending bit that can be written");
        ChangePending(bit, pending ? bit : 0);
        if (pending)
            NotifyInterrupt();
    }

    /// <summary>Connects an interrupt input to a wire.</summary>
    /// <param name="number">MSIP, MTIP, MEIP or SEIP of <see cref="RiscVInterrupt"/>.</param>
    /// <param name="line">The wire.</param>
    public void ConnectInterrupt(int number, IrqLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        line.Connect(level => SetInterrupt(number, level));
    }

    internal void ChangePending(uint mask, uint value)
    {
        uint old = Volatile.Read(ref _pendingBits);
        uint seen;
        while ((seen = Interlocked.CompareExchange(ref _pendingBits, (old & ~mask) | (value & mask), old)) != old)
            old = seen;
    }

    /// <summary>Bits of <c>mip</c> that M-mode may write now.</summary>
    internal uint WritablePending
        => TimerCompareEnabled ? DelegableInterrupts & ~(1u << RiscVInterrupt.SupervisorTimer) : DelegableInterrupts;

    /// <summary>WFI: halts behind the instruction. The run loop goes on at once when something enabled in <c>mie</c> is pending, masked or not.</summary>
    internal void WaitForInterrupt()
    {
        Halted = true;
        RequestAttention();
    }

    /// <summary>Pending, enabled and unmasked. Those of M-mode come first whatever their number.</summary>
    internal uint EnabledInterrupts()
    {
        uint pending = PendingInterrupts & (uint)Mie;
        if (pending == 0)
            return 0;
        uint machine = pending & ~(uint)Mideleg;
        if (machine != 0 && (Privilege < PrivilegeLevel.Machine || (MStatus & Status.Mie) != 0))
            return machine;
        bool supervisorTakes = Privilege < PrivilegeLevel.Supervisor || (Privilege == PrivilegeLevel.Supervisor && (MStatus & Status.Sie) != 0);
        return supervisorTakes ? pending & (uint)Mideleg : 0;
    }
}
