namespace Emulation.Core;

/// <summary>Why a run ended.</summary>
public enum StopReason
{
    /// <summary>The limit of instructions was reached exactly.</summary>
    InstructionLimit,

    /// <summary>The limit of virtual time was reached.</summary>
    VirtualTime,

    /// <summary>The program counter reached the exit address; the instruction there has not run.</summary>
    ExitAddress,

    /// <summary>A condition given to <c>RunUntil</c> became true.</summary>
    Condition,

    /// <summary>Somebody called <c>RequestStop</c>.</summary>
    StopRequested,

    /// <summary>The cancellation token fired.</summary>
    Cancelled,

    /// <summary>A breakpoint was reached; the instruction there has not run.</summary>
    Breakpoint,

    /// <summary>A watched memory access happened; the instruction has completed.</summary>
    Watchpoint,

    /// <summary>The guest powered the machine off.</summary>
    PowerOff,

    /// <summary>The guest asked for a reset and the machine is set not to do it.</summary>
    Reset,

    /// <summary>Every vCPU waits for an interrupt and nothing can raise one.</summary>
    Halted,

    /// <summary>The guest raised an exception that nothing in it handles; <see cref="RunResult.Fault"/> has it.</summary>
    UnhandledException,

    /// <summary>An access hit an address that no device models, under <see cref="UnmappedPolicy.Stop"/>; <see cref="RunResult.Fault"/> has it.</summary>
    UnmappedAccess,
}

/// <summary>A guest fault that ended a run.</summary>
/// <param name="Kind">Name in the words of the instruction set, such as <c>illegal instruction</c>.</param>
/// <param name="Code">Number in the words of the instruction set (a RISC-V cause, an x86 vector).</param>
/// <param name="Pc">Address of the instruction.</param>
/// <param name="Address">The address or value that goes with the fault, 0 where there is none.</param>
public sealed record GuestFault(string Kind, ulong Code, ulong Pc, ulong Address)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind} (code {Code}) at pc 0x{Pc:x}, address 0x{Address:x}";
}

/// <summary>How a run ended: why, where, and after exactly how much.</summary>
/// <param name="Reason">Why it ended.</param>
/// <param name="Pc">Address of the next instruction of the vCPU that ended it (or of vCPU 0).</param>
/// <param name="Instructions">Instructions of all vCPUs executed by this run.</param>
/// <param name="Elapsed">Virtual nanoseconds that passed.</param>
/// <param name="Fault">The fault, where <paramref name="Reason"/> has one.</param>
public readonly record struct RunResult(StopReason Reason, ulong Pc, ulong Instructions, long Elapsed, GuestFault? Fault = null);
