using Emulation.Core;

namespace Emulation.Devices;

/// <content>The power management unit. FE310-G002 Manual, "Power-Management Unit (PMU)".</content>
public sealed partial class SifiveAon
{
    private const int ProgramLength = 8;

    /// <summary>Whether the core sleeps.</summary>
    public bool IsSleeping => _sleeping;

    /// <summary>The pin <c>dwakeup_n</c> goes low: ends a sleep that listens to it.</summary>
    public void WakePin()
    {
        if (_sleeping && Wakes(SifiveWake.DigitalInput))
            RequestReset(SifiveResetCause.PowerOn, SifiveWake.DigitalInput);
    }

    /// <summary>The reset pin.</summary>
    public void ResetPin() => RequestReset(SifiveResetCause.External, SifiveWake.Reset);

    private static bool IsPmuLocked(ulong offset) => offset is >= 0x100 and < 0x150 and not 0x144 and not 0x14c;

    private void DefinePmu()
    {
        ReadOnlySpan<ulong> wakeup = [0x1f0, 0x0f8, 0x030, 0x030, 0x030, 0x030, 0x030, 0x030];
        ReadOnlySpan<ulong> sleep = [0x0f0, 0x1f0, 0x1d0, 0x1c0, 0x1c0, 0x1c0, 0x1c0, 0x1c0];
        for (int i = 0; i < ProgramLength; i++)
        {
            Registers.Define(0x100 + (4 * (ulong)i), $"pmuwakeupi{i}", wakeup[i]).Bits(9, 0, "delay, outputs, resets").Ignored(31, 10);
            _sleepProgram[i] = Registers.Define(0x120 + (4 * (ulong)i), $"pmusleepi{i}", sleep[i]).Bits(9, 0, "delay, outputs, resets").Ignored(31, 10);
        }

        _wakeEnable = Registers.Define(0x140, "pmuie", 1).Bits(3, 0, "reset, rtc, dwakeup, awakeup").Ignored(31, 4);
        _cause = Registers.Define(0x144, "pmucause").Bits(1, 0, "wakeupcause", FieldMode.ReadOnly).Ignored(7, 2).Bits(9, 8, "resetcause", FieldMode.ReadOnly).Ignored(31, 10);
        Registers.Define(0x148, "pmusleep").Bits(31, 0, "pmusleep", FieldMode.WriteOnly, write: _ => Sleep());
        Registers.Define(0x14c, "pmukey").Bits(31, 0, "pmukey", read: () => _pmuUnlocked ? 1UL : 0, write: v => _pmuUnlocked = v == Key);
    }

    private bool Wakes(SifiveWake wake) => (_wakeEnable.Value & (1u << (int)wake)) != 0;

    // The first instruction of the reset program holds the core; an alarm that comes before the program is over waits for its end.
    private void Sleep()
    {
        const ulong DelayMask = 15;
        ulong cycles = 0;
        foreach (Register instruction in _sleepProgram)
            cycles += 1UL << (int)(instruction.Value & DelayMask);
        long length = _clocks.Lfclk.Frequency.TimeOf(cycles);
        _sleeping = true;
        _sleepTimer.Arm(length == long.MaxValue ? length : _clock.Now + length);
        UpdateWatchdog();
        Slept?.Invoke();
    }

    private void OnAsleep() => UpdateRtc();

    // Everything else is reset; this domain comes back with what it had.
    private void RequestReset(SifiveResetCause cause, SifiveWake wake)
    {
        if (_kept is not null)
            return;
        _sleepTimer.Disarm();
        (_sleeping, _unlocked, _pmuUnlocked) = (false, false, false);
        _cause.Value = (ulong)wake | ((ulong)cause << 8);
        if (wake == SifiveWake.Reset)
        {
            _watchdogConfig.Value = 0;
            _watchdog.Reset();
            _watchdogTimer.Disarm();
        }

        var writer = new StateWriter();
        Save(writer);
        _kept = writer.Written.ToArray();
        ResetRequested?.Invoke();
    }
}
