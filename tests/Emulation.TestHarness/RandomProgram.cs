using Emulation.IR;

namespace Emulation.TestHarness;

/// <summary>Random toy programs: every instruction, loops, faults, device accesses. They never end; the run's limit does.</summary>
public static class RandomProgram
{
    private const int Counter = 13;
    private static readonly IrOp[] s_scalars = [.. IrOpcodes.All.ToArray().Where(static i => i.Lanes == LaneSet.None).Select(static i => i.Op)];
    private static readonly IrOp[] s_vectors = [.. IrOpcodes.All.ToArray().Where(static i => i.Lanes != LaneSet.None).Select(static i => i.Op)];

    /// <summary>Generates code of <paramref name="length"/> instructions; control stays inside it.</summary>
    /// <param name="random">Source of all choices.</param>
    /// <param name="length">Instructions.</param>
    /// <param name="vectors">How many of a hundred instructions are about vectors.</param>
    public static uint[] Generate(Random random, int length, int vectors = 15)
    {
        var code = new uint[length];
        for (int i = 0; i < length; i++)
        {
            // Loops end: their counter is halved, and something fills it again now and then.
            if (i > 2 && i < length - 1 && random.Next(12) == 0)
            {
                code[i++] = Toy.Encode(IrOp.ShrU, Counter, Counter, imm: 2 | (1 << 4));
                code[i] = Toy.Bnz(Counter, -random.Next(1, Math.Min(i, 30)));
            }
            else
            {
                code[i] = random.Next(100) < vectors ? VectorInstruction(random) : Instruction(random, i, length);
            }
        }

        code[^1] = Toy.Jump(-(length - 1));
        return code;
    }

    /// <summary>Puts random and special values into all registers.</summary>
    public static void Fill(Random random, ToyMachine machine)
    {
        foreach (RegisterSlot slot in machine.Frontend.Registers.Slots)
        {
            if (slot.Name == "t")
                machine.Cpu.SetRegister(slot, (ulong)random.Next(2));
            else if (slot.Type == IrType.V256)
                machine.Cpu.SetRegisterBytes(slot, [.. Bytes(Vector(random)), .. Bytes(Vector(random))]);
            else if (slot.Type == IrType.V128)
                machine.Cpu.SetWideRegister(slot, Vector(random));
            else if (slot.Type.IsFloat())
                machine.Cpu.SetRegister(slot, FloatBits(random, slot.Type == IrType.F64));
            else
                machine.Cpu.SetRegister(slot, Integer(random));
        }
    }

    private static uint Instruction(Random random, int at, int length)
    {
        int rd = random.Next(16), ra = random.Next(16), rb = random.Next(16), imm = random.Next(-2048, 2048);
        int kind = random.Next(100);
        if (kind < 12)
            return Toy.Addi(rd, ra, random.Next(-40, 40));
        if (kind < 15)
            return Toy.Li(rd, imm);
        if (kind < 18)
            return Toy.Encode(Toy.StorePair, rd, ra, rb, random.Next(-8, 4096));
        if (kind < 21)
            return Toy.Encode(Toy.AddToMemory, rd, ra, rb, random.Next(-8, 200));
        if (kind < 24)
            return Toy.Encode(Toy.Insert, rd, ra, imm: imm);
        if (kind < 30)
            return Toy.Bnz(ra, Jump(random, at, length));
        if (kind < 38)
            return Toy.Encode(random.Next(2) == 0 ? IrOp.Load : IrOp.Store, rd, ra, rb, random.Next(4) == 0 ? imm & ~64 : random.Next(64));
        if (kind == 38 && random.Next(8) == 0)
            return Toy.Encode(Toy.Illegal);
        if (kind == 39 && random.Next(4) == 0)
            return Toy.Encode(Toy.Halt);
        IrOp op = s_scalars[random.Next(s_scalars.Length)];
        return op switch
        {
            IrOp.Jump => Toy.Jump(Jump(random, at, length)),
            IrOp.Branch => Toy.Encode(op, rd, ra, rb, Jump(random, at, length)),
            IrOp.JumpIndirect => Toy.Encode(op, ra: ra, imm: Math.Min(Jump(random, at, length), length - 4 - at)),
            IrOp.Load or IrOp.Store => Toy.Encode(op, rd, ra, rb, random.Next(64)),
            _ => Toy.Encode(op, rd, ra, rb, imm),
        };
    }

    private static uint VectorInstruction(Random random)
    {
        int rd = random.Next(16), ra = random.Next(16), rb = random.Next(16), imm = random.Next(-2048, 2048);
        int memory = random.Next(4) == 0 ? imm & ~64 : random.Next(64);
        return random.Next(15) switch
        {
            10 => Toy.Encode(Toy.WideLoad, rd, ra, rb, memory),
            11 => Toy.Encode(Toy.WideStore, rd, ra, rb, memory),
            >= 12 => Toy.Encode(Toy.WideVector, rd, ra, rb, imm),
            0 => Toy.Encode(Toy.VectorLoad, rd, ra, rb, memory),
            1 => Toy.Encode(Toy.VectorStore, rd, ra, rb, memory),
            2 => Toy.Encode(Toy.VectorMove, rd, ra, rb, imm),
            _ => Toy.Encode(s_vectors[random.Next(s_vectors.Length)], rd, ra, rb, imm),
        };
    }

    private static byte[] Bytes(UInt128 value)
    {
        var bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128LittleEndian(bytes, value);
        return bytes;
    }

    private static UInt128 Vector(Random random) => random.Next(3) switch
    {
        0 => new UInt128(FloatBits(random, true), FloatBits(random, true)),
        1 => new UInt128(FloatBits(random, false) << 32 | FloatBits(random, false), FloatBits(random, false) << 32 | FloatBits(random, false)),
        _ => new UInt128(Integer(random), Integer(random)),
    };

    private static int Jump(Random random, int at, int length)
        => Math.Clamp(random.Next(1, 12), 0, length - 1 - at);

    private static ulong Integer(Random random) => random.Next(6) switch
    {
        0 => (ulong)random.Next(-3, 4),
        1 => (ulong)random.Next(-70000, 70000),
        2 => 1UL << random.Next(64),
        3 => ToyMachine.Device + (ulong)(random.Next(4) * 8),
        4 => ToyCpu.Forbidden + (ulong)random.Next(4096),
        _ => (ulong)random.NextInt64(),
    };

    private static ulong FloatBits(Random random, bool wide)
    {
        double value = random.Next(8) switch
        {
            0 => double.NaN,
            1 => double.PositiveInfinity,
            2 => 0.0,
            3 => -0.0,
            4 => wide ? 5e-324 : 1e-45f,
            5 => wide ? double.MaxValue : float.MaxValue,
            6 => random.Next(-100, 100),
            _ => (random.NextDouble() - 0.5) * 1000,
        };
        return wide ? BitConverter.DoubleToUInt64Bits(value) : BitConverter.SingleToUInt32Bits((float)value);
    }
}
