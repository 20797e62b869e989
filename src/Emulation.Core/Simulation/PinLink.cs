namespace Emulation.Core;

/// <summary>A wire between pins of two machines: each end sees what the other machine's parties drive.</summary>
/// <param name="name">Unique in its simulation; also the name of the party that the link is at both pins.</param>
/// <param name="first">The first machine.</param>
/// <param name="firstPin">Finds its pin.</param>
/// <param name="second">The second machine.</param>
/// <param name="secondPin">Finds its pin.</param>
public sealed class PinLink(string name, Machine first, Func<Machine, Pin> firstPin, Machine second, Func<Machine, Pin> secondPin) : ISimulationLink
{
    private readonly Pin[] _pins = [firstPin(first), secondPin(second)];

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public void Open(Action<int, ReadOnlyMemory<byte>> send)
    {
        for (int i = 0; i < _pins.Length; i++)
        {
            int end = i;
            PinDriver own = _pins[i].Driver(Name);
            _pins[i].Driven += driver =>
            {
                // what was told before is not remembered: after a restore it would be another run's
                if (driver == own)
                    return;
                send(end, Message(Seen(end, own)));
            };

            // what is driven already is seen from now on
            if (Seen(end, own) is { Drive: not PinDrive.Floating } now)
                send(end, Message(now));
        }
    }

    /// <inheritdoc/>
    public void Deliver(int end, ReadOnlyMemory<byte> message)
    {
        PinDriver own = _pins[end].Driver(Name);
        var drive = (PinDrive)message.Span[0];
        if (drive == PinDrive.Analog)
            own.SetVoltage(BitConverter.ToInt32(message.Span[1..]));
        else
            own.Set(drive);
    }

    /// <inheritdoc/>
    public ISimulationLink Between(Machine first, Machine second) => new PinLink(Name, first, firstPin, second, secondPin);

    private static byte[] Message((PinDrive Drive, int Millivolts) seen)
    {
        byte[] message = new byte[5];
        message[0] = (byte)seen.Drive;
        BitConverter.TryWriteBytes(message.AsSpan(1), seen.Millivolts);
        return message;
    }

    // what the parties of this end alone do, without what came over the wire
    private (PinDrive Drive, int Millivolts) Seen(int end, PinDriver own)
    {
        (PinDrive Drive, int Millivolts) strongest = (PinDrive.Floating, 0);
        foreach (PinDriver driver in _pins[end].Drivers)
        {
            if (driver != own && Strength(driver.Drive) > Strength(strongest.Drive))
                strongest = (driver.Drive, driver.Millivolts);
        }

        return strongest;
    }

    private static int Strength(PinDrive drive) => drive switch
    {
        PinDrive.Floating => 0,
        PinDrive.PullDown => 1,
        PinDrive.PullUp => 2,
        PinDrive.Analog => 3,
        PinDrive.High => 4,
        _ => 5,
    };
}
