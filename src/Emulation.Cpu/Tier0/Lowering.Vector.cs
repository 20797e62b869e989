using Emulation.IR;

namespace Emulation.Cpu;

// Vector operations: the lane shape is the form.
internal sealed partial class Lowering
{
    private void EmitVector(int i, in IrInst inst)
    {
        LaneOp how = LaneOp.Unpack(inst.Aux);
        bool observable = (_block.Effects(inst) & IrEffects.Observable) != 0;
        if (_uses[i] == 0 && !observable)
            return;
        int a = Location(inst.A);
        if (inst.Op == IrOp.VExtract)
        {
            _location[i] = a + ((int)inst.Imm * how.Shape.LaneBytes());
            return;
        }

        int form = (int)how.Shape;
        var family = (Micro)((int)Micro.VFAdd + (inst.Op - IrOp.VFAdd));
        if (inst.Op is >= IrOp.VShl and <= IrOp.VShrS && IsConst(inst.B, out long amount))
        {
            Add(family, form + Op.ConstantAmount, Destination(i), a, 0, (int)amount);
            return;
        }

        int b = inst.B < 0 ? 0 : Location(inst.B), c = inst.C < 0 ? 0 : Location(inst.C);
        long imm = inst.Op switch
        {
            IrOp.VFMulAdd => (uint)((int)how.Rounding | (int)(inst.Imm << 4)) | ((long)c << 32),
            IrOp.VInsert => inst.Imm * how.Shape.LaneBytes(),
            IrOp.VSelect => c,
            _ => (int)how.Rounding,
        };
        Add(family, form, Destination(i), a, b, imm);
    }
}
