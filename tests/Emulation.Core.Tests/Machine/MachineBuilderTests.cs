using System.Diagnostics.Metrics;
using Emulation.Core.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Emulation.Core.Tests.Machines;

public sealed class MachineBuilderTests
{
    [Test]
    public void All_faults_are_reported_at_once()
    {
        MachineBuilder builder = new MachineBuilder()
            .WithName("bad")
            .AddRam(0x1000, 8192)
            .AddRam(0x2000, 4096)
            .AddRam(0x9000, 100)
            .AddRom(0x10000, new byte[] { 1 }, "boot")
            .Add(0x20000, c => new FakeTimer("same", c.Clock))
            .Add(0x20080, c => new FakeTimer("same", c.Clock))
            .Configure(c => c.RequireConnected(new IrqLine("uart.irq"), "uart"))
            .Configure(c => c.ReadFile("/nowhere/vmlinuz", "kernel"))
            .Configure(c => c.Require<IBoard>())
            .Configure(_ => throw new FormatException("the option 'x' is unknown"));
        MachineConfigurationException fault = builder.Invoking(b => b.Build()).Should().Throw<MachineConfigurationException>().Which;
        fault.Errors.Should().HaveCount(9);
        fault.Errors.Should().Contain(e => e.StartsWith("memory 'ram@9000' of 100 bytes is not a whole number of 4096-byte pages", StringComparison.Ordinal));
        fault.Errors.Should().Contain("there is no vCPU");
        fault.Errors.Should().Contain("two devices are named 'same'");
        fault.Errors.Should().Contain("regions 'ram@1000' (0x1000-0x2fff) and 'ram@2000' (0x2000-0x2fff) of 'system' overlap and have the same priority");
        fault.Errors.Should().Contain("regions 'same' (0x20000-0x200ff) and 'same' (0x20080-0x2017f) of 'system' overlap and have the same priority");
        fault.Errors.Should().Contain("interrupt line 'uart.irq' of 'uart' is not connected");
        fault.Errors.Should().Contain(e => e.StartsWith("kernel '/nowhere/vmlinuz' cannot be read", StringComparison.Ordinal));
        fault.Errors.Should().Contain(e => e.StartsWith("no IBoard on this machine", StringComparison.Ordinal));
        fault.Errors.Should().Contain("the option 'x' is unknown");
        fault.Message.Should().Contain("'bad'").And.Contain("uart.irq");
        fault.InnerException.Should().NotBeNull();
    }

    [Test]
    public void Steps_see_the_board_and_what_others_published()
    {
        var order = new List<string>();
        DeviceHandle<FakeTimer> handle;
        using Machine machine = new MachineBuilder()
            .Configure(c =>
            {
                c.Require<FakeBoard>();
                c.OnComposed(() => order.Add("composed"));
                c.OnReset(_ => order.Add("reset"));
                order.Add("step");
            })
            .Add(0x7000_0000, c => new FakeTimer("more", c.Clock), out handle)
            .UseBoard(() =>
            {
                order.Add("board");
                return new FakeBoard();
            })
            .WithMemory(1.MiB())
            .Build();
        order.Should().Equal("board", "step", "composed", "reset");
        machine.RamBlocks.Single().Size.Should().Be(1.MiB());
        using Machine fork = machine.Fork();
        order.Should().Equal("board", "step", "composed", "reset", "board", "step", "composed");
        handle.In(machine).Should().BeSameAs(machine.Device<FakeTimer>("more"));
        handle.In(fork).Should().BeSameAs(fork.Device<FakeTimer>("more")).And.NotBeSameAs(handle.In(machine));
        fork.Get<FakeBoard>().Should().NotBeSameAs(machine.Get<FakeBoard>());
    }

    [Test]
    public void A_machine_has_one_board()
        => new MachineBuilder().UseBoard(() => new FakeBoard()).UseBoard(() => new FakeBoard()).Invoking(b => b.Build())
            .Should().Throw<MachineConfigurationException>().WithMessage("*one board*'fake'*");

    [Test]
    public void Loggers_and_meters_come_from_the_container()
    {
        var lines = new List<string>();
        long instructions = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == "Emulation.Machine")
                    l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (instrument.Name == "emulation.instructions" && (string?)tags[0].Value == "metered")
                instructions += value;
        });
        listener.Start();
        using Machine machine = FakeBoard.Build(
            b => b.Programs.Add(Programs.Spin(0x1000)),
            b =>
            {
                b.WithName("metered");
                b.Services.AddLogging(l => l.AddProvider(new Lines(lines)));
            });
        machine.Run(1234);
        instructions.Should().Be(1234);
        machine.Log.Error("uart", "bad write");
        machine.Log.Error("uart", "bad write");
        lines.Should().Equal("uart: bad write");
    }

    [Test]
    public void Ten_thousand_machines_come_and_go_in_flat_memory()
    {
        for (int i = 0; i < 500; i++)
            Once();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long managed = GC.GetTotalMemory(true);
        long before = Environment.WorkingSet;
        for (int i = 0; i < 9_500; i++)
            Once();
        (GC.GetTotalMemory(true) - managed).Should().BeLessThan(4 << 20);
        (Environment.WorkingSet - before).Should().BeLessThan(128 << 20);

        static void Once()
        {
            using Machine machine = FakeBoard.Build(b => b.Programs.Add(Programs.Spin(0x1000)), b => b.WithMemory(4.MiB()));
            machine.Run(100).Instructions.Should().Be(100);
        }
    }

    [Test]
    public void A_disposed_machine_says_so_and_disposes_its_parts()
    {
        Machine machine = FakeBoard.Build(b => b.Programs.Add(Programs.Spin(0x1000)));
        FakeCpu cpu = machine.Get<FakeBoard>().Cpus[0];
        _ = machine.Start();
        machine.Dispose();
        machine.Dispose();
        cpu.IsDisposed.Should().BeTrue();
        machine.Invoking(m => m.Step()).Should().Throw<ObjectDisposedException>();
        machine.Invoking(m => m.Snapshot()).Should().Throw<ObjectDisposedException>();
    }

    [Test]
    public async Task Disposal_waits_for_a_started_run()
    {
        Machine machine = FakeBoard.Build(b => b.Programs.Add(Programs.Spin(0x1000)));
        Task<RunResult> run = machine.Start();
        await machine.DisposeAsync();
        run.IsCompletedSuccessfully.Should().BeTrue();
    }

    private sealed class Lines(List<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => lines.Add(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
