using System.Reflection;
using System.Reflection.Emit;
using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Jit;

// Atomic accesses: the host's own instructions where it has them, on the page that the software TLB gives.
internal sealed unsafe partial class RegionCompiler
{
    private void EmitAtomic(in IrInst inst)
    {
        MemOp how = MemOp.Unpack(inst.Aux) with { Aligned = true };
        EmitProbe(inst with { Imm = 0 }, how, inst.Op == IrOp.LoadReserved ? FieldOffsets.TlbRead : FieldOffsets.TlbWrite, cached: false);
        switch (inst.Op)
        {
            case IrOp.AtomicRmw:
                EmitReadModifyWrite(inst, how);
                break;
            case IrOp.AtomicCas:
                HostAddress();
                AtomicOperand(inst.C, how);
                AtomicOperand(inst.B, how);
                _il.Emit(OpCodes.Call, AtomicMethod(nameof(Interlocked.CompareExchange), how, 3));
                ExtendAtomic(inst.Type, how);
                break;
            case IrOp.LoadReserved:
                EmitLoadReserved(inst, how);
                break;
            default:
                EmitStoreConditional(inst, how);
                break;
        }
    }

    private void EmitReadModifyWrite(in IrInst inst, MemOp how)
    {
        var op = (AtomicOp)inst.Imm;
        if (op == AtomicOp.Swap || (how.Size >= 4 && op is AtomicOp.Add or AtomicOp.And or AtomicOp.Or))
        {
            HostAddress();
            AtomicOperand(inst.B, how);
            string name = op switch { AtomicOp.Swap => nameof(Interlocked.Exchange), AtomicOp.Add => nameof(Interlocked.Add), AtomicOp.And => nameof(Interlocked.And), _ => nameof(Interlocked.Or) };
            _il.Emit(OpCodes.Call, AtomicMethod(name, how, 2));
            if (op == AtomicOp.Add)
            {
                // the sum, less what was added
                AtomicOperand(inst.B, how);
                _il.Emit(OpCodes.Sub);
            }

            ExtendAtomic(inst.Type, how);
            return;
        }

        HostAddress();
        LoadInt(how.Pack());
        LoadInt((int)op);
        Value(inst.B);
        if (inst.Type != IrType.I64)
            _il.Emit(OpCodes.Conv_U8);
        _il.Emit(OpCodes.Call, typeof(RegionAtomics).GetMethod(nameof(RegionAtomics.ReadModifyWrite))!);
        if (how.Size < 8)
            _il.Emit(OpCodes.Conv_I4);
        ExtendAtomic(inst.Type, how);
    }

    private void EmitLoadReserved(in IrInst inst, MemOp how)
    {
        StateAddress(FieldOffsets.ReservationAddress);
        PhysicalAddress();
        _il.Emit(OpCodes.Stind_I8);
        LocalBuilder value = _pool.Take(typeof(long));
        HostAddress();
        _il.Emit(OpCodes.Volatile);
        _il.Emit(how.Size switch { 1 => OpCodes.Ldind_U1, 2 => OpCodes.Ldind_U2, 4 => OpCodes.Ldind_U4, _ => OpCodes.Ldind_I8 });
        if (how.Size < 8)
            _il.Emit(OpCodes.Conv_U8);
        _il.Emit(OpCodes.Stloc, value);
        StateAddress(FieldOffsets.ReservationValue);
        _il.Emit(OpCodes.Ldloc, value);
        _il.Emit(OpCodes.Stind_I8);
        _il.Emit(OpCodes.Ldloc, value);
        if (how.Size < 8)
            _il.Emit(OpCodes.Conv_I4);
        ExtendAtomic(inst.Type, how);
    }

    // 0 when memory holds what was reserved and is exchanged, else 1; the reservation is gone
    private void EmitStoreConditional(in IrInst inst, MemOp how)
    {
        Label lost = _il.DefineLabel(), end = _il.DefineLabel();
        LocalBuilder reserved = _pool.Take(typeof(long));
        StateField(FieldOffsets.ReservationAddress);
        _il.Emit(OpCodes.Stloc, reserved);
        StateAddress(FieldOffsets.ReservationAddress);
        LoadLong(-1);
        _il.Emit(OpCodes.Stind_I8);
        _il.Emit(OpCodes.Ldloc, reserved);
        PhysicalAddress();
        _il.Emit(OpCodes.Bne_Un, lost);
        HostAddress();
        AtomicOperand(inst.B, how);
        ReservedValue(how);
        _il.Emit(OpCodes.Call, AtomicMethod(nameof(Interlocked.CompareExchange), how, 3));
        ReservedValue(how);
        _il.Emit(OpCodes.Ceq);
        LoadInt(0);
        _il.Emit(OpCodes.Ceq);
        _il.Emit(OpCodes.Br, end);
        _il.MarkLabel(lost);
        LoadInt(1);
        _il.MarkLabel(end);
        if (inst.Type == IrType.I64)
            _il.Emit(OpCodes.Conv_U8);
    }

    private void ReservedValue(MemOp how)
    {
        StateField(FieldOffsets.ReservationValue);
        Narrow(how);
    }

    private void PhysicalAddress()
    {
        EntryField(FieldOffsets.TlbPhysical);
        _il.Emit(OpCodes.Ldind_I8);
        LoadLong(-(long)StateLayout.PageSize);
        _il.Emit(OpCodes.And);
        _il.Emit(OpCodes.Ldloc, _address);
        LoadLong((long)StateLayout.PageSize - 1);
        _il.Emit(OpCodes.And);
        _il.Emit(OpCodes.Or);
    }

    private void AtomicOperand(int value, MemOp how)
    {
        Value(value);
        if (_ir.Insts[value].Type == IrType.I64)
            Narrow(how);
        else if (how.Size < 4)
            _il.Emit(how.Size == 1 ? OpCodes.Conv_U1 : OpCodes.Conv_U2);
    }

    private void Narrow(MemOp how)
    {
        if (how.Size < 8)
            _il.Emit(how.Size switch { 1 => OpCodes.Conv_U1, 2 => OpCodes.Conv_U2, _ => OpCodes.Conv_I4 });
    }

    // the old value, of which as many bits are on the stack as the access has, or 32
    private void ExtendAtomic(IrType type, MemOp how)
    {
        if (how.Size < 4)
            _il.Emit((how.Size, how.Signed) switch { (1, false) => OpCodes.Conv_U1, (1, true) => OpCodes.Conv_I1, (2, false) => OpCodes.Conv_U2, _ => OpCodes.Conv_I2 });
        if (type == IrType.I64 && how.Size < 8)
            _il.Emit(how.Signed ? OpCodes.Conv_I8 : OpCodes.Conv_U8);
    }

    private static MethodInfo AtomicMethod(string name, MemOp how, int operands)
    {
        Type type = how.Size switch { 1 => typeof(byte), 2 => typeof(ushort), 4 => typeof(int), _ => typeof(long) };
        Type[] types = [type.MakeByRefType(), .. Enumerable.Repeat(type, operands - 1)];
        return typeof(Interlocked).GetMethod(name, types)!;
    }
}
