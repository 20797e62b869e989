using Emulation.Arm;
using Emulation.Boards.Arm;
using Emulation.Core;

namespace Emulation.Boards.Tests.Arm;

/// <summary>The firmware of the host, called by a guest of one instruction: Arm DEN 0022, DEN 0028, DEN 0098.</summary>
public sealed class PsciTests
{
    private const ulong Code = 0x4020_0000;
    private const uint Hvc = 0xd400_0002, Smc = 0xd400_0003, Loop = 0x1400_0000;
    private const long NotSupported = -1, InvalidParameters = -2, AlreadyOn = -4, OnPending = -5, InvalidAddress = -9;

    [TestCase(0x8400_0000u, 0x1_0001L)]
    [TestCase(0x8000_0000u, 0x1_0001L)]
    [TestCase(0x8400_0050u, 0x1_0000L)]
    [TestCase(0x8400_0006u, 2L)]
    [TestCase(0x8400_0005u, NotSupported)]
    [TestCase(0xc400_0008u, NotSupported)]
    [TestCase(0x8600_ff01u, NotSupported)]
    public void Functions_without_arguments(uint function, long result)
    {
        using var guest = new Guest(1);
        guest.Call(function).Should().Be(result);
        guest.Cpu(0).Pc.Should().Be(Code + 4);
    }

    [TestCase(0x8400_000au, 0xc400_0003UL, 0L)]
    [TestCase(0x8400_000au, 0x8000_0000UL, 0L)]
    [TestCase(0x8400_000au, 0x8400_0005UL, NotSupported)]
    [TestCase(0x8000_0001u, 0x8000_8000UL, 1L)]
    [TestCase(0x8000_0001u, 0x8000_7fffUL, -2L)]
    [TestCase(0x8400_0051u, 0xc400_0053UL, 0L)]
    public void Features(uint function, ulong feature, long result)
    {
        using var guest = new Guest(1);
        guest.Call(function, feature).Should().Be(result);
    }

    [Test]
    public void CPUs_are_started_and_stopped()
    {
        using var guest = new Guest(3);
        guest.Call(0xc400_0004, 1).Should().Be(1, "off");
        guest.Call(0xc400_0003, 7, Code).Should().Be(InvalidParameters);
        guest.Call(0xc400_0003, 1, 0x900_0000).Should().Be(InvalidAddress);
        guest.Call(0xc400_0003, 1, Code + 2).Should().Be(InvalidAddress);
        guest.Call(0xc400_0003, 0, Code).Should().Be(AlreadyOn);
        guest.Call(0xc400_0003, 1, Code + 4, 0x1234_5678_9abc).Should().Be(0);
        guest.Call(0xc400_0003, 1, Code + 4).Should().BeOneOf(OnPending, AlreadyOn);
        guest.Machine.Run(400_000);
        guest.Call(0xc400_0004, 1).Should().Be(0, "on");
        guest.Call(0xc400_0003, 1, Code + 4).Should().Be(AlreadyOn);
        guest.Cpu(1).Pc.Should().Be(Code + 4);
        guest.Cpu(1)["x0"].Should().Be(0x1234_5678_9abc);
        guest.Cpu(1).ExceptionLevel.Should().Be(1);
        guest.Cpu(2).IsPoweredOff.Should().BeTrue();
        guest.Call(0xc400_0004, 1, 1).Should().Be(InvalidParameters);

        guest.Cpu(1)["x0"] = 0x8400_0002;
        guest.Cpu(1).SetPc(Code);
        guest.Machine.Run(400_000);
        guest.Call(0xc400_0004, 1).Should().Be(1);
    }

    [TestCase(0x8400_0008u, StopReason.PowerOff)]
    [TestCase(0x8400_0009u, StopReason.Reset)]
    [TestCase(0xc400_0012u, StopReason.Reset)]
    public void The_system_ends(uint function, StopReason reason)
    {
        using var guest = new Guest(1);
        guest.Cpu(0)["x0"] = function;
        guest.Cpu(0)["x1"] = 0;
        guest.Machine.Run(100).Reason.Should().Be(reason);
    }

    [Test]
    public void Suspending_waits_for_an_interrupt()
    {
        using var guest = new Guest(1);
        guest.Call(0xc400_0001).Should().Be(0);
        guest.Machine.Run(100).Reason.Should().NotBe(StopReason.PowerOff);
        guest.Cpu(0).Pc.Should().Be(Code + 4);
        guest.Machine.InstructionCount.Should().BeLessThan(10);
    }

    [Test]
    public void Random_numbers_have_the_width_that_is_asked_for()
    {
        using var guest = new Guest(1);
        guest.Call(0xc400_0053, 192).Should().Be(0);
        ulong[] all = [guest.Cpu(0)["x1"], guest.Cpu(0)["x2"], guest.Cpu(0)["x3"]];
        all.Should().OnlyHaveUniqueItems().And.NotContain(0UL);
        guest.Call(0xc400_0053, 65).Should().Be(0);
        guest.Cpu(0)["x1"].Should().Be(0);
        guest.Cpu(0)["x2"].Should().BeLessThan(2);
        guest.Call(0x8400_0053, 97).Should().Be(InvalidParameters);
        guest.Call(0x8400_0053, 0).Should().Be(InvalidParameters);
    }

    [Test]
    public void The_instruction_is_HVC_or_with_a_hypervisor_SMC([Values] bool virtualization)
    {
        using var guest = new Guest(1, virtualization);
        guest.Call(0x8400_0000).Should().Be(0x1_0001);
        guest.Write(Code, virtualization ? Hvc : Smc);
        guest.Call(0x8400_0000, check: false).Should().Be(0x8400_0000, "it is undefined, or the hypervisor's");
    }

    private sealed class Guest : IDisposable
    {
        private readonly TestFiles _files = new();

        public Guest(int cpus, bool virtualization = false)
        {
            string program = _files.Words("program", virtualization ? Smc : Hvc, Loop);
            Machine = new MachineBuilder().UseArmVirt(o => (o.Cpus, o.Virtualization) = (cpus, virtualization)).LoadFile(program, Code)
                .OnGuestReset(ResetPolicy.Stop).Build();
        }

        public Machine Machine { get; }

        public ArmCpu Cpu(int index) => Machine.Get<ArmVirtBoard>().Cpus[index];

        public long Call(uint function, ulong first = 0, ulong second = 0, ulong third = 0, bool check = true)
        {
            ArmCpu cpu = Cpu(0);
            (cpu["x0"], cpu["x1"], cpu["x2"], cpu["x3"]) = (function, first, second, third);
            cpu["x4"] = 0x4444;
            cpu.SetPc(Code);
            Machine.Run(1);
            if (check)
                cpu["x4"].Should().Be(0x4444);
            return (long)cpu["x0"];
        }

        public void Write(ulong address, uint word) => Machine.Memory.TryLoad(address, BitConverter.GetBytes(word)).Should().BeTrue();

        public void Dispose()
        {
            Machine.Dispose();
            _files.Dispose();
        }
    }
}
