using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Emulation.Debugging;

/// <summary>Names of a microcontroller's registers from a CMSIS-SVD file: to name accesses to what no device models.</summary>
public sealed class SvdDevice
{
    private const int MaxRegisters = 500_000;
    private const int MaxDepth = 8;
    private const long MaxCharacters = 256L << 20;
    private readonly List<SvdPeripheral> _peripherals = [];
    private readonly string _file;
    private int _count;

    private SvdDevice(string file, string name) => (_file, Name) = (file, name);

    /// <summary>The device's name.</summary>
    public string Name { get; }

    /// <summary>Its peripherals, by address.</summary>
    public IReadOnlyList<SvdPeripheral> Peripherals => _peripherals;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FirmwareFormatException">It cannot be read.</exception>
    public static SvdDevice Load(string path) => Read(new MemoryStream(FirmwareImage.ReadFile(path), writable: false), path);

    /// <summary>Reads a stream.</summary>
    /// <param name="stream">XML.</param>
    /// <param name="name">Shown in messages.</param>
    /// <exception cref="FirmwareFormatException">It is no SVD.</exception>
    public static SvdDevice Read(Stream stream, string name = "SVD")
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxCharacters };
        try
        {
            using XmlReader reader = XmlReader.Create(stream, settings);
            XElement root = XDocument.Load(reader).Root!;
            if (root.Name.LocalName != "device" || root.Element("peripherals") is not { } peripherals)
                throw new FirmwareFormatException(name, "is no SVD file: it has no device with peripherals", "give the .svd file of the microcontroller");
            var device = new SvdDevice(name, (string?)root.Element("name") ?? "");
            device.AddPeripherals(peripherals, device.Width(root.Element("size"), 32));
            return device;
        }
        catch (XmlException e)
        {
            throw new FirmwareFormatException(name, $"is damaged XML: {e.Message}", "get it again", e);
        }
    }

    /// <summary>The name of the register at an address, such as <c>CR1</c>; null when there is none.</summary>
    /// <param name="address">Its physical address, or that of one of its bytes.</param>
    public string? RegisterAt(ulong address) => PeripheralAt(address)?.RegisterAt(address);

    /// <summary>The name of an address, such as <c>USART2.CR1</c>; null when nothing is there.</summary>
    /// <param name="address">A physical address.</param>
    public string? NameOf(ulong address)
    {
        if (PeripheralAt(address) is not { } peripheral)
            return null;
        return $"{peripheral.Name}.{peripheral.RegisterAt(address) ?? $"0x{address - peripheral.Address:x}"}";
    }

    /// <summary>The peripheral that has an address; null when none has.</summary>
    /// <param name="address">A physical address.</param>
    public SvdPeripheral? PeripheralAt(ulong address)
    {
        SvdPeripheral? found = null;
        foreach (SvdPeripheral peripheral in _peripherals)
        {
            if (peripheral.Address > address)
                break;
            if (address - peripheral.Address < peripheral.Size)
                found = peripheral;
        }

        return found;
    }

    private void AddPeripherals(XElement list, int width)
    {
        var byName = new Dictionary<string, XElement>(StringComparer.Ordinal);
        foreach (XElement element in list.Elements("peripheral"))
            byName.TryAdd((string?)element.Element("name") ?? "", element);
        foreach (XElement element in list.Elements("peripheral"))
        {
            string name = (string?)element.Element("name") ?? "?";
            ulong address = Number(element.Element("baseAddress"), name) ?? 0;
            var peripheral = new SvdPeripheral(name, address);
            XElement source = element;
            for (int depth = 0; depth < MaxDepth && source.Element("registers") is null && (string?)source.Attribute("derivedFrom") is { } from && byName.TryGetValue(from, out XElement? other); depth++)
                source = other;
            if (source.Element("registers") is { } registers)
                AddRegisters(peripheral, registers, "", 0, Width(source.Element("size"), width), 0);
            foreach (XElement block in element.Elements("addressBlock").Concat(source.Elements("addressBlock")))
                peripheral.Extend((Number(block.Element("offset"), name) ?? 0) + (Number(block.Element("size"), name) ?? 0));
            _peripherals.Add(peripheral);
        }

        _peripherals.Sort(static (a, b) => a.Address.CompareTo(b.Address));
    }

    private void AddRegisters(SvdPeripheral peripheral, XElement list, string prefix, ulong start, int width, int depth)
    {
        if (depth > MaxDepth)
            return;
        foreach (XElement element in list.Elements())
        {
            bool cluster = element.Name.LocalName == "cluster";
            if (!cluster && element.Name.LocalName != "register")
                continue;
            XElement origin = Origin(list, element);
            XElement? Property(string property) => element.Element(property) ?? origin.Element(property);
            ulong offset = start + (Number(Property("addressOffset"), peripheral.Name) ?? 0);
            ulong count = Number(Property("dim"), peripheral.Name) ?? 1;
            ulong step = Number(Property("dimIncrement"), peripheral.Name) ?? 0;
            IReadOnlyList<string> indexes = Indexes((string?)Property("dimIndex"), count);
            string name = (string?)element.Element("name") ?? "?";
            if (count > MaxRegisters)
                throw new FirmwareFormatException(_file, $"has {count} registers '{name}'", "get it again");
            for (ulong i = 0; i < count; i++)
            {
                string index = i < (ulong)indexes.Count ? indexes[(int)i] : i.ToString(CultureInfo.InvariantCulture);
                string full = prefix + name.Replace("%s", index, StringComparison.Ordinal);
                if (cluster)
                    AddRegisters(peripheral, element.Elements("register").Any() ? element : origin, full + ".", offset + (i * step), Width(Property("size"), width), depth + 1);
                else
                    Add(peripheral, full, offset + (i * step), Width(Property("size"), width));
            }
        }
    }

    private void Add(SvdPeripheral peripheral, string name, ulong offset, int width)
    {
        if (++_count > MaxRegisters)
            throw new FirmwareFormatException(_file, $"has more than {MaxRegisters} registers", "get it again");
        peripheral.Add(name, offset, (ulong)Math.Max(1, width / 8));
    }

    // a register or cluster may be like one of its neighbours
    private static XElement Origin(XElement list, XElement element)
    {
        for (int depth = 0; depth < MaxDepth && (string?)element.Attribute("derivedFrom") is { } from; depth++)
        {
            string name = from[(from.LastIndexOf('.') + 1)..];
            XElement? other = list.Elements(element.Name).FirstOrDefault(e => (string?)e.Element("name") == name);
            if (other is null || ReferenceEquals(other, element))
                break;
            element = other;
        }

        return element;
    }

    // CMSIS-SVD, "dimIndexType": names between commas, or a range of numbers or of letters
    private static IReadOnlyList<string> Indexes(string? text, ulong count)
    {
        if (text is null)
            return [];
        if (text.Split('-') is [var first, var last] && count <= MaxRegisters)
        {
            if (int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int from))
                return [.. Enumerable.Range(0, (int)count).Select(i => (from + i).ToString(CultureInfo.InvariantCulture))];
            if (first.Trim() is [var letter] && last.Trim().Length == 1 && count <= 26)
                return [.. Enumerable.Range(0, (int)count).Select(i => ((char)(letter + i)).ToString())];
        }

        return [.. text.Split(',').Select(static t => t.Trim())];
    }

    private int Width(XElement? size, int inherited) => (int)Math.Clamp(Number(size, Name) ?? (ulong)inherited, 8, 64);

    // CMSIS-SVD, "scaledNonNegativeInteger": decimal, 0x, or binary with # or 0b and x for bits that do not matter; k, m, g, t scale it
    private ulong? Number(XElement? element, string owner)
    {
        if (element is null)
            return null;
        string text = element.Value.Trim().TrimStart('+');
        int scale = text.Length == 0 ? 0 : 1 + "kmgt".IndexOf(char.ToLowerInvariant(text[^1]), StringComparison.Ordinal);
        if (scale > 0)
            text = text[..^1];
        if (text.StartsWith("0b", StringComparison.OrdinalIgnoreCase))
            text = "#" + text[2..];
        bool done = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value)
            : text.StartsWith('#')
                ? ulong.TryParse(text[1..].Replace('x', '0').Replace('X', '0'), NumberStyles.AllowBinarySpecifier, CultureInfo.InvariantCulture, out value)
                : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        return done ? value << (10 * scale) : throw new FirmwareFormatException(_file, $"has '{text}' for {element.Name.LocalName} of {owner}, which is no number", "get it again");
    }
}
