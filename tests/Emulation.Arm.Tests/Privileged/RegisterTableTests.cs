using System.Globalization;
using Emulation.Arm.Tests.Encodings;

namespace Emulation.Arm.Tests.Privileged;

/// <summary>Names and encodings of the table are those of an assembler: <c>registers.txt</c> says what binutils 2.40 makes of each name.</summary>
public sealed class RegisterTableTests
{
    [Test]
    public void Encodings_are_those_of_binutils()
    {
        var golden = Mnemonics.Lines("registers.txt").Select(l => l.Split('\t')).ToDictionary(p => p[0], p => int.Parse(p[1], NumberStyles.HexNumber));
        var wrong = new List<string>();
        foreach (SystemRegister row in SystemRegisterTable.Rows.ToArray().Where(r => !r.Name.StartsWith("S3_", StringComparison.Ordinal)))
        {
            if (row.Op0 == 3 && row.Crn is 11 or 15)
                continue;                                // implementation-defined: no assembler knows them

            if (row.Name.EndsWith("NXS", StringComparison.Ordinal))
            {
                // binutils 2.40 does not know these names: CRn is 9 where it is 8 without XS
                SystemRegisterTable.Find(row.Encoding - (1 << 7))!.Name.Should().Be(row.Name[..^3]);
                continue;
            }

            if (!golden.Remove(row.Name, out int encoding))
                wrong.Add($"{row.Name}\t{row.Encoding:x4} is not in the file");
            else if (encoding != row.Encoding)
                wrong.Add($"{row.Name} is 0x{row.Encoding:x4} where the assembler says 0x{encoding:x4}");
        }

        wrong.AddRange(golden.Keys.Select(n => $"{n} is missing"));
        string.Join('\n', wrong).Should().BeEmpty();
    }

    [Test]
    public void What_one_may_read_can_be_read_and_is_kept()
    {
        using var cpu = new TestCpu(Emulation.Cpu.EngineKind.Interpreter, new ArmCpuOptions { HasEl2 = true, HasEl3 = true });
        foreach (SystemRegister row in SystemRegisterTable.Rows)
        {
            if (row.Op0 < 2 || row.IsExternal || (row.Exists is not null && !row.Exists(cpu.Cpu)))
                continue;
            cpu.Cpu.TryReadSystemRegister(row.Encoding, out ulong value).Should().Be(row.ReadLevel != SystemRegister.Nobody, row.Name);
            if (row.WriteLevel != SystemRegister.Nobody && row.ReadLevel != SystemRegister.Nobody && row.Slot is { } slot && row.Read is null)
            {
                cpu.Cpu.TryWriteSystemRegister(row.Encoding, value ^ row.Mask).Should().BeTrue(row.Name);
                cpu.Cpu.TryReadSystemRegister(row.Encoding, out ulong changed);
                if (slot is not (SystemSlot.HcrEl2 or SystemSlot.ScrEl3 or SystemSlot.CntFrq))
                    changed.Should().Be(value ^ row.Mask, row.Name);
                cpu.Cpu.TryWriteSystemRegister(row.Encoding, value);
            }
        }
    }

    [TestCase("cortex-a53", 0x1_1120UL, 0x1122UL)]
    [TestCase("neoverse-n1", 0x1000_1021_1120UL, 0x10_1125UL)]
    public void Feature_registers_follow_the_model(string name, ulong isar0, ulong mmfr0)
    {
        ArmCpuModel model = ArmCpuModel.Find(name)!;
        using var cpu = new TestCpu(Emulation.Cpu.EngineKind.Interpreter, new ArmCpuOptions { Model = model, HasEl2 = true, HasEl3 = true }, model.Isa);
        cpu.Cpu.TryFindSystemRegister("id_aa64isar0_el1", out int encoding).Should().BeTrue();
        cpu.Cpu.TryReadSystemRegister(encoding, out ulong value);
        value.Should().Be(isar0, $"{value:x}");
        cpu.Cpu.TryFindSystemRegister("ID_AA64MMFR0_EL1", out encoding);
        cpu.Cpu.TryReadSystemRegister(encoding, out value);
        value.Should().Be(mmfr0, $"{value:x}");
        cpu.Cpu.TryFindSystemRegister("CPUECTLR_EL1", out encoding).Should().BeTrue();
    }
}
