using System.Globalization;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Arm.Tests.Semantics;

/// <summary>Corner cases from the manual, on every engine. Line: <c>word | registers before | registers after | text</c>.</summary>
public sealed class InstructionDataTests
{
    private const ulong Code = 0x1000;

    private static readonly string[] s_files = ["base.txt", "float.txt", "vector.txt", "extensions.txt"];

    [Test]
    public void Data([ValueSource(nameof(s_files))] string file, [Values(EngineKind.Interpreter, EngineKind.Tier0, EngineKind.Jit)] EngineKind engine)
    {
        using var cpu = new TestCpu(engine);
        cpu.Memory.Map(Code, 0x1000);
        var wrong = new List<string>();
        int count = 0;
        foreach (string line in Encodings.Mnemonics.Lines(file))
        {
            Check(cpu, line, wrong);
            count++;
        }

        count.Should().BePositive();
        string.Join('\n', wrong).Should().BeEmpty();
    }

    private static void Check(TestCpu cpu, string line, List<string> wrong)
    {
        string[] parts = line.Split('|');
        uint word = uint.Parse(parts[0].Trim(), NumberStyles.HexNumber);
        cpu.Cpu.Reset();
        foreach ((string name, UInt128 value) in Registers(parts[1]))
            Set(cpu, name, value);
        cpu.Cpu.Context.Memory.TryLoad(Code, BitConverter.GetBytes(word)).Should().BeTrue();
        RunResult run = cpu.Cpu.Run(Code, Code + 4, 10);
        if (run.Reason != StopReason.ExitAddress)
            wrong.Add($"{line}: {run.Reason} {run.Fault}");
        bool flagsNamed = false;
        foreach ((string name, UInt128 value) in Registers(parts[2]))
        {
            flagsNamed |= name == "fpsr";
            UInt128 expected = name[0] is 'x' or 's' ? (ulong)value : value, actual = Get(cpu, name);
            if (actual != expected)
                wrong.Add($"{line}: {name} = 0x{actual:x}");
        }

        if (!flagsNamed && cpu.Cpu.Fpsr != 0)
            wrong.Add($"{line}: fpsr = 0x{cpu.Cpu.Fpsr:x}");
    }

    private static IEnumerable<(string Name, UInt128 Value)> Registers(string text)
    {
        foreach (string pair in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] sides = pair.Split('=');
            yield return (sides[0], Number(sides[1]));
        }
    }

    private static UInt128 Number(string text)
    {
        bool negative = text.StartsWith('-');
        if (negative)
            text = text[1..];
        UInt128 value = text.StartsWith("0x", StringComparison.Ordinal) ? UInt128.Parse(text.AsSpan(2), NumberStyles.HexNumber) : UInt128.Parse(text);
        return negative ? (UInt128)(-(Int128)value) : value;
    }

    private static void Set(TestCpu cpu, string name, UInt128 value)
    {
        switch (name)
        {
            case "nzcv": cpu.Cpu.Nzcv = (uint)value << 28; break;
            case "fpcr": cpu.Cpu.Fpcr = (uint)value; break;
            case "sp": cpu.Cpu[cpu.Frontend.Slots.Sp] = (ulong)value; break;
            case ['v', ..]: cpu.SetV(int.Parse(name.AsSpan(1)), value); break;
            default: cpu[int.Parse(name.AsSpan(1))] = (ulong)value; break;
        }
    }

    private static UInt128 Get(TestCpu cpu, string name) => name switch
    {
        "nzcv" => cpu.Cpu.Nzcv >> 28,
        "fpsr" => cpu.Cpu.Fpsr,
        "sp" => cpu.Cpu[cpu.Frontend.Slots.Sp],
        ['v', ..] => cpu.V(int.Parse(name.AsSpan(1))),
        _ => cpu[int.Parse(name.AsSpan(1))],
    };
}
