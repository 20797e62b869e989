using Emulation.Core;

namespace Emulation.Devices.Tests.Cmsdk;

public sealed class IotKitTests
{
    private const ulong Response = 0x10, Callable = 0x14, MpcStatus = 0x1c, PpcStatus = 0x20, PpcClear = 0x24, PpcEnable = 0x28;
    private const ulong Syndrome = 0x100, Mask = 0x104, Reset = 0x108, Retained = 0x10c, Table = 0x110;
    private IotKitSecurityNonSecure _other = null!;
    private IotKitSecurity _security = null!;
    private IotKitSystemControl _control = null!;

    [SetUp]
    public void Create()
    {
        var bench = new DeviceBench();
        _other = new IotKitSecurityNonSecure("other", bench.Log);
        _security = new IotKitSecurity("security", _other, bench.Log);
        _control = new IotKitSystemControl("control", 0x1000_0000, bench.Log);
    }

    [TestCase(TrustZonePpc.Apb0, 2, 0x70u, 0)]
    [TestCase(TrustZonePpc.Apb1, 0, 0x74u, 1)]
    [TestCase(TrustZonePpc.ApbExpansion1, 5, 0x84u, 5)]
    [TestCase(TrustZonePpc.AhbExpansion0, 15, 0x60u, 20)]
    public void A_port_is_open_to_one_security_and_to_privileged_accesses_unless_told_otherwise(TrustZonePpc ppc, int port, uint register, int status)
    {
        Answers(ppc, port).Should().Be("S---", "Secure privileged at reset");
        _security.Write(register + 0x40, 4, 1u << port);
        Answers(ppc, port).Should().Be("Ss--");
        _security.Write(register, 4, 1u << port);
        Answers(ppc, port).Should().Be("--N-");
        _other.Write(register + 0x40, 4, 1u << port);
        Answers(ppc, port).Should().Be("--Nn");
        _security.Write(Response, 4, 1);
        Answers(ppc, port).Should().Be("!!Nn");
        _security.PpcIrq.Level.Should().BeFalse();
        _security.Write(PpcEnable, 4, 1u << status);
        (_security.PpcIrq.Level, _security.Read(PpcStatus, 4)).Should().Be((true, 1ul << status));
        _security.Write(PpcClear, 4, 1u << status);
        (_security.PpcIrq.Level, _security.Read(PpcStatus, 4)).Should().Be((false, 0ul));
    }

    [Test]
    public void Memory_controllers_are_one_interrupt()
    {
        _security.SetMpc(0, true);
        _security.SetMpc(17, true);
        (_security.MpcIrq.Level, _security.Read(MpcStatus, 4)).Should().Be((true, 0x2_0001ul));
        _security.SetMpc(0, false);
        _security.SetMpc(17, false);
        (_security.MpcIrq.Level, _security.Read(MpcStatus, 4)).Should().Be((false, 0ul));
    }

    [Test]
    public void Callable_regions_are_told()
    {
        int told = 0;
        _security.CallableChanged += () => told++;
        _security.Write(Callable, 4, 2);
        (_security.IsCodeCallable, _security.IsRamCallable, told).Should().Be((false, true, 1));
    }

    [Test]
    public void A_reset_that_was_asked_for_keeps_its_cause_and_the_start_address()
    {
        _control.Read(Syndrome, 4).Should().Be(1);
        _control.Write(Table, 4, 0x1020_0012);
        _control.Write(Retained, 4, 0x1_5555);
        _control.Write(Reset, 4, 1 << 9);
        _control.ResetRequest.Level.Should().BeTrue();
        _control.Reset();
        (_control.Read(Syndrome, 4), _control.Read(Table, 4), _control.Read(Retained, 4), _control.VectorTable).Should().Be((0x201ul, 0x1020_0000ul, 0x5555ul, 0x1020_0000u));
        _control.Write(Syndrome, 4, 0);
        _control.Request(IotKitReset.NonSecureWatchdog).Should().BeFalse("it is masked");
        _control.Write(Mask, 4, 2);
        _control.Request(IotKitReset.System).Should().BeFalse("it is masked now");
        _control.Request(IotKitReset.NonSecureWatchdog).Should().BeTrue();
        _control.Reset();
        _control.Read(Syndrome, 4).Should().Be(2);
        _control.Reset();
        (_control.Read(Syndrome, 4), _control.VectorTable).Should().Be((1ul, 0x1000_0000u));
    }

    // S, s, N, n: an access that passes; - one that is ignored, ! one that is refused
    private string Answers(TrustZonePpc ppc, int port)
    {
        string text = "";
        foreach ((char name, bool secure, bool privileged) in ((char, bool, bool)[])[('S', true, true), ('s', true, false), ('N', false, true), ('n', false, false)])
        {
            GateAnswer answer = _security.Gate(ppc, port, secure, privileged).Check(0, 4, false);
            text += answer switch { GateAnswer.Pass => name, GateAnswer.Ignore => '-', _ => '!' };
        }

        return text;
    }
}
