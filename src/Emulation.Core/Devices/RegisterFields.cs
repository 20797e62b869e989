namespace Emulation.Core;

/// <summary>A device's handle on some bits of a register, or of every register of an array.</summary>
/// <remarks>It reads and writes what the register map stores: no callback runs, no access mode applies.</remarks>
public sealed class BitField
{
    private readonly RegisterLayout _layout;
    private readonly ulong _mask;
    private readonly int _low;

    internal BitField(RegisterLayout layout, ulong mask, int low)
    {
        _layout = layout;
        _mask = mask;
        _low = low;
    }

    /// <summary>The value, right-aligned; of the first register of an array. Bits beyond the field's width are dropped when it is set.</summary>
    public ulong Value
    {
        get => this[0];
        set => this[0] = value;
    }

    /// <summary>Registers in the array; 1 for a single register.</summary>
    public int Count => _layout.Count;

    /// <summary>The value in one register of an array.</summary>
    /// <param name="index">Element, from 0.</param>
    public ulong this[int index]
    {
        get => (_layout.Stored(index) & _mask) >> _low;
        set
        {
            ref ulong stored = ref _layout.Stored(index);
            stored = (stored & ~_mask) | ((value << _low) & _mask);
        }
    }
}

/// <summary>A device's handle on one bit of a register, or of every register of an array.</summary>
/// <remarks>It reads and writes what the register map stores: no callback runs, no access mode applies.</remarks>
public sealed class FlagField
{
    private readonly RegisterLayout _layout;
    private readonly ulong _mask;

    internal FlagField(RegisterLayout layout, ulong mask)
    {
        _layout = layout;
        _mask = mask;
    }

    /// <summary>The bit; of the first register of an array.</summary>
    public bool Value
    {
        get => this[0];
        set => this[0] = value;
    }

    /// <summary>The bit in one register of an array.</summary>
    /// <param name="index">Element, from 0.</param>
    public bool this[int index]
    {
        get => (_layout.Stored(index) & _mask) != 0;
        set
        {
            ref ulong stored = ref _layout.Stored(index);
            stored = value ? stored | _mask : stored & ~_mask;
        }
    }
}
