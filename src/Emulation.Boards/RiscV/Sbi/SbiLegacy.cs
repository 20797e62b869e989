using Emulation.Cpu;
using Emulation.IR;
using Emulation.RiscV;

namespace Emulation.Boards.RiscV.Sbi;

/// <summary>The calls of version 0.1, which return in a0 only. RISC-V SBI 2.0, chapter 5.</summary>
internal sealed class SbiLegacy(SbiConsole console, SbiReset reset)
{
    public const ulong Last = 8;

    /// <summary>Whether the calls exist; their numbers are extension ids.</summary>
    public static bool Has(ulong id) => id <= Last;

    /// <summary>Answers a call.</summary>
    /// <param name="call">Its arguments.</param>
    /// <param name="id">Its number.</param>
    /// <returns>The new a0; null when the caller takes a page or access fault at its call instead.</returns>
    public long? Call(in SbiCall call, ulong id)
    {
        uint harts = 0;
        switch (id)
        {
            case 0:
                call.Firmware.Timers.Set(call.Hart, call.Wide(0));
                return 0;
            case 1:
                console.Write([(byte)call[0]]);
                return 0;
            case 2:
                Span<byte> buffer = stackalloc byte[1];
                return console.Read(buffer) == 1 ? buffer[0] : -1;
            case 3:
                const int Sip = 0x144;
                const ulong Ssip = 1UL << RiscVInterrupt.SupervisorSoftware;
                call.Cpu.TryReadCsr(Sip, out ulong pending);
                call.Cpu.SetPending(RiscVInterrupt.SupervisorSoftware, false);
                return (pending & Ssip) != 0 ? 1 : 0;
            case 8:
                reset.PowerOff(call.Firmware);
                return 0;
            default:
                if (!TryReadMask(call, call[0], ref harts))
                    return null;
                break;
        }

        switch (id)
        {
            case 4: SbiIpi.Send(call.Firmware, harts); break;
            case 5: SbiRfence.FenceInstructions(call.Firmware, harts); break;
            default: SbiRfence.FenceAddresses(call.Firmware, harts, call[1], call[2], call.AllOnes, id == 7 ? call[3] : null); break;
        }

        return 0;
    }

    // The mask is a word at a virtual address of the caller.
    private static bool TryReadMask(in SbiCall call, ulong address, ref uint harts)
    {
        uint all = (1u << call.Firmware.Harts.Count) - 1;
        harts = all;
        if (address == 0)
            return true;
        var word = new MemOp(call.Is32 ? 4 : 8, false, call.Cpu.LoadStoreMmuIndex);
        if (!call.Cpu.TryLoad(address, word, out ulong mask))
        {
            call.Cpu.Header.Exit &= ~ExitRequest.Exception;
            HartSetup.Redirect(call.Cpu, call.Cpu.Header.ExceptionCode, call.Cpu.Header.ExceptionValue);
            return false;
        }

        harts = (uint)mask & all;
        return true;
    }
}
