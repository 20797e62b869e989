using System.Globalization;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Cpu.Decode;
using Emulation.SoftFloat;

namespace Emulation.RiscV.Tests.Semantics;

/// <summary>
/// Corner cases from the manual, one file per extension, on every engine. Line: <c>[rv32|rv64] mnemonic operands -> result [flags]</c>;
/// operands are hexadecimal or decimal, <c>rm=</c> and <c>imm=</c> set those fields, flags are the letters of fflags (nv, dz, of, uf, nx).
/// Floating-point operands are raw register contents, so narrower ones are written boxed.
/// </summary>
public sealed class InstructionDataTests
{
    private const ulong Code = 0x1000;

    private static readonly string[] s_files = ["m.txt", "zicond.txt", "b.txt", "f.txt", "d.txt", "zfa.txt", "zfh.txt", "zimop.txt"];

    [Test]
    public void Data([ValueSource(nameof(s_files))] string file, [Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        using var hart64 = new TestHart(TestIsas.All64, engine);
        using var hart32 = new TestHart(TestIsas.All32, engine);
        hart64.Map(Code, 0x1000);
        hart32.Map(Code, 0x1000);
        var wrong = new List<string>();
        int count = 0;
        foreach (string line in TestIsas.Lines(file))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words[0] != "rv32")
                Check(hart64, words[0] == "rv64" ? words[1..] : words, line, wrong);
            if (words[0] != "rv64")
                Check(hart32, words[0] == "rv32" ? words[1..] : words, line, wrong);
            count++;
        }

        count.Should().BePositive();
        string.Join('\n', wrong).Should().BeEmpty();
    }

    private static void Check(TestHart hart, string[] words, string line, List<string> wrong)
    {
        int arrow = Array.IndexOf(words, "->"), rm = 7, immediate = 0;
        var operands = new List<ulong>();
        foreach (string word in words[1..arrow])
        {
            if (word.StartsWith("rm=", StringComparison.Ordinal))
                rm = int.Parse(word[3..]);
            else if (word.StartsWith("imm=", StringComparison.Ordinal))
                immediate = int.Parse(word[4..]);
            else
                operands.Add(Number(word));
        }

        (uint encoding, EncodingRow row) = RowEncoder.Encode(words[0], hart.Isa, rm, immediate);
        int operand = 0;
        foreach (string name in row.Syntax!.Operands)
        {
            int register = name switch { "rs1" or "fs1" => 11, "rs2" or "fs2" => 12, "fs3" => 13, _ => -1 };
            if (register < 0)
                continue;
            ulong value = operands[operand++];
            if (name[0] == 'f')
                hart.SetF(register, value);
            else
                hart.SetX(register, value);
        }

        operand.Should().Be(operands.Count, line);
        hart.Cpu.Header.Fp = default;
        hart.SetX(RowEncoder.Result, 0x5555);
        hart.Cpu.Context.Memory.TryLoad(Code, BitConverter.GetBytes(encoding)).Should().BeTrue();
        RunResult run = hart.Cpu.Run(Code, Code + 4, 10);
        bool toFloat = row.Syntax.Operands.First() == "fd";
        ulong mask = !toFloat && hart.Isa.Xlen == 32 ? uint.MaxValue : ulong.MaxValue;
        ulong expected = Number(words[arrow + 1]) & mask, actual = toFloat ? hart.F(RowEncoder.Result) : hart.X(RowEncoder.Result);
        FpFlags flags = hart.Cpu.Header.Fp.Flags, expectedFlags = FpFlags.None;
        foreach (string flag in words[(arrow + 2)..])
        {
            expectedFlags |= flag switch
            {
                "nv" => FpFlags.Invalid,
                "dz" => FpFlags.DivideByZero,
                "of" => FpFlags.Overflow,
                "uf" => FpFlags.Underflow,
                "nx" => FpFlags.Inexact,
                _ => throw new FormatException(line),
            };
        }

        if (run.Reason != StopReason.ExitAddress || actual != expected || flags != expectedFlags)
            wrong.Add($"RV{hart.Isa.Xlen} {line}: got 0x{actual:x} {flags} {run.Reason} {run.Fault}");
    }

    private static ulong Number(string text)
    {
        bool negative = text.StartsWith('-');
        if (negative)
            text = text[1..];
        ulong value = text.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.Parse(text.AsSpan(2), NumberStyles.HexNumber)
            : ulong.Parse(text);
        return negative ? (ulong)-(long)value : value;
    }
}
