using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Boards.RiscV.Sbi;

/// <summary>The console of the firmware: the board's UART, as code that polls it would use it. Under the device lock.</summary>
/// <param name="uart">The UART.</param>
/// <param name="line">Its serial line: what is written goes there at once, whatever the guest's driver has done to the UART.</param>
internal sealed class SbiConsole(Ns16550 uart, ISerialLine line)
{
    private const ulong Receive = 0;
    private const ulong LineStatus = 5;
    private const ulong DataReady = 1;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
            line.Transmit(value);
    }

    public int Read(Span<byte> buffer)
    {
        int count = 0;
        while (count < buffer.Length && (uart.Read(LineStatus, 1) & DataReady) != 0)
            buffer[count++] = (byte)uart.Read(Receive, 1);
        return count;
    }
}
