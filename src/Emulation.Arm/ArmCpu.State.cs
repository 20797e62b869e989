using Emulation.Core;

namespace Emulation.Arm;

// Snapshots of what is not in the register file.
public sealed unsafe partial class ArmCpu
{
    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write((byte)ExceptionLevel);
        writer.Write(_ownSp);
        writer.Write(Syndrome);
        writer.Write(FaultAddress);
        writer.Write(_stepping);
        writer.Write(Volatile.Read(ref _lines));
        writer.Write(_systemErrorPending);
        writer.Write(Volatile.Read(ref _event));
        writer.Write(_waitsForEvent);
        writer.Write(_limitReached);
        writer.Write(_guards);
        SavePower(writer);
        foreach (GenericTimer timer in _timers)
            timer.Save(writer);
        _eventStream.Save(writer);
        _waitLimit.Save(writer);
        Counters.Save(writer);
        SaveAArch32(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        byte level = reader.ReadByte();
        if (!HasLevel(level))
            throw reader.Damaged($"there is no exception level {level}");
        ExceptionLevel = level;
        _ownSp = reader.ReadBoolean();
        Syndrome = reader.ReadUInt64();
        FaultAddress = reader.ReadUInt64();
        _stepping = reader.ReadBoolean();
        Interlocked.Exchange(ref _lines, reader.ReadUInt32());
        _systemErrorPending = reader.ReadBoolean();
        RefreshPendingHint();
        Volatile.Write(ref _event, reader.ReadBoolean());
        _waitsForEvent = reader.ReadBoolean();
        _limitReached = reader.ReadBoolean();
        _guards = reader.ReadBoolean();
        LoadPower(reader);
        foreach (GenericTimer timer in _timers)
            timer.Load(reader);
        _eventStream.Load(reader);
        _waitLimit.Load(reader);
        Counters.Load(reader);
        (_target, _fault, _pendingRemoteCount) = (0, default, 0);
        SetFpcr((uint)this[Registers.Fpcr]);
        this[Registers.C] &= 1;                          // a truth value
        RefreshWatches();
        FlushTranslations();
        _toldWorld = World;                              // who is told has it in a state of its own
        RefreshModes();
        LoadAArch32(reader);
        RequestAttention();
    }
}
