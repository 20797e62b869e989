using System.Text;

namespace Emulation.RiscV.Tests.Differential;

/// <summary>Finds the shortest program of a seed that two executors see differently, and shows its end.</summary>
/// <param name="make">Makes the program of so many random instructions.</param>
/// <param name="expected">The oracle.</param>
/// <param name="actual">What is tested.</param>
internal sealed class Bisection(Func<int, Program> make, Func<Program, byte[]> expected, Func<Program, byte[]> actual)
{
    private const int Shown = 30;

    /// <summary>Describes the first difference.</summary>
    /// <param name="isa">For the listing.</param>
    /// <param name="count">A number of instructions with which the results differ.</param>
    public string Describe(string isa, int count)
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
        int end = program.Listing.Count(p => p.Pc < program.DumpStart);
        var frontend = new RiscVFrontend(RiscVIsa.Parse(isa));
        var text = new StringBuilder();
        text.AppendLine(Report.Differences(expected(program), actual(program), program.Xlen));
        text.AppendLine($"after {bad} random instructions, of which the last:");
        foreach ((ulong pc, _) in program.Listing.Take(end).Skip(end - Shown))
        {
            ReadOnlySpan<byte> code = program.Image.AsSpan((int)(pc - Program.Base));
            string line = frontend.Disassemble(code, pc, 0, out int length);
            text.AppendLine($"  {pc:x}: {Convert.ToHexStringLower(code[..length]),-8} {line}");
        }

        return text.ToString();
    }
}
