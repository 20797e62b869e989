namespace Emulation.Core;

/// <summary>Equal registers at a fixed distance: as <see cref="Register"/>, with the element's index in every callback.</summary>
public sealed class RegisterArray
{
    private readonly RegisterLayout _layout;

    internal RegisterArray(RegisterLayout layout) => _layout = layout;

    /// <summary>The manual's name, without an index.</summary>
    public string Name => _layout.Name;

    /// <summary>Registers in the array.</summary>
    public int Count => _layout.Count;

    /// <summary>What the map stores for one register: no callback runs, no access mode applies.</summary>
    /// <param name="index">Element, from 0.</param>
    public ulong this[int index]
    {
        get => _layout.Stored(index);
        set => _layout.Stored(index) = value & _layout.Mask;
    }

    /// <summary>Defines bits <paramref name="high"/> to <paramref name="low"/> of every register.</summary>
    /// <param name="high">Highest bit.</param>
    /// <param name="low">Lowest bit.</param>
    /// <param name="name">The manual's name.</param>
    /// <param name="mode">What accesses do.</param>
    /// <param name="read">Gives the value of an element instead of storage, right-aligned.</param>
    /// <param name="write">Called with the element and the value written, right-aligned.</param>
    public RegisterArray Bits(int high, int low, string name, FieldMode mode = FieldMode.ReadWrite, Func<int, ulong>? read = null, Action<int, ulong>? write = null)
    {
        _layout.AddField(high, low, name, mode, read, write);
        return this;
    }

    /// <summary>Defines bits <paramref name="high"/> to <paramref name="low"/> of every register and gives a handle on them.</summary>
    /// <param name="high">Highest bit.</param>
    /// <param name="low">Lowest bit.</param>
    /// <param name="name">The manual's name.</param>
    /// <param name="field">The handle.</param>
    /// <param name="mode">What accesses do.</param>
    /// <param name="write">Called with the element and the value written, right-aligned.</param>
    public RegisterArray Bits(int high, int low, string name, out BitField field, FieldMode mode = FieldMode.ReadWrite, Action<int, ulong>? write = null)
    {
        field = new BitField(_layout, _layout.AddField(high, low, name, mode, null, write), low);
        return this;
    }

    /// <summary>Defines one bit of every register.</summary>
    /// <param name="bit">The bit.</param>
    /// <param name="name">The manual's name.</param>
    /// <param name="mode">What accesses do.</param>
    /// <param name="read">Gives the value of an element instead of storage.</param>
    /// <param name="write">Called with the element and the bit written.</param>
    public RegisterArray Flag(int bit, string name, FieldMode mode = FieldMode.ReadWrite, Func<int, bool>? read = null, Action<int, bool>? write = null)
    {
        _layout.AddField(bit, bit, name, mode, read == null ? null : i => read(i) ? 1UL : 0, write == null ? null : (i, value) => write(i, value != 0));
        return this;
    }

    /// <summary>Defines one bit of every register and gives a handle on it.</summary>
    /// <param name="bit">The bit.</param>
    /// <param name="name">The manual's name.</param>
    /// <param name="field">The handle.</param>
    /// <param name="mode">What accesses do.</param>
    /// <param name="write">Called with the element and the bit written.</param>
    public RegisterArray Flag(int bit, string name, out FlagField field, FieldMode mode = FieldMode.ReadWrite, Action<int, bool>? write = null)
    {
        ulong mask = _layout.AddField(bit, bit, name, mode, null, write == null ? null : (i, value) => write(i, value != 0));
        field = new FlagField(_layout, mask);
        return this;
    }

    /// <inheritdoc cref="Register.Reserved"/>
    public RegisterArray Reserved(int high, int low)
    {
        _layout.AddConstant(high, low, "reserved", report: true);
        return this;
    }

    /// <inheritdoc cref="Register.Ignored"/>
    public RegisterArray Ignored(int high, int low)
    {
        _layout.AddConstant(high, low, "ignored", report: false);
        return this;
    }

    /// <inheritdoc cref="Register.Unimplemented"/>
    public RegisterArray Unimplemented(int high, int low, string what)
    {
        _layout.AddConstant(high, low, what, report: true);
        return this;
    }

    /// <summary>Runs <paramref name="action"/> with the element once after each write, when all fields are updated.</summary>
    /// <param name="action">The action.</param>
    public RegisterArray Then(Action<int> action)
    {
        _layout.AddAfterWrite(action);
        return this;
    }

    /// <summary>Runs <paramref name="action"/> with the element once after each read.</summary>
    /// <param name="action">The action.</param>
    public RegisterArray AfterRead(Action<int> action)
    {
        _layout.AddAfterRead(action);
        return this;
    }
}
