using Emulation.Arm;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Jit;

namespace Emulation.Boards.Mcu;

/// <summary>The M-profile CPU of a microcontroller board.</summary>
internal static class McuCpu
{
    /// <summary>Adds it to a machine, whose instruction rate follows its clock from then on.</summary>
    /// <param name="context">The machine.</param>
    /// <param name="options">What it is; with its clock.</param>
    /// <param name="engine">How guest code is executed.</param>
    /// <param name="jit">Bounds of the tier-1 engine.</param>
    /// <returns>The CPU, and the translated code, which the machine owns and provides.</returns>
    public static (ArmMCpu Cpu, TranslationCache Code) Add(MachineContext context, ArmMCpuOptions options, EngineOptions engine, JitOptions jit)
    {
        var code = new TranslationCache(engine);
        var frontend = new ArmMFrontend(options.Model);
        if (engine.Engine == EngineKind.Jit && JitEngine.IsSupported)
            code.TierOne = new JitEngine(code, frontend, jit);
        var cpuContext = new CpuContext(context.Memory, context.Clock, context.Log, code) { Hooks = context.Hooks, Exclusive = context.Machine.RunExclusive };
        ArmMCpu cpu = context.AddCpu(new ArmMCpu(0, options, cpuContext, frontend));
        context.Own(code);
        context.Provide(code);
        context.UseCpuClock(options.ProcessorClock!);
        return (cpu, code);
    }
}
