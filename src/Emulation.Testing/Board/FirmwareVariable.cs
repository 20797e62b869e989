using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Emulation.Testing;

/// <summary>A variable of the firmware, or memory taken as one.</summary>
/// <typeparam name="T">Its type.</typeparam>
public sealed class FirmwareVariable<T>
    where T : unmanaged
{
    internal FirmwareVariable(VirtualBoard board, string name, ulong address) => (Board, Name, Address) = (board, name, address);

    /// <summary>The board.</summary>
    public VirtualBoard Board { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its address.</summary>
    public ulong Address { get; }

    /// <summary>Its value, little-endian.</summary>
    public T Value
    {
        get => Board.ReadMemory<T>(Address);
        set => Board.WriteBytes(Address, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));
    }

    /// <summary>Runs until it has a value; see <see cref="VirtualBoard.WaitForValue{T}"/>.</summary>
    /// <param name="value">The value.</param>
    /// <param name="within">At most this much virtual time; null for the default.</param>
    /// <exception cref="FirmwareTimeoutException">It did not get it.</exception>
    public void WaitFor(T value, TimeSpan? within = null)
        => WaitFor(v => EqualityComparer<T>.Default.Equals(v, value), $"{Name} = {value}", within);

    /// <summary>Runs until it fulfils a condition.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="within">At most this much virtual time; null for the default.</param>
    /// <exception cref="FirmwareTimeoutException">It did not.</exception>
    public void WaitFor(Func<T, bool> condition, TimeSpan? within = null) => WaitFor(condition, $"the condition on {Name}", within);

    /// <summary>Runs until it changes.</summary>
    /// <param name="within">At most this much virtual time; null for the default.</param>
    /// <returns>The new value.</returns>
    /// <exception cref="FirmwareTimeoutException">It did not.</exception>
    public T WaitForChange(TimeSpan? within = null)
    {
        T before = Value;
        WaitFor(v => !EqualityComparer<T>.Default.Equals(v, before), $"a change of {Name} from {before}", within);
        return Value;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} = {Value}";

    private void WaitFor(Func<T, bool> condition, string what, TimeSpan? within)
        => Board.WaitForMemory(what, Address, Unsafe.SizeOf<T>(), () => condition(Value), within);
}
