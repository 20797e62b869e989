using System.Buffers.Binary;
using Emulation.Cpu.Decode;

namespace Emulation.RiscV.Tests.Differential;

/// <summary>
/// Makes random instruction streams from the decode tables. Addresses come from registers masked just before; x26 and x27 are
/// reserved (constants, scratch memory). Branches and jumps skip one instruction. No system instruction but fcsr accesses.
/// </summary>
/// <param name="isa">What programs may use.</param>
/// <param name="seed">Start of the random numbers.</param>
/// <param name="without">Mnemonics to leave out besides.</param>
internal sealed class ProgramGenerator(RiscVIsa isa, int seed, string[]? without = null)
{
    private const int Constants = 26;
    private const int Scratch = 27;
    private const int Sp = 2;

    // what has no meaning in user mode, cannot be compared, or is made by other means
    private static readonly string[] s_excluded =
    [
        "ecall", "ebreak", "c.ebreak", "csrrw", "csrrs", "csrrc", "csrrwi", "csrrsi", "csrrci", "sret", "mret", "wfi", "sfence.vma", "sinval.vma",
        "sfence.w.inval", "sfence.inval.ir", "fence.i", "sc.w", "sc.d", "wrs.nto", "wrs.sto", "cbo.inval", "cbo.clean", "cbo.flush", "cbo.zero",
    ];

    private static readonly ulong[] s_interesting =
    [
        0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 0x7fffffffffffffff,
        0x8000000000000000, 0xffffffffffffffff, 0x3ff0000000000000, 0xbff0000000000001, 0x7ff0000000000000, 0xfff0000000000000,
        0x7ff8000000000000, 0x7ff0000000000001, 0x0000000000000001, 0x000fffffffffffff, 0x0010000000000000, 0x7fefffffffffffff,
        0x43e0000000000000, 0xc3e0000000000000, 0x41dfffffffc00000, 0x3fe0000000000000, 0x4004000000000000,
        0xffffffff3f800000, 0xffffffffbf800001, 0xffffffff7f800000, 0xffffffff7fc00000, 0xffffffff7f800001, 0xffffffff00000001,
        0xffffffff007fffff, 0xffffffff00800000, 0xffffffff7f7fffff, 0xffffffff4f000000, 0xffffffffcf000000, 0xffffffff5f000000,
        0xffffffff3f000000, 0xffffffff40200000, 0xffffffff80000000, 0xfffffffffffffc01, 0xffffffffffff3c00, 0xffffffffffff7c00,
        0xffffffffffff7e00, 0xffffffffffff7c01, 0xffffffffffff0001, 0xffffffffffff03ff, 0xffffffffffff7bff, 0xffffffffffff3800,
    ];

    private readonly Random _random = new(seed);
    private readonly Random _data = new(~seed);          // of its own, so that a shorter program has the same data
    private readonly List<byte> _code = [];
    private readonly List<(ulong, string)> _listing = [];
    private readonly List<EncodingRow> _rows32 = Usable(RiscVTables.Table32.Rows, isa, without);
    private readonly List<EncodingRow> _rows16 = isa.Has(RiscVExtension.Zca) ? Usable(RiscVTables.Table16.Rows, isa, without) : [];
    private readonly bool _wide = isa.Xlen == 64;

    private ulong Pc => Program.Base + (ulong)_code.Count;

    /// <summary>Makes a program.</summary>
    /// <param name="count">Random instructions in it, besides those that prepare them.</param>
    public Program Make(int count)
    {
        int dataOffset = (0x1000 + (count * 32) + 0xfff) & ~0xfff;
        ulong data = Program.Base + (ulong)dataOffset;
        LoadAddress(Scratch, data + (Program.ScratchBytes / 2));
        LoadAddress(Constants, data + Program.ScratchBytes + (Program.ConstantBytes / 2));
        for (int r = 1; r < 32; r++)
            LoadConstants(r);
        for (int i = 0; i < count; i++)
        {
            if (_random.Next(4) == 0)
                LoadConstants(_random.Next(1, 32));
            if (isa.Flen > 0 && _random.Next(32) == 0)
                Add32(0x0020_5073u | ((uint)_random.Next(5) << 15), "csrrwi zero, frm");
            if (isa.Flen > 0 && _random.Next(32) == 0)
                Add32(_random.Next(2) == 0 ? 0x0010_1073u : 0x0010_2573u, "csrrw/csrrs fflags");
            int index = _random.Next(_rows32.Count + _rows16.Count);
            if (index < _rows32.Count)
                AddRandom32(_rows32[index]);
            else
                AddRandom16(_rows16[index - _rows32.Count]);
        }

        ulong dumpStart = Pc;
        ulong end = Finish(data);
        if (_code.Count > dataOffset)
            throw new InvalidOperationException("the code is longer than its room");
        var image = new byte[dataOffset + Program.DataBytes];
        _code.CopyTo(image);
        FillData(image.AsSpan(dataOffset));
        return new Program(isa.Xlen, image, dataOffset, dumpStart, end, _listing);
    }

    private static List<EncodingRow> Usable(ReadOnlySpan<EncodingRow> rows, RiscVIsa isa, string[]? without)
    {
        var usable = new List<EncodingRow>();
        foreach (EncodingRow row in rows)
        {
            string mnemonic = row.Mnemonic.Split('{')[0];
            if (!row.IsReserved && row.Requirement.IsMetBy(isa.Features) && !s_excluded.Contains(mnemonic)
                && !(without ?? []).Contains(mnemonic))
                usable.Add(row);
        }

        return usable;
    }

    private void FillData(Span<byte> data)
    {
        for (int i = 0; i + 8 <= Program.ScratchBytes + Program.ConstantBytes; i += 8)
            BinaryPrimitives.WriteUInt64LittleEndian(data[i..], Interesting());
    }

    private ulong Interesting()
    {
        ulong value = _data.Next(3) == 0 ? (ulong)_data.NextInt64() << 1 : s_interesting[_data.Next(s_interesting.Length)];
        return _data.Next(8) switch
        {
            0 => value ^ 0x8000_0000_0000_0000,
            1 => value ^ 0x8000_0000,
            2 => value | 0xffffffff_00000000,
            3 => value + (ulong)_data.Next(-2, 3),
            _ => value,
        };
    }

    private void LoadConstants(int r)
    {
        int offset = (_random.Next(Program.ConstantBytes / 8) * 8) - (Program.ConstantBytes / 2);
        if (r is not (Constants or Scratch))
            Add32(RvWord.I(r, Constants, offset).Bits | (_wide ? 0x3003u : 0x2003u), $"load x{r}");
        if (isa.Flen > 0)
            Add32(RvWord.I(_random.Next(32), Constants, -offset - 8).Bits | (isa.Flen == 64 ? 0x3007u : 0x2007u), "load f");
    }

    private void AddRandom32(EncodingRow row)
    {
        if (!RiscVTables.Table32.TryMakeWord(row, isa.Features, _random, out uint word))
            return;
        var i = new RvWord(word);
        bool writesX = row.Syntax!.Operands.Contains("rd");
        if (writesX && i.Rd is Constants or Scratch)
            word ^= 0x10 << 7;
        foreach (EncodingField field in row.Pattern.Fields)
        {
            if (field.Name == "rm")
                word = (word & ~(7u << 12)) | ((uint)(_random.Next(2) == 0 ? 7 : _random.Next(5)) << 12);
        }

        string mnemonic = row.Mnemonic.Split('{')[0];
        uint opcode = word & 0x7f;
        switch (opcode)
        {
            case 0x63:                                   // branches
                AddSkipping((word & 0x01fff07f) | RvWord.B(0, 0, 8).Bits, 4);
                return;
            case 0x6f:                                   // jal
                AddSkipping((word & 0xfff) | RvWord.J(0, 8).Bits, 4);
                return;
            case 0x67:                                   // jalr
                if (!IsFree(i.Rs1))
                    return;
                Add32(((uint)i.Rs1 << 7) | 0x17, "auipc");
                AddSkipping((word & 0xfffff) | RvWord.I(0, 0, 12 + _random.Next(2)).Bits, 4);
                return;
            case 0x03 or 0x07 or 0x23 or 0x27 or 0x2f:   // memory
                if (!IsFree(i.Rs1) || !ZacasIsComparable(mnemonic, new RvWord(word)))
                    return;
                MaskAddress(i.Rs1);
                if (mnemonic.StartsWith("lr.", StringComparison.Ordinal))
                {
                    AddReserved(word);
                    return;
                }

                break;
        }

        Add32(word, null);
    }

    private void AddRandom16(EncodingRow row)
    {
        if (!RiscVTables.Table16.TryMakeWord(row, isa.Features, _random, out uint word))
            return;
        var i = new RvWord(word);
        string mnemonic = row.Mnemonic;
        // all registers that an operand may write to, of whatever format
        bool integer = !mnemonic.StartsWith("c.f", StringComparison.Ordinal);
        if (integer && row.Syntax!.Operands.FirstOrDefault() == "rd" && i.CRd is Constants or Scratch && mnemonic is not ("c.jr" or "c.jalr"))
            return;
        switch (mnemonic)
        {
            case "c.j" or "c.jal":
                AddSkipping16((word & 0xe003) | 0x0018);                     // bits 3:1 of the offset: 6
                return;
            case "c.beqz" or "c.bnez":
                AddSkipping16((word & 0xe383) | 0x0018);                     // bits 2:1 of the offset: 6
                return;
            case "c.jr" or "c.jalr":
                if (!IsFree(i.CRd))
                    return;
                Add32(((uint)i.CRd << 7) | 0x17, "auipc");
                Add32(RvWord.I(i.CRd, i.CRd, 14).Bits | 0x13, "addi");
                AddSkipping16(word);
                return;
        }

        if (row.Syntax!.Text.Contains("(sp)", StringComparison.Ordinal))
            MaskAddress(Sp);
        else if (row.Syntax.Text.Contains('('))
            MaskAddress(i.CRs1Short);
        Add16(word);
    }

    // Store-conditionals only right behind their load: which others succeed is the implementation's choice.
    private void AddReserved(uint load)
    {
        var i = new RvWord(load);
        Add32(load, null);
        if (i.Rd == i.Rs1 || _random.Next(4) == 0)
            return;
        uint store = (load & ~0xf800_0000u) | 0x1800_0000 | ((uint)_random.Next(32) << 20);
        int result = _random.Next(26);
        store = (store & ~(31u << 7)) | ((uint)result << 7);
        Add32(store, null);
        if (result != i.Rs1)
            Add32(store, null);                          // the reservation is gone: fails
    }

    private static bool IsFree(int r) => r is not (0 or Constants or Scratch);

    // a pair must not reach into the reserved registers
    private static bool ZacasIsComparable(string mnemonic, RvWord i)
        => !mnemonic.StartsWith("amocas", StringComparison.Ordinal) || (i.Rd is not (Constants or Scratch) && i.Rd + 1 is not (Constants or Scratch));

    // the register becomes an address in the scratch memory, aligned for every atomic
    private void MaskAddress(int r)
    {
        Add32(RvWord.I(r, r, 0x7f0).Bits | 0x7013, "andi");
        Add32(RvWord.R(r, r, Scratch).Bits | 0x33, "add");
    }

    private void AddSkipping(uint word, int _)
    {
        Add32(word, null);
        AddSkipped();
    }

    private void AddSkipping16(uint word)
    {
        Add16(word);
        AddSkipped();
    }

    private void AddSkipped() => Add32(RvWord.I(_random.Next(1, 26), _random.Next(32), _random.Next(-2048, 2048)).Bits | 0x13, null);

    private void LoadAddress(int r, ulong address)
    {
        int low = (int)(address & 0xfff) << 20 >> 20;
        Add32(RvWord.U(r, (int)(address - (ulong)(long)low)).Bits | 0x37, "lui");
        Add32(RvWord.I(r, r, low).Bits | 0x13, "addi");
    }

    private ulong Finish(ulong data)
    {
        int bytes = isa.Xlen / 8;
        ulong dump = data + Program.ScratchBytes + Program.ConstantBytes;
        LoadAddress(Constants, dump);
        for (int r = 1; r < 32; r++)
            Add32(RvWord.S(Constants, r, r * bytes).Bits | (_wide ? 0x3023u : 0x2023u), "dump");
        for (int r = 0; r < 32 && isa.Flen > 0; r++)
            Add32(RvWord.S(Constants, r, 256 + (r * 8)).Bits | (isa.Flen == 64 ? 0x3027u : 0x2027u), "dump");
        if (isa.Flen > 0)
        {
            Add32(0x0030_2573, "csrrs a0, fcsr");
            Add32(RvWord.S(Constants, 10, 512).Bits | 0x2023, "dump");
        }

        ulong end = Pc;
        LoadImmediate(10, 1);                            // write(1, data, bytes)
        LoadAddress(11, data);
        LoadAddress(12, Program.DataBytes);
        LoadImmediate(17, 64);
        Add32(0x73, "ecall");
        LoadImmediate(10, 0);                            // exit(0)
        LoadImmediate(17, 93);
        Add32(0x73, "ecall");
        return end;
    }

    private void LoadImmediate(int r, int value) => Add32(RvWord.I(r, 0, value).Bits | 0x13, "li");

    private void Add32(uint word, string? text)
    {
        _listing.Add((Pc, text ?? $"{word:x8}"));
        for (int i = 0; i < 4; i++)
            _code.Add((byte)(word >> (i * 8)));
    }

    private void Add16(uint word)
    {
        _listing.Add((Pc, $"{word:x4}"));
        _code.Add((byte)word);
        _code.Add((byte)(word >> 8));
    }
}
