using System.Buffers.Binary;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>A function on a PCI Express bus: configuration space, base addresses, interrupt pin, MSI-X. PCI Local Bus Specification 3.0, chapter 6; PCI Express Base 3.0, 7.5.</summary>
/// <remarks>A guest may write anything anywhere in configuration space: bits that are not defined as writable stay as they are.</remarks>
public abstract class PciFunction : IDevice
{
    /// <summary>Bytes of configuration space.</summary>
    public const int ConfigSize = 4096;

    private const int Command = 0x04;
    private const int Status = 0x06;
    private const int FirstBar = 0x10;
    private const int CapabilityPointer = 0x34;
    private const ushort CommandPorts = 1, CommandMemory = 2, CommandMaster = 4, CommandNoInterrupt = 1 << 10;
    private const ushort StatusInterrupt = 1 << 3, StatusCapabilities = 1 << 4;

    private readonly byte[] _config = new byte[ConfigSize];
    private readonly byte[] _reset = new byte[ConfigSize];
    private readonly byte[] _writable = new byte[ConfigSize];
    private readonly PciBar?[] _bars = new PciBar?[6];
    private int _lastCapability = CapabilityPointer;
    private int _nextCapability = 0x40;
    private bool _interrupt;

    private protected PciFunction(string name, GuestLog log, ushort vendor, ushort device, uint classCode, byte revision)
    {
        Name = name;
        Log = log;
        Set16(0x00, vendor);
        Set16(0x02, device);
        Set32(0x08, (classCode << 8) | revision);
        Set16Writable(Command, CommandPorts | CommandMemory | CommandMaster | CommandNoInterrupt | (1 << 6) | (1 << 8));
        _writable[0x0c] = 0xff;                      // cache line size and latency: for the guest's own use
        _writable[0x3c] = 0xff;                      // interrupt line, too
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Place on its bus: device number times 8, and function; -1 before it is on one.</summary>
    public int Slot { get; private set; } = -1;

    /// <summary>MSI-X, or null.</summary>
    internal PciMsix? Msix { get; private set; }

    private protected GuestLog Log { get; }

    private protected PciHost? Host { get; private set; }

    private ushort CommandBits => BinaryPrimitives.ReadUInt16LittleEndian(_config.AsSpan(Command));

    /// <summary>Whether the function may write memory on its own: for messages.</summary>
    internal bool IsMaster => (CommandBits & CommandMaster) != 0;

    internal void Attach(PciHost host, int slot)
    {
        if (Host is not null)
            throw new InvalidOperationException($"'{Name}' is on a bus already");
        (Host, Slot) = (host, slot);
    }

    /// <summary>Reads configuration space.</summary>
    /// <param name="offset">Byte offset, a multiple of the size.</param>
    /// <param name="size">1, 2 or 4.</param>
    internal virtual uint ReadConfig(int offset, int size)
    {
        uint value = 0;
        for (int i = size - 1; i >= 0; i--)
            value = (value << 8) | ReadByte(offset + i);
        return value;
    }

    /// <summary>Writes configuration space.</summary>
    /// <param name="offset">Byte offset, a multiple of the size.</param>
    /// <param name="size">1, 2 or 4.</param>
    /// <param name="value">The value.</param>
    internal virtual void WriteConfig(int offset, int size, uint value)
    {
        for (int i = 0; i < size; i++)
        {
            byte mask = _writable[offset + i];
            _config[offset + i] = (byte)((_config[offset + i] & ~mask) | ((byte)(value >> (8 * i)) & mask));
        }

        if (offset < 0x28)
            MapBars();
        if (offset is Command or Command + 1)
            UpdatePin();
        if (Msix is { } msix && offset + size > msix.Capability && offset < msix.Capability + 12)
            OnMsixControl(msix);
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _reset.CopyTo(_config.AsSpan());
        _interrupt = false;
        Msix?.Reset();
        ResetState();
        MapBars();
        UpdatePin();
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(_config);
        writer.Write(_interrupt);
        Msix?.Save(writer);
        SaveState(writer);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ReadOnlySpan<byte> saved = reader.ReadBytes();
        if (saved.Length != ConfigSize)
            throw reader.Damaged($"configuration space of {saved.Length} bytes");
        for (int i = 0; i < ConfigSize; i++)
            _config[i] = (byte)((saved[i] & _writable[i]) | (_reset[i] & ~_writable[i]));
        _interrupt = reader.ReadBoolean();
        if (Msix is { } msix)
        {
            msix.Load(reader);
            msix.Control = BinaryPrimitives.ReadUInt16LittleEndian(_config.AsSpan(msix.Capability + 2));
        }

        LoadState(reader);
        MapBars();
        Host?.SetPin(Slot, Pin, PinLevel, restore: true);
    }

    private protected virtual void ResetState() { }

    private protected virtual void SaveState(StateWriter writer) { }

    private protected virtual void LoadState(StateReader reader) { }

    /// <summary>Defines a base address register.</summary>
    private protected void AddBar(int index, PciBarKind kind, MmioRegion region)
    {
        var bar = new PciBar(index, kind, region);
        _bars[index] = bar;
        int offset = FirstBar + (4 * index);
        ulong writable = ~(region.Size - 1);
        Set32(offset, bar.Flags);
        BinaryPrimitives.WriteUInt32LittleEndian(_writable.AsSpan(offset), (uint)writable);
        if (bar.IsWide)
            BinaryPrimitives.WriteUInt32LittleEndian(_writable.AsSpan(offset + 4), (uint)(writable >> 32));
    }

    /// <summary>The region of a base address register, or null.</summary>
    private protected MmioRegion? BarRegion(int index) => (uint)index < (uint)_bars.Length ? _bars[index]?.Region : null;

    /// <summary>Appends a capability.</summary>
    /// <returns>Its offset.</returns>
    private protected int AddCapability(byte id, ReadOnlySpan<byte> body)
    {
        int at = _nextCapability;
        _nextCapability = (at + 2 + body.Length + 3) & ~3;
        if (_nextCapability > 0x100)
            throw new InvalidOperationException($"'{Name}' has more capabilities than room");
        _reset[_lastCapability] = _config[_lastCapability] = (byte)at;
        _lastCapability = at + 1;
        _reset[at] = _config[at] = id;
        body.CopyTo(_reset.AsSpan(at + 2));
        body.CopyTo(_config.AsSpan(at + 2));
        Set16(Status, StatusCapabilities);
        return at;
    }

    /// <summary>Makes bytes of a capability writable.</summary>
    private protected void SetWritable(int offset, ReadOnlySpan<byte> mask) => mask.CopyTo(_writable.AsSpan(offset));

    /// <summary>Defines MSI-X with its table in a base address register of its own.</summary>
    private protected void AddMsix(int bar, int vectors)
    {
        Msix = new PciMsix(this, vectors);
        AddBar(bar, PciBarKind.Memory32, Msix.Region);
        Span<byte> body = stackalloc byte[10];
        BinaryPrimitives.WriteUInt16LittleEndian(body, (ushort)(vectors - 1));
        BinaryPrimitives.WriteUInt32LittleEndian(body[2..], (uint)bar);
        BinaryPrimitives.WriteUInt32LittleEndian(body[6..], PciMsix.PendingOffset | (uint)bar);
        Msix.Capability = AddCapability(0x11, body);
        SetWritable(Msix.Capability + 3, [0xc0]);
    }

    private protected void SetSubsystem(ushort vendor, ushort id)
    {
        Set16(0x2c, vendor);
        Set16(0x2e, id);
    }

    private protected void SetInterruptPin(byte pin) => _reset[0x3d] = _config[0x3d] = pin;

    /// <summary>Asserts or releases the interrupt pin; nothing reaches the bus while MSI-X is enabled.</summary>
    private protected void SetInterrupt(bool level)
    {
        _interrupt = level;
        UpdatePin();
    }

    internal void SendMessage(ulong address, uint data)
    {
        if (IsMaster)
            Host?.SendMessage(address, data, Slot);
    }

    private int Pin => _config[0x3d] - 1;

    private bool PinLevel => _interrupt && (CommandBits & CommandNoInterrupt) == 0 && Msix is not { IsEnabled: true };

    private void UpdatePin()
    {
        if (Pin >= 0)
            Host?.SetPin(Slot, Pin, PinLevel);
    }

    private byte ReadByte(int offset)
        => offset == Status && _interrupt ? (byte)(_config[offset] | StatusInterrupt) : _config[offset];

    private void OnMsixControl(PciMsix msix)
    {
        msix.Control = BinaryPrimitives.ReadUInt16LittleEndian(_config.AsSpan(msix.Capability + 2));
        msix.Deliver();
        UpdatePin();
    }

    private void MapBars()
    {
        foreach (PciBar? bar in _bars)
        {
            if (bar is null)
                continue;
            bool ports = bar.Kind == PciBarKind.Ports;
            ulong address = BinaryPrimitives.ReadUInt32LittleEndian(_config.AsSpan(FirstBar + (4 * bar.Index))) & (ports ? ~3u : ~15u);
            if (bar.IsWide)
                address |= (ulong)BinaryPrimitives.ReadUInt32LittleEndian(_config.AsSpan(FirstBar + (4 * bar.Index) + 4)) << 32;
            ulong offset = 0;
            bool enabled = (CommandBits & (ports ? CommandPorts : CommandMemory)) != 0;
            bar.Map(enabled ? Host?.FindWindow(ports, address, bar.Region.Size, out offset) : null, offset);
        }
    }

    private void Set16(int offset, ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_reset.AsSpan(offset), value);
        BinaryPrimitives.WriteUInt16LittleEndian(_config.AsSpan(offset), value);
    }

    private void Set16Writable(int offset, int mask) => BinaryPrimitives.WriteUInt16LittleEndian(_writable.AsSpan(offset), (ushort)mask);

    private void Set32(int offset, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_reset.AsSpan(offset), value);
        BinaryPrimitives.WriteUInt32LittleEndian(_config.AsSpan(offset), value);
    }
}
