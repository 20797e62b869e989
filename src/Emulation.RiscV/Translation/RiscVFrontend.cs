using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Emulation.Cpu;
using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.RiscV;

/// <summary>Turns RISC-V code into IR, for one set of extensions.</summary>
/// <param name="isa">What the CPU has.</param>
public sealed class RiscVFrontend(RiscVIsa isa) : IFrontend
{
    private readonly RiscVRegisters _registers = new(isa);
    private readonly bool _compressed = isa.Has(RiscVExtension.Zca);

    /// <summary>What the CPU has.</summary>
    public RiscVIsa Isa { get; } = isa;

    /// <inheritdoc/>
    public RegisterFile Registers => _registers.File;

    /// <inheritdoc/>
    public int MmuIndexCount => RiscVMode.MmuCount;

    /// <inheritdoc/>
    public bool FoldsTlb => !Isa.HasSupervisorMode;

    /// <summary>Slots of integer and floating-point registers.</summary>
    internal RiscVRegisters Slots => _registers;

    /// <inheritdoc/>
    public TranslationResult Translate(
        IrBuilder ir, ReadOnlySpan<byte> code, ulong pc, uint mode, int maxInstructions, IInstrumentation? hooks)
    {
        ArgumentNullException.ThrowIfNull(ir);
        var emitter = new RvEmitter(ir, _registers, Isa, mode);
        int offset = 0;
        for (int count = 0; count < maxInstructions && !emitter.Ended; count++)
        {
            if (!TryFetch(code[offset..], out uint word, out int length))
            {
                if (count == 0)
                    return TranslationResult.NeedsNextPage;
                break;
            }

            emitter.Begin(pc + (ulong)offset, length, word);
            if (hooks is not null)
            {
                hooks.BeforeInstruction(ir, emitter.Pc, count == 0);
                emitter.ForgetFp();
            }

            Emit(emitter, word, length);
            offset += length;
        }

        emitter.EndBlock();
        return TranslationResult.Done;
    }

    /// <inheritdoc/>
    public string Disassemble(ReadOnlySpan<byte> code, ulong pc, uint mode, out int length)
    {
        if (!TryFetch(code, out uint word, out length))
        {
            length = code.Length;
            return ".byte " + Convert.ToHexStringLower(code);
        }

        var text = new StringBuilder();
        if (!TableFor(length).TryDisassemble(text, word, pc, Isa.Features))
            text.Append(CultureInfo.InvariantCulture, $".insn {length}, 0x{word.ToString(length == 2 ? "x4" : "x8", CultureInfo.InvariantCulture)}");
        return text.ToString();
    }

    private void Emit(RvEmitter emitter, uint word, int length)
    {
        EncodingTable<RvEmitter, RvWord> table = TableFor(length);
        if ((length == 4 || _compressed) && table.TryFind(word, Isa.Features, out EncodingRow? row))
        {
            table.Emit(row, emitter, new RvWord(word));
            emitter.Finish();
        }
        else
        {
            emitter.Illegal();
        }
    }

    private static EncodingTable<RvEmitter, RvWord> TableFor(int length) => length == 2 ? RiscVTables.Table16 : RiscVTables.Table32;

    // no instruction is longer than 32 bits: longer ones are illegal by their first 32
    private static bool TryFetch(ReadOnlySpan<byte> code, out uint word, out int length)
    {
        (word, length) = (0, 0);
        if (code.Length < 2)
            return false;
        word = BinaryPrimitives.ReadUInt16LittleEndian(code);
        length = (word & 3) == 3 ? 4 : 2;
        if (length == 2)
            return true;
        if (code.Length < 4)
            return false;
        word = BinaryPrimitives.ReadUInt32LittleEndian(code);
        return true;
    }
}
