using Emulation.Core;
using Emulation.IR;

namespace Emulation.Cpu;

// Hooks. Code hooks are calls in the translated block; memory hooks keep their pages out of the TLB, so other pages pay nothing.
public abstract unsafe partial class VirtualCpu
{
    /// <summary>Hooks of the machine.</summary>
    public HookTable Hooks => Context.Hooks;

    private bool AnyMemoryHooks => Hooks.AnyMemory;

    private bool HooksTouch(ulong page)
        => AnyMemoryHooks && (Hooks.TouchesPage(page, HookKind.Read) || Hooks.TouchesPage(page, HookKind.Write));

    private void OnRead(ulong address, int size, ulong value)
    {
        if (Hooks.Any(HookKind.Read))
            Hooks.InvokeMemory(HookKind.Read, this, Header.Pc, address, size, value);
    }

    private void OnWrite(ulong address, int size, ulong value)
    {
        if (Hooks.Any(HookKind.Write))
            Hooks.InvokeMemory(HookKind.Write, this, Header.Pc, address, size, value);
    }

    private void OnUnmapped(ulong physical, int size, ulong value)
    {
        if (Hooks.Any(HookKind.Unmapped))
            Hooks.InvokeMemory(HookKind.Unmapped, this, Header.Pc, physical, size, value);
    }

    /// <summary>The run ends before the instruction at this address; null for none.</summary>
    public ulong? ExitAddress
    {
        get => _exitAddress;
        set
        {
            if (_exitAddress is { } old)
                Context.Exclusive(() => Cache.RemoveStop(old));
            _exitAddress = value;
            if (value is { } address)
                Context.Exclusive(() => Cache.AddStop(address));
        }
    }

    // An instruction where a run may end. One that the run begins with does run.
    internal void OnStopAddress(ulong pc)
    {
        ulong count = InstructionCount;
        if (count == _runStart && pc == _runStartPc)
            return;
        if (pc != _exitAddress && !Cache.IsBreakpoint(pc))
            return;
        _stopKind = pc == _exitAddress ? CpuExit.ExitAddress : CpuExit.Breakpoint;
        Header.Exit |= ExitRequest.StopBefore;
    }

    // Runs where the hook was added or removed.
    private void OnHooksChanged(ulong first, ulong last, HookKind kind)
    {
        if (kind is HookKind.Read or HookKind.Write)
            Context.Exclusive(FlushTlb);
        else if (kind != HookKind.Unmapped)
            Context.Exclusive(() => Cache.InvalidateVirtual(first, last));
    }
}

/// <summary>Puts calls of hooks into blocks that hooks cover.</summary>
internal sealed unsafe class HookInstrumentation(HookTable hooks, TranslationCache cache) : IInstrumentation
{
    // A hook sees exact state and may change it, or end the run.
    private const IrEffects Everything = IrEffects.ReadsState | IrEffects.WritesState | IrEffects.MayFault | IrEffects.ReadsTime | IrEffects.ReadsMemory | IrEffects.WritesMemory;
    private static readonly IrHelper s_code = IrHelper.Create(typeof(HookInstrumentation), nameof(OnCode), IrType.None, Everything);
    private static readonly IrHelper s_block = IrHelper.Create(typeof(HookInstrumentation), nameof(OnBlock), IrType.None, Everything);
    private static readonly IrHelper s_fetch = IrHelper.Create(typeof(HookInstrumentation), nameof(OnFetch), IrType.None, Everything);

    private static readonly IrHelper s_stop = IrHelper.Create(typeof(HookInstrumentation), nameof(OnStop), IrType.None, Everything);

    public bool IsActive => hooks.AnyCode || hooks.Any(HookKind.Fetch) || cache.AnyStops;

    public void BeforeInstruction(IrBuilder ir, ulong pc, bool first)
    {
        if (!IsActive)
            return;
        if (cache.IsStop(pc))
            ir.Call(s_stop, ir.Const(pc));
        ulong size = ir.Block.NextPc - pc;
        if (hooks.Covers(HookKind.Fetch, pc, pc + size - 1))
            ir.Call(s_fetch, ir.Const(pc), ir.Const(size));
        if (first && hooks.Covers(HookKind.Block, pc, pc))
            ir.Call(s_block, ir.Const(pc), ir.Const(size));
        if (hooks.Covers(HookKind.Code, pc, pc))
            ir.Call(s_code, ir.Const(pc), ir.Const(size));
    }

    private static void OnStop(byte* state, ulong pc) => VirtualCpu.From(state).OnStopAddress(pc);

    private static void OnCode(byte* state, ulong pc, ulong size)
    {
        VirtualCpu cpu = VirtualCpu.From(state);
        cpu.Hooks.InvokeCode(cpu, pc, (int)size);
    }

    private static void OnBlock(byte* state, ulong pc, ulong size)
    {
        VirtualCpu cpu = VirtualCpu.From(state);
        cpu.Hooks.InvokeBlock(cpu, pc, (int)size);
    }

    private static void OnFetch(byte* state, ulong pc, ulong size)
    {
        VirtualCpu cpu = VirtualCpu.From(state);
        cpu.Hooks.InvokeMemory(HookKind.Fetch, cpu, pc, pc, (int)size, 0);
    }
}
