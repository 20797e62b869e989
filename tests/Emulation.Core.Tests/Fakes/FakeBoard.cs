namespace Emulation.Core.Tests.Fakes;

/// <summary>Some fake vCPUs, 256 KiB of memory at 0 and one device of each kind, from 0x10080000 up.</summary>
internal sealed class FakeBoard : IBoard
{
    public const uint Timer = 0x10080000;
    public const uint Console = 0x10080100;
    public const uint Ipi = 0x10080200;
    public const uint Dma = 0x10080300;
    public const uint Disk = 0x10080400;
    public const uint Timer2 = 0x10080500;

    private FakeDisk.Image _disk = null!;

    public string Name => "fake";

    public int CpuCount { get; set; } = 1;

    public FakeTty? TtyBackend { get; set; }

    public FakeDisk.Image DiskImage { get; set; } = new();

    /// <summary>What this machine's disk holds.</summary>
    public byte[] DiskContent => _disk.Bytes;

    public List<Code> Programs { get; } = [];

    public FakeCpu[] Cpus { get; private set; } = [];

    public FakeTimer TimerDevice { get; private set; } = null!;

    public FakeConsole ConsoleDevice { get; private set; } = null!;

    public static Machine Build(Action<FakeBoard> configure, Action<MachineBuilder>? options = null)
    {
        var builder = new MachineBuilder();
        options?.Invoke(builder);
        return builder.UseBoard(() =>
        {
            var board = new FakeBoard();
            configure(board);
            return board;
        }).Build();
    }

    public void Compose(MachineContext context)
    {
        RamBlock ram = context.AddRam("ram", 0, context.MemorySize ?? 256.KiB());
        Cpus = [.. Enumerable.Range(0, CpuCount).Select(i => context.AddCpu(new FakeCpu($"cpu{i}", i, context.Memory, ram, context.Hooks)))];
        TimerDevice = context.AddDevice(Timer, new FakeTimer("timer", context.Clock));
        FakeTimer second = context.AddDevice(Timer2, new FakeTimer("timer2", context.Clock));
        ConsoleDevice = context.AddDevice(Console, new FakeConsole("console", context.Machine, context.Backend("tty", TtyBackend ?? new FakeTty())));
        IrqLine[] ipi = [.. Enumerable.Range(0, CpuCount).Select(i => new IrqLine($"ipi{i}"))];
        context.AddDevice(Ipi, new FakeIpi("ipi", ipi));
        FakeDma dma = context.AddDevice(Dma, new FakeDma("dma", context.Memory, context.Clock));
        context.AddDevice(Disk, new FakeDisk("disk", context.Memory, _disk = context.Backend("disk", DiskImage)));
        for (int i = 0; i < CpuCount; i++)
        {
            FakeCpu cpu = Cpus[i];
            IrqLine[] lines = i == 0 ? [TimerDevice.Irq, dma.Irq, ipi[0]] : i == 1 ? [second.Irq, ipi[i]] : [ipi[i]];
            foreach (IrqLine line in lines)
                line.Connect(_ => cpu.SetIrq(lines.Any(l => l.Level)));
        }

        context.OnReset(machine =>
        {
            foreach (Code code in Programs)
                machine.Memory.TryLoad(code.Origin, code.Bytes).Should().BeTrue();
        });
        for (int i = 0; i < CpuCount; i++)
            Cpus[i].SetEntry((ulong)(0x1000 * (i + 1)));
    }
}

/// <summary>Programs that several tests use.</summary>
internal static class Programs
{
    /// <summary>Acknowledges everything that can interrupt, counts in register 7, returns.</summary>
    public static Code Handler()
        => new Code(0x100)
            .Emit(Op.Write, 0, 6, FakeBoard.Timer + 8)
            .Emit(Op.Write, 0, 6, FakeBoard.Timer2 + 8)
            .Emit(Op.Write, 0, 6, FakeBoard.Dma + 8)
            .Emit(Op.Write, 0, 5, FakeBoard.Ipi + 0x40)
            .Emit(Op.Add, 7, 0, 1)
            .Emit(Op.Return);

    /// <summary>Uses every device for ever: counter, timers, DMA, disk, console, waits.</summary>
    public static Code Busy(int cpu)
    {
        var code = new Code((ulong)(0x1000 * (cpu + 1)));
        uint timer = cpu == 0 ? FakeBoard.Timer : FakeBoard.Timer2;
        uint data = 0x20000u + ((uint)cpu * 0x1000);
        code.Emit(Op.Set, 1, 0, 777);
        uint loop = code.Here;
        code.Emit(Op.Read, 2, 6, timer)
            .Emit(Op.Mix, 1, 2, 12345)
            .Emit(Op.Store, 1, 6, data)
            .Emit(Op.Set, 3, 0, 50 + ((uint)cpu * 31))
            .Emit(Op.Write, 3, 6, timer + 4)
            .Emit(Op.Set, 4, 0, data)
            .Emit(Op.Write, 4, 6, FakeBoard.Dma)
            .Emit(Op.Set, 4, 0, data + 0x100)
            .Emit(Op.Write, 4, 6, FakeBoard.Dma + 4)
            .Emit(Op.Write, 1, 6, FakeBoard.Disk)
            .Emit(Op.Write, 4, 6, FakeBoard.Disk + 4)
            .Emit(Op.Set, 3, 0, 2)
            .Emit(Op.Write, 3, 6, FakeBoard.Disk + 8)
            .Emit(Op.Set, 3, 0, 'x')
            .Emit(Op.Write, 3, 6, FakeBoard.Console)
            .Emit(Op.Write, 3, 6, FakeBoard.Ipi + (cpu == 0 ? 4u : 0u))
            .Emit(Op.Wait)
            .Emit(Op.Set, 3, 0, 20);
        uint inner = code.Here;
        code.Emit(Op.Mix, 1, 7, 99)
            .Emit(Op.Store, 1, 6, data + 8)
            .Emit(Op.Add, 3, 0, uint.MaxValue)
            .Emit(Op.BranchIfNotZero, 3, 0, inner)
            .Emit(Op.Set, 3, 0, 1)
            .Emit(Op.Write, 3, 6, FakeBoard.Disk + 8)
            .Emit(Op.Jump, 0, 0, loop);
        return code;
    }

    /// <summary>Counts in register 1 for ever.</summary>
    public static Code Spin(ulong origin)
    {
        var code = new Code(origin);
        uint loop = code.Here;
        return code.Emit(Op.Add, 1, 0, 1).Emit(Op.Jump, 0, 0, loop);
    }

    public static Machine BusyMachine(int cpus, Action<MachineBuilder>? options = null)
        => FakeBoard.Build(
            board =>
            {
                board.CpuCount = cpus;
                board.Programs.Add(Handler());
                for (int i = 0; i < cpus; i++)
                    board.Programs.Add(i < 2 ? Busy(i) : Spin((ulong)(0x1000 * (i + 1))));
            },
            options);
}
