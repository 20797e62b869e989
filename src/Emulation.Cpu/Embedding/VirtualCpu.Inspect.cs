using Emulation.Core;

namespace Emulation.Cpu;

// What a person who looks at a stopped CPU wants to see.
public abstract unsafe partial class VirtualCpu
{
    /// <summary>Lists instructions as the present mode would execute them. The CPU must not run.</summary>
    /// <param name="pc">Virtual address of the first one.</param>
    /// <param name="count">How many.</param>
    /// <returns>Address and text; fewer than asked for where memory ends.</returns>
    public IReadOnlyList<(ulong Pc, string Text)> Disassemble(ulong pc, int count)
    {
        var lines = new List<(ulong, string)>();
        Span<byte> code = stackalloc byte[16];
        while (lines.Count < count)
        {
            int available = FetchBytes(pc, code);
            if (available == 0)
                break;
            string text = Frontend.Disassemble(code[..available], pc, Header.Mode, out int length);
            lines.Add((pc, text));
            pc += (ulong)Math.Max(1, length);
        }

        return lines;
    }

    // Reads as far as instructions could be fetched, without the traces a fetch leaves in the exception registers.
    private int FetchBytes(ulong address, Span<byte> destination)
    {
        ref CpuHeader header = ref Header;
        (ExitRequest exit, int code, ulong value) = (header.Exit, header.ExceptionCode, header.ExceptionValue);
        int count = 0;
        while (count < destination.Length)
        {
            ulong at = address + (ulong)count;
            int part = (int)Math.Min((ulong)(destination.Length - count), StateLayout.PageSize - (at & (StateLayout.PageSize - 1)));
            if (!TryTranslate(at, 1, MemoryAccessKind.Fetch, FetchMmuIndex, out PageTranslation page)
                || !Context.Memory.TryRead(page.Physical + (at & (StateLayout.PageSize - 1)), destination.Slice(count, part)))
            {
                break;
            }

            count += part;
        }

        (header.Exit, header.ExceptionCode, header.ExceptionValue) = (exit, code, value);
        return count;
    }
}
