using Emulation.Core;

namespace Emulation.Devices.Tests;

/// <summary>A CPU that always sleeps, so that a machine's time jumps from event to event.</summary>
internal sealed class IdleCpu : IVirtualCpu
{
    event Action? IVirtualCpu.Woken
    {
        add { }
        remove { }
    }

    public string Name => "cpu";

    public ulong Pc => 0;

    public ulong InstructionCount => 0;

    public bool IsIdle => true;

    public GuestFault? Fault => null;

    public void Reset() { }

    public void Save(StateWriter writer) { }

    public void Load(StateReader reader) { }

    public CpuExit Run(long budget, bool exact = true) => CpuExit.Halted;

    public void LimitRun(long instructions) { }

    public void RequestExit() { }
}
