using System.Buffers.Binary;
using Emulation.Cpu.Decode;

namespace Emulation.Arm.Tests.Differential;

/// <summary>
/// Makes random instruction streams from the decode table. Addresses come from registers masked just before; x26 and x27 are
/// reserved (constants, scratch memory). Branches skip one instruction.
/// </summary>
/// <param name="kind">Which extensions: see <see cref="Kinds"/>.</param>
/// <param name="seed">Start of the random numbers.</param>
/// <param name="only">Emitter methods to test alone, separated by commas, or null.</param>
internal sealed class ProgramGenerator(string kind, int seed, string? only = null)
{
    public const string Integer = "integer", Memory = "memory", Float = "float", Vector = "vector", Crypto = "crypto";

    private const int Constants = 26, Scratch = 27, Sp = 31;

    /// <summary>The classes of instructions.</summary>
    public static readonly string[] Kinds = [Integer, Memory, Float, Vector, Crypto];

    // what has no meaning in user mode, cannot be compared, or is made by other means
    private static readonly string[] s_excluded =
    [
        "Svc", "Hvc", "Smc", "Hlt", "Brk", "Udf", "Eret", "Ereta", "Hint", "Isb", "Mrs", "Msr", "Sys", "WriteState", "Stxr", "Stlxr", "StxpW", "StxpX",
        "ReadRandom", "WaitUntil", "DsbNxs",
    ];

    // what the oracle does not know, and what depends on its random keys
    private static readonly string[] s_unknown = ["CSSC", "HBC", "LSE128", "MOPS", "PAuth"];

    private static readonly ulong[] s_interesting =
    [
        0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 0x7fffffffffffffff,
        0x8000000000000000, 0xffffffffffffffff, 0x3ff0000000000000, 0xbff0000000000001, 0x7ff0000000000000, 0xfff0000000000000,
        0x7ff8000000000000, 0x7ff0000000000001, 0x0000000000000001, 0x000fffffffffffff, 0x0010000000000000, 0x7fefffffffffffff,
        0x43e0000000000000, 0xc3e0000000000000, 0x41dfffffffc00000, 0x3fe0000000000000, 0x4004000000000000, 0x3fd8000000000000,
        0x3f8000003f800000, 0xbf8000017f800000, 0x7f8000007fc00000, 0x7fc000007f800001, 0x7f80000100000001, 0x00000001007fffff,
        0x007fffff00800000, 0x008000007f7fffff, 0x7f7fffff4f000000, 0x4f000000cf000000, 0xcf0000005f000000, 0x3f00000040200000,
        0x4020000080000000, 0x80000000fc003c00, 0xbc013c007c00fc00, 0x7e007c01000103ff, 0x04007bff38004100, 0x8080808080808080, 0x7f7f7f7f80808080,
        0x8000800080008000, 0x7fff80017fff8001, 0x0102040810204080, 0x00ff00ff00ff00ff, 0xaaaaaaaa55555555, 0x0011223344556677,
    ];

    private static readonly FeatureSet s_known = new ArmIsa(Enum.GetValues<ArmFeature>().Where(f => f != ArmFeature.LRCPC3)).Features;

    private readonly Random _random = new(seed);
    private readonly Random _data = new(~seed);          // of its own, so that a shorter program has the same data
    private readonly List<byte> _code = [];
    private readonly EncodingRow[] _rows = Usable(kind, only);
    private ulong _dataStart;

    private ulong Pc => Program.Base + (ulong)_code.Count;

    /// <summary>Number of encodings that streams of a class draw from.</summary>
    public static int Count(string kind) => Usable(kind, null).Length;

    /// <summary>The emitter methods of a class.</summary>
    public static IEnumerable<string> Methods(string kind) => Usable(kind, null).Select(r => r.Method).Distinct();

    /// <summary>Makes a program.</summary>
    /// <param name="count">Random instructions in it, besides those that prepare them.</param>
    public Program Make(int count)
    {
        int dataOffset = (0x1000 + (count * 40) + 0xfff) & ~0xfff;
        _dataStart = Program.Base + (ulong)dataOffset;
        LoadImmediate(Scratch, _dataStart + (Program.ScratchBytes / 2));
        LoadImmediate(Constants, _dataStart + Program.ScratchBytes);
        for (int r = 0; r < 32; r++)
            LoadConstants(r);
        Add(Assembler.AddImm(Sp, Scratch, 0));
        Add(Assembler.MsrNzcv(_random.Next(26)));
        for (int i = 0; i < count; i++)
        {
            if (_random.Next(4) == 0)
                LoadConstants(_random.Next(32));
            if (kind is Float or Vector && _random.Next(24) == 0)
                ChangeControl();
            AddRandom(_rows[_random.Next(_rows.Length)]);
        }

        ulong dumpStart = Pc;
        ulong end = Finish();
        if (_code.Count > dataOffset)
            throw new InvalidOperationException("the code is longer than its room");
        var image = new byte[dataOffset + Program.DataBytes];
        _code.CopyTo(image);
        Span<byte> data = image.AsSpan(dataOffset);
        for (int i = 0; i + 8 <= Program.ScratchBytes + Program.ConstantBytes; i += 8)
            BinaryPrimitives.WriteUInt64LittleEndian(data[i..], Interesting());
        return new Program(image, dataOffset, dumpStart, end);
    }

    private static EncodingRow[] Usable(string kind, string? only)
        => [.. A64Tables.Table.Rows.ToArray().Where(r => !r.IsReserved && !s_excluded.Contains(r.Method) && !IsUnknown(r) && KindOf(r) == kind && (only is null || only.Split(',').Contains(r.Method)))];

    private static bool IsUnknown(EncodingRow row)
        => s_unknown.Contains(row.Extension) || (row.Extension == "Base" && !row.Requirement.IsMetBy(s_known));

    private static string KindOf(EncodingRow row) => row.Extension switch
    {
        "AdvSIMD" or "Vector memory" => Vector,
        "FP" when row.Pattern.Fields.ToArray().All(f => f.Name != "rt") => Float,
        "Crypto" => Crypto,
        _ => row.Pattern.Fields.ToArray().Any(f => f.Name == "rt") && !IsBranch(row.Pattern.Value) && (row.Pattern.Value & 0x0a00_0000) == 0x0800_0000 ? Memory : Integer,
    };

    private static bool IsBranch(uint word) => (word & 0x1c00_0000) == 0x1400_0000;

    private ulong Interesting()
    {
        ulong value = _data.Next(3) == 0 ? (ulong)_data.NextInt64() << 1 : s_interesting[_data.Next(s_interesting.Length)];
        return _data.Next(8) switch
        {
            0 => value ^ 0x8000_0000_0000_0000,
            1 => value ^ 0x8000_0000,
            2 => value + (ulong)_data.Next(-2, 3),
            3 => ulong.RotateLeft(value, 32),
            _ => value,
        };
    }

    private void LoadConstants(int r)
    {
        int offset = _random.Next(Program.ConstantBytes / 16) * 16;
        if (r is not (Constants or Scratch or Sp))
            Add(Assembler.LdrX(r, Constants, offset + (8 * _random.Next(2))));
        Add(Assembler.LdrQ(_random.Next(32), Constants, offset));
    }

    // rounding mode, FZ and DN of FPCR; FPSR cleared
    private void ChangeControl()
    {
        int r = _random.Next(26);
        uint value = (uint)_random.Next(4) << 22;
        if (_random.Next(3) == 0)
            value |= (uint)_random.Next(4) << 24;
        if (_random.Next(4) == 0)
            value |= (uint)(_random.Next(2) << 26) | (uint)(_random.Next(2) << 19);
        Add(Assembler.Movz(r, value >> 16, 1));
        Add(Assembler.MsrFpcr(r));
        if (_random.Next(3) == 0)
            Add(Assembler.MsrFpsr(A64Emitter.R31));
    }

    private void AddRandom(EncodingRow row)
    {
        if (!A64Tables.Table.TryMakeWord(row, ArmIsa.Everything.Features, _random, out uint word))
            return;
        var names = row.Pattern.Fields.ToArray().ToDictionary(f => f.Name, f => f);
        foreach (string name in (string[])["rd", "rt", "rt2", "rs"])
        {
            if (names.TryGetValue(name, out EncodingField field) && ((word >> field.Shift) & 31) is Constants or Scratch or Constants - 1)
                word ^= 0x10u << field.Shift;
        }

        if (IsBranch(word))
        {
            AddBranch(row, word);
            return;
        }

        if (names.TryGetValue("rt", out _) && (word & 0x0a00_0000) == 0x0800_0000)
        {
            if (!TryPrepareAddress(row, names, ref word))
                return;
        }

        if (new ArmFrontend(ArmIsa.Everything).Find(word) is not { } found || s_excluded.Contains(found.Method))
            return;                                      // reserved by what an emitter looks at
        if ((word & 0xfff0_fc00) == 0x5f10_fc00)
            return;                                      // fcvtzs h, h, #: QEMU 7.2 writes 32 bits of a negative result
        if (found.Method == "Fjcvtzs")
        {
            int n = new A64Word(word).Rn;
            Add(Assembler.FaddD(n, n, n));               // leaves no subnormal to be flushed, of which QEMU 7.2 says that it is exact
        }

        Add(word);
        if (found.Method is "Ldxr" or "Ldaxr" or "LdxpW" or "LdxpX")
            AddExclusiveStore(word);
    }

    private void AddBranch(EncodingRow row, uint word)
    {
        var i = new A64Word(word);
        switch (row.Method)
        {
            case "B" or "Bl":
                word = (word & ~0x03ff_ffffu) | 2;
                break;
            case "BCond" or "Cbz" or "Cbnz":
                word = (word & ~(0x7ffffu << 5)) | (2u << 5);
                break;
            case "Tbz" or "Tbnz":
                word = (word & ~(0x3fffu << 5)) | (2u << 5);
                break;
            case "Br" or "Blr" or "Ret":
                if (i.Rn is Constants or Scratch or Sp)
                    return;
                Add(0x1000_0060u | (uint)i.Rn);          // adr rn, . + 12
                break;
            default:
                Add(word);                               // system instructions
                return;
        }

        Add(word);
        Add(Assembler.AddImm(_random.Next(26), _random.Next(26), _random.Next(4096)));
    }

    private bool TryPrepareAddress(EncodingRow row, Dictionary<string, EncodingField> names, ref uint word)
    {
        var i = new A64Word(word);
        if (!names.ContainsKey("rn"))                    // literal
        {
            long distance = (long)(_dataStart + Program.ScratchBytes + (ulong)(_random.Next(200) * 16)) - (long)Pc;
            word = (word & ~(0x7ffffu << 5)) | ((uint)((distance >> 2) & 0x7ffff) << 5);
            return true;
        }

        if (i.Rn is Constants or Scratch)
            return false;
        bool vector = (word & 0x0400_0000) != 0;
        bool transfersBase = !vector && i.Rn != Sp && (i.Rt == i.Rn || (names.ContainsKey("rt2") && i.Rt2 == i.Rn) || (names.ContainsKey("rs") && i.Rs == i.Rn));
        if (transfersBase)
            return false;
        if (names.ContainsKey("rt2") && i.Rt == i.Rt2)
            return false;
        if (names.ContainsKey("rs") && row.Method.StartsWith("Casp", StringComparison.Ordinal) && (i.Rs + 1 == i.Rn || i.Rt + 1 == i.Rn || i.Rs == 30 || i.Rt == 30))
            return false;
        if (names.ContainsKey("imm12"))
            word &= ~(0xfe0u << 10);
        if (names.ContainsKey("imm9") && row.Extension == "Base" && (row.Method.StartsWith("Stlur", StringComparison.Ordinal) || row.Method.StartsWith("Ldapur", StringComparison.Ordinal)))
            word &= ~(0xfu << 12);
        bool structures = row.Extension == "Vector memory";
        if (structures && names.ContainsKey("rm") && i.Rm is Constants or Scratch)
            return false;
        if (names.ContainsKey("rm") && !structures)
        {
            if (i.Rm == i.Rn || i.Rm is Constants or Scratch)
                return false;
            if (i.Rm != Sp)
                Add(Assembler.AndMask(i.Rm, i.Rm, 5, 2));
        }

        if (i.Rn == Sp)
        {
            Add(Assembler.AddImm(Sp, Scratch, 16 * _random.Next(64)));
            return true;
        }

        Add(Assembler.AndMask(i.Rn, i.Rn, 7, 4));
        Add(Assembler.AddX(i.Rn, i.Rn, Scratch));
        return true;
    }

    // Exclusive stores only right behind their load: which others succeed is the implementation's choice.
    private void AddExclusiveStore(uint load)
    {
        var i = new A64Word(load);
        uint store = (load & ~0x0040_0000u & ~(31u << 16)) | ((uint)_random.Next(26) << 16);
        var s = new A64Word(store);
        bool pair = (load & 0x0020_0000) != 0;
        if (i.Rt == i.Rn || s.Rs == i.Rn || s.Rs == i.Rt || (pair && (s.Rs == i.Rt2 || i.Rt2 == i.Rn)))
            return;
        Add(store);
        Add(store);                                      // the reservation is gone: fails
    }

    private ulong Finish()
    {
        ulong dump = _dataStart + Program.ScratchBytes + Program.ConstantBytes;
        LoadImmediate(Constants, dump);
        for (int r = 0; r < 31; r++)
            Add(Assembler.StrX(r, Constants, r * 8));
        Add(Assembler.MrsNzcv(0));
        Add(Assembler.StrX(0, Constants, 248));
        for (int r = 0; r < 32; r++)
            Add(Assembler.StrQ(r, Constants, 256 + (r * 16)));
        Add(Assembler.MrsFpsr(0));
        Add(Assembler.StrX(0, Constants, 768));
        ulong end = Pc;
        LoadImmediate(0, 1);                             // write(1, data, bytes)
        LoadImmediate(1, _dataStart);
        LoadImmediate(2, Program.DataBytes);
        LoadImmediate(8, 64);
        Add(Assembler.Svc);
        LoadImmediate(0, 0);                             // exit(0)
        LoadImmediate(8, 93);
        Add(Assembler.Svc);
        return end;
    }

    private void LoadImmediate(int r, ulong value)
    {
        Add(Assembler.Movz(r, value));
        Add(Assembler.Movk(r, value >> 16, 1));
    }

    private void Add(uint word)
    {
        for (int i = 0; i < 4; i++)
            _code.Add((byte)(word >> (i * 8)));
    }
}
