using System.Buffers.Binary;
using System.Reflection.Emit;
using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Jit;

// Loads and stores through the software TLB. What it does not cover leaves to tier 0 at the start of the instruction.
internal sealed unsafe partial class RegionCompiler
{
    // Loads are volatile: the runtime's compiler may not merge or hoist what another vCPU can change. On x64 this costs nothing else.
    private void EmitLoad(in IrInst inst)
    {
        MemOp how = MemOp.Unpack(inst.Aux);
        EmitProbe(inst, how, FieldOffsets.TlbRead);
        HostAddress();
        if (how.Size > 1)
            _il.Emit(OpCodes.Unaligned, (byte)1);
        _il.Emit(OpCodes.Volatile);
        if (inst.Type.IsVector())
        {
            StackTypes.EmitLoad(_il, inst.Type);
            if (how.BigEndian)
                ReverseVector(inst.Type);
            return;
        }

        IrType bits = StackTypes.Bits(inst.Type);
        if (inst.Type.IsFloat() && !how.BigEndian)
        {
            _il.Emit(inst.Type == IrType.F64 ? OpCodes.Ldind_R8 : OpCodes.Ldind_R4);
            return;
        }

        _il.Emit((how.Size, how.Signed) switch
        {
            (1, false) => OpCodes.Ldind_U1,
            (1, true) => OpCodes.Ldind_I1,
            (2, false) => OpCodes.Ldind_U2,
            (2, true) => OpCodes.Ldind_I2,
            (4, _) => OpCodes.Ldind_I4,
            _ => OpCodes.Ldind_I8,
        });
        if (how.BigEndian && how.Size > 1)
            SwapBytes(how.Size, how.Signed);
        if (bits == IrType.I64 && how.Size < 8)
            _il.Emit(how.Signed ? OpCodes.Conv_I8 : OpCodes.Conv_U8);
        else if (bits != IrType.I64 && how.Size == 8)
            _il.Emit(OpCodes.Conv_I4);
        Reinterpret(bits, inst.Type);
    }

    private void EmitStore(in IrInst inst)
    {
        MemOp how = MemOp.Unpack(inst.Aux);
        EmitProbe(inst, how, FieldOffsets.TlbWrite);
        HostAddress();
        IrType type = _ir.Insts[inst.B].Type, bits = StackTypes.Bits(type);
        Value(inst.B);
        if (type.IsVector())
        {
            if (how.BigEndian)
                ReverseVector(type);
            _il.Emit(OpCodes.Unaligned, (byte)1);
            StackTypes.EmitStore(_il, type);
            return;
        }

        if (type.IsFloat() && !how.BigEndian && how.Size == type.Bytes())
        {
            _il.Emit(OpCodes.Unaligned, (byte)1);
            StackTypes.EmitStore(_il, type);
            return;
        }

        Reinterpret(type, bits);
        if (bits == IrType.I64 && how.Size < 8)
            _il.Emit(OpCodes.Conv_I4);
        if (how.BigEndian && how.Size > 1)
            SwapBytes(how.Size, signed: false);
        if (how.Size > 1)
            _il.Emit(OpCodes.Unaligned, (byte)1);
        _il.Emit(how.Size switch { 1 => OpCodes.Stind_I1, 2 => OpCodes.Stind_I2, 4 => OpCodes.Stind_I4, _ => OpCodes.Stind_I8 });
    }

    private void SwapBytes(int size, bool signed)
    {
        Type type = size switch { 2 => signed ? typeof(short) : typeof(ushort), 4 => typeof(int), _ => typeof(long) };
        _il.Emit(OpCodes.Call, typeof(BinaryPrimitives).GetMethod(nameof(BinaryPrimitives.ReverseEndianness), [type])!);
    }

    // Leaves `_address` set, and `_addend` or, where that is null, `_entry`.
    private void EmitProbe(in IrInst inst, MemOp how, int tag, bool cached = true)
    {
        Label leave = Leave();
        _address = _pool.Take(typeof(long));
        Value(inst.A);
        if (inst.Imm != 0)
        {
            LoadLong(inst.Imm);
            _il.Emit(OpCodes.Add);
        }

        _il.Emit(OpCodes.Stloc, _address);
        if (how.Aligned && how.Size > 1)
        {
            _il.Emit(OpCodes.Ldloc, _address);
            LoadLong(how.Size - 1);
            _il.Emit(OpCodes.And);
            _il.Emit(OpCodes.Brtrue, leave);
        }

        bool filled = false;
        PageCache? cache = cached ? CacheFor(inst, how, tag, out filled) : null;
        _addend = cache?.Addend;
        if (cache is null)
        {
            TlbEntry(_address, how.MmuIndex);
            Page(_address, how);
            EntryField(tag);
            _il.Emit(OpCodes.Ldind_I8);
            MissUnlessEqual(_address, how, tag, leave, _block.IsInLoop);
        }
        else if (filled)
        {
            Label miss = _il.DefineLabel(), hit = _il.DefineLabel();

            // Aligned, and on the page of the access before; what is not aligned takes the longer way.
            _il.Emit(OpCodes.Ldloc, _address);
            LoadLong(-(long)StateLayout.PageSize | (uint)(how.Size - 1));
            _il.Emit(OpCodes.And);
            _il.Emit(OpCodes.Ldloc, cache.Tag);
            _il.Emit(OpCodes.Bne_Un, miss);
            _il.MarkLabel(hit);
            LocalBuilder address = _address;
            bool inLoop = _block.IsInLoop;
            _cold.Add(() =>
            {
                _il.MarkLabel(miss);
                Fill(cache, address, how, tag, leave, inLoop);
                _il.Emit(OpCodes.Br, hit);
            });
        }
        else
        {
            Fill(cache, _address, how, tag, leave, _block.IsInLoop);
        }
    }

    private void Fill(PageCache cache, LocalBuilder address, MemOp how, int tag, Label leave, bool inLoop)
    {
        TlbEntry(address, how.MmuIndex);
        Page(address, how);
        _il.Emit(OpCodes.Dup);
        _il.Emit(OpCodes.Stloc, _page);
        EntryField(tag);
        _il.Emit(OpCodes.Ldind_I8);
        MissUnlessEqual(address, how, tag, leave, inLoop);
        _il.Emit(OpCodes.Ldloc, _page);
        _il.Emit(OpCodes.Stloc, cache.Tag);
        EntryField(FieldOffsets.TlbAddend);
        _il.Emit(OpCodes.Ldind_I8);
        _il.Emit(OpCodes.Stloc, cache.Addend);
    }

    // A loop that goes over more pages than the first level holds would leave, and come back, in every round: it looks into the second level
    // itself, and changes nothing. Afterwards `_entry` is an entry of either.
    private void MissUnlessEqual(LocalBuilder address, MemOp how, int tag, Label leave, bool inLoop)
    {
        if (!inLoop)
        {
            _il.Emit(OpCodes.Bne_Un, leave);
            return;
        }

        Label miss = _il.DefineLabel(), hit = _il.DefineLabel(), own = _il.DefineLabel();
        _il.Emit(OpCodes.Bne_Un, miss);
        _il.MarkLabel(hit);
        _veryCold.Add(() =>
        {
            _il.MarkLabel(miss);
            StateField(FieldOffsets.SecondLevel);
            TlbIndex.EmitPlace(_il, address, _foldsTlb);
            if (SecondLevelTlb.PlaceOf(how.MmuIndex) != 0)
            {
                LoadLong(SecondLevelTlb.PlaceOf(how.MmuIndex));
                _il.Emit(OpCodes.Xor);
            }

            StateField(FieldOffsets.SecondLevelMask);
            _il.Emit(OpCodes.And);
            _il.Emit(OpCodes.Add);
            _il.Emit(OpCodes.Conv_I);
            _il.Emit(OpCodes.Stloc, _entry);
            // what the tag has beyond page and regime: the key of this address space, or that of all
            EntryField(tag);
            _il.Emit(OpCodes.Ldind_I8);
            Page(address, how);
            _il.Emit(OpCodes.Sub);
            LoadLong(SecondLevelTlb.TagOf(how.MmuIndex));
            _il.Emit(OpCodes.Sub);
            _il.Emit(OpCodes.Dup);
            StateField(FieldOffsets.SecondLevelKey);
            _il.Emit(OpCodes.Beq, own);
            StateField(FieldOffsets.SecondLevelGlobalKey);
            _il.Emit(OpCodes.Bne_Un, leave);
            _il.Emit(OpCodes.Br, hit);
            _il.MarkLabel(own);
            _il.Emit(OpCodes.Pop);
            _il.Emit(OpCodes.Br, hit);
        });
    }

    private void StateField(int offset)
    {
        StateAddress(offset);
        _il.Emit(OpCodes.Ldind_I8);
    }

    private void TlbEntry(LocalBuilder address, int mmuIndex)
    {
        TlbIndex.EmitEntry(_il, address, mmuIndex, _foldsTlb);
        _il.Emit(OpCodes.Stloc, _entry);
    }

    // The page of the last byte: where an access crosses pages it is not that of the first, and no tag matches.
    private void Page(LocalBuilder address, MemOp how)
    {
        _il.Emit(OpCodes.Ldloc, address);
        if (how.Size > 1 && !how.Aligned)
        {
            LoadLong(how.Size - 1);
            _il.Emit(OpCodes.Add);
        }

        LoadLong(-(long)StateLayout.PageSize);
        _il.Emit(OpCodes.And);
    }

    private void HostAddress()
    {
        _il.Emit(OpCodes.Ldloc, _address);
        if (_addend is not null)
        {
            _il.Emit(OpCodes.Ldloc, _addend);
        }
        else
        {
            EntryField(FieldOffsets.TlbAddend);
            _il.Emit(OpCodes.Ldind_I8);
        }

        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Conv_I);
    }
}
