using Emulation.Core;

namespace Emulation.Devices;

/// <summary>State of one capture/compare channel of a <see cref="Stm32Timer"/> outside the registers.</summary>
internal sealed class Stm32TimerChannel
{
    public required PinSignal Output { get; init; }

    public PinSignal? Complement { get; init; }

    public required Stm32TimerInput Input { get; init; }

    public required DmaRequest Request { get; init; }

    /// <summary>OCxREF for the other timers and for converters.</summary>
    public required Stm32Trigger Trigger { get; init; }

    public CycleTimer? DeadTime { get; init; }

    /// <summary>The compare value in use.</summary>
    public uint Compare { get; set; }

    /// <summary>OCxREF.</summary>
    public bool Reference { get; set; }

    /// <summary>OCxREF is held low by ETRF until the next update.</summary>
    public bool Cleared { get; set; }

    /// <summary>OCxREF as it passed the dead-time generator.</summary>
    public bool Driven { get; set; }

    /// <summary>Captures that the input prescaler has swallowed.</summary>
    public int Swallowed { get; set; }

    /// <summary>A match to be told to whoever listens.</summary>
    public bool Matched { get; set; }

    public void Reset()
    {
        (Compare, Reference, Cleared, Driven, Swallowed, Matched) = (0, false, false, false, 0, false);
        Request.Set(false);
        Input.Reset(Output.Input);
        DeadTime?.Disarm();
        Output.Drive(PinDrive.Floating);
        Complement?.Drive(PinDrive.Floating);
        Trigger.Set(false);
    }

    public void Save(StateWriter writer)
    {
        writer.Write(Compare);
        writer.Write(Reference);
        writer.Write(Cleared);
        writer.Write(Driven);
        writer.Write(Swallowed);
        writer.Write(Matched);
        writer.Write(Trigger.Level);
        Request.Save(writer);
        Input.Save(writer);
        DeadTime?.Save(writer);
        Output.Save(writer);
        Complement?.Save(writer);
    }

    public void Load(StateReader reader)
    {
        Compare = reader.ReadUInt32();
        Reference = reader.ReadBoolean();
        Cleared = reader.ReadBoolean();
        Driven = reader.ReadBoolean();
        Swallowed = reader.ReadInt32() & 7;
        Matched = reader.ReadBoolean();
        Trigger.Restore(reader.ReadBoolean());
        Request.Load(reader);
        Input.Load(reader);
        DeadTime?.Load(reader);
        Output.Load(reader);
        Complement?.Load(reader);
    }
}
