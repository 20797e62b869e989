using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;
using Emulation.IR;

namespace Emulation.Cpu;

/// <summary>Writes the IL of one tier-0 handler: <c>void (byte* state, Op* op, long budget)</c>.</summary>
internal static unsafe partial class HandlerEmitter
{
    private static readonly Type[] s_signature = [typeof(byte*), typeof(Op*), typeof(long)];

    /// <summary>Emits the handler of a family and form.</summary>
    /// <param name="il">Receives the code.</param>
    /// <param name="family">Family.</param>
    /// <param name="form">Form.</param>
    /// <param name="regime">Of memory operations: a handler for each makes the address of the TLB a constant.</param>
    /// <param name="slow">Code that is jumped to when the common case does not hold.</param>
    public static void Emit(ILGenerator il, Micro family, int form, int regime, in SlowHandlers slow)
    {
        switch (family)
        {
            case >= Micro.Add and <= Micro.RotR:
                Binary(il, Shifted(IrOp.Add, family, Micro.Add), form);
                break;
            case >= Micro.Eq and <= Micro.LeU:
                Compare(il, Shifted(IrOp.Eq, family, Micro.Eq), form);
                break;
            case >= Micro.BrEq and <= Micro.BrLeU:
                CompareAndBranch(il, Shifted(IrOp.Eq, family, Micro.BrEq), form);
                break;
            case Micro.BrTrue:
                Address(il, nameof(Op.B));
                il.Emit(OpCodes.Ldind_U1);
                Taken(il);
                break;
            case >= Micro.Clz and <= Micro.ByteSwap:
                Address(il, nameof(Op.A));
                Address(il, nameof(Op.B));
                il.Emit(form == 0 ? OpCodes.Ldind_I8 : OpCodes.Ldind_I4);
                IlOps.EmitUnary(il, Shifted(IrOp.Clz, family, Micro.Clz), form == 0);
                il.Emit(form == 0 ? OpCodes.Stind_I8 : OpCodes.Stind_I4);
                Next(il, 1);
                break;
            case Micro.Mov:
                if (form == Op.W128)
                {
                    MoveVector(il);
                    break;
                }

                Address(il, nameof(Op.A));
                Address(il, nameof(Op.B));
                il.Emit(form switch { Op.W64 => OpCodes.Ldind_I8, Op.W32 => OpCodes.Ldind_I4, Op.W16 => OpCodes.Ldind_U2, _ => OpCodes.Ldind_U1 });
                il.Emit(StoreOf(form));
                Next(il, 1);
                break;
            case Micro.MovI:
                Address(il, nameof(Op.A));
                Field(il, nameof(Op.Imm));
                if (form != Op.W64)
                    il.Emit(OpCodes.Conv_I4);
                il.Emit(StoreOf(form));
                Next(il, 1);
                break;
            case Micro.Ext64 or Micro.Ext32:
                Extend(il, form, family == Micro.Ext64);
                break;
            case Micro.Select:
                Select(il, form);
                break;
            case Micro.Load or Micro.Load32:
                Load(il, form, family == Micro.Load, regime, slow.Load);
                break;
            case Micro.Store:
                Store(il, form, regime, slow.Store);
                break;
            case Micro.LoadAny:
                Exact(il, nameof(ExactOps.LoadAny), 1);
                break;
            case Micro.StoreAny:
                Exact(il, nameof(ExactOps.StoreAny), 1);
                break;
            case Micro.Atomic:
                Exact(il, nameof(ExactOps.Atomic), 2);
                break;
            case Micro.CallExact:
                Exact(il, nameof(ExactOps.Call), 2);
                break;
            case Micro.Raise:
                Exact(il, nameof(ExactOps.Raise), 1);
                break;
            case Micro.Call:
                Call(il, form);
                break;
            case >= Micro.FAdd and <= Micro.FLe:
                Float(il, Shifted(IrOp.FAdd, family, Micro.FAdd), form == 0);
                break;
            case >= Micro.FMin and <= Micro.FConvert:
                FloatSpecial(il, Shifted(IrOp.FAdd, family, Micro.FAdd), form);
                break;
            case >= Micro.VFAdd and <= Micro.VScalar:
                Vector(il, Shifted(IrOp.VFAdd, family, Micro.VFAdd), form);
                break;
            case Micro.Fence:
                il.Emit(OpCodes.Call, typeof(Interlocked).GetMethod(nameof(Interlocked.MemoryBarrier))!);
                Next(il, 1);
                break;
            case Micro.Skip:
                Relative(il);
                Jump(il);
                break;
            case Micro.SkipIf:
                SkipIf(il);
                break;
            case Micro.Enter:
                EnterBlock(il, slow.OutOfBudget);
                break;
            case Micro.Goto:
                Field(il, nameof(Op.Imm));
                il.Emit(OpCodes.Conv_I);
                Jump(il);
                break;
            case Micro.GotoPc:
                Lookup(il, static il => Field(il, nameof(Op.Imm)), slow.JumpMissed);
                break;
            case Micro.JumpIndirect:
                Lookup(il, static il =>
                {
                    Address(il, nameof(Op.B));
                    il.Emit(OpCodes.Ldind_I8);
                }, slow.JumpMissed);
                break;
            case Micro.ExitLoop:
                StoreHeader(il, nameof(CpuHeader.Pc), static il =>
                {
                    Address(il, nameof(Op.B));
                    il.Emit(OpCodes.Ldind_I8);
                });
                StoreHeader(il, nameof(CpuHeader.Budget), static il => il.Emit(OpCodes.Ldarg_2));
                il.Emit(OpCodes.Ret);
                break;
            case Micro.Resolve:
                CallExactOp(il, nameof(ExactOps.Resolve));
                il.Emit(OpCodes.Ret);
                break;
            default:
                throw new InvalidOperationException($"no handler for {family} form {form}");
        }
    }

    /// <summary>Emits the way in from C#: a plain call of the first handler.</summary>
    public static void EmitTrampoline(ILGenerator il)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        Field(il, nameof(Op.Handler));
        il.EmitCalli(OpCodes.Calli, System.Reflection.CallingConventions.Standard, typeof(void), s_signature, null);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>Emits the block entry that counts down to "hot".</summary>
    public static void EmitCountingEnter(ILGenerator il, in SlowHandlers slow)
    {
        // Several vCPUs may count at once and lose a count: zero may be passed.
        Label cold = il.DefineLabel();
        LocalBuilder left = il.DeclareLocal(typeof(int));
        Field(il, nameof(Op.High));
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Stloc, left);
        FieldAddress(il, nameof(Op.High));
        il.Emit(OpCodes.Ldloc, left);
        il.Emit(OpCodes.Stind_I4);
        il.Emit(OpCodes.Ldloc, left);
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Bgt, cold);
        TailCall(il, slow.Hot);
        il.MarkLabel(cold);
        EnterBlock(il, slow.OutOfBudget);
    }

    /// <summary>Emits what a memory operation jumps to when the TLB does not cover it.</summary>
    public static void EmitSlowLoad(ILGenerator il) => Exact(il, nameof(ExactOps.Load), 1);

    /// <summary>Emits what a memory operation jumps to when the TLB does not cover it.</summary>
    public static void EmitSlowStore(ILGenerator il) => Exact(il, nameof(ExactOps.Store), 1);

    /// <summary>Emits what a look into the jump cache goes to that finds nothing, with PC and budget in the header.</summary>
    public static void EmitJumpMissed(ILGenerator il)
    {
        Label unknown = il.DefineLabel();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, typeof(ExactOps).GetMethod(nameof(ExactOps.FindJump))!);
        il.Emit(OpCodes.Dup);
        il.Emit(OpCodes.Brfalse, unknown);
        Jump(il);
        il.MarkLabel(unknown);
        il.Emit(OpCodes.Pop);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>Emits what a block entry jumps to, with the budget already reduced, when that made it negative.</summary>
    public static void EmitOutOfBudget(ILGenerator il)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        Field(il, nameof(Op.Low));
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Call, typeof(ExactOps).GetMethod(nameof(ExactOps.OutOfBudget))!);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>Emits what a counting block entry jumps to when the block is hot.</summary>
    public static void EmitHot(ILGenerator il, nint outOfBudget)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Call, typeof(ExactOps).GetMethod(nameof(ExactOps.Hot))!);
        EnterBlock(il, outOfBudget);
    }

    private static IrOp Shifted(IrOp first, Micro family, Micro firstFamily) => (IrOp)((int)first + ((int)family - (int)firstFamily));

    private static void Binary(ILGenerator il, IrOp op, int form)
    {
        bool wide = form <= Op.RI64;
        Address(il, nameof(Op.A));
        Operands(il, form, wide);
        IlOps.EmitBinary(il, op, wide);
        if (form >= Op.RR32S)
            il.Emit(OpCodes.Conv_I8);
        il.Emit(wide || form >= Op.RR32S ? OpCodes.Stind_I8 : OpCodes.Stind_I4);
        Next(il, 1);
    }

    private static void Compare(ILGenerator il, IrOp op, int form)
    {
        bool wide = form <= Op.RI64;
        Address(il, nameof(Op.A));
        Operands(il, form, wide);
        IlOps.EmitBinary(il, op, wide);
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Stind_I8);
        Next(il, 1);
    }

    private static void CompareAndBranch(ILGenerator il, IrOp op, int form)
    {
        bool wide = form <= Op.RI64;
        Operands(il, form, wide);
        Label taken = il.DefineLabel();
        il.Emit(BranchOf(op), taken);
        Goto(il, 2);
        il.MarkLabel(taken);
        Goto(il, 1);
    }

    private static OpCode BranchOf(IrOp op) => op switch
    {
        IrOp.Eq => OpCodes.Beq,
        IrOp.Ne => OpCodes.Bne_Un,
        IrOp.LtS => OpCodes.Blt,
        IrOp.LtU => OpCodes.Blt_Un,
        IrOp.LeS => OpCodes.Ble,
        IrOp.LeU => OpCodes.Ble_Un,
        _ => throw new ArgumentOutOfRangeException(nameof(op)),
    };

    private static void Taken(ILGenerator il)
    {
        Label taken = il.DefineLabel();
        il.Emit(OpCodes.Brtrue, taken);
        Goto(il, 2);
        il.MarkLabel(taken);
        Goto(il, 1);
    }

    // Jumps to where the operation `distance` behind this one points.
    private static void Goto(ILGenerator il, int distance)
    {
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldc_I4, (distance * Op.Size) + (int)Marshal.OffsetOf<Op>(nameof(Op.Imm)));
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldind_I);
        Jump(il);
    }

    private static void Operands(ILGenerator il, int form, bool wide)
    {
        OpCode load = wide ? OpCodes.Ldind_I8 : OpCodes.Ldind_I4;
        Address(il, nameof(Op.B));
        il.Emit(load);
        if ((form & 1) == 0)
        {
            Address(il, nameof(Op.C));
            il.Emit(load);
        }
        else
        {
            Field(il, nameof(Op.Imm));
            if (!wide)
                il.Emit(OpCodes.Conv_I4);
        }
    }

    private static void Extend(ILGenerator il, int form, bool wide)
    {
        Address(il, nameof(Op.A));
        Address(il, nameof(Op.B));
        il.Emit(LoadOf(form));
        if (wide)
            il.Emit(form is Op.U8 or Op.U16 or Op.U32 ? OpCodes.Conv_U8 : OpCodes.Conv_I8);
        il.Emit(wide ? OpCodes.Stind_I8 : OpCodes.Stind_I4);
        Next(il, 1);
    }

    private static void Select(ILGenerator il, int form)
    {
        IrType type = form switch { Op.Select64 => IrType.I64, Op.Select32 => IrType.I32, _ => IrType.V128 };
        Label no = il.DefineLabel(), end = il.DefineLabel();
        Address(il, nameof(Op.A));
        Address(il, nameof(Op.B));
        il.Emit(OpCodes.Ldind_U1);
        il.Emit(OpCodes.Brfalse, no);
        Address(il, nameof(Op.C));
        LoadValue(il, type);
        il.Emit(OpCodes.Br, end);
        il.MarkLabel(no);
        il.Emit(OpCodes.Ldarg_0);
        Field(il, nameof(Op.Imm));
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
        LoadValue(il, type);
        il.MarkLabel(end);
        StoreValue(il, type);
        Next(il, 1);
    }

    private static OpCode LoadOf(int form) => form switch
    {
        Op.U8 => OpCodes.Ldind_U1,
        Op.S8 => OpCodes.Ldind_I1,
        Op.U16 => OpCodes.Ldind_U2,
        Op.S16 => OpCodes.Ldind_I2,
        Op.U32 => OpCodes.Ldind_U4,
        Op.S32 => OpCodes.Ldind_I4,
        _ => OpCodes.Ldind_I8,
    };

    private static OpCode StoreOf(int width) => width switch
    {
        Op.W64 => OpCodes.Stind_I8,
        Op.W32 => OpCodes.Stind_I4,
        Op.W16 => OpCodes.Stind_I2,
        _ => OpCodes.Stind_I1,
    };
}

/// <summary>Handlers that others jump to when their common case does not hold: so those need no stack frame.</summary>
/// <param name="Load">Loads that the TLB does not cover.</param>
/// <param name="Store">Stores that the TLB does not cover.</param>
/// <param name="OutOfBudget">Blocks that the budget does not cover.</param>
/// <param name="Hot">Blocks that became hot.</param>
/// <param name="JumpMissed">Jumps that the jump cache does not hold.</param>
internal readonly record struct SlowHandlers(nint Load, nint Store, nint OutOfBudget, nint Hot, nint JumpMissed);
