using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Arm;

/// <summary>What translated code calls for system instructions.</summary>
internal static unsafe class SystemHelpers
{
    private const int BlockBytes = 64;
    private const IrEffects Exact = IrEffects.MayFault | IrEffects.ReadsTime;

    public static readonly IrHelper Clrex = Create(nameof(DoClrex), IrType.None, IrEffects.WritesMemory);

    public static readonly IrHelper Isb = Create(nameof(DoIsb), IrType.None, Exact);

    // exact: compiled code keeps what it knows of the environment while it runs
    public static readonly IrHelper WriteFpcr = Create(nameof(DoWriteFpcr), IrType.None, Exact | IrEffects.FloatEnvironment);

    public static readonly IrHelper ReadFpsr = Create(nameof(DoReadFpsr), IrType.I64, Exact | IrEffects.FloatEnvironment);

    public static readonly IrHelper WriteFpsr = Create(nameof(DoWriteFpsr), IrType.None, Exact | IrEffects.FloatEnvironment);

    public static readonly IrHelper ReadCounter = Create(nameof(DoReadCounter), IrType.I64, IrEffects.ReadsTime);

    public static readonly IrHelper ReadFrequency = Create(nameof(DoReadFrequency), IrType.I64, IrEffects.None);

    public static readonly IrHelper ZeroBlock = Create(nameof(DoZeroBlock), IrType.None, Exact | IrEffects.WritesMemory);

    public static readonly IrHelper CheckLine = Create(nameof(DoCheckLine), IrType.None, Exact | IrEffects.ReadsMemory);

    public static void DoClrex(byte* s) => ((CpuHeader*)s)->ReservationAddress = ulong.MaxValue;

    public static void DoIsb(byte* s) => VirtualCpu.From(s).SynchronizeCode();

    public static void DoWriteFpcr(byte* s, ulong value) => Cpu(s).Fpcr = (uint)value;

    public static ulong DoReadFpsr(byte* s) => Cpu(s).Fpsr;

    public static void DoWriteFpsr(byte* s, ulong value) => Cpu(s).Fpsr = (uint)value;

    public static ulong DoReadCounter(byte* s)
    {
        ArmCpu cpu = Cpu(s);
        return (ulong)((UInt128)(ulong)cpu.Context.Clock.Now * cpu.Options.TimerFrequency / 1_000_000_000);
    }

    public static ulong DoReadFrequency(byte* s) => Cpu(s).Options.TimerFrequency;

    public static void DoZeroBlock(byte* s, ulong address)
    {
        ArmCpu cpu = Cpu(s);
        ulong block = address & ~(ulong)(BlockBytes - 1);
        if (!cpu.TryGetWritePointer(block, BlockBytes, ArmMode.Mmu, out byte* pointer))
            return;
        if (pointer is not null)
        {
            new Span<byte>(pointer, BlockBytes).Clear();
            return;
        }

        // translated code, a hook or a device: store by store
        var how = new MemOp(8, false, ArmMode.Mmu);
        for (int i = 0; i < BlockBytes && cpu.TryStore(block + (ulong)i, how, 0); i += 8)
        {
        }
    }

    public static void DoCheckLine(byte* s, ulong address)
    {
        ArmCpu cpu = Cpu(s);
        if (!cpu.Context.Memory.TryFind(address, out _))
            cpu.ReportAbort(address);
    }

    private static ArmCpu Cpu(byte* s) => (ArmCpu)VirtualCpu.From(s);

    private static IrHelper Create(string method, IrType result, IrEffects effects)
        => IrHelper.Create(typeof(SystemHelpers), method, result, effects);
}
