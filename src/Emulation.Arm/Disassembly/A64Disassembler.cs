using System.Buffers.Binary;
using System.Globalization;
using Gee.External.Capstone;
using Gee.External.Capstone.Arm64;

namespace Emulation.Arm.Disassembly;

/// <summary>Listings by Capstone. What it does not know, and everything where its library is absent, is shown as a word.</summary>
internal sealed class A64Disassembler
{
    private readonly Lock _lock = new();
    private CapstoneArm64Disassembler? _capstone;
    private bool _absent;

    /// <summary>One line of assembly.</summary>
    /// <param name="word">The instruction word.</param>
    /// <param name="pc">Its address.</param>
    public string Text(uint word, ulong pc)
    {
        Span<byte> code = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(code, word);
        lock (_lock)                                     // handles of the library are for one thread at a time
        {
            if (TryOpen() is { } capstone)
            {
                Arm64Instruction[] instructions = capstone.Disassemble(code.ToArray(), (long)pc);
                if (instructions.Length > 0)
                    return $"{instructions[0].Mnemonic} {instructions[0].Operand}".TrimEnd();
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $".inst 0x{word:x8}");
    }

    private CapstoneArm64Disassembler? TryOpen()
    {
        if (_capstone is null && !_absent)
        {
            try
            {
                _capstone = CapstoneDisassembler.CreateArm64Disassembler(Arm64DisassembleMode.LittleEndian);
            }
            catch (DllNotFoundException)
            {
                _absent = true;
            }
        }

        return _capstone;
    }
}
