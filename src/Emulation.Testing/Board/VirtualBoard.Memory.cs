using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Emulation.Core;
using Emulation.Debugging;

namespace Emulation.Testing;

// Variables and memory.
public abstract partial class VirtualBoard
{
    /// <summary>Finds a symbol.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is none, or there are several; the message has names that are alike.</exception>
    public Symbol Symbol(string name) => Firmware.Symbols.Get(name);

    /// <summary>A variable of the firmware with the type that its source gives it, or a member or an element of one. It takes the debug information, not just the symbols.</summary>
    /// <param name="expression">As a debugger takes it: <c>state.counter</c>, <c>table[3].name</c>, <c>head-&gt;next</c>, <c>*buffer</c>; <c>file.c:name</c> where several files have a variable of that name.</param>
    /// <exception cref="KeyNotFoundException">There is no such variable or member; the message has what there is.</exception>
    /// <exception cref="ArgumentException">The expression cannot be understood, or does not fit the types.</exception>
    public FirmwareValue Variable(string expression) => new(this, VariableReference.Find(Firmware.Variables, expression, ReadNumber));

    /// <summary>A variable of the firmware.</summary>
    /// <typeparam name="T">Its type: a number of its width, or a struct without padding differences.</typeparam>
    /// <param name="name">Its name, or an expression as for <see cref="Variable(string)"/>.</param>
    /// <param name="index">Element of an array.</param>
    /// <exception cref="KeyNotFoundException">There is no such symbol.</exception>
    /// <exception cref="ArgumentException">It has another size.</exception>
    public FirmwareVariable<T> Variable<T>(string name, int index = 0)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        if (index == 0 && IsExpression(name))
            return Variable(name).As<T>();
        Symbol symbol = Symbol(name);
        int size = Unsafe.SizeOf<T>();
        ulong offset = (ulong)index * (ulong)size;
        if (symbol.Size > 0 && (symbol.Size % (ulong)size != 0 || offset >= symbol.Size))
            throw new ArgumentException($"'{name}' has {symbol.Size} bytes; element {index} of {size} bytes ({typeof(T).Name}) does not fit{TypeHint(name)}", nameof(name));
        return new FirmwareVariable<T>(this, index == 0 ? name : $"{name}[{index}]", symbol.Address + offset);
    }

    /// <summary>Memory as a variable.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="address">Physical address.</param>
    public FirmwareVariable<T> Variable<T>(ulong address)
        where T : unmanaged
        => new(this, $"0x{address:x8}", address);

    /// <summary>Reads a variable.</summary>
    /// <inheritdoc cref="Variable{T}(string, int)"/>
    public T Read<T>(string name, int index = 0)
        where T : unmanaged
        => Variable<T>(name, index).Value;

    /// <summary>Writes a variable.</summary>
    /// <inheritdoc cref="Variable{T}(string, int)"/>
    /// <param name="name">Its name.</param>
    /// <param name="value">The new value.</param>
    /// <param name="index">Element of an array.</param>
    public void Write<T>(string name, T value, int index = 0)
        where T : unmanaged
        => Variable<T>(name, index).Value = value;

    /// <summary>Reads memory. Registers of devices are not read.</summary>
    /// <param name="address">Physical address.</param>
    /// <param name="count">Bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A byte is not memory.</exception>
    public byte[] ReadBytes(ulong address, int count)
    {
        byte[] bytes = new byte[count];
        return Machine.Memory.TryRead(address, bytes) ? bytes : throw new ArgumentOutOfRangeException(nameof(address), $"{count} bytes at 0x{address:x8} do not lie in the memory of {Recipe.Name}");
    }

    /// <summary>Writes memory, flash among it, as a debugger does.</summary>
    /// <param name="address">Physical address.</param>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A byte is not memory.</exception>
    public void WriteBytes(ulong address, ReadOnlySpan<byte> bytes)
    {
        if (!Machine.Memory.TryLoad(address, bytes))
            throw new ArgumentOutOfRangeException(nameof(address), $"{bytes.Length} bytes at 0x{address:x8} do not lie in the memory of {Recipe.Name}");
    }

    /// <summary>Runs until a variable has a value. It ends with the instruction that stores it; stores by DMA are seen at the next store of a CPU.</summary>
    /// <typeparam name="T">The variable's type.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="value">The value.</param>
    /// <param name="within">At most this much virtual time; null for the default.</param>
    /// <exception cref="FirmwareTimeoutException">It did not get the value.</exception>
    public void WaitForValue<T>(string name, T value, TimeSpan? within = null)
        where T : unmanaged
        => Variable<T>(name).WaitFor(value, within);

    /// <summary>Runs until a variable changes.</summary>
    /// <typeparam name="T">The variable's type.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="within">At most this much virtual time; null for the default.</param>
    /// <returns>The new value.</returns>
    /// <exception cref="FirmwareTimeoutException">It did not change.</exception>
    public T WaitForChange<T>(string name, TimeSpan? within = null)
        where T : unmanaged
        => Variable<T>(name).WaitForChange(within);

    internal ulong? ReadNumber(ulong address, int size)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        return size is > 0 and <= 8 && Machine.Memory.TryRead(address, bytes[..size]) ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : null;
    }

    // a symbol may have a dot in its name; what is no symbol is taken as an expression
    private bool IsExpression(string name)
        => Firmware.Symbols.Find(name) is null && (name.AsSpan().IndexOfAny(".[:*>") >= 0 || Firmware.Variables.Find(name) is not null);

    private string TypeHint(string name)
    {
        try
        {
            return Firmware.Variables.Find(name) is { } variable ? $"; it is of type {variable.Type}" : "";
        }
        catch (Exception e) when (e is KeyNotFoundException or FirmwareFormatException)
        {
            return "";
        }
    }

    internal T ReadMemory<T>(ulong address)
        where T : unmanaged
    {
        Span<T> value = stackalloc T[1];
        ReadBytes(address, Unsafe.SizeOf<T>()).CopyTo(MemoryMarshal.AsBytes(value));
        return value[0];
    }

    internal void WaitForMemory(string what, ulong address, int size, Func<bool> done, TimeSpan? within)
    {
        using IDisposable hook = Machine.Hooks.Write(address, address + (ulong)size - 1, (in MemoryEvent _) => Pause(() =>
        {
            if (done())
                _stopWanted = true;
        }));
        Expect(what, within, done);
    }
}
