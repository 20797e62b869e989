using System.Reflection.Emit;
using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Jit;

// Remembered pages: an access on the page of the one before needs no look into the TLB, and its address does not wait for what that holds.
internal sealed unsafe partial class RegionCompiler
{
    // Each takes two locals that live through the whole loop.
    private const int MaxPageCaches = 16;
    private readonly bool _cachesPages;
    private readonly Dictionary<(RegionBlock Block, PageKey Key), PageCache> _loopCaches = [];
    private readonly Dictionary<(RegionBlock Block, PageKey Key), int> _pageUses = [];
    private readonly Dictionary<PageKey, PageCache> _blockCaches = [];
    private readonly Dictionary<int, int> _versions = [];

    /// <summary>What the addresses of several accesses have in common: a register, as often written in the block so far; else the operation that computes it.</summary>
    private readonly record struct PageKey(bool IsRegister, int Base, int Version, int MmuIndex, int Tag);

    private sealed record PageCache(LocalBuilder Tag, LocalBuilder Addend);

    // What tier 0 executes in between, and helpers that change state, may change the mapping.
    private static bool ChangesMapping(RegionBlock block)
    {
        if (Array.Exists(block.Modes, static m => m == InstructionMode.Step))
            return true;
        foreach (ref readonly IrInst inst in block.Ir.Insts)
        {
            if (ForgetsPages(block, inst))
                return true;
        }

        return false;
    }

    private static bool ForgetsPages(RegionBlock block, in IrInst inst)
        => inst.Op == IrOp.Call && (block.Ir.Effects(inst) & IrEffects.WritesState) != 0 && !InstructionModes.NeedsTierZero(inst, block.Ir.Effects(inst));

    // Counts what could share a page, and gives accesses in loops something that lasts from one round to the next.
    private void PlanPages(RegionBlock block)
    {
        _ir = block.Ir;
        _versions.Clear();
        int instruction = -1;
        Span<IrInst> insts = _ir.Insts;
        for (int i = 0; i < insts.Length; i++)
        {
            ref readonly IrInst inst = ref insts[i];
            if (inst.Op == IrOp.Insn)
                instruction++;
            if (instruction < 0 || block.Modes[instruction] != InstructionMode.Inline)
                continue;
            if (inst.Op is IrOp.Load or IrOp.Store)
            {
                PageKey key = KeyOf(inst, MemOp.Unpack(inst.Aux), inst.Op == IrOp.Load ? FieldOffsets.TlbRead : FieldOffsets.TlbWrite);
                _pageUses[(block, key)] = _pageUses.GetValueOrDefault((block, key)) + 1;
                if (_cachesPages && block.IsInLoop && _loopCaches.Count < MaxPageCaches && !_loopCaches.ContainsKey((block, key)))
                    _loopCaches.Add((block, key), new PageCache(_il.DeclareLocal(typeof(long)), _il.DeclareLocal(typeof(long))));
            }

            NoteWrite(inst);
        }
    }

    private void EmitEntry()
    {
        EmitHostDecides();
        foreach (PageCache cache in _loopCaches.Values)
        {
            LoadLong(-1);
            _il.Emit(OpCodes.Stloc, cache.Tag);
        }
    }

    private void NoteWrite(in IrInst inst)
    {
        if (inst.Op == IrOp.Set)
            _versions[(int)inst.Imm] = _versions.GetValueOrDefault((int)inst.Imm) + 1;
    }

    private PageKey KeyOf(in IrInst inst, MemOp how, int tag)
    {
        ref readonly IrInst address = ref _ir.Insts[inst.A];
        return address.Op == IrOp.Get
            ? new PageKey(true, (int)address.Imm, _versions.GetValueOrDefault((int)address.Imm), how.MmuIndex, tag)
            : new PageKey(false, inst.A, 0, how.MmuIndex, tag);
    }

    // The remembered page that an access looks at, or null. It is filled when an access before this one was there already, on every path.
    private PageCache? CacheFor(in IrInst inst, MemOp how, int tag, out bool filled)
    {
        PageKey key = KeyOf(inst, how, tag);
        filled = true;
        if (_loopCaches.TryGetValue((_block, key), out PageCache? cache) || _blockCaches.TryGetValue(key, out cache))
            return cache;
        filled = false;
        if (_pageUses.GetValueOrDefault((_block, key)) < 2 || _dirty.IsConditional)
            return null;
        cache = new PageCache(_pool.Take(typeof(long)), _pool.Take(typeof(long)));
        _blockCaches.Add(key, cache);
        return cache;
    }

    private void ForgetPages() => _blockCaches.Clear();
}
