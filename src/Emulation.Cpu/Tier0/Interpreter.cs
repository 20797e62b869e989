using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Emulation.IR;

namespace Emulation.Cpu;

/// <summary>The portable tier-0 engine: one switch. The reference that every other engine is compared with.</summary>
internal static unsafe partial class Interpreter
{
    /// <summary>Returned when the run ended by leaving the block.</summary>
    public const long Left = long.MinValue;

    private const int RR64 = Op.RR64, RI64 = Op.RI64, RR32 = Op.RR32, RI32 = Op.RI32, RR32S = Op.RR32S, RI32S = Op.RI32S;

    /// <summary>Runs from <paramref name="op"/> until the code leaves, or until <paramref name="stop"/> is reached.</summary>
    /// <param name="s">CPU state.</param>
    /// <param name="op">First operation.</param>
    /// <param name="budget">Instructions left.</param>
    /// <param name="stop">End of a guest instruction to run to, or null. With it, block-ending operations leave instead of going on.</param>
    /// <returns><see cref="Left"/> with PC and budget in the header, or the budget at <paramref name="stop"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static long Run(byte* s, Op* op, long budget, Op* stop)
    {
        while (op != stop)
        {
            switch (op->Code)
            {
                case ((int)Micro.Add * 8) + RR64: U(s, op->A) = U(s, op->B) + U(s, op->C); op++; continue;
                case ((int)Micro.Add * 8) + RI64: U(s, op->A) = U(s, op->B) + (ulong)op->Imm; op++; continue;
                case ((int)Micro.Add * 8) + RR32S: L(s, op->A) = I(s, op->B) + I(s, op->C); op++; continue;
                case ((int)Micro.Add * 8) + RI32S: L(s, op->A) = I(s, op->B) + (int)op->Imm; op++; continue;
                case ((int)Micro.Sub * 8) + RR64: U(s, op->A) = U(s, op->B) - U(s, op->C); op++; continue;
                case ((int)Micro.Sub * 8) + RR32S: L(s, op->A) = I(s, op->B) - I(s, op->C); op++; continue;
                case ((int)Micro.Mul * 8) + RR64: U(s, op->A) = U(s, op->B) * U(s, op->C); op++; continue;
                case ((int)Micro.And * 8) + RR64: U(s, op->A) = U(s, op->B) & U(s, op->C); op++; continue;
                case ((int)Micro.And * 8) + RI64: U(s, op->A) = U(s, op->B) & (ulong)op->Imm; op++; continue;
                case ((int)Micro.Or * 8) + RR64: U(s, op->A) = U(s, op->B) | U(s, op->C); op++; continue;
                case ((int)Micro.Or * 8) + RI64: U(s, op->A) = U(s, op->B) | (ulong)op->Imm; op++; continue;
                case ((int)Micro.Xor * 8) + RR64: U(s, op->A) = U(s, op->B) ^ U(s, op->C); op++; continue;
                case ((int)Micro.Xor * 8) + RI64: U(s, op->A) = U(s, op->B) ^ (ulong)op->Imm; op++; continue;
                case ((int)Micro.Shl * 8) + RR64: U(s, op->A) = U(s, op->B) << (int)U(s, op->C); op++; continue;
                case ((int)Micro.Shl * 8) + RI64: U(s, op->A) = U(s, op->B) << (int)op->Imm; op++; continue;
                case ((int)Micro.ShrU * 8) + RR64: U(s, op->A) = U(s, op->B) >> (int)U(s, op->C); op++; continue;
                case ((int)Micro.ShrU * 8) + RI64: U(s, op->A) = U(s, op->B) >> (int)op->Imm; op++; continue;
                case ((int)Micro.ShrS * 8) + RR64: L(s, op->A) = L(s, op->B) >> (int)U(s, op->C); op++; continue;
                case ((int)Micro.ShrS * 8) + RI64: L(s, op->A) = L(s, op->B) >> (int)op->Imm; op++; continue;
                case ((int)Micro.BrEq * 8) + RR64: op = Taken(op, U(s, op->B) == U(s, op->C)); break;
                case ((int)Micro.BrEq * 8) + RI64: op = Taken(op, L(s, op->B) == op->Imm); break;
                case ((int)Micro.BrNe * 8) + RR64: op = Taken(op, U(s, op->B) != U(s, op->C)); break;
                case ((int)Micro.BrNe * 8) + RI64: op = Taken(op, L(s, op->B) != op->Imm); break;
                case ((int)Micro.BrLtS * 8) + RR64: op = Taken(op, L(s, op->B) < L(s, op->C)); break;
                case ((int)Micro.BrLtS * 8) + RI64: op = Taken(op, L(s, op->B) < op->Imm); break;
                case ((int)Micro.BrLtU * 8) + RR64: op = Taken(op, U(s, op->B) < U(s, op->C)); break;
                case ((int)Micro.BrLtU * 8) + RI64: op = Taken(op, U(s, op->B) < (ulong)op->Imm); break;
                case ((int)Micro.BrLeS * 8) + RR64: op = Taken(op, L(s, op->B) <= L(s, op->C)); break;
                case ((int)Micro.BrLeS * 8) + RI64: op = Taken(op, L(s, op->B) <= op->Imm); break;
                case ((int)Micro.BrLeU * 8) + RR64: op = Taken(op, U(s, op->B) <= U(s, op->C)); break;
                case ((int)Micro.BrLeU * 8) + RI64: op = Taken(op, U(s, op->B) <= (ulong)op->Imm); break;
                case ((int)Micro.BrEq * 8) + RR32: op = Taken(op, I(s, op->B) == I(s, op->C)); break;
                case ((int)Micro.BrEq * 8) + RI32: op = Taken(op, I(s, op->B) == (int)op->Imm); break;
                case ((int)Micro.BrNe * 8) + RR32: op = Taken(op, I(s, op->B) != I(s, op->C)); break;
                case ((int)Micro.BrNe * 8) + RI32: op = Taken(op, I(s, op->B) != (int)op->Imm); break;
                case ((int)Micro.BrLtS * 8) + RR32: op = Taken(op, I(s, op->B) < I(s, op->C)); break;
                case ((int)Micro.BrLtS * 8) + RI32: op = Taken(op, I(s, op->B) < (int)op->Imm); break;
                case ((int)Micro.BrLtU * 8) + RR32: op = Taken(op, (uint)I(s, op->B) < (uint)I(s, op->C)); break;
                case ((int)Micro.BrLtU * 8) + RI32: op = Taken(op, (uint)I(s, op->B) < (uint)op->Imm); break;
                case ((int)Micro.BrLeS * 8) + RR32: op = Taken(op, I(s, op->B) <= I(s, op->C)); break;
                case ((int)Micro.BrLeS * 8) + RI32: op = Taken(op, I(s, op->B) <= (int)op->Imm); break;
                case ((int)Micro.BrLeU * 8) + RR32: op = Taken(op, (uint)I(s, op->B) <= (uint)I(s, op->C)); break;
                case ((int)Micro.BrLeU * 8) + RI32: op = Taken(op, (uint)I(s, op->B) <= (uint)op->Imm); break;
                case (int)Micro.BrTrue * 8: op = Taken(op, *(s + op->B) != 0); break;
                case (int)Micro.Mov * 8: U(s, op->A) = U(s, op->B); op++; continue;
                case ((int)Micro.Mov * 8) + Op.W32: I(s, op->A) = I(s, op->B); op++; continue;
                case ((int)Micro.Mov * 8) + Op.W16: *(ushort*)(s + op->A) = *(ushort*)(s + op->B); op++; continue;
                case ((int)Micro.Mov * 8) + Op.W8: *(s + op->A) = *(s + op->B); op++; continue;
                case ((int)Micro.Mov * 8) + Op.W128: V(s, op->A) = V(s, op->B); op++; continue;
                case (int)Micro.MovI * 8: L(s, op->A) = op->Imm; op++; continue;
                case ((int)Micro.MovI * 8) + Op.W32: I(s, op->A) = (int)op->Imm; op++; continue;
                case ((int)Micro.MovI * 8) + Op.W16: *(ushort*)(s + op->A) = (ushort)op->Imm; op++; continue;
                case ((int)Micro.MovI * 8) + Op.W8: *(s + op->A) = (byte)op->Imm; op++; continue;
                case ((int)Micro.Ext64 * 8) + Op.U8: U(s, op->A) = *(s + op->B); op++; continue;
                case ((int)Micro.Ext64 * 8) + Op.S8: L(s, op->A) = *(sbyte*)(s + op->B); op++; continue;
                case ((int)Micro.Ext64 * 8) + Op.U16: U(s, op->A) = *(ushort*)(s + op->B); op++; continue;
                case ((int)Micro.Ext64 * 8) + Op.S16: L(s, op->A) = *(short*)(s + op->B); op++; continue;
                case ((int)Micro.Ext64 * 8) + Op.U32: U(s, op->A) = *(uint*)(s + op->B); op++; continue;
                case ((int)Micro.Ext64 * 8) + Op.S32: L(s, op->A) = *(int*)(s + op->B); op++; continue;
                case ((int)Micro.Ext32 * 8) + Op.U8: I(s, op->A) = *(s + op->B); op++; continue;
                case ((int)Micro.Ext32 * 8) + Op.S8: I(s, op->A) = *(sbyte*)(s + op->B); op++; continue;
                case ((int)Micro.Ext32 * 8) + Op.U16: I(s, op->A) = *(ushort*)(s + op->B); op++; continue;
                case ((int)Micro.Ext32 * 8) + Op.S16: I(s, op->A) = *(short*)(s + op->B); op++; continue;
                case (int)Micro.Select * 8: U(s, op->A) = *(s + op->B) != 0 ? U(s, op->C) : U(s, (int)op->Imm); op++; continue;
                case ((int)Micro.Select * 8) + Op.Select32: I(s, op->A) = *(s + op->B) != 0 ? I(s, op->C) : I(s, (int)op->Imm); op++; continue;
                case ((int)Micro.Select * 8) + Op.Select128: V(s, op->A) = *(s + op->B) != 0 ? V(s, op->C) : V(s, (int)op->Imm); op++; continue;
                case (int)Micro.Skip * 8: op += op->Low; continue;
                case (int)Micro.SkipIf * 8: op += *(s + op->B) != 0 ? op->Low : 1; continue;
                case (int)Micro.Fence * 8: Interlocked.MemoryBarrier(); op++; continue;

                case ((int)Micro.Load * 8) + Op.U8:
                case ((int)Micro.Load * 8) + Op.S8:
                case ((int)Micro.Load * 8) + Op.U16:
                case ((int)Micro.Load * 8) + Op.S16:
                case ((int)Micro.Load * 8) + Op.U32:
                case ((int)Micro.Load * 8) + Op.S32:
                case ((int)Micro.Load * 8) + Op.Load64:
                case ((int)Micro.Load * 8) + Op.Load128:
                case ((int)Micro.Load32 * 8) + Op.U8:
                case ((int)Micro.Load32 * 8) + Op.S8:
                case ((int)Micro.Load32 * 8) + Op.U16:
                case ((int)Micro.Load32 * 8) + Op.S16:
                case ((int)Micro.Load32 * 8) + Op.U32:
                case ((int)Micro.Load32 * 8) + Op.S32:
                    budget = Load(s, op, budget);
                    if (budget == ExactOps.Leave)
                        return Left;
                    op++;
                    continue;
                case (int)Micro.Store * 8:
                case ((int)Micro.Store * 8) + 1:
                case ((int)Micro.Store * 8) + 2:
                case ((int)Micro.Store * 8) + 3:
                case ((int)Micro.Store * 8) + Op.Store128:
                    budget = Store(s, op, budget);
                    if (budget == ExactOps.Leave)
                        return Left;
                    op++;
                    continue;

                case (int)Micro.Enter * 8:
                    budget -= op->Low;
                    if (budget < 0)
                    {
                        ExactOps.OutOfBudget(s, op, budget + op->Low);
                        return Left;
                    }

                    op++;
                    continue;
                case (int)Micro.Goto * 8:
                    op = (Op*)op->Imm;
                    break;
                case (int)Micro.GotoPc * 8:
                    op = Find(s, (ulong)op->Imm, budget, stop);
                    if (op is null)
                        return Left;
                    continue;
                case (int)Micro.JumpIndirect * 8:
                    op = Find(s, U(s, op->B), budget, stop);
                    if (op is null)
                        return Left;
                    continue;
                case (int)Micro.ExitLoop * 8:
                    ((CpuHeader*)s)->Pc = U(s, op->B);
                    ((CpuHeader*)s)->Budget = budget;
                    return Left;
                case (int)Micro.Resolve * 8:
                    ExactOps.Resolve(s, op, budget);
                    return Left;
                default:
                    budget = RunRare(s, ref op, budget);
                    if (budget == ExactOps.Leave)
                        return Left;
                    continue;
            }

            // Behind a jump inside the page. Finishing one instruction ends here.
            if (stop != null)
            {
                ((CpuHeader*)s)->Pc = op->Code == (int)Micro.Enter * 8 ? ((BlockHeader*)op - 1)->Pc : (ulong)op->Imm;
                ((CpuHeader*)s)->Budget = budget;
                return Left;
            }
        }

        return budget;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref ulong U(byte* s, int offset) => ref *(ulong*)(s + offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref long L(byte* s, int offset) => ref *(long*)(s + offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref int I(byte* s, int offset) => ref *(int*)(s + offset);

    // The two operations behind a branch hold where it goes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Op* Taken(Op* op, bool condition) => (Op*)op[condition ? 1 : 2].Imm;

    // Looks a PC up in the jump cache; on a miss leaves with PC and budget in the header.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Op* Find(byte* s, ulong pc, long budget, Op* stop)
    {
        JumpCacheEntry* entry = JumpCacheEntry.Of(s, pc);
        if (entry->Pc == pc && entry->Key == ((CpuHeader*)s)->Key && stop == null)
            return entry->Target;
        ((CpuHeader*)s)->Pc = pc;
        ((CpuHeader*)s)->Budget = budget;
        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Load(byte* s, Op* op, long budget)
    {
        ulong address = U(s, op->B) + (ulong)(long)op->Low;
        int form = op->Code & 7;
        int size = form switch { Op.Load64 => 8, Op.Load128 => 16, _ => 1 << (form >> 1) };
        TlbEntry* entry = TlbIndex.Entry(s, op, address);
        if (((address + (ulong)size - 1) & ~(StateLayout.PageSize - 1)) != entry->Read)
            return ExactOps.Load(s, op, budget);
        byte* p = (byte*)(address + entry->Addend);
        if (form == Op.Load128)
        {
            V(s, op->A) = Vector128.Load(p);
            return budget;
        }

        long value = form switch
        {
            Op.U8 => *p,
            Op.S8 => *(sbyte*)p,
            Op.U16 => Unsafe.ReadUnaligned<ushort>(p),
            Op.S16 => Unsafe.ReadUnaligned<short>(p),
            Op.U32 => Unsafe.ReadUnaligned<uint>(p),
            Op.S32 => Unsafe.ReadUnaligned<int>(p),
            _ => Unsafe.ReadUnaligned<long>(p),
        };
        if (op->Code / 8 == (int)Micro.Load)
            L(s, op->A) = value;
        else
            I(s, op->A) = (int)value;
        return budget;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Store(byte* s, Op* op, long budget)
    {
        ulong address = U(s, op->B) + (ulong)(long)op->Low;
        int size = 1 << (op->Code & 7);
        TlbEntry* entry = TlbIndex.Entry(s, op, address);
        if (((address + (ulong)size - 1) & ~(StateLayout.PageSize - 1)) != entry->Write)
            return ExactOps.Store(s, op, budget);
        byte* p = (byte*)(address + entry->Addend);
        if (size == 16)
            V(s, op->A).Store(p);
        else
            AtomicMemory.Write(p, size, U(s, op->A));
        return budget;
    }
}
