using System.Xml;

namespace Emulation.Storage;

/// <summary>Finds the tables of chunks in the property list of a UDIF image: <c>resource-fork</c>, <c>blkx</c>, the <c>Data</c> of each.</summary>
internal static class DmgPlist
{
    private static readonly XmlReaderSettings s_settings = new()
    {
        // names the document type only
        DtdProcessing = DtdProcessing.Ignore,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreWhitespace = true,
        MaxCharactersInDocument = 64 << 20,
    };

    /// <summary>The tables, in their order.</summary>
    /// <exception cref="XmlException">It is not XML.</exception>
    /// <exception cref="FormatException">A table is not base64.</exception>
    public static List<byte[]> ReadTables(byte[] plist)
    {
        var tables = new List<byte[]>();
        using var reader = XmlReader.Create(new MemoryStream(plist), s_settings);
        bool inBlkx = false;
        int depth = 0;
        string key = "";
        while (reader.Read())
        {
            while (reader.NodeType == XmlNodeType.Element && reader.Name is "key" or "data" && !reader.IsEmptyElement)
            {
                if (reader.Depth <= depth)
                    inBlkx = false;
                if (reader.Name == "key")
                {
                    int at = reader.Depth;
                    key = reader.ReadElementContentAsString();
                    if (key == "blkx")
                        (inBlkx, depth) = (true, at);
                }
                else
                {
                    string text = reader.ReadElementContentAsString();
                    if (inBlkx && key == "Data")
                        tables.Add(Convert.FromBase64String(text));
                }
            }
        }

        return tables;
    }
}
