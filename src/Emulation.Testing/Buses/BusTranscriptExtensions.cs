using Emulation.Core;
using Emulation.Debugging;
using Emulation.Devices;

namespace Emulation.Testing;

/// <summary>Transcripts of the buses of Emulation.Devices.</summary>
public static class BusTranscriptExtensions
{
    /// <summary>Writes down an I²C bus, an entry from START to STOP: <c>S 48w A 01 A Sr 48r A 15 A 80 N P</c>, with A or N for acknowledged or not.</summary>
    /// <param name="transcript">The transcript.</param>
    /// <param name="bus">A bus of the machine.</param>
    public static void Attach(this BusTranscript transcript, I2cBus bus)
    {
        ArgumentNullException.ThrowIfNull(transcript);
        ArgumentNullException.ThrowIfNull(bus);
        BusEntry? transfer = null;
        void OnEvent(in I2cEvent e)
        {
            if (e.Kind == I2cEventKind.Start || transfer is null)
                transfer = transcript.Add(bus.Name, e.ToString());
            else
                transfer.Append($" {e}");
            if (e.Kind == I2cEventKind.Stop)
                transfer = null;
        }

        bus.Observed += OnEvent;
        transcript.OnDispose(() => bus.Observed -= OnEvent);
    }

    /// <summary>Writes down an SPI bus, an entry per selection: <c>cs0: 9f/ff 00/ef 00/40</c>, words as sent/received; <c>4&gt;01</c> is sent and <c>4&lt;01</c> received on four lanes.</summary>
    /// <param name="transcript">The transcript.</param>
    /// <param name="bus">A bus of the machine.</param>
    public static void Attach(this BusTranscript transcript, SpiBus bus)
    {
        ArgumentNullException.ThrowIfNull(transcript);
        ArgumentNullException.ThrowIfNull(bus);
        BusEntry? selection = null;
        void OnEvent(in SpiEvent e)
        {
            switch (e.Kind)
            {
                case SpiEventKind.Select:
                    selection = transcript.Add(bus.Name, e.ToString());
                    break;
                case SpiEventKind.Deselect:
                    selection = null;
                    break;
                default:
                    selection ??= transcript.Add(bus.Name, e.ChipSelect >= 0 ? $"cs{e.ChipSelect}:" : "no cs:");
                    selection.Append($" {e}");
                    break;
            }
        }

        bus.Observed += OnEvent;
        transcript.OnDispose(() => bus.Observed -= OnEvent);
    }

    /// <summary>Writes down a CAN bus, an entry per frame: <c>can1 123#0102</c>, its sender, identifier and data; of one that failed also why.</summary>
    /// <param name="transcript">The transcript.</param>
    /// <param name="bus">A bus of the machine.</param>
    public static void Attach(this BusTranscript transcript, CanBus bus)
    {
        ArgumentNullException.ThrowIfNull(transcript);
        ArgumentNullException.ThrowIfNull(bus);
        void OnEvent(in CanEvent e) => transcript.Add(bus.Name, e.ToString());
        bus.Observed += OnEvent;
        transcript.OnDispose(() => bus.Observed -= OnEvent);
    }

    /// <summary>The entries of one bus, the oldest first.</summary>
    /// <param name="transcript">The transcript.</param>
    /// <param name="bus">An I²C, SPI or CAN bus of the machine.</param>
    public static IReadOnlyList<BusEntry> Of(this BusTranscript transcript, IDevice bus)
    {
        ArgumentNullException.ThrowIfNull(transcript);
        ArgumentNullException.ThrowIfNull(bus);
        return transcript.Of(bus.Name);
    }

    /// <summary>The lines of one serial port, in both directions, the oldest first.</summary>
    /// <param name="transcript">The transcript.</param>
    /// <param name="uart">A serial port of the board.</param>
    public static IReadOnlyList<BusEntry> Of(this BusTranscript transcript, TestUart uart)
    {
        ArgumentNullException.ThrowIfNull(transcript);
        ArgumentNullException.ThrowIfNull(uart);
        return transcript.Of(uart.Name);
    }

    /// <summary>Writes down all buses of a machine; serial ports are attached one by one.</summary>
    internal static void AttachBuses(this BusTranscript transcript, Machine machine)
    {
        foreach (IDevice device in machine.Devices)
        {
            switch (device)
            {
                case I2cBus bus: transcript.Attach(bus); break;
                case SpiBus bus: transcript.Attach(bus); break;
                case CanBus bus: transcript.Attach(bus); break;
            }
        }
    }
}
