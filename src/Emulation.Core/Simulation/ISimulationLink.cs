namespace Emulation.Core;

/// <summary>A connection between two machines of a <see cref="Simulation"/>: it turns what one end does into messages, and messages into what the other end sees.</summary>
public interface ISimulationLink
{
    /// <summary>Shown in messages, and names the link's messages in saved state; unique in its simulation.</summary>
    string Name { get; }

    /// <summary>Begins to listen at both ends. Called once, when the link is added, and for each fork.</summary>
    /// <param name="send">Sends bytes from the end it is called for: 0 is the first machine, 1 the second. Under that machine's device lock.</param>
    void Open(Action<int, ReadOnlyMemory<byte>> send);

    /// <summary>Hands a message to an end, under the device lock of its machine. The machine stands at the time of arrival.</summary>
    /// <param name="end">0 for the first machine, 1 for the second.</param>
    /// <param name="message">What the other end sent.</param>
    void Deliver(int end, ReadOnlyMemory<byte> message);

    /// <summary>The same link between two other machines of the same make.</summary>
    /// <param name="first">Takes the place of the first machine.</param>
    /// <param name="second">Takes the place of the second machine.</param>
    ISimulationLink Between(Machine first, Machine second);
}
