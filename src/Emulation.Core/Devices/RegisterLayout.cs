using System.Numerics;
using System.Text;

namespace Emulation.Core;

/// <summary>Fields of one register, or of <see cref="Count"/> equal ones, and what accesses do to them. Built by <see cref="Register"/> and <see cref="RegisterArray"/>.</summary>
internal sealed class RegisterLayout
{
    private readonly RegisterMap _map;
    private readonly int _first;
    private readonly List<Field> _fields = [];
    private LiveField[] _live = [];
    private WriteHook[] _hooks = [];
    private Action<int>? _afterWrite;
    private Action<int>? _afterRead;
    private ulong _covered;
    private ulong _stored;
    private ulong _visible;
    private ulong _readWrite;
    private ulong _oneClears;
    private ulong _zeroClears;
    private ulong _oneSets;
    private ulong _oneToggles;
    private ulong _readClears;
    private ulong _constant;
    private bool _reported;

    internal RegisterLayout(RegisterMap map, string name, ulong offset, int bytes, int count, ulong stride, ulong reset, RegisterAccess access, int first)
    {
        _map = map;
        _first = first;
        Name = name;
        Offset = offset;
        Bytes = bytes;
        Count = count;
        Stride = stride;
        ResetValue = reset;
        Access = access;
        if ((reset & ~Mask) != 0)
            throw new ArgumentException($"{this}: reset value 0x{reset:x} is wider than {bytes * 8} bits", nameof(reset));
    }

    internal string Name { get; }

    internal ulong Offset { get; }

    internal int Bytes { get; }

    internal int Count { get; }

    internal ulong Stride { get; }

    internal ulong ResetValue { get; }

    internal RegisterAccess Access { get; }

    internal ulong Mask => ulong.MaxValue >> (64 - (8 * Bytes));

    internal ulong Uncovered => Mask & ~_covered;

    public override string ToString() => $"{_map.Device} register {Name} (0x{Offset:x})";

    internal ref ulong Stored(int index)
    {
        if ((uint)index >= (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"{this} has {Count} elements");
        return ref _map.Values[_first + index];
    }

    internal void Reset() => _map.Values.AsSpan(_first, Count).Fill(ResetValue);

    /// <summary>Takes loaded values; bits that no field stores keep their reset value, whatever the snapshot says.</summary>
    internal void Sanitize()
    {
        foreach (ref ulong value in _map.Values.AsSpan(_first, Count))
            value = (value & _stored) | (ResetValue & ~_stored);
    }

    internal ulong AddField(int high, int low, string name, FieldMode mode, Func<int, ulong>? read, Action<int, ulong>? write)
    {
        ulong mask = Cover(high, low, name);
        if (mode is FieldMode.ReadOnly or FieldMode.ReadToClear && write != null)
            throw new ArgumentException($"{this}: field {name} is {mode} but has a write callback", nameof(write));
        if (read != null && (mode is FieldMode.WriteOnly or FieldMode.ReadToClear || (write == null && mode != FieldMode.ReadOnly)))
            throw new ArgumentException($"{this}: field {name} stores nothing, which does not go with {mode} and {(write == null ? "no" : "a")} write callback", nameof(read));
        if (read == null)
            AddStorage(mask, mode);
        if (read != null)
            _live = [.. _live, new LiveField(mask, low, read)];
        if (write != null)
            _hooks = [.. _hooks, new WriteHook(mask, low, mode is FieldMode.ReadWrite or FieldMode.WriteOnly, read, write)];
        _fields.Add(new Field(high, low, name, read == null));
        return mask;
    }

    /// <summary>Bits that always read as their reset value.</summary>
    internal void AddConstant(int high, int low, string name, bool report)
    {
        ulong mask = Cover(high, low, name);
        _visible |= mask;
        if (report)
            _constant |= mask;
    }

    internal void AddAfterWrite(Action<int> action) => _afterWrite += action;

    internal void AddAfterRead(Action<int> action) => _afterRead += action;

    internal ulong Read(int index, ulong lanes)
    {
        ref ulong stored = ref _map.Values[_first + index];
        ulong result = stored & _visible;
        foreach (LiveField field in _live)
        {
            if ((field.Mask & lanes) != 0)
                result |= (field.Read(index) << field.Low) & field.Mask;
        }

        stored &= ~(_readClears & lanes);
        _afterRead?.Invoke(index);
        return result;
    }

    internal void Write(int index, ulong lanes, ulong value)
    {
        ref ulong stored = ref _map.Values[_first + index];
        ulong old = stored;
        ulong ones = value & lanes;
        ulong zeros = ~value & lanes;
        ulong next = (old & ~(_readWrite & lanes)) | (_readWrite & ones);
        next = (next | (_oneSets & ones)) ^ (_oneToggles & ones);
        stored = next & ~((_oneClears & ones) | (_zeroClears & zeros));
        if (((value ^ old) & _constant & lanes) != 0 && !_reported)
            ReportConstant(value, old, lanes);
        foreach (WriteHook hook in _hooks)
        {
            if ((hook.Mask & lanes) != 0)
                hook.Write(index, Merge(hook, index, ones, lanes, old));
        }

        _afterWrite?.Invoke(index);
    }

    internal void Describe(StringBuilder text, int index)
    {
        ulong stored = Stored(index);
        string name = Count == 1 ? Name : $"{Name}[{index}]";
        text.Append($"{Offset + ((ulong)index * Stride):x6} {name} = 0x{stored.ToString("x" + (Bytes * 2))}");
        foreach (Field field in _fields)
        {
            if (field.Stored)
                text.Append($" {field.Name}={(stored >> field.Low) & (ulong.MaxValue >> (63 - (field.High - field.Low))):x}");
        }

        text.AppendLine();
    }

    private void AddStorage(ulong mask, FieldMode mode)
    {
        _stored |= mask;
        if (mode != FieldMode.WriteOnly)
            _visible |= mask;
        switch (mode)
        {
            case FieldMode.ReadWrite or FieldMode.WriteOnly: _readWrite |= mask; break;
            case FieldMode.WriteOneToClear: _oneClears |= mask; break;
            case FieldMode.WriteZeroToClear: _zeroClears |= mask; break;
            case FieldMode.WriteOneToSet: _oneSets |= mask; break;
            case FieldMode.WriteOneToToggle: _oneToggles |= mask; break;
            case FieldMode.ReadToClear: _readClears |= mask; break;
            case FieldMode.ReadOnly: break;
            default: throw new ArgumentOutOfRangeException(nameof(mode), mode, $"{this} has a field of no known mode");
        }
    }

    // A field that is only partly inside the written lanes keeps its other bits; command-like modes see zeros there.
    private static ulong Merge(WriteHook hook, int index, ulong ones, ulong lanes, ulong old)
    {
        ulong value = ones & hook.Mask;
        ulong missing = hook.Mask & ~lanes;
        if (missing != 0 && hook.Keeps)
            value |= (hook.Read != null ? hook.Read(index) << hook.Low : old) & missing;
        return value >> hook.Low;
    }

    private ulong Cover(int high, int low, string name)
    {
        if (low < 0 || high < low || high >= Bytes * 8)
            throw new ArgumentOutOfRangeException(nameof(high), $"{this}: field {name} [{high}:{low}] does not fit in {Bytes * 8} bits");
        _map.CheckOpen(this);
        ulong mask = (ulong.MaxValue >> (63 - (high - low))) << low;
        if ((_covered & mask) != 0)
            throw new ArgumentException($"{this}: field {name} [{high}:{low}] overlaps another at bit {BitOperations.TrailingZeroCount(_covered & mask)}", nameof(name));
        _covered |= mask;
        return mask;
    }

    private void ReportConstant(ulong value, ulong old, ulong lanes)
    {
        _reported = true;
        _map.Report($"write of 0x{value & lanes:x} to {Name} (0x{Offset:x}) changes reserved or unimplemented bits 0x{(value ^ old) & _constant & lanes:x}");
    }

    private readonly record struct Field(int High, int Low, string Name, bool Stored);

    private readonly record struct LiveField(ulong Mask, int Low, Func<int, ulong> Read);

    private readonly record struct WriteHook(ulong Mask, int Low, bool Keeps, Func<int, ulong>? Read, Action<int, ulong> Write);
}
