using Emulation.Core;

namespace Emulation.Devices;

/// <summary>The sending half of a UART at the line's speed: a FIFO and a shift register.</summary>
internal sealed class SerialTransmitter
{
    private readonly VirtualClock _clock;
    private readonly Func<long> _characterTime;
    private readonly Action<byte, bool> _sent;

    /// <summary>Creates it, and its timer.</summary>
    /// <param name="name">Name of the timer.</param>
    /// <param name="size">Symbols the FIFO holds.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="characterTime">Nanoseconds of a character.</param>
    /// <param name="sent">Told of a character that is out, and whether the next one left the FIFO for the shift register.</param>
    public SerialTransmitter(string name, int size, VirtualClock clock, Func<long> characterTime, Action<byte, bool> sent)
    {
        (_clock, _characterTime, _sent) = (clock, characterTime, sent);
        Waiting = new SymbolFifo(size);
        Timer = clock.CreateTimer(name, OnShifted);
    }

    /// <summary>What waits for the shift register.</summary>
    public SymbolFifo Waiting { get; }

    /// <summary>Armed while a character is shifted out.</summary>
    public ClockTimer Timer { get; }

    /// <summary>The character that is shifted out, or was last; set by a saved state.</summary>
    public byte Register { get; set; }

    /// <summary>Takes a character; one for which there is no room is lost.</summary>
    /// <param name="value">The character.</param>
    /// <param name="capacity">Symbols that may wait.</param>
    /// <returns>Whether it went straight to the shift register.</returns>
    public bool Send(byte value, int capacity)
    {
        if (!Timer.IsArmed)
        {
            Shift(value);
            return true;
        }

        if (Waiting.Count < capacity)
            Waiting.Add(new SerialSymbol(value));
        return false;
    }

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        Waiting.Clear();
        Timer.Disarm();
        Register = 0;
    }

    private void Shift(byte value)
    {
        Register = value;
        Timer.Arm(_clock.Now + _characterTime());
    }

    private void OnShifted()
    {
        byte last = Register;
        bool taken = Waiting.TryTake(out SerialSymbol next);
        if (taken)
            Shift(next.Value);
        _sent(last, taken);
    }
}
