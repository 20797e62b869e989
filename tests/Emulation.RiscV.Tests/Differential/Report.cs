using System.Buffers.Binary;
using System.Text;

namespace Emulation.RiscV.Tests.Differential;

/// <summary>Says in which registers and memory two runs differ.</summary>
internal static class Report
{
    public static string Differences(byte[] expected, byte[] actual, int xlen)
    {
        var text = new StringBuilder();
        if (expected.Length != actual.Length)
            return $"{expected.Length} bytes expected, {actual.Length} came";
        int shown = 0, dump = Program.ScratchBytes + Program.ConstantBytes;
        for (int i = 0; i < expected.Length && shown < 24; i += 8)
        {
            ulong e = BinaryPrimitives.ReadUInt64LittleEndian(expected.AsSpan(i)), a = BinaryPrimitives.ReadUInt64LittleEndian(actual.AsSpan(i));
            if (e == a)
                continue;
            shown++;
            text.AppendLine($"  {Place(i, dump, xlen),-14} expected {e:x16}, got {a:x16}");
        }

        return text.ToString();
    }

    private static string Place(int offset, int dump, int xlen)
    {
        if (offset < dump)
            return $"memory+{offset:x}";
        offset -= dump;
        if (offset < 256)
            return xlen == 64 ? $"x{offset / 8}" : $"x{offset / 4}, x{(offset / 4) + 1}";
        return offset < 512 ? $"f{(offset - 256) / 8}" : "fcsr";
    }
}
