using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Emulation.Core;

/// <summary>A SHA-256 digest of a machine's state.</summary>
/// <param name="Hex">64 lower-case hexadecimal digits.</param>
public readonly record struct StateHash(string Hex)
{
    /// <inheritdoc/>
    public override string ToString() => Hex;
}

/// <summary>Computes <see cref="StateHash"/>.</summary>
internal static class StateHasher
{
    public static unsafe StateHash Hash(Machine machine)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (StateSection section in MachineState.Save(machine).OrderBy(s => s.Name, StringComparer.Ordinal))
        {
            Head(hash, section.Name, section.Version, (ulong)section.Data.Length);
            hash.AppendData(section.Data);
        }

        Span<byte> index = stackalloc byte[8];
        foreach (RamBlock ram in machine.RamBlocks.OrderBy(r => r.Name, StringComparer.Ordinal))
        {
            // chunks of the background are left out: their place shows from the index of the next one
            Head(hash, "memory " + ram.Name, 1 + ram.Background, ram.Size);
            for (ulong offset = 0; offset < ram.Size; offset += RamBlock.ChunkSize)
            {
                if (ram.IsBackgroundChunk(offset))
                    continue;
                BinaryPrimitives.WriteUInt64LittleEndian(index, offset);
                hash.AppendData(index);
                hash.AppendData(new ReadOnlySpan<byte>(ram.ReadPointer(offset), (int)Math.Min(RamBlock.ChunkSize, ram.Size - offset)));
            }
        }

        return new StateHash(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static void Head(IncrementalHash hash, string name, int version, ulong length)
    {
        byte[] text = Encoding.UTF8.GetBytes(name);
        Span<byte> head = stackalloc byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(head, text.Length);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], version);
        BinaryPrimitives.WriteUInt64LittleEndian(head[8..], length);
        hash.AppendData(head);
        hash.AppendData(text);
    }
}
