namespace Emulation.RiscV;

// What hosts and firmware written in C# do to a hart.
public sealed partial class RiscVCpu
{
    private volatile bool _stopped;

    /// <summary>Whether <see cref="Stop"/> took the hart out of use: no interrupt wakes it.</summary>
    public bool IsStopped => _stopped;

    /// <summary>Sets the address of the next instruction.</summary>
    /// <param name="pc">Virtual address.</param>
    /// <exception cref="ArgumentException">Not a multiple of 2 (of 4 without compressed instructions): no jump of the guest can get there.</exception>
    public override void SetPc(ulong pc)
    {
        if ((pc & ~PcMask) != 0)
            throw new ArgumentException($"PC 0x{pc:x} is not a multiple of {(Features.Compressed ? 2 : 4)}", nameof(pc));
        base.SetPc(pc & XlenMask);
    }

    /// <summary>Puts the hart at a privilege level, as firmware does that starts an operating system.</summary>
    /// <param name="privilege">A level the hart has.</param>
    /// <exception cref="ArgumentException">It has no such level.</exception>
    public void EnterPrivilege(PrivilegeLevel privilege)
    {
        bool exists = privilege switch
        {
            PrivilegeLevel.Machine => true,
            PrivilegeLevel.Supervisor => Features.SupervisorMode,
            PrivilegeLevel.User => Features.UserMode,
            _ => false,
        };
        if (!exists)
            throw new ArgumentException($"{Name} has no privilege level {privilege}", nameof(privilege));
        SetPrivilege(privilege, insideInstruction: false);
        OnPrivilegedWrite();
    }

    /// <summary>Takes the hart out of use until <see cref="Start"/>, as the hart state management of firmware does. On its own thread, or while it does not run.</summary>
    public void Stop()
    {
        _stopped = true;
        Halted = true;
        RequestAttention();
    }

    /// <summary>Puts a stopped hart to use. Its registers, PC and privilege are set before. From any thread.</summary>
    public void Start()
    {
        _stopped = false;
        Halted = false;
        NotifyInterrupt();
    }

    /// <summary>Finds a CSR by name.</summary>
    /// <param name="name">Name as in the manual, or as given to <see cref="AddCsr"/>; without regard to case.</param>
    /// <param name="number">Its number; -1 when there is none.</param>
    /// <returns>Whether this hart has it.</returns>
    public bool TryFindCsr(string name, out int number)
    {
        for (number = 0; number < CsrTable.Size; number++)
        {
            if (FindCsr(number) is { } row && row.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        number = -1;
        return false;
    }
}
