using System.Text;

namespace Emulation.Core;

/// <summary>The registers of a device: definitions, storage, and what bus accesses do to them.</summary>
/// <remarks>
/// <para>Definitions end with the first access. Storage is reset, saved and loaded by the map; only state outside it is the device's own business.</para>
/// <para>An access narrower than a register touches those byte lanes only: fields outside them are neither written nor read-cleared and their callbacks do not run.
/// A wider one is split at register boundaries, ascending. Offsets without a register read as zero, ignore writes, and are reported once each.</para>
/// </remarks>
public sealed class RegisterMap
{
    private const int MaxReportedOffsets = 256;

    private readonly GuestLog _log;
    private readonly List<RegisterLayout> _layouts = [];
    private readonly HashSet<(ulong Offset, bool Write)> _reported = [];
    private List<(RegisterMap Map, Func<bool> Selected)>? _overlays;
    private RegisterSlotTable? _reads;
    private RegisterSlotTable? _writes;

    /// <summary>Creates an empty map.</summary>
    /// <param name="device">Name of the device, for messages.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="bigEndian">Whether the lowest offset of a register holds its most significant byte.</param>
    public RegisterMap(string device, GuestLog log, bool bigEndian = false)
    {
        Device = device;
        _log = log;
        BigEndian = bigEndian;
    }

    /// <summary>Name of the device, for messages.</summary>
    public string Device { get; }

    /// <summary>Whether the lowest offset of a register holds its most significant byte. The region must say the same.</summary>
    public bool BigEndian { get; }

    internal ulong[] Values { get; private set; } = [];

    /// <summary>Defines a register.</summary>
    /// <param name="offset">Byte offset; a multiple of the width.</param>
    /// <param name="name">The manual's name.</param>
    /// <param name="reset">Value after reset.</param>
    /// <param name="width">8, 16, 32 or 64 bits.</param>
    /// <param name="access">Which accesses it answers.</param>
    public Register Define(ulong offset, string name, ulong reset = 0, int width = 32, RegisterAccess access = RegisterAccess.ReadWrite)
        => new(Add(offset, 1, (ulong)width / 8, name, reset, width, access));

    /// <summary>Defines equal registers at a fixed distance.</summary>
    /// <param name="offset">Byte offset of the first; a multiple of the width.</param>
    /// <param name="count">How many.</param>
    /// <param name="stride">Bytes from one to the next; a multiple of the width.</param>
    /// <param name="name">The manual's name, without an index.</param>
    /// <param name="reset">Value of each after reset.</param>
    /// <param name="width">8, 16, 32 or 64 bits.</param>
    /// <param name="access">Which accesses they answer.</param>
    public RegisterArray DefineMany(ulong offset, int count, ulong stride, string name, ulong reset = 0, int width = 32, RegisterAccess access = RegisterAccess.ReadWrite)
        => new(Add(offset, count, stride, name, reset, width, access));

    /// <summary>Adds a bank: registers that hide those at the same offsets while <paramref name="selected"/> is true.</summary>
    /// <param name="selected">Asked at each access.</param>
    /// <returns>The map to define the bank's registers in. This map resets, saves and loads it.</returns>
    public RegisterMap Overlay(Func<bool> selected)
    {
        var overlay = new RegisterMap(Device, _log, BigEndian);
        (_overlays ??= []).Add((overlay, selected));
        return overlay;
    }

    /// <summary>Performs a bus read.</summary>
    /// <param name="offset">Byte offset.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <returns>The value, zero-extended.</returns>
    public ulong Read(ulong offset, int size)
    {
        ulong result = 0;
        for (int done = 0; done < size;)
        {
            int count = 1;
            ulong piece = 0;
            ulong at = offset + (ulong)done;
            if (Find(at, write: false, out RegisterSlot slot))
            {
                count = Math.Min(size - done, slot.Layout.Bytes - slot.Lane(at));
                int shift = Shift(slot, at, count);
                piece = (slot.Layout.Read(slot.Index, Lanes(count) << shift) >> shift) & Lanes(count);
                if (count == size)
                    return piece;
            }
            else
            {
                ReportUnknown(at, size, write: false);
            }

            result = BigEndian ? (result << (8 * count)) | piece : result | (piece << (8 * done));
            done += count;
        }

        return result;
    }

    /// <summary>Performs a bus write.</summary>
    /// <param name="offset">Byte offset.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <param name="value">The value; higher bytes are ignored.</param>
    public void Write(ulong offset, int size, ulong value)
    {
        for (int done = 0; done < size;)
        {
            int count = 1;
            ulong at = offset + (ulong)done;
            if (Find(at, write: true, out RegisterSlot slot))
            {
                count = Math.Min(size - done, slot.Layout.Bytes - slot.Lane(at));
                int shift = Shift(slot, at, count);
                ulong piece = value >> (8 * (BigEndian ? size - done - count : done));
                slot.Layout.Write(slot.Index, Lanes(count) << shift, (piece & Lanes(count)) << shift);
            }
            else
            {
                ReportUnknown(at, size, write: true);
            }

            done += count;
        }
    }

    /// <summary>Stores every register's reset value. No callback runs.</summary>
    public void Reset()
    {
        foreach (RegisterLayout layout in _layouts)
            layout.Reset();
        foreach ((RegisterMap overlay, _) in _overlays ?? [])
            overlay.Reset();
    }

    /// <summary>Writes the stored values.</summary>
    /// <param name="writer">The device's section.</param>
    public void Save(StateWriter writer)
    {
        writer.Write(Values.AsSpan());
        foreach ((RegisterMap overlay, _) in _overlays ?? [])
            overlay.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote. No callback runs.</summary>
    /// <param name="reader">The device's section.</param>
    public void Load(StateReader reader)
    {
        reader.Read(Values.AsSpan());
        foreach (RegisterLayout layout in _layouts)
            layout.Sanitize();
        foreach ((RegisterMap overlay, _) in _overlays ?? [])
            overlay.Load(reader);
    }

    /// <summary>Registers with bits that no field covers, each with the mask of those bits. Empty for a finished device.</summary>
    public IEnumerable<string> Incomplete()
    {
        IEnumerable<string> own = _layouts.Where(l => l.Uncovered != 0).Select(l => $"{l.Name} (0x{l.Offset:x}): 0x{l.Uncovered:x}");
        return (_overlays ?? []).Aggregate(own, static (found, overlay) => found.Concat(overlay.Map.Incomplete()));
    }

    /// <summary>One line per register: offset, name, stored value and stored fields, in hexadecimal. Nothing is read from the device, so nothing changes.</summary>
    public string Dump()
    {
        var text = new StringBuilder();
        Dump(text);
        return text.ToString();
    }

    /// <summary>The name of the register that an access would reach, with the index of one of several; null where there is none.</summary>
    /// <param name="offset">Byte offset.</param>
    /// <param name="write">Whether the access is a write.</param>
    public string? NameAt(ulong offset, bool write)
    {
        if (!Find(offset, write, out RegisterSlot slot))
            return null;
        return slot.Layout.Count == 1 ? slot.Layout.Name : $"{slot.Layout.Name}[{slot.Index}]";
    }

    internal void CheckOpen(RegisterLayout layout)
    {
        if (_reads != null)
            throw new InvalidOperationException($"{layout} is defined after the first access");
    }

    internal void Report(string message) => _log.Error(Device, message);

    private static ulong Lanes(int bytes) => ulong.MaxValue >> (64 - (8 * bytes));

    private int Shift(in RegisterSlot slot, ulong offset, int count)
    {
        int lane = slot.Lane(offset);
        return 8 * (BigEndian ? slot.Layout.Bytes - lane - count : lane);
    }

    private bool Find(ulong offset, bool write, out RegisterSlot slot)
    {
        if (_overlays != null)
        {
            foreach ((RegisterMap overlay, Func<bool> selected) in _overlays)
            {
                if (selected() && overlay.Find(offset, write, out slot))
                    return true;
            }
        }

        if (_reads == null)
        {
            _reads = new RegisterSlotTable(_layouts, RegisterAccess.WriteOnly);
            _writes = new RegisterSlotTable(_layouts, RegisterAccess.ReadOnly);
        }

        return (write ? _writes! : _reads).TryFind(offset, out slot);
    }

    private RegisterLayout Add(ulong offset, int count, ulong stride, string name, ulong reset, int width, RegisterAccess access)
    {
        if (width is not (8 or 16 or 32 or 64))
            throw new ArgumentOutOfRangeException(nameof(width), width, $"{Device} register {name}: a register has 8, 16, 32 or 64 bits");
        ulong bytes = (ulong)width / 8;
        if (count < 1 || stride < bytes || offset % bytes != 0 || stride % bytes != 0)
            throw new ArgumentException($"{Device} register {name}: {count} registers of {width} bits at 0x{offset:x}, {stride} bytes apart, are not naturally aligned", nameof(offset));
        var layout = new RegisterLayout(this, name, offset, (int)bytes, count, stride, reset, access, Values.Length);
        CheckOpen(layout);
        foreach (RegisterLayout other in _layouts)
        {
            if (Collide(layout, other))
                throw new ArgumentException($"{layout} lies on {other.Name} (0x{other.Offset:x})", nameof(offset));
        }

        ulong[] values = new ulong[Values.Length + count];
        Values.CopyTo(values, 0);
        Values = values;
        _layouts.Add(layout);
        layout.Reset();
        return layout;
    }

    private static bool Collide(RegisterLayout a, RegisterLayout b)
    {
        if ((a.Access, b.Access) is (RegisterAccess.ReadOnly, RegisterAccess.WriteOnly) or (RegisterAccess.WriteOnly, RegisterAccess.ReadOnly))
            return false;
        if (a.Count > b.Count)
            (a, b) = (b, a);
        for (int i = 0; i < a.Count; i++)
        {
            // the elements of b around this element of a
            ulong start = a.Offset + ((ulong)i * a.Stride);
            ulong nearest = start <= b.Offset ? 0 : Math.Min((start - b.Offset) / b.Stride, (ulong)b.Count - 1);
            for (ulong j = nearest; j < Math.Min(nearest + 2, (ulong)b.Count); j++)
            {
                ulong other = b.Offset + (j * b.Stride);
                if (start < other + (ulong)b.Bytes && other < start + (ulong)a.Bytes)
                    return true;
            }
        }

        return false;
    }

    private void Dump(StringBuilder text)
    {
        foreach (RegisterLayout layout in _layouts)
        {
            for (int i = 0; i < layout.Count; i++)
                layout.Describe(text, i);
        }

        foreach ((RegisterMap overlay, _) in _overlays ?? [])
            overlay.Dump(text);
    }

    // Formatting costs more than the access: a guest that polls a hole must not pay it each time.
    private void ReportUnknown(ulong offset, int size, bool write)
    {
        if (_reported.Count < MaxReportedOffsets && _reported.Add((offset, write)))
            Report($"{(write ? "write to" : "read from")} offset 0x{offset:x} ({size} bytes), where no register {(write ? "is written" : "is read")}");
    }
}
