namespace Emulation.Devices;

/// <summary>A packet on the air.</summary>
/// <param name="Frequency">Channel: MHz above 2400.</param>
/// <param name="Mode">Rate and coding, as the radio's register MODE has them.</param>
/// <param name="Address">Prefix, base and length of the base.</param>
/// <param name="Payload">What was sent, as it lies in memory.</param>
/// <param name="Strength">Power in dBm.</param>
public readonly record struct RadioPacket(int Frequency, int Mode, ulong Address, ReadOnlyMemory<byte> Payload, int Strength);

/// <summary>The air between radios: whoever listens on the right channel hears a packet. The machines of the radios share one thread of time.</summary>
public sealed class RadioMedium
{
    private readonly List<NrfRadio> _radios = [];

    /// <summary>Decibels that a packet loses on its way.</summary>
    public int Attenuation { get; set; } = 40;

    /// <summary>Raised for each packet that is sent.</summary>
    public event Action<RadioPacket>? Sent;

    /// <summary>Sends a packet from outside of any board.</summary>
    /// <param name="packet">The packet.</param>
    public void Send(RadioPacket packet) => Send(null, packet);

    internal void Add(NrfRadio radio) => _radios.Add(radio);

    internal void Remove(NrfRadio radio) => _radios.Remove(radio);

    internal void Send(NrfRadio? sender, RadioPacket packet)
    {
        Sent?.Invoke(packet);
        RadioPacket weak = packet with { Strength = packet.Strength - Attenuation };
        foreach (NrfRadio radio in _radios.ToArray())
        {
            if (radio != sender)
                radio.Receive(weak);
        }
    }
}
