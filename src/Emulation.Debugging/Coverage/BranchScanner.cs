using System.Buffers.Binary;

namespace Emulation.Debugging;

/// <summary>Finds the conditional branches of a firmware's code, whether or not they are ever reached.</summary>
internal static class BranchScanner
{
    /// <summary>The addresses of the conditional branches in a run of code; instructions begin at its start.</summary>
    public static IEnumerable<ulong> Find(FirmwareImage firmware, LineEntry run)
    {
        ReadOnlyMemory<byte> code = CodeOf(firmware, run);
        for (int at = 0; at + 2 <= code.Length;)
        {
            ulong pc = run.Address + (ulong)at;
            if (firmware.IsData(pc))
                yield break;                                  // a literal pool: what follows it has a run of its own
            int length = LengthOf(firmware.Architecture, code.Span[at..]);
            if (at + length <= code.Length && BranchDecoder.IsConditional(firmware.Architecture, code.Span.Slice(at, length), pc, out _))
                yield return pc;
            at += length;
        }
    }

    private static int LengthOf(FirmwareArchitecture architecture, ReadOnlySpan<byte> code)
    {
        ushort low = BinaryPrimitives.ReadUInt16LittleEndian(code);
        return architecture switch
        {
            FirmwareArchitecture.RiscV32 or FirmwareArchitecture.RiscV64 => (low & 3) == 3 ? 4 : 2,
            FirmwareArchitecture.Arm => low >> 11 >= 0x1d ? 4 : 2,
            _ => 4,
        };
    }

    private static ReadOnlyMemory<byte> CodeOf(FirmwareImage firmware, LineEntry run)
    {
        foreach (FirmwareSegment segment in firmware.Segments)
        {
            ulong offset = run.Address - segment.VirtualAddress;
            if (offset < (ulong)segment.Data.Length)
                return segment.Data.Slice((int)offset, (int)Math.Min(run.End - run.Address, (ulong)segment.Data.Length - offset));
        }

        return default;
    }
}
