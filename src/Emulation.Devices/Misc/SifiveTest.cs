using Emulation.Core;

namespace Emulation.Devices;

/// <summary>What a guest asked a <see cref="SifiveTest"/> for.</summary>
public enum FinisherRequest
{
    /// <summary>The test passed, or the machine is to be powered off.</summary>
    Pass,

    /// <summary>The test failed with a code.</summary>
    Fail,

    /// <summary>The machine is to be reset.</summary>
    Reset,
}

/// <summary>The test finisher of SiFive's simulation platforms (device tree: sifive,test1). Ports: 4 KiB MMIO.</summary>
public sealed class SifiveTest : MmioDevice
{
    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="log">Where guest errors go.</param>
    public SifiveTest(string name, GuestLog log) : base(name, log, 0x1000, AccessSizes.Half | AccessSizes.Word)
        => Registers.Define(0, "finisher", access: RegisterAccess.ReadWrite).Bits(31, 0, "code, status", read: static () => 0, write: Finish);

    /// <summary>Raised when the guest finishes, under the device lock: the request and its code (0 unless it failed).</summary>
    public event Action<FinisherRequest, int>? Finished;

    private void Finish(ulong value)
    {
        switch (value & 0xffff)
        {
            case 0x5555: Finished?.Invoke(FinisherRequest.Pass, 0); break;
            case 0x3333: Finished?.Invoke(FinisherRequest.Fail, (int)(value >> 16)); break;
            case 0x7777: Finished?.Invoke(FinisherRequest.Reset, 0); break;
            default: Log.Error(Name, $"write of unknown status 0x{value & 0xffff:x}"); break;
        }
    }
}
