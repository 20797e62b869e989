using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Arm;

/// <summary>Random numbers of RNDR and RNDRRS: a sequence that <see cref="ArmCpuOptions.EntropySeed"/> decides, so that runs repeat and snapshots continue it.</summary>
internal static unsafe class RandomHelpers
{
    // memory effects keep calls in order, and there
    public static readonly IrHelper Next
        = IrHelper.Create(typeof(RandomHelpers), nameof(DoNext), IrType.I64, IrEffects.ReadsMemory | IrEffects.WritesMemory);

    public static ulong DoNext(byte* s) => SplitMix.Next(ref *(ulong*)(s + ArmRegisters.Layout.Entropy.Offset));
}
