using System.Buffers.Binary;
using System.Text;

namespace Emulation.Storage.Tests.Nbd;

/// <summary>Messages of the protocol as bytes, written down from its document and not with the code that is tested.</summary>
internal static class NbdBytes
{
    public static byte[] U16(int value) => [(byte)(value >> 8), (byte)value];

    public static byte[] U32(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] U64(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Text(string text) => [.. U32((uint)text.Length), .. Encoding.UTF8.GetBytes(text)];

    public static byte[] Option(uint option, params byte[] data) => [.. "IHAVEOPT"u8, .. U32(option), .. U32((uint)data.Length), .. data];

    public static byte[] Go(string name, params int[] infos) => Option(7, [.. Text(name), .. U16(infos.Length), .. infos.SelectMany(U16)]);

    public static byte[] SetContext(string name, params string[] queries) => Option(10, [.. Text(name), .. U32((uint)queries.Length), .. queries.SelectMany(Text)]);

    public static byte[] Request(int flags, int command, ulong cookie, ulong offset, uint length)
        => [.. U32(0x25609513), .. U16(flags), .. U16(command), .. U64(cookie), .. U64(offset), .. U32(length)];

    public static byte[] Greeting => [.. "NBDMAGICIHAVEOPT"u8, 0, 3];

    public static byte[] Reply(uint option, uint type, params byte[] data) => [.. U64(0x3e889045565a9), .. U32(option), .. U32(type), .. U32((uint)data.Length), .. data];

    public static byte[] Export(ulong length, int flags) => Reply(7, 3, [0, 0, .. U64(length), .. U16(flags)]);

    public static byte[] BlockSize(uint minimum, uint preferred, uint maximum) => Reply(7, 3, [0, 3, .. U32(minimum), .. U32(preferred), .. U32(maximum)]);

    public static byte[] Chunk(int flags, int type, ulong cookie, params byte[] data)
        => [.. U32(0x668e33ef), .. U16(flags), .. U16(type), .. U64(cookie), .. U32((uint)data.Length), .. data];

    public static byte[] Simple(uint error, ulong cookie, params byte[] data) => [.. U32(0x67446698), .. U32(error), .. U64(cookie), .. data];

    /// <summary>What an honest server of 1 MiB says in the handshake.</summary>
    public static byte[] Handshake =>
    [
        .. Greeting, .. Reply(8, 1), .. Reply(10, 4, [.. U32(7), .. "base:allocation"u8]), .. Reply(10, 1),
        .. BlockSize(1, 4096, 32 << 20), .. Export(1 << 20, 0xded), .. Reply(7, 1),
    ];

    /// <summary>How much our client sends in the handshake for the default export.</summary>
    public const int ClientHandshake = 4 + 16 + 16 + 4 + 4 + 4 + 15 + 16 + 4 + 2 + 6;

    /// <summary>Changes bytes, cuts, repeats.</summary>
    public static byte[] Mutate(byte[] bytes, Random random)
    {
        List<byte> result = [.. bytes];
        int changes = random.Next(1, 5);
        for (int i = 0; i < changes && result.Count > 0; i++)
        {
            int at = random.Next(result.Count);
            int count = Math.Min(random.Next(1, 40), result.Count - at);
            switch (random.Next(6))
            {
                case 0: result[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: result[at] = (byte)random.Next(256); break;
                case 2: result[at] = byte.MaxValue; break;
                case 3: result.RemoveRange(at, count); break;
                case 4: result.InsertRange(at, result.GetRange(at, count)); break;
                default: result.RemoveRange(at, result.Count - at); break;
            }
        }

        return [.. result];
    }

    /// <summary>How often a fuzz test runs.</summary>
    public static int Seeds => int.TryParse(Environment.GetEnvironmentVariable("EMULATION_SEEDS"), out int seeds) ? seeds : 300;
}
