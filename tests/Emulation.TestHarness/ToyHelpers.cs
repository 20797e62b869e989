using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.TestHarness;

/// <summary>One helper for each combination of effects an engine treats on its own.</summary>
internal static unsafe class ToyHelpers
{
    public static readonly IrHelper Pure = Create(nameof(Mix), IrType.I64, IrEffects.None);
    public static readonly IrHelper Pure32 = Create(nameof(Mix32), IrType.I32, IrEffects.None);
    public static readonly IrHelper PureDouble = Create(nameof(Half), IrType.F64, IrEffects.None);
    public static readonly IrHelper Reads = Create(nameof(SumOfRegisters), IrType.I64, IrEffects.ReadsState);
    public static readonly IrHelper Writes = Create(nameof(Scramble), IrType.None, IrEffects.WritesState | IrEffects.ReadsState);
    public static readonly IrHelper Faults = Create(nameof(FaultIfOdd), IrType.I64, IrEffects.MayFault);
    public static readonly IrHelper Time = Create(nameof(Count), IrType.I64, IrEffects.ReadsTime);
    public static readonly IrHelper Three = Create(nameof(Mix3), IrType.I64, IrEffects.None);
    public static readonly IrHelper System = Create(nameof(CountSystem), IrType.None, IrEffects.None);
    public static readonly IrHelper Halt = Create(nameof(DoHalt), IrType.None, IrEffects.MayFault | IrEffects.ReadsTime);
    public static readonly IrHelper All = Create(nameof(Everything), IrType.I64, IrEffects.MayFault | IrEffects.ReadsTime | IrEffects.ReadsState | IrEffects.WritesState);

    private static IrHelper Create(string method, IrType result, IrEffects effects) => IrHelper.Create(typeof(ToyHelpers), method, result, effects);

    private static ulong Mix(byte* state, ulong a, ulong b) => (a ^ (b * 0x9e3779b97f4a7c15)) + 1;

    private static ulong Mix32(byte* state, ulong a) => (uint)(a * 2654435761);

    private static ulong Half(byte* state, ulong a) => BitConverter.DoubleToUInt64Bits(BitConverter.UInt64BitsToDouble(a) * 0.5);

    private static ulong Mix3(byte* state, ulong a, ulong b, ulong c) => a + (b * 3) + (c * 5);

    private static ulong SumOfRegisters(byte* state)
    {
        ulong sum = 0;
        for (int i = 0; i < 16; i++)
            sum = (sum * 31) + *(ulong*)(state + CpuHeader.Size + (8 * i));
        return sum;
    }

    private static void Scramble(byte* state, ulong which)
    {
        ulong* registers = (ulong*)(state + CpuHeader.Size);
        registers[which & 15] = (registers[(which + 1) & 15] * 7) + which;
    }

    private static ulong FaultIfOdd(byte* state, ulong a)
    {
        if ((a & 1) == 0)
            return a + 2;
        VirtualCpu.From(state).RecordException(9, a);
        return 0;
    }

    private static ulong Count(byte* state) => VirtualCpu.From(state).InstructionCount;

    private static void CountSystem(byte* state, ulong a)
    {
        var cpu = (ToyCpu)VirtualCpu.From(state);
        cpu.SetRegister(cpu.Toy.Sys[3], cpu.GetRegister(cpu.Toy.Sys[3]) + a);
    }

    private static void DoHalt(byte* state) => ((ToyCpu)VirtualCpu.From(state)).Wait();

    private static ulong Everything(byte* state, ulong a)
    {
        if ((a & 7) == 5)
            VirtualCpu.From(state).RecordException(10, a);
        else
            Scramble(state, a);
        return VirtualCpu.From(state).InstructionCount ^ SumOfRegisters(state);
    }
}
