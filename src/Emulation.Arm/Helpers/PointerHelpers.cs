using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Arm;

/// <summary>Signing and authenticating pointers. Keys are numbered as they lie in the register file: IA, IB, DA, DB, GA. Arm DDI 0487, J1.1 AddPAC, Auth, Strip.</summary>
internal static unsafe class PointerHelpers
{
    /// <summary>In the last operand of <see cref="Authenticate"/>: the instruction uses the pointer too.</summary>
    public const int Combined = 8;

    private const int GenericKey = 4, DataKeys = 2, AddressTop = 55;

    /// <summary><c>I64 (pointer, modifier, key)</c>.</summary>
    public static readonly IrHelper Sign = Create(nameof(DoSign), IrEffects.MayFault);

    /// <summary><c>I64 (pointer, modifier, key | Combined)</c>.</summary>
    public static readonly IrHelper Authenticate = Create(nameof(DoAuthenticate), IrEffects.MayFault);

    /// <summary><c>I64 (pointer, 1 for data)</c>.</summary>
    public static readonly IrHelper Strip = Create(nameof(DoStrip), IrEffects.ReadsState);

    /// <summary><c>I64 (value, modifier)</c>: PACGA.</summary>
    public static readonly IrHelper Generic = Create(nameof(DoGeneric), IrEffects.MayFault);

    public static ulong DoSign(byte* s, ulong pointer, ulong modifier, ulong key)
    {
        ArmCpu cpu = Cpu(s);
        PointerRules rules = cpu.PointerRules;
        if ((rules.Enabled & (PointerKeys)(1 << (int)key)) == 0 || cpu.TrapsPointers())
            return pointer;
        bool isData = key >= DataKeys, upper = IsUpper(rules, pointer, isData), tagged = rules.IgnoresTop(upper, isData);
        ulong field = Field(rules, upper, tagged), extended = Extended(pointer, field, upper);
        ulong code = Code(s, cpu, extended, modifier, (int)key);
        PointerVariant variant = cpu.Options.PointerAuthentication.Variant;
        ulong selector = 1UL << AddressTop, all = field | selector;
        if ((pointer & all) != 0 && (pointer & all) != all)
        {
            if (variant == PointerVariant.Epac)
                code = 0;
            else if (variant == PointerVariant.PAuth)
                code ^= 1UL << (tagged ? AddressTop - 1 : 62);
        }

        ulong kept = pointer & ~all, select = upper ? selector : 0;
        return variant >= PointerVariant.PAuth2
            ? kept | select | ((pointer ^ code) & field)
            : kept | select | (code & field);
    }

    public static ulong DoAuthenticate(byte* s, ulong pointer, ulong modifier, ulong kind)
    {
        ArmCpu cpu = Cpu(s);
        PointerRules rules = cpu.PointerRules;
        int key = (int)kind & 7;
        if ((rules.Enabled & (PointerKeys)(1 << key)) == 0 || cpu.TrapsPointers())
            return pointer;
        bool isData = key >= DataKeys, upper = ((pointer >> AddressTop) & 1) != 0, tagged = rules.IgnoresTop(upper, isData);
        ulong field = Field(rules, upper, tagged), original = Extended(pointer, field, upper);
        ulong code = Code(s, cpu, original, modifier, key);
        PointerVariant variant = cpu.Options.PointerAuthentication.Variant;
        if (variant >= PointerVariant.PAuth2)
        {
            ulong result = pointer ^ (code & field);
            bool combined = (kind & Combined) != 0;
            if (result != original && (variant == PointerVariant.FpacCombine || (variant == PointerVariant.Fpac && !combined)))
                cpu.ReportPointer(key);
            return result;
        }

        if (((pointer ^ code) & field) == 0)
            return original;

        // the key's number, in two bits that make the address one that is not translated
        int place = tagged ? 53 : 61;
        ulong error = (key & 1) != 0 ? 2UL : 1;
        return (original & ~(3UL << place)) | (error << place);
    }

    public static ulong DoStrip(byte* s, ulong pointer, ulong isData)
    {
        PointerRules rules = Cpu(s).PointerRules;
        bool upper = ((pointer >> AddressTop) & 1) != 0;
        return Extended(pointer, Field(rules, upper, rules.IgnoresTop(upper, isData != 0)), upper);
    }

    public static ulong DoGeneric(byte* s, ulong value, ulong modifier) => Cpu(s).TrapsPointers() ? 0 : Code(s, Cpu(s), value, modifier, GenericKey) & 0xffff_ffff_0000_0000;

    // where a top byte is ignored for either half of the addresses, bit 55 says which half
    private static bool IsUpper(PointerRules rules, ulong pointer, bool isData)
    {
        bool by55 = rules.IgnoresTop(false, isData) || rules.IgnoresTop(true, isData);
        return ((pointer >> (by55 ? AddressTop : 63)) & 1) != 0;
    }

    // the bits that the code takes: not bit 55
    private static ulong Field(PointerRules rules, bool upper, bool tagged)
    {
        ulong above = ulong.MaxValue << rules.AddressBits(upper);
        return above & ~(1UL << AddressTop) & ~TagOrNothing(tagged);
    }

    private static ulong TagOrNothing(bool tagged) => tagged ? 0xffUL << 56 : 0;

    private static ulong Extended(ulong pointer, ulong field, bool upper)
    {
        ulong all = field | (1UL << AddressTop);
        return upper ? pointer | all : pointer & ~all;
    }

    private static ulong Code(byte* s, ArmCpu cpu, ulong value, ulong modifier, int key)
    {
        ulong low = *(ulong*)(s + ArmRegisters.Layout.PointerKeys[2 * key].Offset), high = *(ulong*)(s + ArmRegisters.Layout.PointerKeys[(2 * key) + 1].Offset);
        return PointerCode.Compute(cpu.Options.PointerAuthentication.Algorithm, value, modifier, low, high);
    }

    private static ArmCpu Cpu(byte* s) => (ArmCpu)VirtualCpu.From(s);

    private static IrHelper Create(string method, IrEffects effects) => IrHelper.Create(typeof(PointerHelpers), method, IrType.I64, effects);
}
