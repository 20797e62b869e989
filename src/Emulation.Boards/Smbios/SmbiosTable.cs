using System.Buffers.Binary;
using System.Text;
using Emulation.Devices;

namespace Emulation.Boards.Smbios;

/// <summary>System management information for firmware, which gives it to the guest. DMTF DSP0134 "SMBIOS Reference Specification" 3.0, and 5.2.2 for the entry point.</summary>
internal sealed class SmbiosTable
{
    private readonly List<byte> _bytes = [];

    /// <summary>Adds a structure.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="handle">Its handle.</param>
    /// <param name="fields">What comes behind the header.</param>
    /// <param name="strings">Texts that fields number from 1.</param>
    public void Add(byte type, ushort handle, Action<SmbiosFields> fields, params ReadOnlySpan<string> strings)
    {
        const int HeaderSize = 4;
        var written = new SmbiosFields();
        fields(written);
        _bytes.AddRange([type, (byte)(HeaderSize + written.Bytes.Count), (byte)handle, (byte)(handle >> 8)]);
        _bytes.AddRange(written.Bytes);
        foreach (string text in strings)
        {
            _bytes.AddRange(Encoding.ASCII.GetBytes(text));
            _bytes.Add(0);
        }

        _bytes.AddRange(strings.Length == 0 ? [0, 0] : [0]);
    }

    /// <summary>Ends the table and gives it to firmware.</summary>
    public void Finish(FwCfg items)
    {
        const byte End = 127;
        Add(End, 0x7f00, static _ => { });
        byte[] entry = new byte[24];
        "_SM3_"u8.CopyTo(entry);
        (entry[6], entry[7], entry[10]) = ((byte)entry.Length, 3, 1);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(12), _bytes.Count);
        byte sum = 0;
        foreach (byte value in entry)
            sum += value;
        entry[5] = (byte)-sum;
        items.AddFile("etc/smbios/smbios-anchor", entry);
        items.AddFile("etc/smbios/smbios-tables", [.. _bytes]);
    }
}
