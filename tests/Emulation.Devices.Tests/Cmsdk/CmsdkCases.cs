using Emulation.Core;

namespace Emulation.Devices.Tests.Cmsdk;

/// <summary>The devices of the IoT subsystem and of the MPS2 boards for the tests that every device must pass.</summary>
public static class CmsdkCases
{
    public static IEnumerable<DeviceCase> All =>
    [
        Case("trustzone-mpc", static b => new TrustZoneMpc("mpc", new RamBlock("ram", 1 << 20), 12, b.Log), static (_, d, r) => Access((TrustZoneMpc)d, r)),
        Case("iotkit-security", static b => new IotKitSecurity("security", new IotKitSecurityNonSecure("other", b.Log), b.Log), static (_, d, r) => ((IotKitSecurity)d).SetMpc(r.Next(32), r.Next(2) == 0)),
        Case("iotkit-security-ns", static b => new IotKitSecurityNonSecure("security", b.Log)),
        Case("iotkit-system-info", static b => new IotKitSystemInfo("info", 0x41743, 0x31, b.Log)),
        Case("iotkit-system-control", static b => new DeviceBundle(new IotKitSystemControl("control", 0x1000_0000, b.Log)) { Resets = 2 }),
        Case("sbcon", CreateSbCon),
        Case("lan9220", static b => new Lan9220("eth", b.Clock, b.Log)),
    ];

    private static DeviceBundle CreateSbCon(DeviceBench bench)
    {
        var bus = new I2cBus("i2c", bench.Clock, bench.Log);
        bus.Attach(0x50, new Target());
        return new DeviceBundle(new SbCon("sbcon", bus, bench.Log), bus);
    }

    private static DeviceCase Case(string name, Func<DeviceBench, IDevice> create, Action<DeviceBench, IDevice, Random>? stimulate = null)
        => new(name, create, static d => DeviceBundle.MainOf(d)!.Region, stimulate);

    private static void Access(TrustZoneMpc mpc, Random random)
    {
        var memory = new AddressSpace("memory", new GuestLog());
        memory.Root.Add(0, random.Next(2) == 0 ? mpc.Secure : mpc.NonSecure);
        memory.Read((ulong)random.Next(1 << 18) * 4, 4, out _);
    }

    // one without state, which a reset would leave alone
    private sealed class Target : II2cTarget
    {
        public int AddressSpan => 16;

        public I2cAck Start(int address, I2cDirection direction) => true;

        public I2cAck Write(byte value) => true;

        public I2cByte Read() => 0x5a;
    }
}
