using Emulation.Core;

namespace Emulation.Devices;

/// <summary>8-bit shift register 74HC595 with output latches, on SPI: its latch clock RCLK is the chip select, whose rising edge shows what was shifted in. Texas Instruments SCLS041.</summary>
public sealed class ShiftRegister595 : Part, ISpiDevice
{
    private readonly Terminal[] _outputs;
    private byte _shift;

    /// <summary>Creates a register whose outputs are low.</summary>
    public ShiftRegister595() => _outputs = [.. "ABCDEFGH".Select(letter => AddTerminal($"Q{letter}"))];

    /// <summary>The outputs QA (bit 0, shifted in last) to QH.</summary>
    public byte Outputs { get; private set; }

    /// <inheritdoc/>
    public void Select() { }

    /// <inheritdoc/>
    public void Deselect()
    {
        Outputs = _shift;
        Drive();
    }

    /// <inheritdoc/>
    public uint Exchange(uint value, in SpiFrame frame)
    {
        // QH' gives what was shifted in eight clocks ago
        ulong all = ((ulong)_shift << frame.Bits) | (value & frame.Mask);
        _shift = (byte)all;
        return (uint)(all >> 8) & frame.Mask;
    }

    /// <inheritdoc/>
    public override void PowerCycle()
    {
        (_shift, Outputs) = (0, 0);
        Drive();
    }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        writer.Write(_shift);
        writer.Write(Outputs);
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        _shift = reader.ReadByte();
        Outputs = reader.ReadByte();
    }

    /// <inheritdoc/>
    public override IPart Fork() => new ShiftRegister595();

    /// <inheritdoc/>
    protected override void OnJoined() => Drive();

    private void Drive()
    {
        for (int i = 0; i < _outputs.Length; i++)
            _outputs[i].Set((Outputs >> i & 1) != 0 ? PinDrive.High : PinDrive.Low);
    }
}
