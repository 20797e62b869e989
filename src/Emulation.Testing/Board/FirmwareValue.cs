using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Emulation.Debugging;

namespace Emulation.Testing;

/// <summary>A variable of the firmware, or a member or an element of one, with the type that its source gives it.</summary>
/// <remarks>It is found once: where pointers lead to it, by their values at that time.</remarks>
public sealed class FirmwareValue
{
    private const int MaxText = 1 << 16;
    private readonly VariableReference _place;

    internal FirmwareValue(VirtualBoard board, VariableReference place) => (Board, _place) = (board, place);

    /// <summary>The board.</summary>
    public VirtualBoard Board { get; }

    /// <summary>The expression that it was found by.</summary>
    public string Name => _place.Expression;

    /// <summary>Its address.</summary>
    public ulong Address => _place.Address;

    /// <summary>Its type.</summary>
    public FirmwareType Type => _place.Type;

    /// <summary>Its value as a number: of integers, enumerations, characters, booleans, pointers and bit fields. Unsigned ones of 64 bits above the signed range come out negative.</summary>
    /// <exception cref="InvalidOperationException">It is no number.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number does not fit into it.</exception>
    public long Number
    {
        get => VariableText.NumberOf(_place, Scalar());
        set => Store(value);
    }

    /// <summary>Its value as a floating-point number.</summary>
    /// <exception cref="InvalidOperationException">It is no number.</exception>
    public double Real
    {
        get => VariableText.RealOf(_place, Scalar());
        set
        {
            if (Type is { Kind: FirmwareTypeKind.Real, Size: 4 })
                Board.WriteBytes(Address, BitConverter.GetBytes((float)value));
            else if (Type is { Kind: FirmwareTypeKind.Real, Size: 8 })
                Board.WriteBytes(Address, BitConverter.GetBytes(value));
            else
                throw Not("a floating-point number of 4 or 8 bytes");
        }
    }

    /// <summary>Its value as a debugger shows it: <c>3</c>, <c>RUNNING</c>, <c>"abc"</c>, <c>{counter = 3, mode = RUNNING}</c>.</summary>
    public string Text => VariableText.Format(_place, TryRead);

    /// <summary>The text in an array of characters, or at a pointer to some, up to its terminating zero.</summary>
    /// <exception cref="InvalidOperationException">It is neither.</exception>
    public string String
    {
        get
        {
            if (Type.Element is not { Kind: FirmwareTypeKind.Character, Size: 1 })
                throw Not("text: no array of char, and no pointer to one");
            (ulong address, int limit) = Type.Kind == FirmwareTypeKind.Array ? (Address, (int)Math.Min(Type.Size, MaxText)) : (_place.Target(Board.ReadNumber).Address, MaxText);
            var bytes = new List<byte>();
            while (bytes.Count < limit && Board.ReadBytes(address + (ulong)bytes.Count, 1)[0] is > 0 and var next)
                bytes.Add(next);
            return Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(bytes));
        }
    }

    /// <summary>What a pointer points to now.</summary>
    /// <exception cref="ArgumentException">It is no pointer.</exception>
    /// <exception cref="InvalidOperationException">It points to nothing.</exception>
    public FirmwareValue Target => new(Board, _place.Target(Board.ReadNumber));

    /// <summary>A member of a structure or union.</summary>
    /// <param name="member">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is none; the message has those that there are.</exception>
    public FirmwareValue this[string member] => new(Board, _place.Member(member));

    /// <summary>An element of an array, or of what a pointer points to.</summary>
    /// <param name="index">From 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public FirmwareValue this[int index] => new(Board, _place.Element(index, Board.ReadNumber));

    /// <summary>Its bytes as a .NET type.</summary>
    /// <typeparam name="T">A type of the same size.</typeparam>
    /// <exception cref="ArgumentException">It has another size, or is a bit field.</exception>
    public FirmwareVariable<T> As<T>()
        where T : unmanaged
    {
        if (_place.BitSize > 0)
            throw new ArgumentException($"'{Name}' is a bit field of {_place.BitSize} bits; take its {nameof(Number)}");
        if (Type.Size != (ulong)Unsafe.SizeOf<T>())
            throw new ArgumentException($"'{Name}' is of type {Type} and has {Type.Size} bytes; {typeof(T).Name} has {Unsafe.SizeOf<T>()}");
        return new FirmwareVariable<T>(Board, Name, Address);
    }

    /// <summary>Runs until it is a number. It ends with the instruction that stores it.</summary>
    /// <param name="number">The number.</param>
    /// <param name="within">At most this much virtual time; null for the default.</param>
    /// <exception cref="FirmwareTimeoutException">It did not become so.</exception>
    public void WaitFor(long number, TimeSpan? within = null)
    {
        Scalar();
        Wait($"{Name} = {number}", () => Number == number, within);
    }

    /// <summary>Runs until it has a value as <see cref="Text"/> shows it, such as the name of an enumeration's number.</summary>
    /// <param name="text">The text; of text in an array, without quotes, too.</param>
    /// <param name="within">At most this much virtual time; null for the default.</param>
    /// <exception cref="FirmwareTimeoutException">It did not become so.</exception>
    public void WaitFor(string text, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Type.Kind == FirmwareTypeKind.Enumeration && !Type.Enumerators.Any(e => e.Name == text))
            throw new ArgumentException($"'{Name}' is of type {Type}, which has no '{text}'; it has {string.Join(", ", Type.Enumerators.Select(static e => e.Name))}", nameof(text));
        Wait($"{Name} = {text}", () => Text is var now && (now == text || now == $"\"{text}\""), within);
    }

    /// <summary>Runs until it changes.</summary>
    /// <param name="within">At most this much virtual time; null for the default.</param>
    /// <exception cref="FirmwareTimeoutException">It did not.</exception>
    public void WaitForChange(TimeSpan? within = null)
    {
        byte[] before = Board.ReadBytes(Address, _place.Size);
        Wait($"a change of {this}", () => !before.AsSpan().SequenceEqual(Board.ReadBytes(Address, _place.Size)), within);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} = {Text}";

    private void Wait(string what, Func<bool> done, TimeSpan? within) => Board.WaitForMemory(what, Address, Math.Max(1, _place.Size), done, within);

    private byte[]? TryRead(ulong address, int count)
    {
        byte[] bytes = new byte[count];
        return Board.Machine.Memory.TryRead(address, bytes) ? bytes : null;
    }

    private byte[] Scalar()
        => Type.Kind is FirmwareTypeKind.Structure or FirmwareTypeKind.Union or FirmwareTypeKind.Array || _place.Size is 0 or > 16 ? throw Not("one number") : Board.ReadBytes(Address, _place.Size);

    private void Store(long value)
    {
        byte[] bytes = Scalar();
        if (Type.Kind == FirmwareTypeKind.Real)
            throw Not($"an integer; set {nameof(Real)}");
        int bits = _place.BitSize > 0 ? _place.BitSize : 8 * bytes.Length;
        bool signed = Type.Kind == FirmwareTypeKind.Signed;
        if (bits < 64 && (signed ? value < -(1L << (bits - 1)) || value >= 1L << (bits - 1) : value < 0 || value >= 1L << bits))
            throw new ArgumentOutOfRangeException(nameof(value), $"{value} does not fit into '{Name}', which is {Type} of {bits} bits");
        if (bytes.Length > 8)
            throw Not("a number of at most 64 bits");
        Span<byte> word = stackalloc byte[8];
        word.Clear();
        bytes.CopyTo(word);
        ulong mask = (bits >= 64 ? ulong.MaxValue : (1UL << bits) - 1) << _place.BitOffset;
        ulong now = BinaryPrimitives.ReadUInt64LittleEndian(word);
        BinaryPrimitives.WriteUInt64LittleEndian(word, (now & ~mask) | (((ulong)value << _place.BitOffset) & mask));
        Board.WriteBytes(Address, word[..bytes.Length]);
    }

    private InvalidOperationException Not(string what) => new($"'{Name}' is of type {Type} and not {what}");
}
