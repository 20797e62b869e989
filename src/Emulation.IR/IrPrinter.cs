using System.Globalization;
using System.Text;

namespace Emulation.IR;

/// <summary>Listings of blocks, for people and for tests that compare text.</summary>
public static class IrPrinter
{
    /// <summary>One line per operation; nothing for <see cref="IrOp.Nop"/>.</summary>
    /// <param name="block">The block.</param>
    /// <param name="registers">Gives registers their names; null shows offsets.</param>
    public static string Print(IrBlock block, RegisterFile? registers = null)
    {
        ArgumentNullException.ThrowIfNull(block);
        var text = new StringBuilder();
        for (int i = 0; i < block.Count; i++)
        {
            if (block.Insts[i].Op != IrOp.Nop)
                text.Append(Print(block, i, registers)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>One operation.</summary>
    /// <param name="block">The block.</param>
    /// <param name="index">Number of the operation.</param>
    /// <param name="registers">Gives registers their names; null shows offsets.</param>
    public static string Print(IrBlock block, int index, RegisterFile? registers)
    {
        ArgumentNullException.ThrowIfNull(block);
        ref readonly IrInst inst = ref block.Insts[index];
        if (inst.Op == IrOp.Insn)
            return string.Create(CultureInfo.InvariantCulture, $"0x{inst.Imm:x}: ({inst.Aux} bytes)");
        if (inst.Op == IrOp.Label)
            return string.Create(CultureInfo.InvariantCulture, $"L{inst.Imm}:");
        var text = new StringBuilder("    ");
        if (HasResult(inst))
            text.Append(CultureInfo.InvariantCulture, $"%{index}:{Name(inst.Type)} = ");
        text.Append(IrOpcodes.Info(inst.Op).Name);
        if (IrOpcodes.Info(inst.Op).Lanes is not (LaneSet.None or LaneSet.I8x16))
            text.Append('.').Append(LaneOp.Unpack(inst.Aux).Shape.ToString().ToLowerInvariant());
        if (inst.Op == IrOp.Call)
            text.Append(' ').Append(block.Helpers[inst.Aux].Name);
        string separator = " ";
        foreach (string part in Parts(block, inst, registers))
        {
            if (part.Length == 0)
                continue;
            text.Append(separator).Append(part);
            separator = ", ";
        }

        return text.ToString();
    }

    private static bool HasResult(in IrInst inst)
        => inst.Type != IrType.None && IrOpcodes.Info(inst.Op).Shape is not (IrShape.Sink or IrShape.Store or IrShape.OptionalSink or IrShape.Condition or IrShape.None);

    private static string[] Parts(IrBlock block, in IrInst inst, RegisterFile? registers)
    {
        string a = Operand(block, inst.A), b = Operand(block, inst.B), c = Operand(block, inst.C);
        string how = IrOpcodes.Info(inst.Op).Shape is IrShape.Load or IrShape.Store or IrShape.Atomic or IrShape.AtomicCompare ? MemOp.Unpack(inst.Aux).ToString() : "";
        string offset = inst.Imm.ToString(CultureInfo.InvariantCulture);
        return inst.Op switch
        {
            IrOp.Const when inst.Type == IrType.V128 => ["0x" + block.Vectors[(int)inst.Imm].ToString("x", CultureInfo.InvariantCulture)],
            IrOp.Const => ["0x" + inst.Imm.ToString("x", CultureInfo.InvariantCulture)],
            IrOp.Get => [Register(inst, registers)],
            IrOp.Set => [Register(inst, registers), a],
            IrOp.Load => [$"[{a} + {offset}]", how],
            IrOp.Store => [$"[{a} + {offset}]", b, how],
            IrOp.AtomicRmw => [((AtomicOp)inst.Imm).ToString(), $"[{a}]", b, how],
            IrOp.AtomicCas or IrOp.LoadReserved or IrOp.StoreConditional => [$"[{a}]", b, c, how],
            IrOp.Fence => [((IrFence)inst.Imm).ToString()],
            IrOp.Br => ["L" + offset],
            IrOp.BrIf => [a, "L" + offset],
            IrOp.Raise => [offset, a],
            IrOp.Jump => ["0x" + inst.Imm.ToString("x", CultureInfo.InvariantCulture)],
            IrOp.Branch => [a, "0x" + inst.Imm.ToString("x", CultureInfo.InvariantCulture), "0x" + block.NextPc.ToString("x", CultureInfo.InvariantCulture)],
            IrOp.FMulAdd => [(inst.Imm & 1) != 0 ? "-" + a : a, b, (inst.Imm & 2) != 0 ? "-" + c : c, ((IrRounding)inst.Aux).ToString()],
            IrOp.VFMulAdd => [(inst.Imm & 1) != 0 ? "-" + a : a, b, (inst.Imm & 2) != 0 ? "-" + c : c, LaneOp.Unpack(inst.Aux).Rounding.ToString()],
            >= IrOp.VFAdd and <= IrOp.VFSqrt => [a, b, LaneOp.Unpack(inst.Aux).Rounding.ToString()],
            IrOp.VInsert or IrOp.VExtract => [$"{a}[{offset}]", b],
            IrOp.FMin or IrOp.FMax => [a, b, ((IrExtremum)inst.Aux).ToString()],
            IrOp.FOrder => [a, b, inst.Aux != 0 ? "signals" : ""],
            IrOp.FToInt or IrOp.FFromInt => [a, (inst.Aux & 8) != 0 ? "signed" : "unsigned", ((IrRounding)(inst.Aux & 7)).ToString()],
            IrOp.FConvert => [a, ((IrRounding)inst.Aux).ToString()],
            >= IrOp.FAdd and <= IrOp.FSqrt => [a, b, ((IrRounding)inst.Aux).ToString()],
            _ => [a, b, c],
        };
    }

    private static string Register(in IrInst inst, RegisterFile? registers)
    {
        RegisterSlot? slot = registers?.At((int)inst.Imm);
        string name = slot?.Name ?? string.Create(CultureInfo.InvariantCulture, $"[{inst.Imm}]");
        return slot is not null && slot.Type == inst.Type ? name : $"{name}:{Name(inst.Type)}";
    }

    private static string Operand(IrBlock block, int value)
    {
        if (value < 0)
            return "";
        ref readonly IrInst inst = ref block.Insts[value];
        return inst.Op == IrOp.Const && !inst.Type.IsFloat() && inst.Type != IrType.V128
            ? "0x" + inst.Imm.ToString("x", CultureInfo.InvariantCulture)
            : "%" + value.ToString(CultureInfo.InvariantCulture);
    }

    private static string Name(IrType type) => type switch
    {
        IrType.I1 => "i1",
        IrType.I8 => "i8",
        IrType.I16 => "i16",
        IrType.I32 => "i32",
        IrType.I64 => "i64",
        IrType.F32 => "f32",
        IrType.F64 => "f64",
        IrType.V128 => "v128",
        IrType.V256 => "v256",
        _ => "none",
    };
}
