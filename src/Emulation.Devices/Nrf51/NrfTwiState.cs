using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Where the nRF51's TWI master is in a transfer.</summary>
internal sealed class NrfTwiState
{
    public NrfTwiStep Step { get; set; }

    public bool IsReading { get; set; }

    public bool StopAsked { get; set; }

    public bool IsSuspended { get; set; }

    public bool HasData { get; set; }

    public byte Data { get; set; }

    public void Reset()
    {
        Step = NrfTwiStep.Idle;
        IsReading = StopAsked = IsSuspended = HasData = false;
        Data = 0;
    }

    public void Save(StateWriter writer)
    {
        writer.Write((byte)Step);
        writer.Write(IsReading);
        writer.Write(StopAsked);
        writer.Write(IsSuspended);
        writer.Write(HasData);
        writer.Write(Data);
    }

    public void Load(StateReader reader)
    {
        Step = (NrfTwiStep)reader.ReadByte();
        if (!Enum.IsDefined(Step))
            throw reader.Damaged("a TWI master is in no known step");
        IsReading = reader.ReadBoolean();
        StopAsked = reader.ReadBoolean();
        IsSuspended = reader.ReadBoolean();
        HasData = reader.ReadBoolean();
        Data = reader.ReadByte();
    }
}

/// <summary>What the TWI master waits for.</summary>
internal enum NrfTwiStep : byte
{
    /// <summary>Nothing.</summary>
    Idle,

    /// <summary>The bus, to begin.</summary>
    Bus,

    /// <summary>The end of START and address.</summary>
    Address,

    /// <summary>A byte from the CPU.</summary>
    Data,

    /// <summary>The end of a byte that is sent.</summary>
    Sending,

    /// <summary>The end of a byte that is received.</summary>
    Receiving,

    /// <summary>The CPU to take a byte or to go on.</summary>
    Held,

    /// <summary>The end of STOP.</summary>
    Stopping,
}
