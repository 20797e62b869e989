using System.Buffers.Binary;
using Emulation.Boards.Mcu;
using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.Boards.Tests.Mcu;

/// <summary>The board <c>mps2-an505</c>: resets, forks, saved state.</summary>
public sealed class Mps2An505BoardTests
{
    private const int FirstHandler = 0x4c, Start = 0x50, Tick = 0x94;
    private const uint Stack = 0x3000_8000, Base = 0x1000_0000;

    // Counts its starts in SSRAM2, sets up UART0 and sends 'R' when RESET_SYNDROME tells of SYSRESETREQ, then the number of the start. TIMER0 interrupts every millisecond and
    // sends 't'; at the fifth time of the first two starts the handler asks for a reset.
    private const string Program =
        "1f480168013101600d001e4c102222610122a2601c4b1b68db0602d5522000f028f815f1300000f024f84ff0a04044f61f61816041600921016014480821016030bffde710b54ff0"
        + "a0400121c160742000f00ff80a48416801314160052907d10268032a04da0021416009480949016010bd044c6268d207fcd120607047000000100038000020500011025000e100e0"
        + "0ced00e00400fa05";

    private TestFiles _files = null!;

    [SetUp]
    public void SetUp() => _files = new TestFiles();

    [TearDown]
    public void TearDown() => _files.Dispose();

    [Test]
    public void The_CPU_resets_the_system_which_remembers_why([Values] EngineKind engine)
    {
        using Machine machine = Build(engine, out SerialPort console);
        machine.RunFor(20.VirtualMilliseconds()).Reason.Should().Be(StopReason.VirtualTime);
        console.RecentText.Should().StartWith("1ttttR2ttttR3ttttttttt", "a reset stops the fifth character");
        console.RecentText.Should().NotContain("4");
        machine.Get<Mps2An505Board>().SystemControl.Read(0x100, 4).Should().Be(0x11, "power-on and SYSRESETREQ");
    }

    [Test]
    public void Any_cut_and_a_fork_give_the_same_state()
    {
        using Machine whole = Build(EngineKind.Jit, out _);
        using Machine cut = Build(EngineKind.Interpreter, out _);
        whole.Run(3_000);
        for (int i = 0; i < 3_000; i++)
            cut.Step();
        cut.StateHash().Should().Be(whole.StateHash());
        using Machine fork = cut.Fork();
        fork.RunFor(7.VirtualMilliseconds());
        whole.RunFor(7.VirtualMilliseconds());
        fork.StateHash().Should().Be(whole.StateHash());
        cut.RunFor(7.VirtualMilliseconds());
        cut.StateHash().Should().Be(whole.StateHash());
    }

    [Test]
    public void Saved_it_goes_on_in_another_machine()
    {
        using Machine machine = Build(EngineKind.Jit, out SerialPort console);
        machine.RunFor(7_500.VirtualMicroseconds());
        using var stream = new MemoryStream();
        machine.Save(stream);
        stream.Position = 0;
        using Machine loaded = new MachineBuilder().UseMps2An505().AddConsole(out SerialPort other).WithoutFirmware().Build();
        loaded.Load(stream);
        loaded.StateHash().Should().Be(machine.StateHash());
        string before = console.RecentText;
        machine.RunFor(7.VirtualMilliseconds());
        loaded.RunFor(7.VirtualMilliseconds());
        loaded.StateHash().Should().Be(machine.StateHash());
        console.RecentText[before.Length..].Should().Be("ttR3tttt").And.Be(other.RecentText[^8..]);
    }

    [Test]
    public void Power_on_forgets_why()
    {
        using Machine machine = Build(EngineKind.Jit, out _);
        machine.RunFor(7.VirtualMilliseconds());
        machine.Reset();
        machine.Get<Mps2An505Board>().SystemControl.Read(0x100, 4).Should().Be(1);
    }

    // the subsystem's configuration: MPU regions of CPU 0, Secure and Non-secure
    [TestCase(8)]
    [TestCase(16)]
    public void The_MPU_has_as_many_regions_as_chosen(int regions)
    {
        using Machine machine = new MachineBuilder().UseMps2An505(o => o.MpuRegions = regions).WithoutFirmware().Build();
        machine.Get<Mps2An505Board>().Cpu.Model.MpuRegions.Should().Be(regions);
        Action other = () => new MachineBuilder().UseMps2An505(o => o.MpuRegions = regions + 1).WithoutFirmware().Build().Dispose();
        other.Should().Throw<MachineConfigurationException>().WithMessage("*8 or 16 regions*");
    }

    private Machine Build(EngineKind engine, out SerialPort console)
    {
        byte[] code = Convert.FromHexString(Program), image = new byte[Start + code.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(image, Stack);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(4), Base + Start + 1);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(FirstHandler), Base + Tick + 1);
        code.CopyTo(image, Start);
        return new MachineBuilder().UseMps2An505(o => o.Engine = new EngineOptions { Engine = engine }).AddConsole(out console)
            .LoadFile(_files.Write("an505.bin", image), Base).Build();
    }
}
