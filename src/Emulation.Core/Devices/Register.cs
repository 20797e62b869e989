namespace Emulation.Core;

/// <summary>One register of a <see cref="RegisterMap"/>: a builder for its fields, then a handle on what it stores.</summary>
/// <remarks>
/// Fields are given as manuals write them, high bit first. Every bit belongs to exactly one field; overlaps and fields outside the register throw.
/// A field with a <c>read</c> callback stores nothing itself. Callbacks run after the store, in order of definition, for fields that the written bytes touch.
/// </remarks>
public sealed class Register
{
    private readonly RegisterLayout _layout;

    internal Register(RegisterLayout layout) => _layout = layout;

    /// <summary>The manual's name.</summary>
    public string Name => _layout.Name;

    /// <summary>Byte offset in the map.</summary>
    public ulong Offset => _layout.Offset;

    /// <summary>Width in bits.</summary>
    public int Width => _layout.Bytes * 8;

    /// <summary>The value after reset.</summary>
    public ulong ResetValue => _layout.ResetValue;

    /// <summary>What the map stores for the register: no callback runs, no access mode applies.</summary>
    public ulong Value
    {
        get => _layout.Stored(0);
        set => _layout.Stored(0) = value & _layout.Mask;
    }

    /// <summary>Defines bits <paramref name="high"/> to <paramref name="low"/>.</summary>
    /// <param name="high">Highest bit.</param>
    /// <param name="low">Lowest bit.</param>
    /// <param name="name">The manual's name.</param>
    /// <param name="mode">What accesses do.</param>
    /// <param name="read">Gives the value instead of storage, right-aligned.</param>
    /// <param name="write">Called with the value written, right-aligned.</param>
    public Register Bits(int high, int low, string name, FieldMode mode = FieldMode.ReadWrite, Func<ulong>? read = null, Action<ulong>? write = null)
    {
        _layout.AddField(high, low, name, mode, read == null ? null : _ => read(), write == null ? null : (_, value) => write(value));
        return this;
    }

    /// <summary>Defines bits <paramref name="high"/> to <paramref name="low"/> and gives a handle on them.</summary>
    /// <param name="high">Highest bit.</param>
    /// <param name="low">Lowest bit.</param>
    /// <param name="name">The manual's name.</param>
    /// <param name="field">The handle.</param>
    /// <param name="mode">What accesses do.</param>
    /// <param name="write">Called with the value written, right-aligned.</param>
    public Register Bits(int high, int low, string name, out BitField field, FieldMode mode = FieldMode.ReadWrite, Action<ulong>? write = null)
    {
        ulong mask = _layout.AddField(high, low, name, mode, null, write == null ? null : (_, value) => write(value));
        field = new BitField(_layout, mask, low);
        return this;
    }

    /// <summary>Defines one bit.</summary>
    /// <param name="bit">The bit.</param>
    /// <param name="name">The manual's name.</param>
    /// <param name="mode">What accesses do.</param>
    /// <param name="read">Gives the value instead of storage.</param>
    /// <param name="write">Called with the bit written.</param>
    public Register Flag(int bit, string name, FieldMode mode = FieldMode.ReadWrite, Func<bool>? read = null, Action<bool>? write = null)
    {
        _layout.AddField(bit, bit, name, mode, read == null ? null : _ => read() ? 1UL : 0, write == null ? null : (_, value) => write(value != 0));
        return this;
    }

    /// <summary>Defines one bit and gives a handle on it.</summary>
    /// <param name="bit">The bit.</param>
    /// <param name="name">The manual's name.</param>
    /// <param name="field">The handle.</param>
    /// <param name="mode">What accesses do.</param>
    /// <param name="write">Called with the bit written.</param>
    public Register Flag(int bit, string name, out FlagField field, FieldMode mode = FieldMode.ReadWrite, Action<bool>? write = null)
    {
        ulong mask = _layout.AddField(bit, bit, name, mode, null, write == null ? null : (_, value) => write(value != 0));
        field = new FlagField(_layout, mask);
        return this;
    }

    /// <summary>Bits without a function: they read as their reset value, and a write that would change them is reported once.</summary>
    /// <param name="high">Highest bit.</param>
    /// <param name="low">Lowest bit.</param>
    public Register Reserved(int high, int low)
    {
        _layout.AddConstant(high, low, "reserved", report: true);
        return this;
    }

    /// <summary>Bits without a function that guests are known to write: they read as their reset value and writes vanish silently.</summary>
    /// <param name="high">Highest bit.</param>
    /// <param name="low">Lowest bit.</param>
    public Register Ignored(int high, int low)
    {
        _layout.AddConstant(high, low, "ignored", report: false);
        return this;
    }

    /// <summary>Bits whose function is not modelled: they read as their reset value, and a write that would change them is reported once.</summary>
    /// <param name="high">Highest bit.</param>
    /// <param name="low">Lowest bit.</param>
    /// <param name="what">What is missing.</param>
    public Register Unimplemented(int high, int low, string what)
    {
        _layout.AddConstant(high, low, what, report: true);
        return this;
    }

    /// <summary>Runs <paramref name="action"/> once after each write, when all fields are updated.</summary>
    /// <param name="action">The action.</param>
    public Register Then(Action action)
    {
        _layout.AddAfterWrite(_ => action());
        return this;
    }

    /// <summary>Runs <paramref name="action"/> once after each read.</summary>
    /// <param name="action">The action.</param>
    public Register AfterRead(Action action)
    {
        _layout.AddAfterRead(_ => action());
        return this;
    }
}
