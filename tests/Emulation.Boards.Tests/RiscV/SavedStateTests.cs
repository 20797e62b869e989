using System.Runtime.InteropServices;
using Emulation.Boards.RiscV;
using Emulation.Core;
using static Emulation.Boards.Tests.RiscV.Words;

namespace Emulation.Boards.Tests.RiscV;

/// <summary>What of the board's flash and clock is state.</summary>
public sealed class SavedStateTests
{
    private const ulong Flash = 0x2000_0000;
    private const int FlashSize = 32 << 20;

    [Test]
    public void Flash_is_erased_at_first_and_stays_written_over_a_reset()
    {
        using Machine machine = Build();
        RiscVVirtBoard board = machine.Get<RiscVVirtBoard>();
        machine.Memory.Read(Flash + 0x123_4560, 8, out ulong erased).Should().Be(BusResult.Ok);
        erased.Should().Be(ulong.MaxValue);
        machine.Memory.Write(Flash + 0x100, 4, 0x0040_0040).Should().Be(BusResult.Ok);
        machine.Memory.Write(Flash + 0x100, 4, 0x1234_5678).Should().Be(BusResult.Ok);
        machine.Memory.Write(Flash, 4, 0xff).Should().Be(BusResult.Ok);
        machine.Memory.Read(Flash + 0x100, 4, out ulong programmed);
        programmed.Should().Be(0x1234_5678);
        board.Flash[0].Ram.IsBackgroundChunk(0).Should().BeFalse();
        board.Flash[0].Ram.IsBackgroundChunk(RamBlock.ChunkSize).Should().BeTrue();
        machine.Reset();
        machine.Memory.Read(Flash + 0xfc, 8, out ulong kept);
        kept.Should().Be(0x1234_5678_ffff_ffff);
    }

    [Test]
    public void Two_harts_program_their_banks_at_once()
    {
        // each write to an erased chunk makes it private while no other hart runs, under the device lock that the other one waits for
        const ulong Ram = 0x8000_0000;
        const int Chunks = 500;
        uint[] code =
        [
            Lui(5, (uint)Flash), Slli(6, 10, 25), Add(5, 5, 6), Lui(7, RamBlock.ChunkSize), Lui(8, 0x40_0000), Addi(8, 8, 0x40), Addi(9, 0, 0xff), Addi(18, 0, Chunks),
            Sw(8, 5, 0), Sw(0, 5, 0), Sw(9, 5, 0), Add(5, 5, 7), Addi(18, 18, -1), Branch(1, 18, 0, -5 * 4),
            Auipc(19, 0x1_0000), Addi(20, 0, 1), AmoAdd(0, 20, 19), Branch(1, 10, 0, 8 * 4), Ld(21, 19, 0), Addi(22, 0, 2), Branch(1, 21, 22, -2 * 4),
            .. PowerOff,
        ];
        using var files = new TestFiles();
        string path = files.Write("program", MemoryMarshal.AsBytes<uint>(code));
        using Machine machine = new MachineBuilder().UseRiscVVirt(o => o.Cpus = 2).WithMemory(1.MiB()).WithTime(TimeMode.RealTime).WithoutFirmware().LoadFile(path, Ram).Build();
        machine.RunFor(120.VirtualSeconds()).Reason.Should().Be(StopReason.PowerOff);
        foreach (RamBlock ram in machine.Get<RiscVVirtBoard>().Flash.Select(f => f.Ram))
        {
            for (int i = 0; i < FlashSize / RamBlock.ChunkSize; i++)
                ram.Read((ulong)i * RamBlock.ChunkSize, 8).Should().Be(i < Chunks ? 0xffff_ffff_0000_0000 : ulong.MaxValue);
        }
    }

    [Test]
    public void The_digest_depends_on_the_content_alone()
    {
        using Machine machine = Build();
        using Machine other = Build();
        StateHash fresh = machine.StateHash();
        RamBlock flash = machine.Get<RiscVVirtBoard>().Flash[1].Ram;
        flash.Write(0x1f_0000, 8, 0);
        machine.StateHash().Should().NotBe(fresh);
        flash.Write(0x1f_0000, 8, ulong.MaxValue);
        machine.StateHash().Should().Be(fresh, "written, but as if erased");
        machine.Memory.Write(0x8000_8000, 8, 0).Should().Be(BusResult.Ok);
        machine.StateHash().Should().Be(fresh);

        flash.Write(5, 1, 1);
        other.Get<RiscVVirtBoard>().Flash[1].Ram.Write(0x2_0000, 8, 77);
        using var stream = new MemoryStream();
        machine.Save(stream);
        stream.Position = 0;
        other.Load(stream);
        other.StateHash().Should().Be(machine.StateHash());
        other.Memory.Read(Flash + 0x202_0000, 8, out ulong erased);
        erased.Should().Be(ulong.MaxValue, "what the snapshot leaves out is erased");
        using Machine fork = machine.Fork();
        fork.StateHash().Should().Be(machine.StateHash());
        TestContext.Out.WriteLine($"snapshot of {stream.Length} bytes");
    }

    [Test]
    public void The_clock_goes_on_from_the_saved_time_whatever_the_host_says()
    {
        var first = new DateTimeOffset(2001, 2, 3, 4, 5, 6, TimeSpan.Zero);
        using Machine machine = Build(first);
        machine.RunFor(1_000_000);
        ulong time = machine.Get<RiscVVirtBoard>().Rtc.Time;
        using var stream = new MemoryStream();
        machine.Save(stream);
        stream.Position = 0;
        using Machine later = Build(first.AddYears(20));
        later.Load(stream);
        later.Get<RiscVVirtBoard>().Rtc.Time.Should().Be(time);
        later.StateHash().Should().Be(machine.StateHash());
        later.Reset();
        (later.Get<RiscVVirtBoard>().Rtc.Time / 1_000_000_000).Should().Be((ulong)first.ToUnixTimeSeconds());
    }

    [Test]
    public void A_digest_does_not_read_what_was_never_written()
    {
        using Machine machine = Build();
        machine.StateHash();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (int i = 0; i < 10; i++)
            machine.StateHash();
        TestContext.Out.WriteLine($"{watch.Elapsed.TotalMilliseconds / 10:f2} ms per digest");
        int touched = 0;
        foreach (RamBlock ram in (RamBlock[])[.. machine.Get<RiscVVirtBoard>().Flash.Select(f => f.Ram), machine.Get<RiscVVirtBoard>().Ram])
        {
            for (ulong offset = 0; offset < ram.Size; offset += RamBlock.ChunkSize)
                touched += ram.IsBackgroundChunk(offset) ? 0 : 1;
        }

        touched.Should().BeLessThan(8);
    }

    private static Machine Build(DateTimeOffset? epoch = null) => new MachineBuilder().UseRiscVVirt(o => o.Epoch = epoch).WithoutFirmware().Build();
}
