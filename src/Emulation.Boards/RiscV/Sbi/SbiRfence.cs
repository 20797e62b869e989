using Emulation.RiscV;

namespace Emulation.Boards.RiscV.Sbi;

/// <summary>Remote fences. RISC-V SBI 2.0, chapter 8.</summary>
/// <remarks>
/// A fence has taken effect on all its targets when the call returns, in every mode of time: it is done by the calling hart while no other executes.
/// Harts that take turns on one thread are between two instructions anyway; those on threads of their own are made to leave translated code, which
/// also makes them see changed code. Remote fences of the hypervisor extension do not exist, as harts have none.
/// </remarks>
internal sealed class SbiRfence : ISbiExtension
{
    public uint Id => 0x5246_4e43;

    public SbiResult Call(in SbiCall call, ulong function)
    {
        if (function > 2)
            return SbiError.NotSupported;
        if (!HartMask.TryRead(call, call[0], call[1], out uint harts))
            return SbiError.InvalidParameter;
        if (function == 0)
            FenceInstructions(call.Firmware, harts);
        else
            FenceAddresses(call.Firmware, harts, call[2], call[3], call.AllOnes, function == 2 ? call[4] : null);
        return SbiResult.Success;
    }

    public static void FenceInstructions(SbiFirmware firmware, uint harts) => firmware.OnHarts(harts, static cpu => cpu.SynchronizeCode());

    /// <param name="firmware">Whose harts.</param>
    /// <param name="harts">Which.</param>
    /// <param name="start">First virtual address.</param>
    /// <param name="size">Bytes; 0 with start 0, or all ones, for everything.</param>
    /// <param name="all">All ones in the width of the harts.</param>
    /// <param name="addressSpace">Only this one; null for all.</param>
    public static void FenceAddresses(SbiFirmware firmware, uint harts, ulong start, ulong size, ulong all, ulong? addressSpace)
    {
        const ulong Page = 4096;
        const ulong MostPages = 64;
        ulong first = start & ~(Page - 1);
        ulong bytes = start - first + size;
        ulong pages = size > all - start ? ulong.MaxValue : (bytes / Page) + (bytes % Page != 0 ? 1UL : 0);
        firmware.OnHarts(harts, cpu =>
        {
            if ((start == 0 && size == 0) || size == all || pages > MostPages)
            {
                cpu.Fence(null, addressSpace);
                return;
            }

            for (ulong i = 0; i < pages; i++)
                cpu.Fence(first + (i * Page), addressSpace);
        });
    }
}
