using System.Buffers.Binary;
using System.Text;

namespace Emulation.Boards.Acpi;

/// <summary>Writes ACPI Machine Language. ACPI Specification 6.3, chapter 20; resources: 6.4.</summary>
internal sealed partial class AmlWriter
{
    private const byte ZeroOp = 0x00, OneOp = 0x01, NameOp = 0x08, BytePrefix = 0x0a, WordPrefix = 0x0b, DwordPrefix = 0x0c, StringPrefix = 0x0d, QwordPrefix = 0x0e,
        ScopeOp = 0x10, BufferOp = 0x11, PackageOp = 0x12, MethodOp = 0x14, ExtendedPrefix = 0x5b, DeviceOp = 0x82, NotifyOp = 0x86, ReturnOp = 0xa4;

    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public void Scope(string name, Action<AmlWriter> body) => Block([ScopeOp], Encoding.ASCII.GetBytes(name), body);

    public void Device(string name, Action<AmlWriter> body) => Block([ExtendedPrefix, DeviceOp], Encoding.ASCII.GetBytes(name), body);

    public void Method(string name, Action<AmlWriter> body, byte arguments = 0) => Block([MethodOp], [.. Encoding.ASCII.GetBytes(name), arguments], body);

    public void Return(ulong value)
    {
        _bytes.Add(ReturnOp);
        Integer(value);
    }

    public AmlWriter Name(string name, ulong value)
    {
        BeginName(name);
        Integer(value);
        return this;
    }

    public AmlWriter Name(string name, string value)
    {
        BeginName(name);
        _bytes.Add(StringPrefix);
        _bytes.AddRange(Encoding.ASCII.GetBytes(value));
        _bytes.Add(0);
        return this;
    }

    /// <summary>A package of packages of integers.</summary>
    public void NamePackage(string name, IReadOnlyList<ulong[]> rows)
    {
        BeginName(name);
        Block([PackageOp], [(byte)rows.Count], outer =>
        {
            foreach (ulong[] row in rows)
                outer.Block([PackageOp], [(byte)row.Length], inner => Array.ForEach(row, inner.Integer));
        });
    }

    /// <summary>A resource template: descriptors and the end tag.</summary>
    public void NameResources(string name, params ReadOnlySpan<byte[]> descriptors)
    {
        var all = new List<byte>();
        foreach (byte[] descriptor in descriptors)
            all.AddRange(descriptor);
        all.AddRange([0x79, 0]);
        BeginName(name);
        Block([BufferOp], [], buffer =>
        {
            buffer.Integer((ulong)all.Count);
            buffer._bytes.AddRange(all);
        });
    }

    public void Notify(string name, byte value)
    {
        _bytes.Add(NotifyOp);
        _bytes.AddRange(Encoding.ASCII.GetBytes(name));
        Integer(value);
    }

    /// <summary>32-bit fixed memory range, writable: 6.4.3.4.</summary>
    public static byte[] Memory(ulong address, ulong size)
    {
        byte[] bytes = [0x86, 9, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), (uint)address);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), (uint)size);
        return bytes;
    }

    /// <summary>Extended interrupt of a consumer, level-triggered and active high: 6.4.3.6.</summary>
    public static byte[] Interrupt(int number)
    {
        byte[] bytes = [0x89, 6, 0, 0x01, 1, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(5), number);
        return bytes;
    }

    /// <summary>Word, double word or quad word address space of a bridge, minimum and maximum fixed: 6.4.3.5.</summary>
    /// <param name="width">2, 4 or 8 bytes.</param>
    /// <param name="kind">0 memory, 1 I/O, 2 bus numbers.</param>
    /// <param name="first">First address on the bus.</param>
    /// <param name="size">Number of addresses.</param>
    /// <param name="translation">What the CPU's address is more.</param>
    public static byte[] Space(int width, byte kind, ulong first, ulong size, ulong translation = 0)
    {
        byte[] bytes = new byte[6 + (5 * width)];
        bytes[0] = width switch
        {
            2 => 0x88,
            4 => 0x87,
            _ => 0x8a,
        };
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(1), (ushort)(bytes.Length - 3));
        (bytes[3], bytes[4]) = (kind, 0x0c);
        bytes[5] = kind switch
        {
            0 => 1,         // writable
            1 => 3,         // the entire range
            _ => 0,
        };
        ReadOnlySpan<ulong> values = [0, first, first + size - 1, translation, size];
        Span<byte> quad = stackalloc byte[8];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(quad, values[i]);
            quad[..width].CopyTo(bytes.AsSpan(6 + (i * width)));
        }

        return bytes;
    }

    /// <summary>Interrupt of a GPIO pin, on its rising edge: 6.4.3.8.1.</summary>
    public static byte[] GpioInterrupt(string controller, ushort pin)
    {
        const int Pins = 0x17, Source = Pins + 2;
        byte[] name = [.. Encoding.ASCII.GetBytes(controller), 0];
        byte[] bytes = new byte[Source + name.Length];
        (bytes[0], bytes[3], bytes[5]) = (0x8c, 1, 1);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(1), (ushort)(bytes.Length - 3));
        (bytes[7], bytes[9]) = (0x01, 1);                       // edge, active high, exclusive; pulled up
        bytes[14] = Pins;
        bytes[17] = Source;
        bytes[19] = (byte)bytes.Length;                         // no vendor data
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(Pins), pin);
        name.CopyTo(bytes, Source);
        return bytes;
    }

    private void BeginName(string name)
    {
        _bytes.Add(NameOp);
        _bytes.AddRange(Encoding.ASCII.GetBytes(name));
    }

    private void Integer(ulong value)
    {
        Span<byte> quad = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(quad, value);
        (byte prefix, int width) = value switch
        {
            0 => (ZeroOp, 0),
            1 => (OneOp, 0),
            <= byte.MaxValue => (BytePrefix, 1),
            <= ushort.MaxValue => (WordPrefix, 2),
            <= uint.MaxValue => (DwordPrefix, 4),
            _ => (QwordPrefix, 8),
        };
        _bytes.Add(prefix);
        _bytes.AddRange(quad[..width]);
    }

    // an operator, the length of what follows with the length itself, and that
    private void Block(ReadOnlySpan<byte> operation, ReadOnlySpan<byte> head, Action<AmlWriter> body)
    {
        var inner = new AmlWriter();
        inner._bytes.AddRange(head);
        body(inner);
        _bytes.AddRange(operation);
        int length = inner._bytes.Count;
        if (length + 1 < 0x40)
        {
            _bytes.Add((byte)(length + 1));
        }
        else
        {
            int more = length + 2 < 0x1000 ? 1 : length + 3 < 0x10_0000 ? 2 : 3;
            length += 1 + more;
            _bytes.Add((byte)((more << 6) | (length & 15)));
            for (int i = 0; i < more; i++)
                _bytes.Add((byte)(length >> (4 + (8 * i))));
        }

        _bytes.AddRange(inner._bytes);
    }
}
