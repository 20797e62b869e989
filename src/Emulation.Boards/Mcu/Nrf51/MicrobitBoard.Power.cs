using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Boards.Mcu;

/// <content>Resets and System OFF. nRF51 Series Reference Manual, 12.1.2, "System OFF mode", and 12.1.7, "Reset".</content>
public sealed partial class MicrobitBoard
{
    private const int RamBlocks = 2;

    // bits of RESETREAS
    private enum ResetReason
    {
        Pin = 0,
        Watchdog = 1,
        Request = 2,
        Off = 16,
        Comparator = 17,
    }

    /// <summary>Presses the reset button, before the next instruction.</summary>
    /// <param name="machine">The board's machine.</param>
    public void PressReset(Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        lock (machine.DeviceLock)
            Restart(machine, ResetReason.Pin);
    }

    private void ConnectWake(Machine machine)
    {
        Power.SystemOff += () => TurnOff(machine);
        Gpio.Detected += () => Wake(machine, ResetReason.Off);
        Lpcomp.AnalogDetected += () => Wake(machine, ResetReason.Comparator);
    }

    // What runs on ends here; pins stay as they are, and the comparator is left to wake the system.
    private void TurnOff(Machine machine)
    {
        Ppi.Reset();
        foreach (NrfPeripheral peripheral in _peripherals.Where(p => p != Power && p != Lpcomp))
            peripheral.Reset();
        Cpu.Stop();
        if (Gpio.Detect)
            Wake(machine, ResetReason.Off);
    }

    private void Wake(Machine machine, ResetReason reason)
    {
        if (Power.IsOff)
            Restart(machine, reason);
    }

    private void Restart(Machine machine, ResetReason reason)
    {
        if (Power.IsOff)
            LoseMemory();
        Power.NoteReset((int)reason);
        machine.RequestReset();
    }

    private void LoseMemory()
    {
        const ulong BlockSize = MicrobitOptions.Memory / RamBlocks;
        for (int block = 0; block < RamBlocks; block++)
        {
            if (!Power.KeepsRam(block))
                Ram.Write((ulong)block * BlockSize, new byte[BlockSize]);
        }
    }
}
