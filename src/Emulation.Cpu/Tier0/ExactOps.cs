using System.Runtime.CompilerServices;
using Emulation.IR;

namespace Emulation.Cpu;

/// <summary>Tier-0 operations that may fault, reach devices or call helpers: they run with exact PC and instruction count in the header.</summary>
/// <remarks>Each takes and gives the budget; <see cref="Leave"/> means that the header is complete and the engine returns to the run loop.</remarks>
internal static unsafe class ExactOps
{
    /// <summary>Instead of a budget: leave the engine.</summary>
    public const long Leave = long.MinValue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BlockHeader* HeaderOf(Op* op) => (BlockHeader*)((byte*)(op - op->Index) - sizeof(BlockHeader));

    /// <summary>Slow path of <see cref="Micro.Load"/> and <see cref="Micro.Load32"/>.</summary>
    public static long Load(byte* s, Op* op, long budget)
    {
        BlockHeader* block = Begin(s, op, budget);
        int form = op->Code & 7;
        ulong address = *(ulong*)(s + op->B) + (ulong)(long)op->Low;
        if (form == Op.Load128)
            return LoadVector(s, op, block, address, new MemOp(16, false, op->Mmu));
        int size = form switch { Op.U8 or Op.S8 => 1, Op.U16 or Op.S16 => 2, Op.U32 or Op.S32 => 4, _ => 8 };
        if (VirtualCpu.From(s).TryLoad(address, new MemOp(size, false, op->Mmu), out ulong value))
        {
            value = form switch
            {
                Op.S8 => (ulong)(sbyte)value,
                Op.S16 => (ulong)(short)value,
                Op.S32 => (ulong)(int)value,
                _ => value,
            };
            if (op->Code / 8 == (int)Micro.Load)
                *(ulong*)(s + op->A) = value;
            else
                *(uint*)(s + op->A) = (uint)value;
        }

        return End(s, op, op + 1, block);
    }

    /// <summary>Slow path of <see cref="Micro.Store"/>.</summary>
    public static long Store(byte* s, Op* op, long budget)
    {
        BlockHeader* block = Begin(s, op, budget);
        ulong address = *(ulong*)(s + op->B) + (ulong)(long)op->Low;
        if ((op->Code & 7) == Op.Store128)
            return StoreVector(s, op, block, address, new MemOp(16, false, op->Mmu));
        VirtualCpu.From(s).TryStore(address, new MemOp(1 << (op->Code & 7), false, op->Mmu), ReadNarrow(s + op->A, 1 << (op->Code & 7)));
        return End(s, op, op + 1, block);
    }

    /// <summary>Loads of every other kind.</summary>
    public static long LoadAny(byte* s, Op* op, long budget)
    {
        MemOp how = MemOp.Unpack(op->Flags) with { MmuIndex = op->Mmu };
        if (TryFind(s, op, how, write: false, out byte* pointer))
        {
            ulong plain = AtomicMemory.Swapped(AtomicMemory.Read(pointer, how.Size), how);
            WriteWidth(s + op->A, op->Code & 7, how.Signed ? SignExtend(plain, how.Size) : plain);
            return budget;
        }

        BlockHeader* block = Begin(s, op, budget);
        if (how.Size >= 16)
            return LoadVector(s, op, block, *(ulong*)(s + op->B), how);
        if (VirtualCpu.From(s).TryLoad(*(ulong*)(s + op->B), how, out ulong value))
            WriteWidth(s + op->A, op->Code & 7, how.Signed ? SignExtend(value, how.Size) : value);
        return End(s, op, op + 1, block);
    }

    /// <summary>Stores of every other kind.</summary>
    public static long StoreAny(byte* s, Op* op, long budget)
    {
        MemOp how = MemOp.Unpack(op->Flags) with { MmuIndex = op->Mmu };
        if (TryFind(s, op, how, write: true, out byte* pointer))
        {
            AtomicMemory.Write(pointer, how.Size, AtomicMemory.Swapped(ReadNarrow(s + op->A, how.Size), how));
            return budget;
        }

        BlockHeader* block = Begin(s, op, budget);
        if (how.Size >= 16)
            return StoreVector(s, op, block, *(ulong*)(s + op->B), how);
        VirtualCpu.From(s).TryStore(*(ulong*)(s + op->B), how, ReadNarrow(s + op->A, how.Size));
        return End(s, op, op + 1, block);
    }

    /// <summary>Atomics and reservations. The operation behind it has the other operands.</summary>
    public static long Atomic(byte* s, Op* op, long budget)
    {
        BlockHeader* block = Begin(s, op, budget);
        MemOp how = MemOp.Unpack(op->Flags) with { MmuIndex = op->Mmu };
        VirtualCpu cpu = VirtualCpu.From(s);
        ulong address = *(ulong*)(s + op->B);
        ulong value;
        bool done;
        switch ((IrOp)((op->Code & 7) + (int)IrOp.AtomicRmw))
        {
            case IrOp.AtomicRmw:
                done = cpu.TryAtomic(address, how, (AtomicOp)op[1].A, ReadNarrow(s + op[1].B, how.Size), out value);
                break;
            case IrOp.AtomicCas:
                done = cpu.TryCompareExchange(address, how, ReadNarrow(s + op[1].B, how.Size), ReadNarrow(s + op[1].C, how.Size), out value);
                break;
            case IrOp.LoadReserved:
                done = cpu.TryLoadReserved(address, how, out value);
                break;
            default:
                done = cpu.TryStoreConditional(address, how, ReadNarrow(s + op[1].B, how.Size), out bool failed);
                value = failed ? 1UL : 0;
                how = how with { Signed = false };
                break;
        }

        if (done)
        {
            if (how.Signed)
                value = SignExtend(value, how.Size);
            if (op->Low == 8)
                *(ulong*)(s + op->A) = value;
            else
                *(uint*)(s + op->A) = (uint)value;
        }

        return End(s, op, op + 2, block);
    }

    /// <summary>Calls a helper with exact state. The operation behind it has the pointer and more operands.</summary>
    public static long Call(byte* s, Op* op, long budget)
    {
        BlockHeader* block = Begin(s, op, budget);
        nint f = (nint)op[1].Imm;
        ulong a = *(ulong*)(s + op->B), b = *(ulong*)(s + op[1].B), c = *(ulong*)(s + op[1].C);
        ulong result = 0;
        switch (op->Code & 7)
        {
            case 0: ((delegate*<byte*, void>)f)(s); break;
            case 1: ((delegate*<byte*, ulong, void>)f)(s, a); break;
            case 2: ((delegate*<byte*, ulong, ulong, void>)f)(s, a, b); break;
            case 3: ((delegate*<byte*, ulong, ulong, ulong, void>)f)(s, a, b, c); break;
            case 4: result = ((delegate*<byte*, ulong>)f)(s); break;
            case 5: result = ((delegate*<byte*, ulong, ulong>)f)(s, a); break;
            case 6: result = ((delegate*<byte*, ulong, ulong, ulong>)f)(s, a, b); break;
            default: result = ((delegate*<byte*, ulong, ulong, ulong, ulong>)f)(s, a, b, c); break;
        }

        if ((op->Code & 4) != 0 && (((CpuHeader*)s)->Exit & ExitRequest.Exception) == 0)
        {
            if (op->Flags != 0)
                *(uint*)(s + op->A) = (uint)result;
            else
                *(ulong*)(s + op->A) = result;
        }

        return End(s, op, op + 2, block);
    }

    /// <summary>Raises a guest exception.</summary>
    public static long Raise(byte* s, Op* op, long budget)
    {
        Begin(s, op, budget);
        var header = (CpuHeader*)s;
        header->ExceptionCode = op->Low;
        header->ExceptionValue = op->B == 0 ? 0 : *(ulong*)(s + op->B);
        header->Exit |= ExitRequest.Exception;
        return Leave;
    }

    /// <summary>A block was entered as often as the tier-1 engine wants to know.</summary>
    public static void Hot(byte* s, Op* enter)
    {
        enter->High = int.MaxValue;
        VirtualCpu cpu = VirtualCpu.From(s);
        if (cpu.Cache.BlockById(((BlockHeader*)enter - 1)->Id) is { IsValid: true } block)
            cpu.Cache.TierOne?.OnHot(block);
    }

    /// <summary>Leaves at the entry of a block that the budget does not cover.</summary>
    public static void OutOfBudget(byte* s, Op* enter, long budget)
    {
        var header = (CpuHeader*)s;
        header->Pc = ((BlockHeader*)enter - 1)->Pc;
        header->Budget = budget;
    }

    /// <summary>The block at the PC in the header, where the jump cache does not know it; null for the run loop to look.</summary>
    public static Op* FindJump(byte* s) => VirtualCpu.From(s).FindJump();

    /// <summary>Leaves at an exit that is not linked.</summary>
    public static void Resolve(byte* s, Op* op, long budget)
    {
        var header = (CpuHeader*)s;
        header->Pc = (ulong)op->Imm;
        header->Budget = budget;
        header->LinkSource = (nint)(op - op->C);
    }

    // Aligned, narrow, and covered by the TLB: nothing can happen that needs exact state.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryFind(byte* s, Op* op, MemOp how, bool write, out byte* pointer)
    {
        ulong address = *(ulong*)(s + op->B);
        TlbEntry* entry = TlbIndex.Entry(s, op, address);
        pointer = (byte*)(address + entry->Addend);
        // two comparisons: what is not aligned may look like the tag of a page without the right
        return how.Size <= 8 && (address & (ulong)(how.Size - 1)) == 0 && (address & ~(StateLayout.PageSize - 1)) == (write ? entry->Write : entry->Read);
    }

    private static long LoadVector(byte* s, Op* op, BlockHeader* block, ulong address, MemOp how)
    {
        VirtualCpu.From(s).TryLoadVector(address, how, new Span<byte>(s + op->A, how.Size));
        return End(s, op, op + 1, block);
    }

    private static long StoreVector(byte* s, Op* op, BlockHeader* block, ulong address, MemOp how)
    {
        VirtualCpu.From(s).TryStoreVector(address, how, new ReadOnlySpan<byte>(s + op->A, how.Size));
        return End(s, op, op + 1, block);
    }

    private static BlockHeader* Begin(byte* s, Op* op, long budget)
    {
        BlockHeader* block = HeaderOf(op);
        var header = (CpuHeader*)s;
        header->Pc = block->Pc + block->PcOffsets[op->C];
        header->Budget = budget + (block->Instructions - op->C);
        return block;
    }

    private static long End(byte* s, Op* op, Op* next, BlockHeader* block)
    {
        var header = (CpuHeader*)s;
        int left = block->Instructions - op->C;
        if (header->Exit == ExitRequest.None)
            return header->Budget - left;
        return EndWithRequest(s, op, next, block, left);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long EndWithRequest(byte* s, Op* op, Op* next, BlockHeader* block, int left)
    {
        var header = (CpuHeader*)s;
        if ((header->Exit & (ExitRequest.Exception | ExitRequest.StopBefore)) != 0)
            return Leave;

        // Somebody wants the run loop to look: complete this instruction, then leave.
        var ops = (Op*)(block + 1);
        Op* end = ops + block->FirstOps[op->C + 1];
        int number = op->C;
        if (next < end && Interpreter.Run(s, next, header->Budget - left, end) == Interpreter.Left)
            return Leave;
        header->Pc = block->Pc + block->PcOffsets[number + 1];
        header->Budget--;
        return Leave;
    }

    private static ulong ReadNarrow(byte* p, int size) => AtomicMemory.Read(p, size);

    private static ulong SignExtend(ulong value, int size)
    {
        int shift = 64 - (8 * size);
        return (ulong)((long)(value << shift) >> shift);
    }

    private static void WriteWidth(byte* p, int width, ulong value)
        => AtomicMemory.Write(p, width switch { Op.W64 => 8, Op.W32 => 4, Op.W16 => 2, _ => 1 }, value);
}
