using Emulation.Core;

namespace Emulation.Arm;

// What firmware does to whole CPUs. Arm DEN 0022 "Power State Coordination Interface".
public sealed unsafe partial class ArmCpu
{
    private readonly Lock _startLock = new();
    private volatile bool _poweredOff;
    private volatile bool _startRequested;
    private (ulong Entry, ulong Argument, int Level) _start;

    /// <summary>Whether the CPU is off: no interrupt wakes it. One that was told to start, and has not yet, is off.</summary>
    public bool IsPoweredOff => _poweredOff;

    /// <summary>Whether <see cref="PowerOn"/> was called and the CPU has not started yet.</summary>
    public bool StartRequested => _startRequested;

    /// <summary>Takes the CPU out of use until <see cref="PowerOn"/>. On its own thread, or while it does not run.</summary>
    public void PowerOff()
    {
        _poweredOff = true;
        _startRequested = false;
        Halted = true;
        RequestAttention();
    }

    /// <summary>Starts a CPU that is off: it is reset and begins at an address. From any thread.</summary>
    /// <param name="entry">PC.</param>
    /// <param name="argument">X0.</param>
    /// <param name="level">Exception level, as <see cref="ArmCpuOptions.ResetLevel"/>; null for the one after reset.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such level.</exception>
    /// <exception cref="InvalidOperationException">It is not off, or was told to start already.</exception>
    public void PowerOn(ulong entry, ulong argument, int? level = null)
    {
        int to = level ?? DefaultLevel;
        if (!HasLevel(to))
            throw new ArgumentOutOfRangeException(nameof(level), $"exception level {to} is not implemented");
        lock (_startLock)
        {
            if (!_poweredOff || _startRequested)
                throw new InvalidOperationException($"{Name} is on already");
            _start = (entry, argument, to);
            _startRequested = true;
        }

        NotifyInterrupt();
    }

    /// <summary>Waits for an interrupt as WFI does: standby. From a firmware call.</summary>
    public void Suspend() => WaitForInterrupt();

    private void ResetPower()
    {
        _poweredOff = Options.StartsPoweredOff;
        _startRequested = false;
        _start = default;
        _systemErrorPending = false;
        RefreshPendingHint();
        (_event, _waitsForEvent, _limitReached) = (false, false, false);
        Halted = _poweredOff;
    }

    private void ServeStart()
    {
        (ulong entry, ulong argument, int level) = _start;
        for (int i = 0; i < Registers.X.Length; i++)
            this[Registers.X[i]] = 0;
        this[Registers.Sp] = 0;
        Nzcv = 0;
        Fpcr = 0;
        Header.ReservationAddress = ulong.MaxValue;
        ResetProcessor(level);
        this[Registers.X[0]] = argument;
        Header.Pc = entry;
        if (IsAArch32 && (entry & 1) != 0)
        {
            Cpsr |= ThumbBit;
            Header.Pc = entry - 1;
        }

        _startRequested = false;
        _poweredOff = false;
    }

    private void SavePower(StateWriter writer)
    {
        writer.Write(_poweredOff);
        writer.Write(_startRequested);
        writer.Write(_start.Entry);
        writer.Write(_start.Argument);
        writer.Write((byte)_start.Level);
    }

    private void LoadPower(StateReader reader)
    {
        _poweredOff = reader.ReadBoolean();
        _startRequested = reader.ReadBoolean();
        ulong entry = reader.ReadUInt64(), argument = reader.ReadUInt64();
        byte level = reader.ReadByte();
        if (!HasLevel(level))
            throw reader.Damaged($"there is no exception level {level}");
        _start = (entry, argument, level);
    }
}
