using System.Buffers.Binary;

namespace Emulation.Debugging;

/// <summary>Tells conditional branches from other instructions.</summary>
internal static class BranchDecoder
{
    /// <summary>Decodes an instruction as far as coverage needs.</summary>
    /// <param name="architecture">The instruction set; 32-bit Arm is taken as Thumb.</param>
    /// <param name="code">At least 4 bytes, or fewer at the end of memory.</param>
    /// <param name="pc">Its address.</param>
    /// <param name="target">Where a conditional branch goes when it is taken.</param>
    /// <returns>Whether it is a conditional branch.</returns>
    public static bool IsConditional(FirmwareArchitecture architecture, ReadOnlySpan<byte> code, ulong pc, out ulong target)
    {
        target = 0;
        if (code.Length < 2)
            return false;
        ushort low = BinaryPrimitives.ReadUInt16LittleEndian(code);
        uint word = code.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(code) : low;
        long? offset = architecture switch
        {
            FirmwareArchitecture.RiscV32 or FirmwareArchitecture.RiscV64 => RiscV(low, word),
            FirmwareArchitecture.Arm => Thumb(low, word),
            FirmwareArchitecture.AArch64 => A64(word),
            _ => null,
        };
        if (offset is not { } distance)
            return false;
        target = pc + (ulong)distance;
        if (architecture is FirmwareArchitecture.Arm or FirmwareArchitecture.RiscV32)
            target = (uint)target;
        return true;
    }

    // RISC-V unprivileged ISA, 2.5.2 "Conditional Branches" and 26.4 "Control Transfer Instructions" of C
    private static long? RiscV(ushort low, uint word)
    {
        if ((low & 3) == 3)
        {
            if ((word & 0x7f) != 0x63)
                return null;
            uint offset = ((word >> 7) & 0x1e) | ((word >> 20) & 0x7e0) | ((word << 4) & 0x800) | ((word >> 19) & 0x1000);
            return SignExtend(offset, 13);
        }

        if ((low & 3) != 1 || (low >> 13) is not (6 or 7))
            return null;
        uint compressed = ((uint)(low >> 2) & 0x6) | ((uint)(low >> 7) & 0x18) | ((uint)(low << 3) & 0x20) | ((uint)(low << 1) & 0xc0) | ((uint)(low >> 4) & 0x100);
        return SignExtend(compressed, 9);
    }

    // Armv7-M ARM, A7.7.12 "B" (T1, T3) and A7.7.21 "CBNZ, CBZ"
    private static long? Thumb(ushort low, uint word)
    {
        if ((low & 0xf000) == 0xd000 && (low & 0x0e00) != 0x0e00)
            return SignExtend((uint)(low & 0xff) << 1, 9) + 4;
        if ((low & 0xf500) == 0xb100)
            return (((low >> 3) & 0x40) | ((low >> 2) & 0x3e)) + 4;
        uint second = word >> 16;
        if ((low & 0xf800) != 0xf000 || (second & 0xd000) != 0x8000 || (low & 0x0380) == 0x0380)
            return null;
        uint offset = ((uint)(low & 0x400) << 10) | ((second & 0x800) << 8) | ((second & 0x2000) << 5) | ((uint)(low & 0x3f) << 12) | ((second & 0x7ff) << 1);
        return SignExtend(offset, 21) + 4;
    }

    // Arm DDI 0487, C4.1 "Branches": B.cond, CBZ and CBNZ, TBZ and TBNZ
    private static long? A64(uint word)
    {
        if ((word & 0xff00_0010) == 0x5400_0000 || (word & 0x7e00_0000) == 0x3400_0000)
            return SignExtend(((word >> 5) & 0x7ffff) << 2, 21);
        return (word & 0x7e00_0000) == 0x3600_0000 ? SignExtend(((word >> 5) & 0x3fff) << 2, 16) : null;
    }

    private static long SignExtend(uint value, int bits) => (int)(value << (32 - bits)) >> (32 - bits);
}
