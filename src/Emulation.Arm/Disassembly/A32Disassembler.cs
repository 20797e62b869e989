using System.Globalization;
using Gee.External.Capstone;
using Gee.External.Capstone.Arm;

namespace Emulation.Arm.Disassembly;

/// <summary>Listings of A32 and T32 by Capstone. What it does not know, and everything where its library is absent, is shown as a number.</summary>
internal sealed class A32Disassembler
{
    private readonly Lock _lock = new();
    private CapstoneArmDisassembler? _arm, _thumb;
    private bool _absent;

    /// <summary>One line of assembly.</summary>
    /// <param name="code">The bytes of one instruction.</param>
    /// <param name="pc">Its address.</param>
    /// <param name="thumb">T32.</param>
    public string Text(ReadOnlySpan<byte> code, ulong pc, bool thumb)
    {
        lock (_lock)                                     // handles of the library are for one thread at a time
        {
            if (TryOpen(thumb) is { } capstone)
            {
                ArmInstruction[] instructions = capstone.Disassemble(code.ToArray(), (long)pc);
                if (instructions.Length > 0)
                    return $"{instructions[0].Mnemonic} {instructions[0].Operand}".TrimEnd();
            }
        }

        uint word = code.Length == 2 ? BitConverter.ToUInt16(code) : BitConverter.ToUInt32(code);
        if (thumb && code.Length == 4)
            word = (word << 16) | (word >> 16);
        return string.Create(CultureInfo.InvariantCulture, $".inst 0x{word.ToString(code.Length == 2 ? "x4" : "x8", CultureInfo.InvariantCulture)}");
    }

    private CapstoneArmDisassembler? TryOpen(bool thumb)
    {
        if (_arm is null && !_absent)
        {
            try
            {
                _arm = CapstoneDisassembler.CreateArmDisassembler(ArmDisassembleMode.Arm);
                _thumb = CapstoneDisassembler.CreateArmDisassembler(ArmDisassembleMode.Thumb);
            }
            catch (DllNotFoundException)
            {
                _absent = true;
            }
        }

        return thumb ? _thumb : _arm;
    }
}
