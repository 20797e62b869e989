using System.Buffers.Binary;
using Emulation.Arm.Disassembly;
using Emulation.Cpu;
using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm;

/// <summary>Turns A64, A32 and T32 code into IR, for one set of features.</summary>
/// <param name="isa">What the CPU has.</param>
public sealed partial class ArmFrontend(ArmIsa isa) : IFrontend
{
    private const uint HighestLevel = 3 | ((uint)ArmMode.MmuMonitor << ArmMode.MmuShift) | ArmMode.OwnSp;
    private const uint FloatBits = 0x0c00_0000;
    private readonly ArmRegisters _registers = ArmRegisters.Layout;
    private readonly A64Disassembler _disassembler = new();

    /// <summary>What the CPU has.</summary>
    public ArmIsa Isa { get; } = isa;

    /// <inheritdoc/>
    public RegisterFile Registers => _registers.File;

    /// <inheritdoc/>
    public int MmuIndexCount => ArmMode.MmuCount;

    internal ArmRegisters Slots => _registers;

    /// <inheritdoc/>
    public TranslationResult Translate(
        IrBuilder ir, ReadOnlySpan<byte> code, ulong pc, uint mode, int maxInstructions, IInstrumentation? hooks)
    {
        ArgumentNullException.ThrowIfNull(ir);
        if ((mode & A32Mode.AArch32) != 0)
            return TranslateAArch32(ir, code, pc, mode, maxInstructions, hooks);
        var emitter = new A64Emitter(ir, _registers, Isa, mode);
        if ((pc & 3) != 0)
        {
            emitter.Begin(pc, 1);
            hooks?.BeforeInstruction(ir, pc, true);
            emitter.RaiseAndEnd(ArmException.PcAlignment, 0, pc);
            return TranslationResult.Done;
        }

        if ((mode & ArmEmitter.Special) != 0)
            maxInstructions = 1;
        for (int offset = 0, count = 0; count < maxInstructions && !emitter.Ended && offset + 4 <= code.Length; count++, offset += 4)
        {
            emitter.Begin(pc + (ulong)offset);
            if (hooks is not null)
            {
                hooks.BeforeInstruction(ir, emitter.Pc, count == 0);
                emitter.ForgetComparison();
                emitter.ForgetStack();
            }

            uint word = BinaryPrimitives.ReadUInt32LittleEndian(code[offset..]);
            if ((mode & ArmEmitter.Special) == 0 || emitter.TryBeginSpecial(mode, word))
            {
                if (count == 0)
                    emitter.CheckBranchTarget(word);
                Emit(emitter, word);
                if (!emitter.Ended)
                    emitter.LeaveBranchTarget();
            }
        }

        if ((mode & ArmEmitter.Special) != 0 && !emitter.Ended)
            emitter.ContinueInRunLoop();
        emitter.EndBlock();
        return TranslationResult.Done;
    }

    /// <inheritdoc/>
    public string Disassemble(ReadOnlySpan<byte> code, ulong pc, uint mode, out int length)
    {
        if ((mode & A32Mode.AArch32) != 0)
            return DisassembleAArch32(code, pc, (mode & A32Mode.Thumb) != 0, out length);
        length = Math.Min(code.Length, 4);
        return length < 4 ? ".byte " + Convert.ToHexStringLower(code) : _disassembler.Text(BinaryPrimitives.ReadUInt32LittleEndian(code), pc);
    }

    /// <summary>The encoding a word is of; null for unallocated words, also those that only an emitter recognises.</summary>
    /// <param name="word">An instruction word.</param>
    internal EncodingRow? Find(uint word)
    {
        if (!A64Tables.Table.TryFind(word, Isa.Features, out EncodingRow? row))
            return null;
        var ir = new IrBuilder();
        ir.Begin(0, 0);
        var emitter = new A64Emitter(ir, _registers, Isa, HighestLevel);
        emitter.Begin(0);
        A64Tables.Table.Emit(row, emitter, new A64Word(word));
        return emitter.IsUndefined ? null : row;
    }

    private void Emit(A64Emitter emitter, uint word)
    {
        EncodingTable<A64Emitter, A64Word> table = A64Tables.Table;
        if (!table.TryFind(word, Isa.Features, out EncodingRow? row))
            emitter.Undefined();
        else if ((emitter.Mode & ArmMode.FpTrapped) != 0 && (word & FloatBits) == FloatBits && row.Extension != nameof(ArmFeature.MOPS))
            emitter.RaiseAndEnd(ArmException.FpTrapped, ArmException.FpSyndrome);
        else
            table.Emit(row, emitter, new A64Word(word));
    }
}
