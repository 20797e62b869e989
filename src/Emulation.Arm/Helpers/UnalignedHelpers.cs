using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Arm;

/// <summary>Atomic accesses that are not aligned but lie in an aligned quantity of 16 bytes. Arm DDI 0487, "FEAT_LSE2".</summary>
internal static unsafe class UnalignedHelpers
{
    private const IrEffects Access = IrEffects.ReadsMemory | IrEffects.WritesMemory | IrEffects.MayFault | IrEffects.ReadsTime;

    /// <summary><c>void (address, 1 for stores)</c>: raises the alignment fault, where SCTLR.nAA does not allow the access.</summary>
    public static readonly IrHelper Fault = Create(nameof(DoFault), IrType.None);

    /// <summary><c>I64 (address, operand, size | operation shifted by 8)</c>: the old value.</summary>
    public static readonly IrHelper Modify = Create(nameof(DoModify), IrType.I64);

    /// <summary><c>I64 (address, value, size)</c>: compares with what <see cref="PairHelpers.SetExpected"/> was given, exchanges; the old value.</summary>
    public static readonly IrHelper CompareExchange = Create(nameof(DoCompareExchange), IrType.I64);

    public static void DoFault(byte* s, ulong address, ulong isStore)
    {
        if (!Cpu(s).AllowsMisaligned)
            Cpu(s).ReportMisaligned(address, isStore != 0);
    }

    public static ulong DoModify(byte* s, ulong address, ulong operand, ulong kind)
    {
        ArmCpu cpu = Cpu(s);
        int size = (byte)kind;
        ulong old = 0;
        if (IsInside(cpu, address, size))
            cpu.TryAtomicUnaligned(address, cpu.DataAccess(size), (AtomicOp)(kind >> 8), operand, out old);
        return old;
    }

    public static ulong DoCompareExchange(byte* s, ulong address, ulong value, ulong size)
    {
        ArmCpu cpu = Cpu(s);
        ulong old = 0;
        if (IsInside(cpu, address, (int)size))
            cpu.TryCompareExchangeUnaligned(address, cpu.DataAccess((int)size), cpu.Header.Scratch0, value, out old);
        return old;
    }

    private static bool IsInside(ArmCpu cpu, ulong address, int size)
    {
        if ((int)(address & 15) + size <= 16)
            return true;
        cpu.ReportMisaligned(address, isStore: true);
        return false;
    }

    private static ArmCpu Cpu(byte* s) => (ArmCpu)VirtualCpu.From(s);

    private static IrHelper Create(string method, IrType result) => IrHelper.Create(typeof(UnalignedHelpers), method, result, Access);
}
