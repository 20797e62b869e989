using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;
using Emulation.IR;

namespace Emulation.Cpu;

// Memory, calls and control flow of tier-0 handlers, and the small pieces all handlers are made of.
internal static unsafe partial class HandlerEmitter
{
    private static void Load(ILGenerator il, int form, bool wide, int regime, nint slowHandler)
    {
        int size = form switch { Op.Load64 => 8, Op.Load128 => 16, _ => 1 << (form >> 1) };
        (LocalBuilder address, LocalBuilder entry, Label slow) = Probe(il, size, regime, nameof(TlbEntry.Read));
        Address(il, nameof(Op.A));
        HostAddress(il, address, entry);
        if (size > 1)
            il.Emit(OpCodes.Unaligned, (byte)1);
        if (form == Op.Load128)
        {
            LoadValue(il, IrType.V128);
            StoreValue(il, IrType.V128);
        }
        else
        {
            il.Emit(LoadOf(form));
            if (wide && form != Op.Load64)
                il.Emit(form is Op.U8 or Op.U16 or Op.U32 ? OpCodes.Conv_U8 : OpCodes.Conv_I8);
            il.Emit(wide ? OpCodes.Stind_I8 : OpCodes.Stind_I4);
        }

        Next(il, 1);
        il.MarkLabel(slow);
        TailCall(il, slowHandler);
    }

    private static void Store(ILGenerator il, int sizeLog2, int regime, nint slowHandler)
    {
        (LocalBuilder address, LocalBuilder entry, Label slow) = Probe(il, 1 << sizeLog2, regime, nameof(TlbEntry.Write));
        HostAddress(il, address, entry);
        Address(il, nameof(Op.A));
        IrType type = sizeLog2 switch { 0 => IrType.I8, 1 => IrType.I16, 2 => IrType.I32, 3 => IrType.I64, _ => IrType.V128 };
        LoadValue(il, type);
        if (sizeLog2 > 0)
            il.Emit(OpCodes.Unaligned, (byte)1);
        StoreValue(il, type);
        Next(il, 1);
        il.MarkLabel(slow);
        TailCall(il, slowHandler);
    }

    // address = [B] + disp; entry = TLB entry; goes to `slow` unless the whole access lies in the entry's page.
    private static (LocalBuilder Address, LocalBuilder Entry, Label Slow) Probe(ILGenerator il, int size, int regime, string tag)
    {
        LocalBuilder address = il.DeclareLocal(typeof(long)), entry = il.DeclareLocal(typeof(nint));
        Label slow = il.DefineLabel();
        Address(il, nameof(Op.B));
        il.Emit(OpCodes.Ldind_I8);
        Field(il, nameof(Op.Low));
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, address);

        TlbIndex.EmitEntry(il, address, regime & (Op.Folds - 1), (regime & Op.Folds) != 0);
        il.Emit(OpCodes.Stloc, entry);

        il.Emit(OpCodes.Ldloc, address);
        if (size > 1)
        {
            il.Emit(OpCodes.Ldc_I8, (long)size - 1);
            il.Emit(OpCodes.Add);
        }

        il.Emit(OpCodes.Ldc_I8, -(long)StateLayout.PageSize);
        il.Emit(OpCodes.And);
        il.Emit(OpCodes.Ldloc, entry);
        il.Emit(OpCodes.Ldc_I4, (int)Marshal.OffsetOf<TlbEntry>(tag));
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldind_I8);
        il.Emit(OpCodes.Bne_Un, slow);
        return (address, entry, slow);
    }

    private static void HostAddress(ILGenerator il, LocalBuilder address, LocalBuilder entry)
    {
        il.Emit(OpCodes.Ldloc, address);
        il.Emit(OpCodes.Ldloc, entry);
        il.Emit(OpCodes.Ldc_I4, (int)Marshal.OffsetOf<TlbEntry>(nameof(TlbEntry.Addend)));
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldind_I8);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Conv_I);
    }

    // budget = ExactOps.method(state, op, budget), then on or out.
    private static void Exact(ILGenerator il, string method, int ops)
    {
        Label leave = il.DefineLabel();
        CallExactOp(il, method);
        il.Emit(OpCodes.Starg_S, (byte)2);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldc_I8, ExactOps.Leave);
        il.Emit(OpCodes.Beq, leave);
        Next(il, ops);
        il.MarkLabel(leave);
        il.Emit(OpCodes.Ret);
    }

    private static void Call(ILGenerator il, int form)
    {
        bool result = (form & 4) != 0;
        int arity = form & 3;
        if (result)
            Address(il, nameof(Op.A));
        il.Emit(OpCodes.Ldarg_0);
        for (int i = 0; i < arity; i++)
        {
            Address(il, i == 0 ? nameof(Op.B) : nameof(Op.C));
            il.Emit(OpCodes.Ldind_I8);
        }

        Field(il, nameof(Op.Imm));
        il.Emit(OpCodes.Conv_I);
        Type[] types = [typeof(byte*), .. Enumerable.Repeat(typeof(ulong), arity)];
        il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, result ? typeof(ulong) : typeof(void), types, null);
        if (result)
            il.Emit(OpCodes.Stind_I8);
        Next(il, 1);
    }

    private static void Float(ILGenerator il, IrOp op, bool wide)
    {
        OpCode load = wide ? OpCodes.Ldind_I8 : OpCodes.Ldind_I4;
        bool compare = op is IrOp.FEq or IrOp.FLt or IrOp.FLe;
        Address(il, nameof(Op.A));
        il.Emit(OpCodes.Ldarg_0);
        if (op is not (IrOp.FSqrt or IrOp.FMulAdd))
            il.Emit(OpCodes.Ldc_I4, (int)op);
        Address(il, nameof(Op.B));
        il.Emit(load);
        if (op != IrOp.FSqrt)
        {
            Address(il, nameof(Op.C));
            il.Emit(load);
        }

        if (op == IrOp.FMulAdd)
        {
            il.Emit(OpCodes.Ldarg_0);
            Field(il, nameof(Op.High));
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Add);
            il.Emit(load);
        }

        if (!compare)
            Field(il, nameof(Op.Low));
        string name = (compare ? "Compare" : op switch { IrOp.FSqrt => "Sqrt", IrOp.FMulAdd => "MulAdd", _ => "Binary" }) + (wide ? "64" : "32");
        il.Emit(OpCodes.Call, typeof(FloatOps).GetMethod(name)!);
        il.Emit(wide || compare ? OpCodes.Stind_I8 : OpCodes.Stind_I4);
        Next(il, 1);
    }

    private static void FloatSpecial(ILGenerator il, IrOp op, int form)
    {
        OpCode load = (form & 1) != 0 ? OpCodes.Ldind_U4 : OpCodes.Ldind_I8;
        Address(il, nameof(Op.A));
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, (int)op);
        foreach (string operand in (string[])[nameof(Op.B), nameof(Op.C)])
        {
            Address(il, operand);
            il.Emit(load);
            if ((form & 1) != 0)
                il.Emit(OpCodes.Conv_U8);
        }

        Field(il, nameof(Op.Low));
        il.Emit(OpCodes.Call, typeof(FloatOps).GetMethod(nameof(FloatOps.Special))!);
        il.Emit((form & 2) != 0 ? OpCodes.Stind_I4 : OpCodes.Stind_I8);
        Next(il, 1);
    }

    private static void SkipIf(ILGenerator il)
    {
        Label no = il.DefineLabel();
        Address(il, nameof(Op.B));
        il.Emit(OpCodes.Ldind_U1);
        il.Emit(OpCodes.Brfalse, no);
        Relative(il);
        Jump(il);
        il.MarkLabel(no);
        Next(il, 1);
    }

    private static void EnterBlock(ILGenerator il, nint outOfBudget)
    {
        Label enough = il.DefineLabel();
        il.Emit(OpCodes.Ldarg_2);
        Field(il, nameof(Op.Low));
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Starg_S, (byte)2);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Bge, enough);
        TailCall(il, outOfBudget);
        il.MarkLabel(enough);
        Next(il, 1);
    }

    // Probes the jump cache for the PC that `pc` loads; a miss goes on with PC and budget in the header.
    private static void Lookup(ILGenerator il, Action<ILGenerator> pc, nint missed)
    {
        LocalBuilder target = il.DeclareLocal(typeof(long)), entry = il.DeclareLocal(typeof(nint));
        Label miss = il.DefineLabel();
        pc(il);
        il.Emit(OpCodes.Stloc, target);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldloc, target);
        il.Emit(OpCodes.Ldc_I4, JumpCacheEntry.SizeLog2 - StateLayout.JumpCacheShift);
        il.Emit(OpCodes.Shl);
        il.Emit(OpCodes.Ldc_I8, (long)((1 << StateLayout.JumpCacheBits) - 1) << JumpCacheEntry.SizeLog2);
        il.Emit(OpCodes.And);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldc_I4, StateLayout.FrameBytes);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, entry);
        il.Emit(OpCodes.Ldloc, entry);
        il.Emit(OpCodes.Ldind_I8);
        il.Emit(OpCodes.Ldloc, target);
        il.Emit(OpCodes.Bne_Un, miss);
        il.Emit(OpCodes.Ldloc, entry);
        il.Emit(OpCodes.Ldc_I4, (int)Marshal.OffsetOf<JumpCacheEntry>(nameof(JumpCacheEntry.Key)));
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldind_I8);
        LoadHeader(il, nameof(CpuHeader.Key));
        il.Emit(OpCodes.Bne_Un, miss);
        il.Emit(OpCodes.Ldloc, entry);
        il.Emit(OpCodes.Ldc_I4, (int)Marshal.OffsetOf<JumpCacheEntry>(nameof(JumpCacheEntry.Target)));
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldind_I);
        Jump(il);
        il.MarkLabel(miss);
        StoreHeader(il, nameof(CpuHeader.Pc), il => il.Emit(OpCodes.Ldloc, target));
        StoreHeader(il, nameof(CpuHeader.Budget), static il => il.Emit(OpCodes.Ldarg_2));
        TailCall(il, missed);
    }

    // state + op.field
    private static void Address(ILGenerator il, string field)
    {
        il.Emit(OpCodes.Ldarg_0);
        Field(il, field);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Add);
    }

    private static void Field(ILGenerator il, string field)
    {
        FieldAddress(il, field);
        il.Emit(field switch
        {
            nameof(Op.Handler) => OpCodes.Ldind_I,
            nameof(Op.Imm) => OpCodes.Ldind_I8,
            nameof(Op.Low) or nameof(Op.High) => OpCodes.Ldind_I4,
            nameof(Op.Regime) or nameof(Op.Flags) => OpCodes.Ldind_U1,
            _ => OpCodes.Ldind_U2,
        });
    }

    private static void FieldAddress(ILGenerator il, string field)
    {
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldc_I4, (int)Marshal.OffsetOf<Op>(field));
        il.Emit(OpCodes.Add);
    }

    private static void LoadHeader(ILGenerator il, string field)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, (int)Marshal.OffsetOf<CpuHeader>(field));
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldind_I8);
    }

    private static void StoreHeader(ILGenerator il, string field, Action<ILGenerator> value)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, (int)Marshal.OffsetOf<CpuHeader>(field));
        il.Emit(OpCodes.Add);
        value(il);
        il.Emit(OpCodes.Stind_I8);
    }

    private static void CallExactOp(ILGenerator il, string method)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Call, typeof(ExactOps).GetMethod(method)!);
    }

    // op + op.Low * size
    private static void Relative(ILGenerator il)
    {
        il.Emit(OpCodes.Ldarg_1);
        Field(il, nameof(Op.Low));
        il.Emit(OpCodes.Ldc_I4, Op.Size);
        il.Emit(OpCodes.Mul);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
    }

    private static void Next(ILGenerator il, int ops)
    {
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldc_I4, ops * Op.Size);
        il.Emit(OpCodes.Add);
        Jump(il);
    }

    // Tail-calls the handler of the operation whose address is on the stack.
    private static void Jump(ILGenerator il)
    {
        il.Emit(OpCodes.Starg_S, (byte)1);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldind_I);
        il.Emit(OpCodes.Tailcall);
        il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, typeof(void), s_signature, null);
        il.Emit(OpCodes.Ret);
    }

    // Goes to a handler with the same operation.
    private static void TailCall(ILGenerator il, nint handler)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldc_I8, (long)handler);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Tailcall);
        il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, typeof(void), s_signature, null);
        il.Emit(OpCodes.Ret);
    }
}
