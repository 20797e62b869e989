using System.Buffers.Binary;
using Emulation.Arm.Disassembly;
using Emulation.Cpu;
using Emulation.Cpu.Decode;
using Emulation.IR;

namespace Emulation.Arm;

/// <summary>Turns the T32 code of an M-profile CPU into IR, for one model.</summary>
public sealed class ArmMFrontend : IFrontend
{
    private const int Always = 14;

    // what of T32's rows is there without the Main Extension, by method. DDI 0419, A5.3; DDI 0553, C1.2.
    private static readonly string[] s_v6Wide = ["Bl", "Dsb", "Dmb", "Isb", "Udf"];
    private static readonly string[] s_v8Wide = [.. s_v6Wide, "Movw", "Movt", "B", "Sdiv", "Udiv", "Ldrex", "Strex", "LdrexSized", "StrexSized", "Lda", "Stl", "Clrex"];
    private static readonly string[] s_v6Absent = ["It", "Cbz", "Cbnz"];
    private static readonly string[] s_v8Absent = ["It"];

    private readonly ArmRegisters _registers = ArmRegisters.Layout;
    private readonly A32Disassembler _listing = new();
    private readonly string[]? _wide;
    private readonly string[] _absent;

    /// <summary>Creates a translator.</summary>
    /// <param name="model">The CPU.</param>
    public ArmMFrontend(ArmMCpuModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        if (!model.IsMainline)
            (_wide, _absent) = model.IsV8 ? (s_v8Wide, s_v8Absent) : (s_v6Wide, s_v6Absent);
        else
            _absent = [];
    }

    /// <summary>The CPU.</summary>
    public ArmMCpuModel Model { get; }

    /// <inheritdoc/>
    public RegisterFile Registers => _registers.File;

    /// <inheritdoc/>
    public int MmuIndexCount => MMode.MmuCount;

    /// <inheritdoc/>
    public bool FoldsTlb => true;

    internal ArmRegisters Slots => _registers;

    private ArmIsa Isa => Model.Isa;

    /// <inheritdoc/>
    public TranslationResult Translate(IrBuilder ir, ReadOnlySpan<byte> code, ulong pc, uint mode, int maxInstructions, IInstrumentation? hooks)
    {
        ArgumentNullException.ThrowIfNull(ir);
        var emitter = new MEmitter(ir, _registers, Isa, mode);
        if ((mode & A32Mode.Thumb) == 0)
        {
            emitter.Begin(pc, 2);
            hooks?.BeforeInstruction(ir, pc, true);
            emitter.Raise(ArmException.IllegalState, 0);
            return TranslationResult.Done;
        }

        int offset = 0;
        for (int count = 0; count < maxInstructions && !emitter.Ended; count++)
        {
            if (!TryFetch(code[offset..], out uint word, out int length))
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
            Emit(emitter, word, length);
            emitter.Finish();
        }

        emitter.EndBlock();
        return TranslationResult.Done;
    }

    /// <inheritdoc/>
    public string Disassemble(ReadOnlySpan<byte> code, ulong pc, uint mode, out int length)
    {
        if (TryFetch(code, out _, out length))
            return _listing.Text(code[..length], pc, true);
        length = code.Length;
        return ".byte " + Convert.ToHexStringLower(code);
    }

    /// <summary>Whether a word is an instruction of the CPU, coprocessors left out.</summary>
    /// <param name="word">16 bits, or 32 with the first halfword above.</param>
    /// <param name="length">2 or 4.</param>
    internal bool IsDefined(uint word, int length)
    {
        const uint Mode = A32Mode.Thumb | MMode.Privileged;
        var ir = new IrBuilder();
        ir.Begin(0, Mode);
        var emitter = new MEmitter(ir, _registers, Isa, Mode);
        emitter.Begin(0, length);
        Emit(emitter, word, length);
        return !emitter.IsUndefined;
    }

    private void Emit(MEmitter emitter, uint word, int length)
    {
        int cond = emitter.InIt ? emitter.It >> 4 : Always;
        if (length == 4 && (word >> 24 & 15) is 0b1100 or 0b1101 or 0b1110 && !(emitter.Isa.Has(ArmFeature.V8M) && IsLazy(word)))
        {
            emitter.Guard(cond);
            EmitCoprocessor(emitter, word);
            return;
        }

        if (length == 4 && emitter.Isa.Has(ArmFeature.V8M) && IsLazy(word))
        {
            emitter.Guard(cond);
            emitter.LazyState((int)(word >> 16) & 15, loads: (word & (1 << 20)) != 0);
            return;
        }

        if (!TryEmit(length == 2 ? MTables.Table16 : MTables.Table32, emitter, word, cond)
            && !TryEmitShared(length == 2 ? T32Tables.Table16 : T32Tables.Table32, emitter, word, length, cond))
        {
            emitter.Guard(cond);
            emitter.Undefined();
        }
    }

    private bool TryEmit(EncodingTable<MEmitter, T32Word> table, MEmitter emitter, uint word, int cond)
    {
        if (!table.TryFind(word, Isa.Features, out EncodingRow? row))
            return false;
        Begin(emitter, row, cond);
        table.Emit(row, emitter, new T32Word(word));
        return true;
    }

    private bool TryEmitShared(EncodingTable<A32Emitter, T32Word> table, MEmitter emitter, uint word, int length, int cond)
    {
        if (!table.TryFind(word, Isa.Features, out EncodingRow? row) || !IsPresent(row, length))
            return false;
        Begin(emitter, row, cond);
        table.Emit(row, emitter, new T32Word(word));
        return true;
    }

    private bool IsPresent(EncodingRow row, int length)
        => length == 4 ? _wide is null || Array.IndexOf(_wide, row.Method) >= 0 : Array.IndexOf(_absent, row.Method) < 0;

    private static void Begin(MEmitter emitter, EncodingRow row, int cond)
    {
        if (row.Extension == A32Tables.Branches)
            emitter.Declare(cond);
        else
            emitter.Guard(cond);
    }

    // VLLDM and VLSTM
    private static bool IsLazy(uint word) => (word & 0xffe0_ffff) == 0xec20_0a00;

    private void EmitCoprocessor(MEmitter emitter, uint word)
    {
        if ((word >> 8 & 14) != 10 || !Model.HasFloat)
        {
            if (Model.IsMainline)
                emitter.Raise(ArmException.FpTrapped, 0);
            else
                emitter.Undefined();
            return;
        }

        if (!emitter.HasFloat)
        {
            emitter.Raise(ArmException.FpTrapped, 1);
            return;
        }

        EncodingTable<A32Emitter, A32Word> table = SimdTables.Table;
        if (!table.TryFind(word, Isa.Features, out EncodingRow? row) || row.Extension == SimdTables.Coprocessors || IsDouble(word))
        {
            emitter.Undefined();
            return;
        }

        if (emitter.FloatWaits && IsUndefined(table, row, word, emitter.Mode))
        {
            emitter.Undefined();
            return;
        }

        emitter.PrepareFloat();
        table.Emit(row, emitter, new A32Word(word));
        emitter.FinishFloat();
    }

    // what is UNDEFINED does not take the unit into use
    private bool IsUndefined(EncodingTable<A32Emitter, A32Word> table, EncodingRow row, uint word, uint mode)
    {
        var ir = new IrBuilder();
        ir.Begin(0, mode);
        var emitter = new MEmitter(ir, _registers, Isa, mode & ~A32Mode.ItMask);
        emitter.Begin(0, 4);
        table.Emit(row, emitter, new A32Word(word));
        return emitter.IsUndefined;
    }

    // arithmetic of doubles, and their conversions, where there are registers for them only
    private bool IsDouble(uint word)
    {
        if (Isa.Has(ArmFeature.DoublePrecision) || (word >> 24 & 15) != 0b1110 || (word & (1 << 4)) != 0)
            return false;
        return (word & (1 << 8)) != 0 || (word & 0x0fbf_0fd0) == 0x0eb7_0ac0;
    }

    private static bool TryFetch(ReadOnlySpan<byte> code, out uint word, out int length)
    {
        (word, length) = (0, 2);
        if (code.Length < 2)
            return false;
        word = BinaryPrimitives.ReadUInt16LittleEndian(code);
        if (word >> 11 < 0b11101)
            return true;
        length = 4;
        if (code.Length < 4)
            return false;
        word = (word << 16) | BinaryPrimitives.ReadUInt16LittleEndian(code[2..]);
        return true;
    }
}
