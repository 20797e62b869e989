using Emulation.Core;

namespace Emulation.Devices;

/// <summary>MSI-X of a function: the table of messages and what is pending. PCI Local Bus Specification 3.0, 6.8.2.</summary>
internal sealed class PciMsix : IMmio
{
    /// <summary>Where the pending bits are in the region.</summary>
    public const uint PendingOffset = 0x800;

    private const ulong RegionSize = 0x1000;
    private const ushort Enable = 1 << 15;
    private const ushort FunctionMask = 1 << 14;
    private readonly PciFunction _owner;
    private readonly uint[] _table;
    private readonly ulong[] _pending;

    public PciMsix(PciFunction owner, int vectors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)vectors - 1, 127u, nameof(vectors));
        _owner = owner;
        Vectors = vectors;
        _table = new uint[4 * vectors];
        _pending = new ulong[(vectors + 63) / 64];
        Region = new MmioRegion($"{owner.Name}.msix", RegionSize, this) { Sizes = AccessSizes.Word | AccessSizes.Double };
        Reset();
    }

    public int Vectors { get; }

    public MmioRegion Region { get; }

    /// <summary>Offset of the capability.</summary>
    public int Capability { get; set; }

    /// <summary>Message Control.</summary>
    public ushort Control { get; set; }

    public bool IsEnabled => (Control & Enable) != 0;

    /// <summary>An interrupt: its message is sent, or is pending while it is masked. A vector that does not exist is none.</summary>
    public void Notify(int vector)
    {
        if (!IsEnabled || (uint)vector >= (uint)Vectors)
            return;
        if (IsMasked(vector))
            _pending[vector / 64] |= 1UL << (vector % 64);
        else
            Send(vector);
    }

    /// <summary>Sends what is pending and not masked any more.</summary>
    public void Deliver()
    {
        if (!IsEnabled)
            return;
        for (int vector = 0; vector < Vectors; vector++)
        {
            if (!IsPending(vector) || IsMasked(vector))
                continue;
            _pending[vector / 64] &= ~(1UL << (vector % 64));
            Send(vector);
        }
    }

    public ulong Read(ulong offset, int size)
    {
        ulong low = ReadWord((int)offset & ~3);
        return size == 8 ? low | ((ulong)ReadWord((int)offset + 4) << 32) : low;
    }

    public void Write(ulong offset, int size, ulong value)
    {
        for (int i = 0; i < size; i += 4)
        {
            int word = ((int)offset + i) / 4;
            if (word < _table.Length)
                _table[word] = word % 4 == 3 ? (uint)(value >> (8 * i)) & 1 : (uint)(value >> (8 * i));
        }

        Deliver();
    }

    public void Reset()
    {
        Control = 0;
        Array.Clear(_table);
        Array.Clear(_pending);
        for (int vector = 0; vector < Vectors; vector++)
            _table[(4 * vector) + 3] = 1;
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_table.AsSpan());
        writer.Write(_pending.AsSpan());
    }

    public void Load(StateReader reader)
    {
        reader.Read(_table.AsSpan());
        for (int vector = 0; vector < Vectors; vector++)
            _table[(4 * vector) + 3] &= 1;
        reader.Read(_pending.AsSpan());
    }

    private bool IsMasked(int vector) => (Control & FunctionMask) != 0 || (_table[(4 * vector) + 3] & 1) != 0;

    private bool IsPending(int vector) => (_pending[vector / 64] >> (vector % 64) & 1) != 0;

    private uint ReadWord(int offset)
    {
        int word = offset / 4;
        if (word < _table.Length)
            return _table[word];
        int pending = (offset - (int)PendingOffset) / 4;
        return pending >= 0 && pending < 2 * _pending.Length ? (uint)(_pending[pending / 2] >> (32 * (pending & 1))) : 0;
    }

    private void Send(int vector)
        => _owner.SendMessage(((ulong)_table[(4 * vector) + 1] << 32) | (_table[4 * vector] & ~3u), _table[(4 * vector) + 2]);
}
