using System.Numerics;
using Emulation.Cpu.Decode;

namespace Emulation.Arm.Tests.AArch32;

/// <summary>Random streams of T32 from its decode tables, with IT blocks.</summary>
/// <param name="kind">Which instructions: <see cref="A32Generator.Integer"/> or <see cref="A32Generator.Memory"/>.</param>
/// <param name="seed">Start of the random numbers.</param>
/// <param name="only">One emitter method to test alone, or null.</param>
/// <param name="isa">What the CPU has; null for everything. Accesses are aligned then.</param>
internal class T32Generator(string kind, int seed, string? only = null, ArmIsa? isa = null) : A32Program(seed, false)
{
    // what has no meaning in user mode, cannot be compared, or is made by other means
    private static readonly string[] s_excluded =
    [
        "Svc", "Bkpt", "Hlt", "Dcps", "Hvc", "Smc", "SubsPc", "MrsSpsr", "MrsBanked", "MsrBanked", "Hint", "Setend", "Setpan", "Srs", "Rfe", "Udf", "Blx", "It",
        "Strex", "StrexSized", "Tbb", "Tbh", "BlFirst", "BlSecond", "BlxSecond",
    ];

    private readonly (EncodingRow Row, int Length)[] _rows = Usable(kind, only);
    private readonly ArmIsa _isa = isa ?? ArmIsa.Everything;
    private int _it;                                     // instructions left in the IT block

    public static IEnumerable<string> Methods(string kind) => Usable(kind, null).Select(r => r.Row.Method).Distinct();

    private static (EncodingRow Row, int Length)[] Usable(string kind, string? only)
        => [.. T32Tables.Table16.Rows.ToArray().Select(r => (r, 2)).Concat(T32Tables.Table32.Rows.ToArray().Select(r => (r, 4)))
            .Where(r => !r.r.IsReserved && !s_excluded.Contains(r.r.Method) && KindOf(r.r) == kind && (only is null || r.r.Method == only))];

    private static bool IsBranch(EncodingRow row) => row.Extension == A32Tables.Branches || row.Method is "Bl" or "Bxj";

    private static string KindOf(EncodingRow row)
        => row.Method.StartsWith("Load", StringComparison.Ordinal) || row.Method.StartsWith("Store", StringComparison.Ordinal)
            || row.Method is "Ldrex" or "LdrexSized" or "Lda" or "Stl" ? A32Generator.Memory : A32Generator.Integer;

    protected override void Put(uint word)
    {
        uint wide = Translate(word);
        if (wide >> 16 == 0)
        {
            Bytes(wide, 2);
            return;
        }

        Bytes(wide >> 16, 2);
        Bytes(wide, 2);
    }

    protected override void AddRandom()
    {
        if (kind == A32Generator.Integer && Random.Next(6) == 0)
        {
            uint mask = (uint)Random.Next(1, 16), condition = (uint)Random.Next(14);
            Bytes(0xbf00 | (condition << 4) | mask, 2);
            _it = 4 - BitOperations.TrailingZeroCount(mask);
        }

        do
        {
            // in an IT block each turn must give an instruction
            for (ulong before = Here; !TryAdd() || (_it > 0 && Here == before);)
            {
            }
        }
        while (_it > 0 && --_it > 0);
    }

    private bool TryAdd()
    {
        (EncodingRow row, int length) = _rows[Random.Next(_rows.Length)];
        EncodingTable<A32Emitter, T32Word> table = length == 2 ? T32Tables.Table16 : T32Tables.Table32;
        if (!table.TryMakeWord(row, _isa.Features, Random, out uint word))
            return true;
        if (_it > 0 && (IsBranch(row) || row.Method is "Isb" or "Cps" or "Msr"))
        {
            if (only is null)
                return false;
            Bytes(0xbf00, 2);
            return true;
        }

        var names = row.Pattern.Fields.ToArray().ToDictionary(f => f.Name, f => f);
        foreach ((string name, EncodingField field) in names)
        {
            if (field.Width != 4 || name is not ("rd" or "rn" or "rt" or "rt2" or "rm" or "ra" or "rdhi" or "rdlo" or "m4"))
                continue;
            uint r = (word >> field.Shift) & 15;
            bool source = name is "rm" or "ra" or "m4" || (name == "rn" && KindOf(row) == A32Generator.Integer);
            if (!source && r is Constants or Scratch or Sp)
                r = (uint)Random.Next(10);
            if (r is Pc or Sp && name != "m4")
                r = (uint)Random.Next(10);
            word = (word & ~(15u << field.Shift)) | (r << field.Shift);
        }

        var i = new T32Word(word);
        if (names.ContainsKey("dn") && (i.D4 is Constants or Scratch or Sp or Pc || i.M4 == Pc))
            return true;
        if (names.ContainsKey("rdlo") && i.Rt == i.Rd)
            return true;
        if (names.ContainsKey("rdlo") && row.Mnemonic == "umaal" && i.Rt == i.Rd)
            return true;
        if (!TryPlaceBranch(row, ref word))
            return true;
        if (KindOf(row) == A32Generator.Memory && !TryPrepare(row, names, length, ref word))
            return true;
        if (!IsUsable(word, length))
            return true;
        Emit(word, length);
        if (IsBranch(row))
            Bytes(0x3000u | ((uint)Random.Next(8) << 8) | (uint)Random.Next(256), 2);
        if (row.Method is "Ldrex" or "LdrexSized")
            AddExclusiveStore(row, word);
        return true;
    }

    /// <summary>Whether the CPU has an instruction, and it may stand in a stream.</summary>
    protected virtual bool IsUsable(uint word, int length)
        => new ArmFrontend(_isa).FindT32(word, length, A32Generator.Mode) is { } found && !s_excluded.Contains(found.Method);

    private void Emit(uint word, int length)
    {
        if (length == 4)
            Bytes(word >> 16, 2);
        Bytes(word, 2);
    }

    // every branch skips one instruction of 16 bits
    private bool TryPlaceBranch(EncodingRow row, ref uint word)
    {
        if (!IsBranch(row))
            return true;
        var i = new T32Word(word);
        switch (row.Method)
        {
            case "BCond" when word < 0x10000:
                word &= 0xff00;
                return true;
            case "BCond":
                word = (word & 0xfbc0_d000) | 1;
                return true;
            case "B" when word < 0x10000:
                word = 0xe000;
                return true;
            case "B" or "Bl":
                word = (word & 0xf800_d000) | 0x2801;    // J1 = J2 = 1
                return true;
            case "Cbz" or "Cbnz":
                word &= 0xfd07;
                return true;
            case "Bxj":
                return false;
            default:                                     // bx rm: adr, then bit 0
                int r = i.M4 & 7;
                while ((Here & 3) != 0)
                    Bytes(0xbf00, 2);
                Bytes(0xa001u | ((uint)r << 8), 2);      // add r, pc, #4: 8 bytes on
                Bytes(0x3001u | ((uint)r << 8), 2);      // adds r, #1
                word = (word & 0xff87) | ((uint)r << 3);
                return true;
        }
    }

    private bool TryPrepare(EncodingRow row, Dictionary<string, EncodingField> names, int length, ref uint word)
    {
        if (length == 2)
            return TryPrepareNarrow(row, names, word);
        if (isa is not null && (names.ContainsKey("imm12") || names.ContainsKey("imm8")))
            word &= ~(row.Method.Contains("Byte", StringComparison.Ordinal) ? 0u : row.Method.Contains("Half", StringComparison.Ordinal) ? 1u : 3);
        var i = new T32Word(word);
        if (row.Pattern.Mask >> 16 == 0xff7f)            // literal
        {
            word |= 0x0080_0000;
            return true;
        }

        int rn = i.Rn;
        if (names.ContainsKey("list13"))
        {
            word &= ~((1u << Constants) | (1u << Scratch) | (1u << Sp) | (1u << Pc));
            return Prepare(rn);
        }

        if (i.Rt == rn || (names.ContainsKey("rt2") && (i.Rt2 == rn || i.Rt == i.Rt2)))
            return false;
        if (names.ContainsKey("imm12"))
            word &= ~0x800u;
        if (row.Method is "Ldrex" or "LoadDual" or "StoreDual" && names.ContainsKey("imm8"))
            word &= ~0xe0u;
        if (names.ContainsKey("rm") && names.ContainsKey("imm2"))
        {
            if (i.Rm == rn || i.Rm is Constants or Scratch or Sp)
                return false;
            Put(A32Assembler.AndImmediate(i.Rm, i.Rm, 0x3f, 15));
        }

        return Prepare(rn);
    }

    private bool TryPrepareNarrow(EncodingRow row, Dictionary<string, EncodingField> names, uint word)
    {
        var i = new T32Word(word);
        if (row.Method is "StorePush" or "LoadPop" or "StoreStack" or "LoadStack")
        {
            Put(A32Assembler.AddImmediate(Sp, Scratch, 0x40, 0));
            return row.Method != "LoadPop" || !i.Flag(8);
        }

        if (row.Method == "LoadLiteral")
            return true;
        if (names.ContainsKey("list8"))
        {
            if (i.Imm8 == 0 || (row.Method == "StoreMultiple" && (i.Imm8 & (1 << i.H3)) != 0))
                return false;
            return Prepare(i.H3);
        }

        if (names.ContainsKey("m3"))
        {
            if (i.M3 == i.N3 || i.D3 == i.N3)
                return false;
            Put(A32Assembler.AndImmediate(i.M3, i.M3, 0x3f, 15));
        }

        return i.D3 != i.N3 && Prepare(i.N3);
    }

    private bool Prepare(int rn)
    {
        PrepareAddress(rn);
        return true;
    }

    private void AddExclusiveStore(EncodingRow row, uint load)
    {
        var i = new T32Word(load);
        uint rd = (uint)Random.Next(10), store;
        bool pair = row.Mnemonic.EndsWith('d');
        if (rd == i.Rt || rd == i.Rn || (pair && rd == i.Rt2))
            return;
        if (row.Method == "Ldrex")
            store = (load & 0xffef_f0ff) | (rd << 8);
        else
            store = (load & 0xffef_fff0) | rd;
        Emit(store, 4);
        Emit(store, 4);
    }

    /// <summary>An A32 instruction of <see cref="A32Assembler"/> as T32.</summary>
    public static uint Translate(uint a)
    {
        uint rn = (a >> 16) & 15, rd = (a >> 12) & 15, imm12 = a & 0xfff;
        return (a >> 20) switch
        {
            0xe30 or 0xe34 => ((a >> 20) == 0xe30 ? 0xf240_0000u : 0xf2c0_0000u) | (rn << 16) | ((imm12 >> 11) << 26) | (((imm12 >> 8) & 7) << 12) | (rd << 8) | (imm12 & 0xff),
            0xe59 => 0xf8d0_0000 | (rn << 16) | (rd << 12) | imm12,
            0xe58 => 0xf8c0_0000 | (rn << 16) | (rd << 12) | imm12,
            0xe08 => 0xeb00_0000 | (rn << 16) | (rd << 8) | (a & 15),
            0xe28 => 0xf100_0000 | (rn << 16) | (rd << 8) | Modified(a),
            0xe3c => 0xf020_0000 | (rn << 16) | (rd << 8) | Modified(a),
            0xe20 => 0xf000_0000 | (rn << 16) | (rd << 8) | Modified(a),
            0xe12 => 0xf380_8c00 | ((a & 15) << 16),
            0xe10 => 0xf3ef_8000 | (rd << 8),
            0xef0 => 0xdf00,
            _ => a,                                      // floating point has the same words
        };
    }

    private static uint Modified(uint a)
    {
        uint value = BitOperations.RotateRight(a & 0xff, 2 * (int)((a >> 8) & 15));
        uint imm12 = value;
        if (value > 0xff)
        {
            int top = BitOperations.Log2(value);
            int rotation = 39 - top;                     // bit 7 goes to the top bit
            imm12 = ((uint)rotation << 7) | ((value >> (top - 7)) & 0x7f);
        }

        return ((imm12 >> 11) << 26) | (((imm12 >> 8) & 7) << 12) | (imm12 & 0xff);
    }
}
