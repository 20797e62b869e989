using Emulation.Arm.Tests.Differential;
using Emulation.Cpu.Decode;

namespace Emulation.Arm.Tests.AArch32;

/// <summary>Random streams of A32 from its decode table.</summary>
/// <param name="kind">Which instructions: see <see cref="Kinds"/>.</param>
/// <param name="seed">Start of the random numbers.</param>
/// <param name="only">One emitter method to test alone, or null.</param>
/// <param name="isa">What the CPU has; null for everything. Accesses are aligned then.</param>
internal sealed class A32Generator(string kind, int seed, string? only = null, ArmIsa? isa = null) : A32Program(seed, kind is Float or Vector)
{
    public const string Integer = "integer", Memory = "memory", Float = "float", Vector = "vector";

    /// <summary>The classes of instructions.</summary>
    public static readonly string[] Kinds = [Integer, Memory];

    public const uint Mode = A32Mode.AArch32;

    // what has no meaning in user mode, cannot be compared, or is made by other means
    private static readonly string[] s_excluded =
    [
        "Svc", "Bkpt", "Hlt", "Hvc", "Smc", "Eret", "MrsSpsr", "MrsBanked", "MsrBanked", "Hint", "Setend", "Setpan", "Srs", "Rfe", "StoreUser", "LoadUser", "Udf", "Blx",
        "Strex", "Stlex",
    ];

    private readonly EncodingRow[] _rows = Usable(kind, only);
    private readonly ArmIsa _isa = isa ?? ArmIsa.Everything;

    public static IEnumerable<string> Methods(string kind) => Usable(kind, null).Select(r => r.Method).Distinct();

    private static EncodingRow[] Usable(string kind, string? only)
        => [.. A32Tables.Table.Rows.ToArray().Where(r => !r.IsReserved && !s_excluded.Contains(r.Method) && KindOf(r) == kind && (only is null || r.Method == only))];

    private static string KindOf(EncodingRow row)
        => row.Method.StartsWith("Load", StringComparison.Ordinal) || row.Method.StartsWith("Store", StringComparison.Ordinal) || row.Pattern.Fields.ToArray().Any(f => f.Name == "list")
            || row.Method is "Swp" or "Ldrex" or "Ldaex" or "Lda" or "Stl" ? Memory : Integer;

    protected override void Put(uint word) => Bytes(word, 4);

    protected override void AddRandom()
    {
        EncodingRow row = _rows[Random.Next(_rows.Length)];
        if (!A32Tables.Table.TryMakeWord(row, _isa.Features, Random, out uint word))
            return;
        if (word >> 28 != 15 && row.Mnemonic != "udf" && Random.Next(3) != 0)
            word = (word & 0x0fff_ffff) | 0xe000_0000;
        var names = row.Pattern.Fields.ToArray().ToDictionary(f => f.Name, f => f);
        bool data = row.Method is "ShiftedRegister" or "Immediate";
        foreach ((string name, EncodingField field) in names)
        {
            if (name is not ("rd" or "rn" or "rt" or "rs" or "rm" or "ra" or "rn0" or "rd4" or "rdhi" or "rdlo"))
                continue;
            uint r = (word >> field.Shift) & 15;
            bool source = name is "rs" or "rm" or "ra" or "rn0" || (name == "rn" && KindOf(row) == Integer);
            if (!source && r is Constants or Scratch or Sp)
                r = (uint)Random.Next(10);
            if (r == Pc && !(data && name is "rn" or "rm"))
                r = (uint)Random.Next(10);
            word = (word & ~(15u << field.Shift)) | (r << field.Shift);
        }

        var i = new A32Word(word);
        if (names.ContainsKey("rdlo") && i.Rd == i.Rn)
            return;
        switch (row.Method)
        {
            case "B" or "Bl":
                word = word & 0xff00_0000;
                break;
            case "Bx" or "BlxRegister" or "Bxj":
                if (i.Rm is Constants or Scratch or Sp)
                    return;
                Put(0xe28f_0004u | ((uint)i.Rm << 12));  // add rm, pc, #4
                break;
            case "Strex" or "Stlex":
                return;
        }

        if (KindOf(row) == Memory && !TryPrepare(row, names, ref word))
            return;
        if (new ArmFrontend(_isa).FindA32(word, Mode) is not { } found || s_excluded.Contains(found.Method))
            return;
        Put(word);
        if (row.Method is "B" or "Bl" or "Bx" or "BlxRegister" or "Bxj")
            Put(A32Assembler.AddImmediate(Random.Next(10), Random.Next(10), (uint)Random.Next(256), Random.Next(16)));
        if (row.Method is "Ldrex" or "Ldaex" && word >> 28 == 14)
        {
            uint store = (word & ~0x0010_0000u & ~0xf00fu) | ((uint)Random.Next(10) << 12) | ((uint)i.Rt);
            var s = new A32Word(store);
            if (s.Rd == s.Rn || s.Rd == s.Rm || s.Rm == s.Rn || (i.Field(21, 2) == 1 && s.Rd == s.Rm + 1))
                return;
            Put(store);
            Put(store);
        }
    }

    private static int Size(EncodingRow row, A32Word i) => row.Method switch
    {
        "LoadHalf" or "StoreHalf" or "LoadSignedHalf" => 2,
        "LoadSignedByte" => 1,
        "LoadDual" or "StoreDual" => 8,
        _ => i.Flag(22) ? 1 : 4,
    };

    private bool TryPrepare(EncodingRow row, Dictionary<string, EncodingField> names, ref uint word)
    {
        var i = new A32Word(word);
        int rn = i.Rn;
        if (names.ContainsKey("list"))
        {
            word &= ~((1u << Constants) | (1u << Scratch) | (1u << Sp) | (1u << Pc));
            if ((word & 0xffff) == 0)
                word |= 1;
            if ((word & (1u << rn)) != 0 && i.W)
                return false;
        }
        else if (i.Rt == rn || (row.Method.EndsWith("Dual", StringComparison.Ordinal) && (i.Rt + 1 == rn || (i.Rt & 1) != 0 || i.Rt is 8 or 10)))
        {
            return false;
        }

        if (row.Method is "Ldrex" or "Ldaex" && i.Field(21, 2) == 1 && ((i.Rt & 1) != 0 || i.Rt + 1 == rn || i.Rt is 10))
            return false;
        if (names.ContainsKey("imm12"))
            word &= ~0x800u;
        if (names.ContainsKey("rm") && row.Method is not ("Swp" or "Stl"))
        {
            if (i.Rm == rn || i.Rm is Constants or Scratch or Sp)
                return false;
            if (row.Method == "LoadDual" && i.Rm >> 1 == i.Rt >> 1)
                return false;                            // UNPREDICTABLE
            if (names.ContainsKey("type"))
                word &= ~0xfe0u | (0x3u << 7);           // LSL by 0 to 3
            Put(A32Assembler.AndImmediate(i.Rm, i.Rm, 0x3f, 15));        // 63 times 4
        }

        if (row.Method.EndsWith("Dual", StringComparison.Ordinal) && names.ContainsKey("imm4h"))
            word &= ~3u;
        if (isa is not null && (names.ContainsKey("imm12") || names.ContainsKey("imm4h")))
            word &= ~(uint)(Size(row, i) - 1);
        PrepareAddress(rn);
        return true;
    }
}
