using Emulation.Core;

namespace Emulation.Arm;

/// <summary>The TPIU: trace packets to the serial wire output. DDI 0403E, C1.10; its Technical Reference Manual.</summary>
/// <remarks>
/// Bytes go out at once, whatever ACPR says: a host that cares about their times reads ACPR. The formatter's frames are left out, also with FFCR.EnFCont:
/// what a host sees is the packet protocol of ITM and DWT.
/// </remarks>
internal sealed class TracePort
{
    private readonly BitField _protocol;

    /// <summary>Defines the registers.</summary>
    /// <param name="map">The component's.</param>
    /// <param name="model">The CPU's debug units.</param>
    public TracePort(RegisterMap map, MDebugModel model)
    {
        map.Define(0x000, "TPIU_SSPSR", 0xf).Ignored(31, 0);
        map.Define(0x004, "TPIU_CSPSR", 1).Bits(31, 0, "CWIDTH");
        map.Define(0x010, "TPIU_ACPR").Ignored(31, 13).Bits(12, 0, "PRESCALER");
        map.Define(0x0f0, "TPIU_SPPR", 1).Ignored(31, 2).Bits(1, 0, "TXMODE", out _protocol);
        map.Define(0x300, "TPIU_FFSR", 8).Ignored(31, 4).Flag(3, "FtNonStop", FieldMode.ReadOnly).Flag(2, "TCPresent", FieldMode.ReadOnly)
            .Flag(1, "FtStopped", FieldMode.ReadOnly).Flag(0, "FlInProg", FieldMode.ReadOnly);
        map.Define(0x304, "TPIU_FFCR", 0x102).Ignored(31, 9).Flag(8, "TrigIn", FieldMode.ReadOnly).Ignored(7, 7)
            .Flag(6, "FOnMan", FieldMode.WriteOnly).Ignored(5, 2).Flag(1, "EnFCont").Ignored(0, 0);
        map.Define(0x308, "TPIU_FSCR").Ignored(31, 0);
        map.Define(0xf00, "TPIU_ITCTRL").Ignored(31, 2).Bits(1, 0, "Mode");
        BitField? claims = null;
        map.Define(0xfa0, "TPIU_CLAIMSET", 0xf).Ignored(31, 4).Bits(3, 0, "CLAIMSET", read: static () => 15, write: value => claims!.Value |= value);
        map.Define(0xfa4, "TPIU_CLAIMCLR").Ignored(31, 4).Bits(3, 0, "CLAIMCLR", out claims, FieldMode.WriteOneToClear);
        // NRZ and Manchester, parallel port, a FIFO of 4 bytes, asynchronous clock; one trace input, for there is no ETM
        map.Define(0xfc8, "TPIU_TYPE", 0xca0).Ignored(31, 0);
        model.TpiuId.Define(map, "TPIU");
    }

    /// <summary>Raised for each byte of the serial wire output, on the CPU's thread and under the device lock.</summary>
    public event Action<byte>? Sent;

    /// <summary>Whether anything listens.</summary>
    public bool IsConnected => Sent != null;

    /// <summary>Sends a byte of a packet; with the parallel port selected nothing is heard.</summary>
    /// <param name="value">The byte.</param>
    public void Send(byte value)
    {
        if (_protocol.Value != 0)
            Sent?.Invoke(value);
    }
}
