using System.Buffers.Binary;
using System.Text;

namespace Emulation.Arm.Tests.Differential;

/// <summary>Finds the shortest program of a seed that two executors see differently, and shows its end.</summary>
/// <param name="make">Makes the program of so many random instructions.</param>
/// <param name="expected">The oracle.</param>
/// <param name="actual">What is tested.</param>
internal sealed class Bisection(Func<int, Program> make, Func<Program, byte[]> expected, Func<Program, byte[]> actual)
{
    private const int Shown = 12;

    /// <summary>Describes the first difference.</summary>
    /// <param name="count">A number of instructions with which the results differ.</param>
    public string Describe(int count)
    {
        int good = 0, bad = count;
        while (bad - good > 1)
        {
            int middle = (good + bad) / 2;
            Program candidate = make(middle);
            if (expected(candidate).AsSpan().SequenceEqual(actual(candidate)))
                good = middle;
            else
                bad = middle;
        }

        Program program = make(bad);
        var frontend = new ArmFrontend(ArmIsa.Everything);
        var text = new StringBuilder();
        AppendDifferences(text, expected(program), actual(program));
        text.AppendLine($"after {bad} random instructions, of which the last:");
        for (ulong pc = program.DumpStart - (4 * Shown); pc < program.DumpStart; pc += 4)
        {
            uint word = BitConverter.ToUInt32(program.Image, (int)(pc - Program.Base));
            string name = A64Tables.Table.TryFind(word, ArmIsa.Everything.Features, out Cpu.Decode.EncodingRow? row) ? row.Method : "?";
            text.AppendLine($"  {pc:x}: {word:x8} {frontend.Disassemble(BitConverter.GetBytes(word), pc, 0, out _)}  [{name}]");
        }

        return text.ToString();
    }

    private static void AppendDifferences(StringBuilder text, byte[] expected, byte[] actual)
    {
        if (expected.Length != actual.Length)
        {
            text.AppendLine($"{expected.Length} bytes expected, {actual.Length} came");
            return;
        }

        for (int i = 0, shown = 0; i < expected.Length && shown < 24; i += 8)
        {
            ulong e = BinaryPrimitives.ReadUInt64LittleEndian(expected.AsSpan(i)), a = BinaryPrimitives.ReadUInt64LittleEndian(actual.AsSpan(i));
            if (e == a)
                continue;
            shown++;
            text.AppendLine($"  {Place(i),-14} expected {e:x16}, got {a:x16}");
        }
    }

    private static string Place(int offset)
    {
        int dump = Program.ScratchBytes + Program.ConstantBytes;
        if (offset < dump)
            return $"memory+{offset:x}";
        offset -= dump;
        if (offset < 256)
            return offset < 248 ? $"x{offset / 8}" : "nzcv";
        return offset < 768 ? $"v{(offset - 256) / 16}.d[{offset / 8 % 2}]" : "fpsr";
    }
}
