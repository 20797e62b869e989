using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A part on an SPI bus that takes and gives bytes, most significant bit first, whatever the width of the controller's words.</summary>
public abstract class SpiPart : Part, ISpiDevice
{
    private int _bits;
    private byte _in;
    private byte _out;

    /// <summary>Whether its chip select is active.</summary>
    public bool IsSelected { get; private set; }

    /// <summary>Lanes of the word that is exchanged.</summary>
    protected int Lanes { get; private set; } = 1;

    /// <inheritdoc/>
    public virtual bool Supports(SpiMode mode) => mode is SpiMode.Mode0 or SpiMode.Mode3;

    /// <inheritdoc/>
    public void Select()
    {
        _bits = 0;
        IsSelected = true;
        OnSelected();
    }

    /// <inheritdoc/>
    public void Deselect()
    {
        if (!IsSelected)
            return;
        IsSelected = false;
        OnDeselected(_bits);
        _bits = 0;
    }

    /// <inheritdoc/>
    public uint Exchange(uint value, in SpiFrame frame)
    {
        uint result = 0;
        Lanes = Math.Max(1, frame.Lanes);
        for (int left = frame.Bits; left > 0;)
        {
            if (_bits == 0)
            {
                // phases without whole bytes: dummy clocks
                int skipped = Math.Min(left, SkippedClocks * Lanes);
                if (skipped > 0)
                {
                    SkipClocks(skipped / Lanes);
                    result = (result << skipped) | ((1u << skipped) - 1);
                    left -= skipped;
                    continue;
                }

                _out = Next();
            }

            int count = Math.Min(left, 8 - _bits);
            left -= count;
            uint mask = (1u << count) - 1;
            result = (count == 32 ? 0 : result << count) | ((uint)(_out >> (8 - _bits - count)) & mask);
            _in = (byte)((_in << count) | (byte)(value >> left & mask));
            _bits += count;
            if (_bits == 8)
            {
                _bits = 0;
                Received(_in);
            }
        }

        return frame.Direction == SpiDirection.Out ? frame.Mask : result;
    }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        writer.Write(IsSelected);
        writer.Write((byte)_bits);
        writer.Write(_in);
        writer.Write(_out);
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        IsSelected = reader.ReadBoolean();
        _bits = reader.ReadByte() & 7;
        _in = reader.ReadByte();
        _out = reader.ReadByte();
    }

    /// <inheritdoc/>
    public override void PowerCycle() => _bits = 0;

    /// <summary>Clocks that the part lets pass before the next byte; asked between bytes.</summary>
    protected virtual int SkippedClocks => 0;

    /// <summary>The part is selected; bytes begin anew.</summary>
    protected virtual void OnSelected() { }

    /// <summary>The part is no longer selected.</summary>
    /// <param name="strayBits">Bits of a byte that did not become whole.</param>
    protected virtual void OnDeselected(int strayBits) { }

    /// <summary>Clocks passed that the part had asked to skip.</summary>
    /// <param name="clocks">How many.</param>
    protected virtual void SkipClocks(int clocks) { }

    /// <summary>A byte begins: what the part sends during it.</summary>
    protected abstract byte Next();

    /// <summary>A byte is complete.</summary>
    /// <param name="value">What the controller sent during it.</param>
    protected abstract void Received(byte value);
}
