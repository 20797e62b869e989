using System.Text;
using Emulation.Cpu;
using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.RiscV.Tests.Encodings;

/// <summary>The tables are sound, and no word upsets decoder, disassembler or emitters.</summary>
public sealed class EncodingTableTests
{
    private static readonly uint[] s_modes =
    [
        (3 << RiscVMode.PrivilegeShift) | RiscVMode.FsDirty | RiscVMode.Cbcfe | RiscVMode.Cbze | (3 << RiscVMode.CbieShift),
        (1 << RiscVMode.PrivilegeShift) | RiscVMode.MmuSupervisor,
        RiscVMode.MmuUser | RiscVMode.FsOff | RiscVMode.TrapWfi,
        (1 << RiscVMode.PrivilegeShift) | RiscVMode.MmuSupervisorSum | RiscVMode.FrmInvalid | RiscVMode.TrapVm | RiscVMode.TrapSret | RiscVMode.TrapWrs,
    ];

    [Test]
    public void No_encodings_are_ambiguous()
    {
        RiscVTables.Table32.FindAmbiguities().Select(static p => $"{p.First} / {p.Second}").Should().BeEmpty();
        RiscVTables.Table16.FindAmbiguities().Select(static p => $"{p.First} / {p.Second}").Should().BeEmpty();
    }

    [Test]
    public void Every_encoding_is_found_by_some_word()
    {
        var random = new Random(1);
        FeatureSet all64 = RiscVIsa.Parse(TestIsas.All64).Features, all32 = RiscVIsa.Parse(TestIsas.All32).Features;
        foreach (EncodingRow row in TableRows.All)
        {
            if (row.IsReserved)
                continue;
            EncodingTable<RvEmitter, RvWord> table = RiscVTables.Table32.Rows.Contains(row) ? RiscVTables.Table32 : RiscVTables.Table16;
            bool found = table.TryMakeWord(row, all64, random, out _) || table.TryMakeWord(row, all32, random, out _);
            found.Should().BeTrue($"{row} must be reachable");
        }
    }

    [Test]
    public void Every_operand_has_a_format()
    {
        foreach (EncodingRow row in RiscVTables.Table32.Rows)
            CheckOperands(RiscVTables.Table32.Schema, row);
        foreach (EncodingRow row in RiscVTables.Table16.Rows)
            CheckOperands(RiscVTables.Table16.Schema, row);

        static void CheckOperands(EncodingSchema schema, EncodingRow row)
        {
            foreach (string operand in row.Syntax?.Operands ?? [])
                schema.TryFormat(new StringBuilder(), operand, row.Pattern.Value, 0, default).Should().BeTrue($"{row} has operand '{operand}'");
        }
    }

    [Test]
    public void All_16_bit_words([ValueSource(typeof(TestIsas), nameof(TestIsas.Each))] string isa)
    {
        var frontend = new RiscVFrontend(RiscVIsa.Parse(isa));
        var ir = new IrBuilder();
        for (uint word = 0; word < 0x10000; word++)
        {
            if ((word & 3) != 3)
                Check(frontend, ir, [(byte)word, (byte)(word >> 8)], s_modes[word % s_modes.Length]);
        }
    }

    [Test]
    public void Random_32_bit_words([ValueSource(typeof(TestIsas), nameof(TestIsas.Each))] string isa)
    {
        var frontend = new RiscVFrontend(RiscVIsa.Parse(isa));
        var ir = new IrBuilder();
        var random = new Random(2);
        var bytes = new byte[4];
        for (int i = 0; i < 500_000; i++)
        {
            random.NextBytes(bytes);
            bytes[0] |= 3;
            Check(frontend, ir, bytes, s_modes[i % s_modes.Length]);
        }
    }

    [Test]
    public void Words_of_every_encoding([Values(TestIsas.All64, TestIsas.All32)] string isa)
    {
        RiscVIsa parsed = RiscVIsa.Parse(isa);
        var frontend = new RiscVFrontend(parsed);
        var ir = new IrBuilder();
        var random = new Random(3);
        foreach (EncodingRow row in RiscVTables.Table32.Rows)
        {
            for (int i = 0; i < 500 && !row.IsReserved && RiscVTables.Table32.TryMakeWord(row, parsed.Features, random, out uint word); i++)
                Check(frontend, ir, BitConverter.GetBytes(word), s_modes[i % s_modes.Length]);
        }
    }

    [Test]
    public void Reserved_words_are_illegal([Values(0x0000u, 0x6101u & 0xe003, 0x4002u, 0x8002u)] uint word)
    {
        var frontend = new RiscVFrontend(RiscVIsa.Parse(TestIsas.All64.Replace("_zcmop", "", StringComparison.Ordinal)));
        frontend.Disassemble(BitConverter.GetBytes(word), 0, 0, out _).Should().StartWith(".insn");
    }

    private static void Check(RiscVFrontend frontend, IrBuilder ir, byte[] code, uint mode)
    {
        if (frontend.Isa.Xlen == 32)
            mode |= RiscVMode.Xlen32;
        string text = frontend.Disassemble(code, 0x1000, mode, out int length);
        length.Should().Be(code.Length);
        ir.Begin(0x1000, mode);
        frontend.Translate(ir, code, 0x1000, mode, 1, null).Should().Be(TranslationResult.Done);
        ir.IsTerminated.Should().BeTrue(text);
        if (ir.Block.InstructionCount != 1)
            Assert.Fail($"{text}: {ir.Block.InstructionCount} instructions");
        CheckOrder(ir.Block, text);
    }

    // An engine may abandon an instruction at an operation that faults: nothing may be set before.
    private static void CheckOrder(IrBlock block, string text)
    {
        bool set = false;
        foreach (IrInst inst in block.Insts)
        {
            if (inst.Op == IrOp.Set)
                set = true;
            else if (set && (block.Effects(inst) & IrEffects.MayFault) != 0)
                Assert.Fail($"{text}: {inst.Op} after a register was set");
        }
    }
}
