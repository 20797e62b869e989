using System.Buffers.Binary;
using Emulation.Arm.Disassembly;
using Emulation.Cpu;
using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm;

// A32 and T32.
public sealed partial class ArmFrontend
{
    private const int Always = 14;
    private readonly A32Disassembler _listing = new();

    /// <inheritdoc/>
    public bool ExchangesHalfwords(uint mode)
    {
        const uint Exchanged = A32Mode.AArch32 | A32Mode.Thumb | A32Mode.WordInvariant;
        return (mode & Exchanged) == Exchanged && !Isa.Has(ArmFeature.V7);
    }

    private TranslationResult TranslateAArch32(
        IrBuilder ir, ReadOnlySpan<byte> code, ulong pc, uint mode, int maxInstructions, IInstrumentation? hooks)
    {
        var emitter = new A32Emitter(ir, _registers, Isa, mode);
        if ((pc & (emitter.IsThumb ? 1u : 3u)) != 0)
        {
            emitter.Begin(pc, 1);
            hooks?.BeforeInstruction(ir, pc, true);
            emitter.Raise(ArmException.PcAlignment, 0, pc);
            return TranslationResult.Done;
        }

        bool special = (mode & ArmEmitter.Special) != 0 && Isa.Has(ArmFeature.V8);       // older CPUs have other bits in these places
        if (special)
            maxInstructions = 1;
        int offset = 0;
        for (int count = 0; count < maxInstructions && !emitter.Ended; count++)
        {
            if (!TryFetch(code[offset..], emitter.IsThumb, Isa.Has(ArmFeature.V6T2), out uint word, out int length))
            {
                if (count == 0)
                    return TranslationResult.NeedsNextPage;
                break;
            }

            emitter.Begin(pc + (ulong)offset, length);
            if (hooks is not null)
            {
                hooks.BeforeInstruction(ir, emitter.Pc, count == 0);
                emitter.ForgetComparison();
            }

            offset += length;
            if (special && !emitter.TryBeginSpecial(mode, word))
                continue;
            if (!special)
                emitter.CheckBreakpoints();
            if (emitter.IsThumb)
                EmitT32(emitter, word, length);
            else
                EmitA32(emitter, word);
            emitter.Finish();
        }

        if (special && !emitter.Ended)
            emitter.ContinueInRunLoop();
        emitter.EndBlock();
        return TranslationResult.Done;
    }

    private string DisassembleAArch32(ReadOnlySpan<byte> code, ulong pc, bool thumb, out int length)
    {
        if (TryFetch(code, thumb, Isa.Has(ArmFeature.V6T2), out _, out length))
            return _listing.Text(code[..length], pc, thumb);
        length = code.Length;
        return ".byte " + Convert.ToHexStringLower(code);
    }

    /// <summary>The encoding of an A32 word; null for unallocated words, also those that only an emitter recognises.</summary>
    /// <param name="word">An instruction word.</param>
    /// <param name="mode">Mode word.</param>
    internal EncodingRow? FindA32(uint word, uint mode)
    {
        if (!A32Tables.Table.TryFind(word, Isa.Features, out EncodingRow? row))
            return null;
        A32Emitter emitter = Probe(mode, 4);
        A32Tables.Table.Emit(row, emitter, new A32Word(word));
        return emitter.IsUndefined ? null : row;
    }

    /// <summary>The encoding of a word of the common space of floating point, vectors and coprocessors, in A32 form.</summary>
    /// <param name="word">An instruction word.</param>
    /// <param name="mode">Mode word.</param>
    internal EncodingRow? FindSimd(uint word, uint mode)
    {
        if (!SimdTables.Table.TryFind(word, Isa.Features, out EncodingRow? row))
            return null;
        A32Emitter emitter = Probe(mode, 4);
        SimdTables.Table.Emit(row, emitter, new A32Word(word));
        return emitter.IsUndefined ? null : row;
    }

    /// <summary>Whether an A32 word is of the common space.</summary>
    internal static bool IsSimd(uint word)
        => (word >> 24 & 15) is 0b1100 or 0b1101 or 0b1110 || word >> 25 == 0b1111001 || (word & 0xff10_0000) == 0xf400_0000;

    /// <summary>The A32 form of a T32 word of the common space.</summary>
    internal static bool TryGetSimd(uint word, out uint a32)
    {
        a32 = word;
        if ((word >> 24 & 15) is 0b1100 or 0b1101 or 0b1110)
            return true;
        if ((word & 0xef00_0000) == 0xef00_0000)
        {
            a32 = 0xf200_0000 | ((word >> 28 & 1) << 24) | (word & 0x00ff_ffff);
            return true;
        }

        a32 = 0xf400_0000 | (word & 0x00ff_ffff);
        return (word & 0xff10_0000) == 0xf900_0000;
    }

    private void EmitSimd(A32Emitter emitter, uint word)
    {
        EncodingTable<A32Emitter, A32Word> table = SimdTables.Table;
        if (!table.TryFind(word, Isa.Features, out EncodingRow? row))
            emitter.Undefined();
        else if (!emitter.HasFloat && row.Extension != SimdTables.Coprocessors && row.Method is not ("Vmsr" or "Vmrs"))
            emitter.Raise(ArmException.FpTrapped, ArmException.FpSyndrome);
        else
            table.Emit(row, emitter, new A32Word(word));
    }

    private A32Emitter Probe(uint mode, int length)
    {
        var ir = new IrBuilder();
        ir.Begin(0, 0);
        var emitter = new A32Emitter(ir, _registers, Isa, mode);
        emitter.Begin(0, length);
        return emitter;
    }

    private void EmitA32(A32Emitter emitter, uint word)
    {
        int cond = (int)(word >> 28);
        if (IsSimd(word))
        {
            emitter.Guard(cond);
            EmitSimd(emitter, word);
            return;
        }

        if (!A32Tables.Table.TryFind(word, Isa.Features, out EncodingRow? row))
        {
            emitter.Guard(cond);
            emitter.Undefined();
            return;
        }

        if (row.Extension == A32Tables.Branches)
            emitter.Declare(cond);
        else
            emitter.Guard(cond);
        A32Tables.Table.Emit(row, emitter, new A32Word(word));
    }

    /// <summary>The encoding of a T32 word; null for unallocated words.</summary>
    /// <param name="word">16 bits, or 32 with the first halfword above.</param>
    /// <param name="length">2 or 4.</param>
    /// <param name="mode">Mode word.</param>
    internal EncodingRow? FindT32(uint word, int length, uint mode)
    {
        EncodingTable<A32Emitter, T32Word> table = length == 2 ? T32Tables.Table16 : T32Tables.Table32;
        if (!table.TryFind(word, Isa.Features, out EncodingRow? row))
            return null;
        A32Emitter emitter = Probe(mode | A32Mode.Thumb, length);
        table.Emit(row, emitter, new T32Word(word));
        return emitter.IsUndefined ? null : row;
    }

    // the condition is that of the IT block
    private void EmitT32(A32Emitter emitter, uint word, int length)
    {
        int cond = emitter.InIt ? emitter.It >> 4 : Always;
        if (length == 4 && TryGetSimd(word, out uint a32))
        {
            emitter.Guard(cond);
            EmitSimd(emitter, a32);
            return;
        }

        EncodingTable<A32Emitter, T32Word> table = length == 2 ? T32Tables.Table16 : T32Tables.Table32;
        if (!table.TryFind(word, Isa.Features, out EncodingRow? row))
        {
            emitter.Guard(cond);
            emitter.Undefined();
            return;
        }

        if (row.Extension == A32Tables.Branches)
            emitter.Declare(cond);
        else
            emitter.Guard(cond);
        table.Emit(row, emitter, new T32Word(word));
    }

    private static bool TryFetch(ReadOnlySpan<byte> code, bool thumb, bool wide, out uint word, out int length)
    {
        (word, length) = (0, 4);
        if (!thumb)
        {
            if (code.Length < 4)
                return false;
            word = BinaryPrimitives.ReadUInt32LittleEndian(code);
            return true;
        }

        if (code.Length < 2)
            return false;
        word = BinaryPrimitives.ReadUInt16LittleEndian(code);
        length = wide && word >> 11 >= 0b11101 ? 4 : 2;
        if (length == 2)
            return true;
        if (code.Length < 4)
            return false;
        word = (word << 16) | BinaryPrimitives.ReadUInt16LittleEndian(code[2..]);
        return true;
    }
}
