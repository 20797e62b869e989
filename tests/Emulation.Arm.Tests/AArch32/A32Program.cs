using System.Buffers.Binary;
using Emulation.Arm.Tests.Differential;

namespace Emulation.Arm.Tests.AArch32;

/// <summary>
/// What random programs of A32 and T32 have in common: data, the dump at the end, system calls. R10 points to constants, R11 to the middle of
/// scratch memory. Words of the frame are A32; T32 has the same ones in its own encoding by <see cref="Put"/>.
/// </summary>
/// <param name="seed">Start of the random numbers.</param>
/// <param name="floats">Whether there are floating-point registers to load and dump.</param>
internal abstract class A32Program(int seed, bool floats)
{
    public const int Constants = 10, Scratch = 11, Sp = 13, Pc = 15;

    private static readonly uint[] s_interesting =
    [
        0, 1, 2, 3, 0x1f, 0x20, 0x21, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0x80000001, 0xffffffff, 0xfffffffe,
        0x80008000, 0x7fff7fff, 0x7fff8000, 0x80007fff, 0x00ff00ff, 0x01020304, 0x80818283, 0x55555555, 0xaaaaaaaa, 0x3f800000, 0xbf800000, 0x7f800000,
        0xff800000, 0x7fc00000, 0x7f800001, 0x00000001, 0x007fffff, 0x00800000, 0x7f7fffff, 0x4f000000, 0xcf000000, 0x5f000000, 0x3f000000, 0x40200000,
        0x3ff00000, 0xbff00000, 0x7ff00000, 0x7ff80000, 0x41e00000, 0x43e00000, 0x3c003c00, 0x7c00fc00, 0x7e007c01, 0x000103ff, 0x04007bff, 0x3e4c8000, 0x80000000,
    ];

    private readonly Random _data = new(~seed);          // of its own, so that a shorter program has the same data
    private readonly List<byte> _code = [];

    protected Random Random { get; } = new(seed);

    /// <summary>Where the program is loaded.</summary>
    public ulong Base { get; init; } = Program.Base;

    /// <summary>How many doubles there are.</summary>
    protected virtual int Doubles => 32;

    /// <summary>Address of the next instruction.</summary>
    protected ulong Here => Base + (ulong)_code.Count;

    /// <summary>Address of the scratch memory.</summary>
    protected ulong DataStart { get; private set; }

    /// <summary>Makes a program.</summary>
    /// <param name="count">Random instructions in it, besides those that prepare them.</param>
    public Program Make(int count)
    {
        int dataOffset = (0x1000 + (count * 40) + 0xfff) & ~0xfff;
        DataStart = Base + (ulong)dataOffset;
        Load(Scratch, DataStart + (Program.ScratchBytes / 2));
        Load(Constants, DataStart + Program.ScratchBytes);
        for (int r = 0; r < 15; r++)
            LoadConstant(r);
        if (floats)
        {
            for (int d = 0; d < Doubles; d++)
                Put(A32Assembler.Vldr(d, Constants, 8 * Random.Next(128)));
        }

        Put(A32Assembler.AddImmediate(Sp, Scratch, 0x40, 0));
        Put(A32Assembler.MsrFlags(Random.Next(10)));
        for (int i = 0; i < count; i++)
        {
            if (Random.Next(4) == 0)
                LoadConstant(Random.Next(15));
            if (floats && Random.Next(2) == 0)
                Put(A32Assembler.Vldr(Random.Next(Doubles), Constants, 8 * Random.Next(128)));
            AddRandom();
        }

        ulong dumpStart = Here;
        ulong end = Finish();
        if (_code.Count > dataOffset)
            throw new InvalidOperationException("the code is longer than its room");
        var image = new byte[dataOffset + Program.DataBytes];
        _code.CopyTo(image);
        Span<byte> data = image.AsSpan(dataOffset);
        for (int i = 0; i + 4 <= Program.ScratchBytes + Program.ConstantBytes; i += 4)
            BinaryPrimitives.WriteUInt32LittleEndian(data[i..], Interesting());
        return new Program(image, dataOffset, dumpStart, end);
    }

    /// <summary>Adds a random instruction and what prepares it.</summary>
    protected abstract void AddRandom();

    /// <summary>Adds an instruction of the frame, given in A32.</summary>
    protected abstract void Put(uint word);

    protected void Bytes(uint word, int count)
    {
        for (int i = 0; i < count; i++)
            _code.Add((byte)(word >> (i * 8)));
    }

    protected void Load(int r, ulong value)
    {
        Put(A32Assembler.Movw(r, (uint)value & 0xffff));
        Put(A32Assembler.Movt(r, (uint)value));
    }

    /// <summary>Makes a register an address in scratch memory, aligned to a power of two from 4 on.</summary>
    protected void PrepareAddress(int rn)
    {
        Put(A32Assembler.AndImmediate(rn, rn, 0x3f, 14));                // 63 times 16
        Put(A32Assembler.Add(rn, rn, Scratch));
    }

    private uint Interesting()
    {
        uint value = _data.Next(3) == 0 ? (uint)_data.NextInt64() : s_interesting[_data.Next(s_interesting.Length)];
        return _data.Next(8) switch { 0 => value ^ 0x8000_0000, 1 => value ^ 0x8000, 2 => value + (uint)_data.Next(-2, 3), _ => value };
    }

    private void LoadConstant(int r)
    {
        if (r is not (Constants or Scratch or Sp))
            Put(A32Assembler.Ldr(r, Constants, 4 * Random.Next(1000)));
    }

    private ulong Finish()
    {
        ulong dump = DataStart + Program.ScratchBytes + Program.ConstantBytes;
        Load(Constants, dump);
        for (int r = 0; r < 15; r++)
            Put(A32Assembler.Str(r, Constants, r * 4));
        Put(A32Assembler.MrsCpsr(0));
        Put(A32Assembler.Str(0, Constants, 60));
        if (floats)
        {
            for (int d = 0; d < Doubles; d++)
                Put(A32Assembler.Vstr(d, Constants, 256 + (d * 8)));
            Put(A32Assembler.Vmrs(0));
            Put(A32Assembler.Str(0, Constants, 64));
        }

        ulong end = Here;
        Exit();
        return end;
    }

    /// <summary>Adds the system calls that write the data and end the program.</summary>
    protected virtual void Exit()
    {
        Load(0, 1);                                      // write(1, data, bytes)
        Load(1, DataStart);
        Load(2, Program.DataBytes);
        Load(7, 4);
        Put(A32Assembler.Svc);
        Load(0, 0);                                      // exit(0)
        Load(7, 1);
        Put(A32Assembler.Svc);
    }
}
