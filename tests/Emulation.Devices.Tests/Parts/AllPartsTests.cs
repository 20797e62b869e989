using Emulation.Core;
using Emulation.Storage;

namespace Emulation.Devices.Tests;

/// <summary>What every part promises: nothing that a bus or a pin does makes it throw, and its state is complete.</summary>
[TestFixtureSource(nameof(Cases))]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AllPartsTests(PartCase part)
{
    public static IEnumerable<PartCase> Cases()
        =>
        [
            new(nameof(Led), _ => new Led()),
            new(nameof(PushButton), _ => new PushButton { BounceTime = 500_000 }, (p, random) => ((PushButton)p).Press(TimeSpan.FromMicroseconds(random.Next(1, 5000)))),
            new(nameof(Potentiometer), _ => new Potentiometer(), (p, random) => ((Potentiometer)p).Position = random.NextDouble()),
            new(nameof(RotaryEncoder), _ => new RotaryEncoder(), (p, random) => ((RotaryEncoder)p).Turn(random.Next(-5, 5), TimeSpan.FromMicroseconds(100))),
            new(nameof(Buzzer), _ => new Buzzer()),
            new(nameof(Eeprom24), _ => new Eeprom24(Eeprom24Model.C32) { WriteTime = 20_000 }),
            new(nameof(Tmp102), _ => new Tmp102(), (p, random) => ((Tmp102)p).Celsius = random.Next(-60, 160)),
            new(nameof(Ds3231), _ => new Ds3231(new DateTime(2199, 12, 31, 23, 59, 40)), (p, random) => ((Ds3231)p).Celsius = random.Next(-40, 80)),
            new(nameof(Ssd1306I2c), _ => new Ssd1306I2c(32)),
            new(nameof(Ssd1306Spi), _ => new Ssd1306Spi()),
            new(nameof(SpiNorFlash), _ => new SpiNorFlash(SpiNorModel.W25Q16)),
            new(nameof(SdCardSpi), _ => new SdCardSpi(new MemoryDisk(1 << 20))),
            new(nameof(ShiftRegister595), _ => new ShiftRegister595()),
            new(nameof(Mcp3008), _ => new Mcp3008(), (p, random) => ((Mcp3008)p)[random.Next(8)] = random.Next(4000)),
            new(nameof(Lis302dl), _ => new Lis302dl(), (p, random) => ((Lis302dl)p).MilliG = (random.Next(-9000, 9000), random.Next(-9000, 9000), random.Next(-9000, 9000))),
            new(nameof(Cs43l22), _ => new Cs43l22(), (p, random) => ((Cs43l22)p).Play(new I2sSample(random.Next(2) == 0, 16, (uint)random.Next(65536)))),
            new(nameof(Mma8653), _ => new Mma8653()),
            new(nameof(Mag3110), _ => new Mag3110()),
            new(nameof(RitDisplay), _ => new RitDisplay()),
            new(nameof(CanPeer), _ => new CanPeer(), (p, random) => ((CanPeer)p).Send(new CanFrame((uint)random.Next(2048), [1]))),
            new(nameof(CanGateway), _ => new CanGateway("link", 500_000)),
            new(nameof(SpiLinkNode), _ => new SpiLinkNode("link")),
            new(nameof(I2cPins), bench => new I2cPins(new I2cBus("i2c", bench.Clock, bench.Log))),
            new(nameof(UartPeer), bench => new UartPeer(bench.Port)),
        ];

    [Test]
    public void Every_part_is_in_the_list()
        => typeof(Part).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IPart))).Select(t => t.Name)
            .Should().BeSubsetOf(Cases().Select(c => c.Name));

    [Test]
    public void A_fork_with_its_state_is_the_same_and_goes_on_alike([Range(1, 5)] int seed)
    {
        var bench = new DeviceBench();
        var one = new Rig(bench, (Part)part.Create(bench));
        one.Exercise(new Random(seed), part.Stimulate);
        byte[] state = one.State();

        var otherBench = new DeviceBench(bench.Now);
        var other = new Rig(otherBench, Fork(one.Part, otherBench));
        other.Load(state);
        other.State().Should().Equal(state);

        DeviceBench.AlignTimerSequence(bench, otherBench);
        one.Exercise(new Random(seed + 100), part.Stimulate);
        other.Exercise(new Random(seed + 100), part.Stimulate);
        other.State().Should().Equal(one.State());
    }

    [Test]
    public void Damaged_state_is_refused_or_ignored_but_never_crashes()
    {
        var bench = new DeviceBench();
        var rig = new Rig(bench, (Part)part.Create(bench));
        rig.Exercise(new Random(1), part.Stimulate);
        byte[] state = rig.State();
        var random = new Random(2);
        for (int i = 0; i < 60; i++)
        {
            byte[] damaged = state[..(random.Next(3) == 0 ? random.Next(state.Length + 1) : state.Length)];
            for (int flips = random.Next(1, 4); flips > 0 && damaged.Length > 0; flips--)
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                rig.Load(damaged);
                rig.Exercise(random, part.Stimulate, 30);
            }
            catch (SnapshotException)
            {
            }
        }
    }

    [Test]
    public void It_can_be_taken_off_and_put_back()
    {
        var bench = new DeviceBench();
        var rig = new Rig(bench, (Part)part.Create(bench));
        rig.Exercise(new Random(1), part.Stimulate);
        rig.Part.Leave();
        rig.Part.PowerCycle();
        bench.Advance(10_000_000);
        rig.Part.Join(new PartSite("again", bench.Clock, bench.Log));
        rig.Part.PowerCycle();
        rig.Exercise(new Random(2), part.Stimulate);
    }

    private static Part Fork(Part original, DeviceBench bench)
        => original switch
        {
            UartPeer => new UartPeer(bench.Port),
            I2cPins => new I2cPins(new I2cBus("i2c", bench.Clock, bench.Log)),
            _ => (Part)original.Fork(),
        };

    /// <summary>A part with a pin at each terminal, driven without a bus.</summary>
    private sealed class Rig
    {
        private readonly DeviceBench _bench;
        private readonly PinSet _pins = new();

        public Rig(DeviceBench bench, Part part)
        {
            (_bench, Part) = (bench, part);
            foreach (Terminal terminal in part.Terminals)
                terminal.Connect(_pins.Add(terminal.Name));
            part.Join(new PartSite("part", bench.Clock, bench.Log));
        }

        public Part Part { get; }

        public byte[] State()
        {
            var writer = new StateWriter();
            Part.Save(writer);
            _pins.Save(writer);
            return writer.Written.ToArray();
        }

        public void Load(byte[] state)
        {
            var reader = new StateReader("part", Part.StateVersion, state);
            Part.Load(reader);
            _pins.Load(reader);
        }

        public void Exercise(Random random, Action<IPart, Random>? stimulate, int count = 400)
        {
            for (int i = 0; i < count; i++)
            {
                if (random.Next(3) == 0)
                    _bench.Advance(random.NextInt64(1L << random.Next(1, 26)));
                if (random.Next(20) == 0)
                    stimulate?.Invoke(Part, random);
                if (_pins.Pins.Count > 0 && random.Next(4) == 0)
                    _pins.Pins[random.Next(_pins.Pins.Count)].Driver("test").Set((PinDrive)random.Next(5));
                if (random.Next(200) == 0)
                    Part.PowerCycle();
                Act(random);
            }
        }

        private void Act(Random random)
        {
            switch (Part)
            {
                case II2cTarget target:
                    ActI2c(target, random);
                    break;
                case ISpiDevice device:
                    ActSpi(device, random);
                    break;
                case ICanNode node:
                    ActCan(node, random);
                    break;
                case UartPeer:
                    ((ISerialLine)_bench.Port).Transmit((byte)random.Next(256));
                    break;
            }
        }

        private static void ActI2c(II2cTarget target, Random random)
        {
            switch (random.Next(7))
            {
                case 0:
                    target.Start(random.Next(128), (I2cDirection)random.Next(2));
                    break;
                case 1:
                    target.Read();
                    target.ReadDone(random.Next(2) == 0);
                    break;
                case 2:
                    target.Stop();
                    break;
                case 3:
                    target.RepeatedStart();
                    break;
                default:
                    target.Write((byte)random.Next(256));
                    break;
            }
        }

        private static void ActSpi(ISpiDevice device, Random random)
        {
            switch (random.Next(8))
            {
                case 0:
                    device.Select();
                    break;
                case 1:
                    device.Deselect();
                    break;
                default:
                    int lanes = random.Next(4) == 0 ? 1 << random.Next(3) : 1;
                    device.Exchange((uint)random.Next(), new SpiFrame(lanes * random.Next(1, 9), Lanes: lanes));
                    break;
            }
        }

        private static void ActCan(ICanNode node, Random random)
        {
            switch (random.Next(4))
            {
                case 0:
                    node.Received(new CanFrame((uint)random.Next(2048), [2]));
                    break;
                case 1:
                    node.Transmitted(new CanFrame(1, []));
                    break;
                case 2:
                    node.Failed((CanError)random.Next(7), random.Next(2) == 0);
                    break;
                default:
                    node.TryGetFrame(out _);
                    break;
            }
        }
    }
}

/// <summary>How to make a part, and what a test does to it.</summary>
public sealed record PartCase(string Name, Func<DeviceBench, IPart> Create, Action<IPart, Random>? Stimulate = null)
{
    public override string ToString() => Name;
}
