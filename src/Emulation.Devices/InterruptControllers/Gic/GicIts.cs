using System.Buffers.Binary;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>
/// Interrupt Translation Service of a GICv3: turns a device's message into an LPI of a CPU, by tables in memory that commands change. Arm IHI 0069, chapter 5
/// and 12.18. Ports: 128 KiB MMIO; guest memory; messages.
/// </summary>
/// <remarks>
/// It keeps nothing of the tables. A command that makes no sense is reported, skipped, and changes nothing. Formats of entries, which no software may look at: 8 bytes,
/// bit 63 valid; a device has the address of its translation table in bits 51 to 8 and the width of its events, less one, in bits 4 to 0; a
/// collection has its CPU in bits 15 to 0; a translation has its collection in bits 47 to 32 and its LPI in bits 31 to 0.
/// </remarks>
public sealed class GicIts : MmioDevice
{
    /// <summary>Where messages are written, from the start of the window: GITS_TRANSLATER.</summary>
    public const ulong Translater = 0x1_0040;

    private const int EntrySize = 8;
    private const int CommandSize = 32;
    private const ulong Valid = 1UL << 63;
    private const ulong Indirect = 1UL << 62;
    private const ulong AddressBits = 0x000f_ffff_ffff_f000;
    private const ulong DeviceBase = (1UL << 56) | ((EntrySize - 1UL) << 48);
    private const ulong CollectionBase = (4UL << 56) | ((EntrySize - 1UL) << 48);
    private const ulong BaseWritable = 0xf8e0_ffff_ffff_ffff;
    private const int IdBits = 16;
    private const uint Implementer = 0x0100_043b;

    // physical LPIs, entries of 8 bytes, 16 bits of events, devices and collections; CPUs are named by number
    private const ulong Type = 1 | ((EntrySize - 1) << 4) | ((IdBits - 1) << 8) | ((IdBits - 1) << 13) | ((IdBits - 1UL) << 32) | (1UL << 36);

    private readonly GicV3 _gic;
    private readonly GuestMemory _memory;
    private readonly FlagField _enabled;
    private readonly Register _commandBase;
    private readonly BitField _write;
    private readonly BitField _read;

    /// <summary>Creates the service.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="gic">The controller; it must have LPIs.</param>
    /// <param name="memory">Where tables and commands are.</param>
    /// <param name="log">Where guest errors go.</param>
    public GicIts(string name, GicV3 gic, AddressSpace memory, GuestLog log)
        : base(name, log, 0x2_0000, AccessSizes.Half | AccessSizes.Word | AccessSizes.Double)
    {
        ArgumentNullException.ThrowIfNull(gic);
        ArgumentNullException.ThrowIfNull(memory);
        if (!gic.Options.Lpis)
            throw new ArgumentException("the interrupt controller has no LPIs", nameof(gic));
        _gic = gic;
        _memory = new GuestMemory(memory);
        Registers.Define(0x0000, "GITS_CTLR", reset: 1UL << 31).Flag(0, "Enabled", out _enabled).Ignored(30, 1).Ignored(31, 31).Then(RunCommands);
        Registers.Define(0x0004, "GITS_IIDR", Implementer, access: RegisterAccess.ReadOnly).Reserved(31, 0);
        Registers.Define(0x0008, "GITS_TYPER", Type, width: 64, access: RegisterAccess.ReadOnly).Reserved(63, 0);
        _commandBase = Registers.Define(0x0080, "GITS_CBASER", width: 64)
            .Bits(11, 0, "shareability, size").Bits(51, 12, "address").Ignored(52, 52).Bits(55, 53, "outer cache").Ignored(58, 56).Bits(61, 59, "inner cache").Ignored(62, 62).Flag(63, "valid")
            .Then(() => _read!.Value = 0);
        Registers.Define(0x0088, "GITS_CWRITER", width: 64).Ignored(4, 0).Bits(19, 5, "offset", out _write).Ignored(63, 20).Then(RunCommands);
        Registers.Define(0x0090, "GITS_CREADR", width: 64, access: RegisterAccess.ReadOnly).Reserved(4, 0).Bits(19, 5, "offset", out _read, FieldMode.ReadOnly).Reserved(63, 20);
        Registers.DefineMany(0x0100, 2, 8, "GITS_BASER", width: 64).Bits(63, 0, "table", read: i => _baseValues[i], write: WriteBase);
        Registers.DefineMany(0x0110, 6, 8, "GITS_BASER", width: 64).Ignored(63, 0);
        foreach ((ulong offset, uint value) in (ReadOnlySpan<(ulong, uint)>)
            [(0xffd0, 0x44), (0xffd4, 0), (0xffd8, 0), (0xffdc, 0), (0xffe0, 0x94), (0xffe4, 0xb4), (0xffe8, 0x3b), (0xffec, 0), (0xfff0, 0x0d), (0xfff4, 0xf0), (0xfff8, 0x05), (0xfffc, 0xb1)])
            Registers.Define(offset, "GITS_PIDR", value, access: RegisterAccess.ReadOnly).Reserved(31, 0);
        // a CPU has no device ID to translate
        Registers.Define(Translater, "GITS_TRANSLATER", access: RegisterAccess.WriteOnly).Ignored(31, 0);
    }

    private readonly ulong[] _baseValues = [DeviceBase, CollectionBase];

    /// <summary>A device's message arrives: its interrupt becomes pending, if the tables know it.</summary>
    /// <param name="device">Device ID: the requester's.</param>
    /// <param name="eventId">The data written.</param>
    public void Translate(uint device, uint eventId)
    {
        if (_enabled.Value && TryFindEvent(device, eventId, out _, out ulong entry) && TryFindCpu(entry, out int cpu))
        {
            _gic.SetLpi(cpu, (int)(uint)entry, true);
            _gic.SignalLpis();
        }
    }

    /// <inheritdoc/>
    protected override void ResetState() => (_baseValues[0], _baseValues[1]) = (DeviceBase, CollectionBase);

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer) => writer.Write(_baseValues.AsSpan());

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        reader.Read(_baseValues.AsSpan());
        for (int i = 0; i < 2; i++)
            WriteBase(i, _baseValues[i]);
    }

    private void WriteBase(int index, ulong value)
    {
        // the type and the size of entries are the service's; collections have a flat table
        ulong fixedBits = index == 0 ? DeviceBase : CollectionBase;
        ulong writable = BaseWritable & ~(index == 0 ? 0 : Indirect);
        // page sizes are 4, 16 and 64 KiB
        if ((value & 0x300) == 0x300)
            value &= ~0x100UL;
        _baseValues[index] = (value & writable) | fixedBits;
    }

    private void RunCommands()
    {
        if (!_enabled.Value || (_commandBase.Value & Valid) == 0)
            return;
        ulong end = ((_commandBase.Value & 0xff) + 1) * (4096 / CommandSize);
        if (_write.Value >= end)
        {
            Log.Error(Name, $"GITS_CWRITER is behind the end of the queue, which has {end} commands");
            return;
        }

        Span<byte> command = stackalloc byte[CommandSize];
        Span<ulong> words = stackalloc ulong[4];
        for (ulong left = end; _read.Value != _write.Value && left > 0; left--)
        {
            if (!_memory.TryRead((_commandBase.Value & AddressBits) + (_read.Value * CommandSize), command))
            {
                Log.Error(Name, "the command queue is not in memory");
                break;
            }

            for (int i = 0; i < 4; i++)
                words[i] = BinaryPrimitives.ReadUInt64LittleEndian(command[(8 * i)..]);
            if (Run(words) is { } fault)
                Log.Error(Name, $"command 0x{words[0] & 0xff:x2}: {fault}");
            _read.Value = (_read.Value + 1) % end;
        }

        _gic.SignalLpis();
    }

    // IHI 0069, 5.3; null, or what is wrong
    private string? Run(ReadOnlySpan<ulong> words)
    {
        uint device = (uint)(words[0] >> 32), eventId = (uint)words[1];
        switch (words[0] & 0xff)
        {
            case 0x08: return MapDevice(device, words[1], words[2]);
            case 0x09: return MapCollection((uint)words[2] & 0xffff, words[2]);
            case 0x0a: return MapEvent(device, eventId, (uint)(words[1] >> 32), (uint)words[2] & 0xffff);
            case 0x0b: return MapEvent(device, eventId, eventId, (uint)words[2] & 0xffff);
            case 0x01: return MoveEvent(device, eventId, (uint)words[2] & 0xffff);
            case 0x0f: return ForEvent(device, eventId, static (its, cpu, lpi) => its._gic.SetLpi(cpu, lpi, false), discard: true);
            case 0x03: return ForEvent(device, eventId, static (its, cpu, lpi) => its._gic.SetLpi(cpu, lpi, true));
            case 0x04: return ForEvent(device, eventId, static (its, cpu, lpi) => its._gic.SetLpi(cpu, lpi, false));
            case 0x0c: return ForEvent(device, eventId, static (its, cpu, _) => its._gic.RefreshLpis(cpu));
            case 0x0d:
                if (!TryFindCpu((words[2] & 0xffff) << 32, out int cpu))
                    return $"collection {words[2] & 0xffff} is not mapped";
                _gic.RefreshLpis(cpu);
                return null;
            case 0x0e:
                (ulong from, ulong to) = (Cpu(words[2]), Cpu(words[3]));
                if (from >= (ulong)_gic.Options.Cpus || to >= (ulong)_gic.Options.Cpus)
                    return "there is no such CPU";
                _gic.MoveLpis((int)from, (int)to);
                return null;
            case 0x05: return null;
            default: return "there is no such command";
        }
    }

    private static ulong Cpu(ulong word) => word >> 16 & 0x7_ffff_ffff;

    private string? MapDevice(uint device, ulong size, ulong table)
    {
        if ((size & 0x1f) >= IdBits)
            return $"device {device} has events of {(size & 0x1f) + 1} bits";
        if (!TryFindEntry(_baseValues[0], device, out ulong at))
            return $"device {device} is outside the device table";
        return Put(at, (table & Valid) == 0 ? 0 : Valid | (table & 0x000f_ffff_ffff_ff00) | (size & 0x1f));
    }

    private string? MapCollection(uint collection, ulong target)
    {
        if (!TryFindEntry(_baseValues[1], collection, out ulong at))
            return $"collection {collection} is outside the collection table";
        if ((target & Valid) == 0)
            return Put(at, 0);
        ulong cpu = Cpu(target & ~Valid);
        return cpu < (ulong)_gic.Options.Cpus ? Put(at, Valid | cpu) : $"there is no CPU {cpu}";
    }

    private string? MapEvent(uint device, uint eventId, uint lpi, uint collection)
    {
        if (lpi is < GicV3.FirstLpi or >= GicV3.LpiEnd)
            return $"{lpi} is no LPI";
        return TryFindPlace(device, eventId, out ulong at) ? Put(at, Valid | ((ulong)collection << 32) | lpi) : $"device {device} has no event {eventId}";
    }

    private string? MoveEvent(uint device, uint eventId, uint collection)
    {
        if (!TryFindEvent(device, eventId, out ulong at, out ulong entry))
            return $"event {eventId} of device {device} is not mapped";
        ulong moved = (entry & ~(0xffffUL << 32)) | ((ulong)collection << 32);
        if (TryFindCpu(entry, out int from) && TryFindCpu(moved, out int to))
            _gic.MoveLpi((int)(uint)entry, from, to);
        return Put(at, moved);
    }

    private string? ForEvent(uint device, uint eventId, Action<GicIts, int, int> action, bool discard = false)
    {
        if (!TryFindEvent(device, eventId, out ulong at, out ulong entry) || !TryFindCpu(entry, out int cpu))
            return $"event {eventId} of device {device} is not mapped";
        action(this, cpu, (int)(uint)entry);
        return discard ? Put(at, 0) : null;
    }

    private bool TryFindCpu(ulong translation, out int cpu)
    {
        cpu = 0;
        if (!TryFindEntry(_baseValues[1], (uint)(translation >> 32) & 0xffff, out ulong at) || !TryGet(at, out ulong entry) || (entry & Valid) == 0
            || (entry & 0xffff) >= (ulong)_gic.Options.Cpus)
            return false;
        cpu = (int)(entry & 0xffff);
        return true;
    }

    private bool TryFindEvent(uint device, uint eventId, out ulong at, out ulong entry)
    {
        entry = 0;
        return TryFindPlace(device, eventId, out at) && TryGet(at, out entry) && (entry & Valid) != 0
            && (uint)entry is >= GicV3.FirstLpi and < GicV3.LpiEnd;
    }

    private bool TryFindPlace(uint device, uint eventId, out ulong at)
    {
        at = 0;
        if (!TryFindEntry(_baseValues[0], device, out ulong deviceAt) || !TryGet(deviceAt, out ulong entry) || (entry & Valid) == 0
            || eventId >> (int)((entry & 0x1f) + 1) != 0)
            return false;
        at = (entry & 0x000f_ffff_ffff_ff00) + (eventId * (ulong)EntrySize);
        return true;
    }

    private bool TryFindEntry(ulong table, uint index, out ulong at)
    {
        at = 0;
        if ((table & Valid) == 0 || index >> IdBits != 0)
            return false;
        ulong pageSize = (table >> 8 & 3) switch { 0 => 0x1000UL, 1 => 0x4000, _ => 0x1_0000 };
        ulong size = ((table & 0xff) + 1) * pageSize;
        ulong start = table & 0x0000_ffff_ffff_f000;
        if ((table & Indirect) != 0)
        {
            ulong first = index / (pageSize / EntrySize) * 8;
            if (first >= size || !TryGet(start + first, out ulong page) || (page & Valid) == 0)
                return false;
            at = (page & AddressBits) + (index % (pageSize / EntrySize) * EntrySize);
            return true;
        }

        at = start + (index * (ulong)EntrySize);
        return index * (ulong)EntrySize < size;
    }

    private bool TryGet(ulong at, out ulong entry)
    {
        Span<byte> bytes = stackalloc byte[EntrySize];
        bool read = _memory.TryRead(at, bytes);
        entry = read ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;
        return read;
    }

    private string? Put(ulong at, ulong entry)
    {
        Span<byte> bytes = stackalloc byte[EntrySize];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, entry);
        return _memory.TryWrite(at, bytes) ? null : $"the table at 0x{at:x} is not in memory";
    }
}
