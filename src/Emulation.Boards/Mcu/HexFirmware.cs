using System.Text;
using Emulation.Boards.Loading;
using Emulation.Debugging;

namespace Emulation.Boards.Mcu;

/// <summary>Firmware in Intel HEX.</summary>
internal static class HexFirmware
{
    /// <summary>Reads a file; null when it is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <exception cref="GuestImageException">It begins as one and is damaged.</exception>
    public static GuestImage? TryRead(string path, IProgress<LoadProgress>? progress)
    {
        var file = new GuestFile("firmware", path, progress);
        using (FileStream stream = file.Open())
        {
            if (stream.ReadByte() != ':')
                return null;
        }

        try
        {
            (IReadOnlyList<(ulong Address, byte[] Data)> runs, ulong? entry) = IntelHex.Read(Encoding.Latin1.GetString(file.ReadAll()));
            return new GuestImage(file.Purpose, file.Path, entry ?? 0, [.. runs.Select(static r => new ImageSegment(r.Address, r.Data, (ulong)r.Data.Length))]);
        }
        catch (FormatException e)
        {
            throw file.Error(e.Message, "copy or build it again", e);
        }
    }
}
