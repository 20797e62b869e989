using System.Globalization;
using System.Text;

namespace Emulation.Storage;

/// <summary>The text that describes a disk: what its content is called, what is below it, and its extents. VMware Virtual Disk Format 5.0, "The Descriptor File".</summary>
internal sealed class VmdkDescriptor
{
    /// <summary>Most bytes of a descriptor.</summary>
    public const int MaxLength = 1 << 20;

    /// <summary>The content identifier that says that nothing is below.</summary>
    public const uint NoParent = uint.MaxValue;

    private const int MaxExtents = 4096;

    private readonly List<VmdkExtentLine> _extents = [];

    public static ReadOnlySpan<byte> Start => "# Disk DescriptorFile"u8;

    /// <summary>Changes with the content: whoever writes to the disk for the first time gives it another.</summary>
    public uint? ContentId { get; private set; }

    /// <summary>Where its digits are in the file.</summary>
    public long ContentIdAt { get; private set; }

    /// <summary>How many digits there is room for.</summary>
    public int ContentIdDigits { get; private set; }

    public uint ParentContentId { get; private set; } = NoParent;

    public long ParentContentIdAt { get; private set; }

    /// <summary>How many digits there is room for.</summary>
    public int ParentContentIdDigits { get; private set; }

    /// <summary>What the disk is made of, such as <c>monolithicSparse</c>.</summary>
    public string CreateType { get; private set; } = "";

    /// <summary>The name of the image below; null without one.</summary>
    public string? ParentName { get; private set; }

    public IReadOnlyList<VmdkExtentLine> Extents => _extents;

    /// <summary>Reads a descriptor.</summary>
    /// <param name="bytes">The text; it ends with the first zero byte.</param>
    /// <param name="at">Where it is in the file.</param>
    /// <param name="name">For messages.</param>
    public static VmdkDescriptor Parse(ReadOnlySpan<byte> bytes, long at, ImageName name)
    {
        int end = bytes.IndexOf((byte)0);
        // a character is a byte, so that places in the text are places in the file
        string text = Encoding.Latin1.GetString(end < 0 ? bytes : bytes[..end]);
        var descriptor = new VmdkDescriptor();
        for (int start = 0; start < text.Length;)
        {
            int newLine = text.IndexOf('\n', start);
            int next = newLine < 0 ? text.Length : newLine + 1;
            string raw = text[start..next];
            string line = raw.Trim();
            int indent = raw.Length - raw.TrimStart().Length;
            if (line.Length > 0 && line[0] != '#')
                descriptor.Add(line, at + start + indent, name);
            start = next;
        }

        return descriptor;
    }

    private void Add(string line, long at, ImageName name)
    {
        if (VmdkExtentLine.IsExtent(line))
        {
            if (_extents.Count == MaxExtents)
                throw name.At(at, $"it has more than {MaxExtents} extents");
            _extents.Add(VmdkExtentLine.Parse(line, at, name));
            return;
        }

        int equals = line.IndexOf('=');
        if (equals < 0)
            return;
        string key = line[..equals].TrimEnd();
        string value = line[(equals + 1)..].TrimStart();
        long valueAt = at + line.Length - value.Length;
        if (key.Equals("version", StringComparison.OrdinalIgnoreCase))
        {
            if (value is not ("1" or "2" or "3"))
                throw name.At(valueAt, $"version '{value}' of the descriptor is not supported; 1 to 3 are");
        }
        else if (key.Equals("CID", StringComparison.OrdinalIgnoreCase))
        {
            (ContentId, ContentIdAt, ContentIdDigits) = (Hexadecimal(value, valueAt, name), valueAt, value.Length);
        }
        else if (key.Equals("parentCID", StringComparison.OrdinalIgnoreCase))
        {
            (ParentContentId, ParentContentIdAt, ParentContentIdDigits) = (Hexadecimal(value, valueAt, name), valueAt, value.Length);
        }
        else if (key.Equals("createType", StringComparison.OrdinalIgnoreCase))
        {
            CreateType = value.Trim('"');
        }
        else if (key.Equals("parentFileNameHint", StringComparison.OrdinalIgnoreCase))
        {
            ParentName = VmdkExtentLine.Decode(value.Trim('"'));
        }
    }

    private static uint Hexadecimal(string value, long at, ImageName name)
        => value.Length <= 8 && uint.TryParse(value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint number) ? number
            : throw name.At(at, "a content identifier has up to eight hexadecimal digits");
}
