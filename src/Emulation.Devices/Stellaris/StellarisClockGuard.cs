using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Stands before the registers of a peripheral: while no clock of its runs, accesses give bus faults. LM3S6965 data sheet, "Run Mode Clock Gating Control".</summary>
/// <param name="name">The peripheral, for messages.</param>
/// <param name="log">Where guest errors go.</param>
/// <param name="clocks">Its gated clocks.</param>
public sealed class StellarisClockGuard(string name, GuestLog log, params IReadOnlyList<ClockSignal> clocks) : IMmioGate
{
    /// <inheritdoc/>
    public GateAnswer Check(ulong offset, int size, bool write)
    {
        foreach (ClockSignal clock in clocks)
        {
            if (clock.IsRunning)
                return GateAnswer.Pass;
        }

        log.Error(name, $"{(write ? "write" : "read")} at offset 0x{offset:x} while its clock is off");
        return GateAnswer.Refuse;
    }
}
