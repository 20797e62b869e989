using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Arm;

/// <summary>
/// Copying and setting memory, option A. Operand: the instruction word. Between two parts registers hold, going forward: the ends of
/// the regions, and minus what remains; going backward: the beginnings, and what remains. Arm DDI 0487, J1.1 "functions/mops".
/// </summary>
internal static unsafe class MopsHelpers
{
    private const IrEffects State = IrEffects.ReadsState | IrEffects.WritesState;
    private const IrEffects Access = State | IrEffects.ReadsMemory | IrEffects.WritesMemory | IrEffects.MayFault | IrEffects.ReadsTime;
    private const ulong LongestCopy = 0x007f_ffff_ffff_ffff, LongestSet = 0x7fff_ffff_ffff_ffff, AddressMask = (1UL << 56) - 1;

    // what one go does at most: interrupts wait no longer, and a fault loses nothing
    private const int Piece = 4096;

    public static readonly IrHelper CopyPrologue = Create(nameof(DoCopyPrologue), State);
    public static readonly IrHelper Copy = Create(nameof(DoCopy), Access);
    public static readonly IrHelper SetPrologue = Create(nameof(DoSetPrologue), State);
    public static readonly IrHelper Set = Create(nameof(DoSet), Access);

    public static void DoCopyPrologue(byte* s, ulong word)
    {
        var i = new A64Word((uint)word);
        ref ulong to = ref X(s, i.Rd), from = ref X(s, i.Rs), size = ref X(s, i.Rn);
        if (size > LongestCopy)
            size = LongestCopy;
        if (!IsForwardOnly(i) && OverlapsBelow(from, to, size))
            return;                                      // backward: registers are as they should be
        to += size;
        from += size;
        size = 0 - size;
    }

    public static void DoCopy(byte* s, ulong word)
    {
        var i = new A64Word((uint)word);
        if (HasWrongOption(s, i))
            return;
        ref ulong to = ref X(s, i.Rd), from = ref X(s, i.Rs), size = ref X(s, i.Rn);
        ArmCpu cpu = Cpu(s);
        MemOp read = cpu.DataAccess(1, i.Flag(13)), write = cpu.DataAccess(1, i.Flag(12));
        for (int done = 0; done < Piece && size != 0;)
        {
            bool forward = IsForwardOnly(i) || (long)size < 0;
            ulong remains = forward ? 0 - size : size;
            ulong source = from + size, target = to + size;
            int unit = forward ? Unit(source, target, remains) : UnitBelow(source, target, remains);
            if (!forward)
                (source, target) = (source - (ulong)unit, target - (ulong)unit);
            if (!cpu.TryLoad(source, read with { Size = unit }, out ulong value) || !cpu.TryStore(target, write with { Size = unit }, value))
                return;
            size += forward ? (ulong)unit : 0 - (ulong)unit;
            done += unit;
        }
    }

    public static void DoSetPrologue(byte* s, ulong word)
    {
        var i = new A64Word((uint)word);
        ref ulong to = ref X(s, i.Rd), size = ref X(s, i.Rn);
        if (size > LongestSet)
            size = LongestSet;
        to += size;
        size = 0 - size;
    }

    public static void DoSet(byte* s, ulong word)
    {
        var i = new A64Word((uint)word);
        if (HasWrongOption(s, i))
            return;
        ref ulong to = ref X(s, i.Rd), size = ref X(s, i.Rn);
        ulong value = i.Rs == A64Emitter.R31 ? 0 : (byte)X(s, i.Rs) * 0x0101_0101_0101_0101UL;
        ArmCpu cpu = Cpu(s);
        MemOp how = cpu.DataAccess(1, i.Flag(12));
        for (int done = 0; done < Piece && size != 0;)
        {
            ulong target = to + size;
            int unit = Unit(target, target, 0 - size);
            if (!cpu.TryStore(target, how with { Size = unit }, value))
                return;
            size += (ulong)unit;
            done += unit;
        }
    }

    private static bool IsForwardOnly(A64Word i) => !i.Flag(26);

    // whether going forward would overwrite what is still to be read
    private static bool OverlapsBelow(ulong from, ulong to, ulong size)
    {
        ulong source = from & AddressMask, target = to & AddressMask;
        return source < target && ((source + size) & AddressMask) > target;
    }

    // registers of option B, or of nobody
    private static bool HasWrongOption(byte* s, A64Word i)
    {
        if (s[ArmRegisters.Layout.C.Offset] == 0)
            return false;
        bool sets = i.Field(22, 2) == 3, isEpilogue = sets ? i.Field(14, 2) == 2 : i.Field(22, 2) == 2;
        int options = sets ? i.Field(12, 2) : i.Field(12, 4);
        Cpu(s).ReportCopy((sets ? 1 << 24 : 0) | (options << 19) | (isEpilogue ? 1 << 18 : 0) | (1 << 17) | (1 << 16) | (i.Rd << 10) | (i.Rs << 5) | i.Rn);
        return true;
    }

    // 8 bytes where stores are aligned and loads in one page, else one
    private static int Unit(ulong source, ulong target, ulong remains)
        => remains >= 8 && (target & 7) == 0 && (source & 0xfff) <= 0xff8 ? 8 : 1;

    private static int UnitBelow(ulong source, ulong target, ulong remains)
        => remains >= 8 && (target & 7) == 0 && ((source - 8) & 0xfff) <= 0xff8 ? 8 : 1;

    private static ref ulong X(byte* s, int r) => ref *(ulong*)(s + ArmRegisters.Layout.X[r].Offset);

    private static ArmCpu Cpu(byte* s) => (ArmCpu)VirtualCpu.From(s);

    private static IrHelper Create(string method, IrEffects effects) => IrHelper.Create(typeof(MopsHelpers), method, IrType.None, effects);
}
