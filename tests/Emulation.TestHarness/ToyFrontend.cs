using System.Buffers.Binary;
using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.TestHarness;

/// <summary>Instruction set for tests of the engines: every operation of the IR can be reached, in most of its forms.</summary>
public sealed partial class ToyFrontend : IFrontend
{
    /// <summary>Data lies here; loads and stores that are not raw wrap inside it.</summary>
    public const ulong Data = 0x10000;

    /// <summary>Bytes of data, less one; a last access may reach a little further.</summary>
    public const ulong DataMask = 0x7fff;

    private readonly ToyRegisters _r = new();

    public ToyRegisters Toy => _r;

    /// <summary>Runs on every block that was translated; passes are tested with it.</summary>
    public Action<IrBlock>? Finish { get; init; }

    public RegisterFile Registers => _r.File;

    public int MmuIndexCount => 2;

    public TranslationResult Translate(IrBuilder ir, ReadOnlySpan<byte> code, ulong pc, uint mode, int maxInstructions, IInstrumentation? hooks)
    {
        TranslationResult result = TranslateBlock(ir, code, pc, maxInstructions, hooks);
        if (result == TranslationResult.Done)
            Finish?.Invoke(ir.Block);
        return result;
    }

    /// <summary>Emits <see cref="Toy.Custom"/>; its immediate is given.</summary>
    public Action<IrBuilder, int>? Custom { get; set; }

    private TranslationResult TranslateBlock(IrBuilder ir, ReadOnlySpan<byte> code, ulong pc, int maxInstructions, IInstrumentation? hooks)
    {
        int at = 0;
        for (int count = 0; count < maxInstructions; count++, at += 4)
        {
            if (code.Length - at < 4)
            {
                if (count == 0)
                    return TranslationResult.NeedsNextPage;
                break;
            }

            ir.Instruction(pc + (ulong)at, 4);
            hooks?.BeforeInstruction(ir, pc + (ulong)at, count == 0);
            Emit(ir, new Word(BinaryPrimitives.ReadUInt32LittleEndian(code[at..]), pc + (ulong)at));
            if (ir.IsTerminated)
                return TranslationResult.Done;
        }

        ir.Jump(pc + (ulong)at);
        return TranslationResult.Done;
    }

    public string Disassemble(ReadOnlySpan<byte> code, ulong pc, uint mode, out int length)
    {
        length = 4;
        var w = new Word(BinaryPrimitives.ReadUInt32LittleEndian(code), pc);
        string name = w.Op < IrOpcodes.All.Length ? IrOpcodes.All[w.Op].Name : $"toy{w.Op}";
        return $"{name} r{w.Rd}, r{w.Ra}, r{w.Rb}, {w.Imm}";
    }

    private void Emit(IrBuilder ir, Word w)
    {
        switch (w.Op)
        {
            case TestHarness.Toy.LoadImmediate:
                ir.Set(_r.R[w.Rd], ir.Const((ulong)(long)w.Imm));
                break;
            case TestHarness.Toy.AddImmediate:
                ir.Set(_r.R[w.Rd], ir.Add(R(ir, w.Ra), w.Imm));
                break;
            case TestHarness.Toy.StorePair:
                IrValue first = Address(ir, R(ir, w.Ra), raw: false), value = R(ir, w.Rd);
                ir.Store(first, 0, R(ir, w.Rb), new MemOp(8, false, 1));
                ir.Store(first, w.Imm, value, new MemOp(8, false, 1));
                break;
            case TestHarness.Toy.AddToMemory:
                IrValue place = Address(ir, R(ir, w.Ra), raw: false);
                IrValue old = ir.Load(place, w.Imm, new MemOp(4, false, 1), IrType.I32);
                ir.Store(place, w.Imm, ir.Add(old, ir.Trunc(R(ir, w.Rb), IrType.I32)), new MemOp(4, false, 1));
                break;
            case TestHarness.Toy.Insert:
                ir.Set(_r.R[w.Rd], ir.Trunc(R(ir, w.Ra), (w.Imm & 3) switch { 0 => IrType.I8, 1 => IrType.I16, _ => IrType.I32 }));
                break;
            case TestHarness.Toy.BranchNotZero:
                ir.Branch(ir.Compare(IrOp.Ne, R(ir, w.Ra), ir.Const(0)), w.Target);
                break;
            case TestHarness.Toy.Halt:
                ir.Call(ToyHelpers.Halt);
                ir.Exit(ir.Const(w.Pc + 4));
                break;
            case TestHarness.Toy.Custom when Custom is not null:
                Custom(ir, w.Imm);
                break;
            case TestHarness.Toy.VectorLoad or TestHarness.Toy.VectorStore:
                EmitVectorMemory(ir, w);
                break;
            case TestHarness.Toy.WideLoad or TestHarness.Toy.WideStore:
                EmitWideMemory(ir, w);
                break;
            case TestHarness.Toy.WideVector:
                EmitWide(ir, w);
                break;
            case TestHarness.Toy.VectorMove:
                EmitVectorMove(ir, w);
                break;
            case TestHarness.Toy.FetchBarrier:
                ir.Exit(ir.Const(w.Pc + 4));
                break;
            default:
                if (w.Op < IrOpcodes.All.Length)
                    EmitIr(ir, (IrOp)w.Op, w);
                else
                    Illegal(ir, w);
                break;
        }
    }

    private static void Illegal(IrBuilder ir, Word w)
    {
        ir.Raise(2, ir.Const((ulong)w.Op));
        ir.Exit(ir.Const(w.Pc));
    }

    private IrValue R(IrBuilder ir, int number) => ir.Get(_r.R[number]);

    private static IrValue Address(IrBuilder ir, IrValue value, bool raw)
        => raw ? value : ir.Add(ir.And(value, ir.Const(DataMask)), (long)Data);

    /// <summary>Fields of an instruction.</summary>
    private readonly record struct Word(uint Bits, ulong Pc)
    {
        public int Op => (int)(Bits & 255);

        public int Rd => (int)(Bits >> 8) & 15;

        public int Ra => (int)(Bits >> 12) & 15;

        public int Rb => (int)(Bits >> 16) & 15;

        public int Imm => (int)Bits >> 20;

        public ulong Target => Pc + (ulong)((long)Imm * 4);

        public bool Flag(int bit) => (Imm >> bit & 1) != 0;
    }
}
