using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Emulation.Boards.RiscV;
using Emulation.Core;
using Emulation.Cpu;
using Emulation.Jit;
using Microsoft.Extensions.DependencyInjection;

namespace Emulation.Boards.Tests.RiscV;

/// <summary>Meters of the container say what the machine's own counters say.</summary>
public sealed class MeterTests
{
    [Test]
    public void Counters_add_up([Values(TimeMode.Deterministic, TimeMode.RealTime)] TimeMode time)
    {
        using var factory = new Factory();
        var sums = new ConcurrentDictionary<string, double>();
        var activities = new ConcurrentDictionary<string, long>();
        using MeterListener listener = Listen(factory, sums, activities);
        using Machine machine = Build(factory, time, out SerialPort tty);
        machine.RunFor(200.VirtualMilliseconds());
        tty.Send("md5 0x80000000 3000\r");
        machine.RunFor(200.VirtualMilliseconds());

        VirtualCpu[] cpus = [.. machine.Cpus.Cast<VirtualCpu>()];
        TranslationCache cache = machine.Find<TranslationCache>()!;
        var jit = (JitEngine)cache.TierOne!;
        jit.Drain();
        sums["emulation.instructions"].Should().Be(machine.InstructionCount);
        sums["emulation.tlb.misses"].Should().Be(cpus.Sum(static c => (double)c.TlbMisses));
        sums["emulation.dispatches"].Should().Be(cpus.Sum(static c => (double)c.Dispatches));
        sums["emulation.device.accesses"].Should().Be(cpus.Sum(static c => (double)c.DeviceAccesses));
        sums["emulation.wakes"].Should().Be(cpus.Sum(static c => (double)c.Wakes)).And.BePositive();
        sums["emulation.blocks.translated"].Should().Be(cache.BlocksTranslated);
        sums["emulation.regions.compiled"].Should().Be(jit.Statistics.Compiled).And.BePositive();
        sums["emulation.compile.time"].Should().BePositive();
        SpinWait.SpinUntil(() => !activities.IsEmpty, TimeSpan.FromSeconds(10)).Should().BeTrue("the sampler runs as soon as somebody listens");
    }

    [Test]
    public void A_machine_without_a_factory_has_none()
    {
        using Machine machine = Build(null, TimeMode.Deterministic, out _);
        machine.RunFor(10.VirtualMilliseconds()).Reason.Should().Be(StopReason.VirtualTime);
    }

    private static Machine Build(IMeterFactory? factory, TimeMode time, out SerialPort tty)
    {
        MachineBuilder builder = new MachineBuilder()
            .UseRiscVVirt(board =>
            {
                board.Engine = new EngineOptions { Engine = EngineKind.Jit };
                board.Jit = new JitOptions { Threshold = 50 };
            })
            .WithMemory(32.MiB())
            .WithTime(time)
            .WithFirmware(TestFiles.Firmware(64))
            .AddConsole(out tty);
        if (factory is not null)
            builder.Services.AddSingleton(factory);
        return builder.Build();
    }

    private static MeterListener Listen(Factory factory, ConcurrentDictionary<string, double> sums, ConcurrentDictionary<string, long> activities)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (factory.Made.Contains(instrument.Meter))
                    l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            sums.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value);
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                if (tag.Key == "activity")
                    activities.AddOrUpdate((string)tag.Value!, value, (_, sum) => sum + value);
            }
        });
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => sums.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.Start();
        return listener;
    }

    private sealed class Factory : IMeterFactory
    {
        public ConcurrentBag<Meter> Made { get; } = [];

        public Meter Create(MeterOptions options)
        {
            var meter = new Meter(options.Name);
            Made.Add(meter);
            return meter;
        }

        public void Dispose()
        {
            foreach (Meter meter in Made)
                meter.Dispose();
        }
    }
}
