using Emulation.Core;

namespace Emulation.Boards.RiscV.Sbi;

/// <summary>Debug console. RISC-V SBI 2.0, chapter 12.</summary>
internal sealed class SbiDebugConsole(AddressSpace memory, SbiConsole console) : ISbiExtension
{
    // a call may do less than asked for; it holds up all harts meanwhile
    private const int Most = 4096;

    public uint Id => 0x4442_434e;

    public SbiResult Call(in SbiCall call, ulong function)
    {
        switch (function)
        {
            case 0: return Transfer(call, write: true);
            case 1: return Transfer(call, write: false);
            case 2:
                console.Write([(byte)call[0]]);
                return SbiResult.Success;
            default: return SbiError.NotSupported;
        }
    }

    private SbiResult Transfer(in SbiCall call, bool write)
    {
        ulong count = call[0], address = call.Is32 ? call[1] | (call[2] << 32) : call[1];
        if (!call.Is32 && call[2] != 0)
            return SbiError.InvalidParameter;
        if (!IsMemory(address, count, writable: !write))
            return SbiError.InvalidParameter;
        Span<byte> buffer = stackalloc byte[(int)Math.Min(count, Most)];
        if (write)
        {
            memory.TryRead(address, buffer);
            console.Write(buffer);
            return SbiResult.Of((ulong)buffer.Length);
        }

        int read = console.Read(buffer);
        memory.TryWrite(address, buffer[..read]);
        return SbiResult.Of((ulong)read);
    }

    // The whole range counts, also what one call does not get to: "Shared memory physical address range parameter"
    private bool IsMemory(ulong address, ulong count, bool writable)
    {
        if (count == 0)
            return true;
        if (count - 1 > ulong.MaxValue - address)
            return false;
        ulong last = address + (count - 1);
        while (memory.TryFind(address, out FlatRange range) && range.Region is RamRegion ram && !(writable && ram.ReadOnly))
        {
            if (range.Last >= last)
                return true;
            address = range.Last + 1;
        }

        return false;
    }
}
