using Emulation.Arm.Tests.Differential;
using Emulation.Cpu.Decode;

namespace Emulation.Arm.Tests.AArch32;

/// <summary>Random streams of floating point and vectors, whose words A32 and T32 have in common.</summary>
/// <param name="kind">Which instructions: see <see cref="Kinds"/>.</param>
/// <param name="thumb">T32.</param>
/// <param name="seed">Start of the random numbers.</param>
/// <param name="only">One emitter method to test alone, or null.</param>
/// <param name="old">A core with short vectors: see <see cref="CortexA9"/>.</param>
/// <param name="isa">What the CPU has, in place of everything.</param>
internal class SimdGenerator(string kind, bool thumb, int seed, string? only = null, bool old = false, ArmIsa? isa = null) : A32Program(seed, true)
{
    /// <summary>Armv7-A with VFPv3, which has short vectors.</summary>
    public static readonly ArmIsa CortexA9 = new(
        ArmFeature.AArch32, ArmFeature.AProfile, ArmFeature.OnlyAArch32, ArmFeature.V5TE, ArmFeature.V5TEJ, ArmFeature.V6, ArmFeature.V6K, ArmFeature.V6T2, ArmFeature.DSP, ArmFeature.DoublePrecision,
        ArmFeature.V7, ArmFeature.MultiProcessing, ArmFeature.Security, ArmFeature.VFPv2, ArmFeature.VFPv3, ArmFeature.D32, ArmFeature.HalfConversion, ArmFeature.Neon);

    public const string Vfp = "vfp", Neon = "neon", Crypto = "crypto", Products = "products";

    /// <summary>The classes of instructions.</summary>
    public static readonly string[] Kinds = [Vfp, Neon, Crypto, Products];

    private static readonly string[] s_excluded = ["Vmsr"];

    private readonly EncodingRow[] _rows = Usable(kind, only);
    private readonly ArmIsa _isa = old ? CortexA9 : isa ?? ArmIsa.Everything;
    private bool _vectors;

    public static IEnumerable<string> Methods(string kind) => Usable(kind, null).Select(r => r.Method).Distinct();

    private static EncodingRow[] Usable(string kind, string? only)
        => [.. SimdTables.Table.Rows.ToArray().Where(r => !r.IsReserved && !s_excluded.Contains(r.Method) && KindOf(r) == kind && (only is null || r.Method == only))];

    private static string KindOf(EncodingRow row) => row.Extension switch
    {
        "VFPv2" => Vfp,
        "Neon" or "Neon moves" => Neon,
        "Neon crypto" => Crypto,
        "Neon products" => Products,
        _ => "",
    };

    private static bool IsMemory(EncodingRow row)
        => row.Method.StartsWith("Load", StringComparison.Ordinal) || row.Method.StartsWith("Store", StringComparison.Ordinal);

    protected override void Put(uint word)
    {
        uint wide = thumb ? T32Generator.Translate(word) : word;
        if (!thumb)
        {
            Bytes(wide, 4);
            return;
        }

        if (wide >> 16 != 0)
            Bytes(wide >> 16, 2);
        Bytes(wide, 2);
    }

    protected override void AddRandom()
    {
        if (kind is Vfp or Products && Random.Next(16) == 0)
            ChangeControl();
        EncodingRow row = _rows[Random.Next(_rows.Length)];
        if (!SimdTables.Table.TryMakeWord(row, _isa.Features, Random, out uint word))
            return;
        if (word >> 28 != 15 && (thumb || Random.Next(4) != 0))
            word = (word & 0x0fff_ffff) | 0xe000_0000;
        foreach (EncodingField field in row.Pattern.Fields)
        {
            if (field.Name is not ("rt" or "rn" or "rt2" or "rm"))
                continue;
            uint r = (word >> field.Shift) & 15;
            if (r is Constants or Scratch or Sp or Pc && !(field.Name == "rm" && r is Sp or Pc))
                r = (uint)Random.Next(10);
            word = (word & ~(15u << field.Shift)) | (r << field.Shift);
        }

        var i = new A32Word(word);
        if (row.Method is "Vtrn" or "Vuzp" or "Vzip" && A32Emitter.Dd(i) == A32Emitter.Dm(i))
            return;
        bool two = row.Pattern.Fields.ToArray().Any(f => f.Name == "rt2");
        if (two && i.Rn == i.Rt)
            return;
        if (IsMemory(row) && row.Extension == "VFPv2")
            word = row.Method.EndsWith("Register", StringComparison.Ordinal) ? word : (word & ~0xe0u);
        if (!IsUsable(word))
            return;
        if (_vectors && (Overlap(i) || (i.Flag(8) && row.Method is "Vmov" or "Vabs" or "Vneg" or "Vsqrt")))
            return;                                      // QEMU 7.2 puts doubles of one operand elsewhere
        if (IsMemory(row))
        {
            PrepareAddress(i.Rn);
            Put(A32Assembler.AndImmediate(i.Rn, i.Rn, 0x1f, 0) ^ 0x01c0_0000);
            if (row.Extension != "VFPv2" && i.Rm is not (13 or 15))
                Put(A32Assembler.AndImmediate(i.Rm, i.Rm, 0xff, 0));
            if (row.Extension != "VFPv2" && i.Rm == i.Rn)
                return;
        }

        if (row.Method == "Vjcvt")
            PutSimd(A32Assembler.VaddD(A32Emitter.Dm(i)));       // as for FJCVTZS of A64
        PutSimd(word);
    }

    /// <summary>Whether the CPU has an instruction.</summary>
    protected virtual bool IsUsable(uint word) => new ArmFrontend(_isa).FindSimd(word, A32Generator.Mode) is not null;

    private void PutSimd(uint word)
    {
        if (thumb)
        {
            Bytes(ToThumb(word) >> 16, 2);
            Bytes(ToThumb(word), 2);
        }
        else
        {
            Bytes(word, 4);
        }
    }

    private static uint ToThumb(uint word)
    {
        if (word >> 25 == 0b1111001)
            return 0xef00_0000 | ((word >> 24 & 1) << 28) | (word & 0x00ff_ffff);
        return word >> 24 == 0xf4 ? 0xf900_0000 | (word & 0x00ff_ffff) : word;
    }

    // rounding mode, FZ, DN, AHP, FZ16; flags cleared now and then
    private void ChangeControl()
    {
        uint value = (uint)Random.Next(4) << 22;
        if (Random.Next(3) == 0)
            value |= (uint)Random.Next(4) << 24;
        if (Random.Next(4) == 0)
            value |= (uint)(Random.Next(2) << 26) | (uint)(Random.Next(2) << 19);
        if (!_isa.Has(ArmFeature.FP16))
            value &= ~(1u << 19);
        if (old)
        {
            // no more elements than the smallest bank has; QEMU takes a STRIDE of 3 for four of singles, so there is none
            uint shape = new uint[] { 0, 1, 2, 3 }[Random.Next(4)];
            value = (value & ~(1u << 19)) | (shape << 16);
            _vectors = shape != 0;
        }

        int r = Random.Next(10);
        Load(r, value);
        Put(A32Assembler.Vmsr(r));
    }

    // operands that are vectors in the bank of the result, but not the same vector: UNPREDICTABLE
    private static bool Overlap(A32Word i)
    {
        int format = i.Field(8, 2) == 3 ? FpFormat.Double : FpFormat.Single, size = format == FpFormat.Double ? 4 : 8;
        int d = A32Emitter.Vd(i, format), n = A32Emitter.Vn(i, format), m = A32Emitter.Vm(i, format);
        return (d != n && d / size == n / size) || (d != m && d / size == m / size);
    }
}
