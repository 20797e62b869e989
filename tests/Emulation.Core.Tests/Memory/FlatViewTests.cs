namespace Emulation.Core.Tests.Memory;

public sealed class FlatViewTests
{
    [Test]
    public void Higher_priorities_hide_lower_ones_and_holes_show_through()
    {
        var root = new ContainerRegion("root", 0x10000);
        using var low = new RamBlock("low", 0x8000);
        var high = new MmioRegion("high", 0x1000, new Recorder());
        root.Add(0, new RamRegion(low));
        root.Add(0x2000, high, priority: 1);
        FlatView view = FlatView.Build(root);
        Shape(view).Should().Equal("0-1fff low+0", "2000-2fff high+0", "3000-7fff low+3000");
        view.IndexOf(0x2000).Should().Be(1);
        view.IndexOf(0x7fff).Should().Be(2);
        view.IndexOf(0x8000).Should().Be(-1);
        root.Remove(high).Should().BeTrue();
        Shape(FlatView.Build(root)).Should().Equal("0-7fff low+0");
    }

    [Test]
    public void Containers_clip_their_children_and_have_priority_as_a_whole()
    {
        var root = new ContainerRegion("root", 0x10000);
        var bus = new ContainerRegion("bus", 0x1000);
        bus.Add(0x800, new MmioRegion("device", 0x800, new Recorder()), priority: -5);
        root.Add(0x3000, bus, priority: 1);
        root.Add(0x3000, new MmioRegion("under", 0x1000, new Recorder()), priority: 0);
        Shape(FlatView.Build(root)).Should().Equal("3000-37ff under+0", "3800-3fff device+0");
    }

    [Test]
    public void Aliases_show_a_window_of_their_target()
    {
        using var ram = new RamBlock("ram", 0x4000);
        var memory = new RamRegion(ram);
        var space = new AddressSpace("space", new GuestLog());
        space.Root.Add(0, memory);
        space.Root.Add(0x8000_0000, new AliasRegion("alias", memory, 0x1000, 0x1000));
        space.Root.Add(0x9000_0000, new AliasRegion("nested", new AliasRegion("inner", memory, 0x2000, 0x2000), 0x1000, 0x1000));
        Shape(space.View).Should().Equal("0-3fff ram+0", "80000000-80000fff ram+1000", "90000000-90000fff ram+3000");
        space.Write(0x8000_0010, 4, 0x12345678).Should().Be(BusResult.Ok);
        space.Read(0x1010, 4, out ulong value);
        value.Should().Be(0x12345678);
        space.Write(0x3008, 2, 0xABCD);
        space.Read(0x9000_0008, 2, out value);
        value.Should().Be(0xABCD);
    }

    [Test]
    public void The_top_of_a_64_bit_space_can_be_mapped()
    {
        var space = new AddressSpace("space", new GuestLog());
        using var ram = new RamBlock("ram", 0x1000);
        space.Root.Add(ulong.MaxValue - 0x1000, new RamRegion(ram));
        space.TryFind(ulong.MaxValue - 1, out FlatRange range).Should().BeTrue();
        range.Last.Should().Be(ulong.MaxValue - 1);
        space.TryFind(ulong.MaxValue, out _).Should().BeFalse();
    }

    [Test]
    public void Random_trees_agree_with_a_byte_by_byte_search()
    {
        var random = new Random(11);
        for (int round = 0; round < 200; round++)
        {
            var root = new ContainerRegion("root", 256);
            Grow(root, 0);
            FlatView view = FlatView.Build(root);
            for (ulong address = 0; address < 256; address++)
            {
                (MemoryRegion Region, ulong Offset)? expected = Find(root, address);
                int index = view.IndexOf(address);
                if (expected is not { } e)
                {
                    index.Should().Be(-1);
                    continue;
                }

                FlatRange range = view.Ranges[index];
                range.Region.Should().BeSameAs(e.Region);
                (range.Offset + (address - range.Start)).Should().Be(e.Offset);
            }
        }

        void Grow(ContainerRegion container, int depth)
        {
            for (int priority = 0; priority < 5; priority++)
            {
                ulong size = (ulong)random.Next(1, (int)container.Size + 1);
                ulong offset = (ulong)random.Next((int)(container.Size - size) + 1);
                MemoryRegion region = new MmioRegion($"{depth}.{priority}", size, new Recorder());
                if (depth < 2 && random.Next(3) == 0)
                {
                    var inner = new ContainerRegion("container", size);
                    Grow(inner, depth + 1);
                    region = inner;
                }
                else if (random.Next(4) == 0)
                {
                    region = new AliasRegion("alias", region, (ulong)random.Next((int)size), size);
                }

                container.Add(offset, region, priority);
            }
        }

        static (MemoryRegion, ulong)? Find(MemoryRegion region, ulong offset)
        {
            if (offset >= region.Size)
                return null;
            switch (region)
            {
                case AliasRegion alias: return Find(alias.Target, alias.Offset + offset);
                case ContainerRegion container:
                    foreach (ContainerRegion.Child child in container.Children.OrderByDescending(c => c.Priority))
                    {
                        if (offset >= child.Offset && Find(child.Region, offset - child.Offset) is { } found)
                            return found;
                    }

                    return null;
                default: return (region, offset);
            }
        }
    }

    [Test]
    public void Accesses_have_their_true_width_and_illegal_ones_are_refused_and_logged_once()
    {
        var log = new GuestLog();
        var lines = new List<string>();
        log.Logged += (_, line) => lines.Add(line);
        var space = new AddressSpace("space", log);
        var recorder = new Recorder();
        space.Root.Add(0x1000, new MmioRegion("device", 0x10, recorder) { Sizes = AccessSizes.Word | AccessSizes.Byte });
        space.Root.Add(0x2000, new MmioRegion("big", 0x10, recorder) { BigEndian = true });
        space.Write(0x1004, 4, 0xFFFF_FFFF_1234_5678).Should().Be(BusResult.Ok);
        recorder.Last.Should().Be((4UL, 4, 0x12345678UL));
        space.Write(0x1004, 2, 1).Should().Be(BusResult.Refused);
        space.Write(0x1004, 2, 1).Should().Be(BusResult.Refused);
        space.Read(0x1002, 4, out _).Should().Be(BusResult.Refused);
        space.Read(0x100E, 4, out _).Should().Be(BusResult.Refused);
        space.Read(0x3000, 4, out _).Should().Be(BusResult.Unmapped);
        lines.Should().HaveCount(2);
        space.Write(0x2000, 2, 0x1122);
        recorder.Last.Should().Be((0UL, 2, 0x2211UL));
        space.Unmapped = UnmappedPolicy.Log;
        space.Read(0x3000, 4, out ulong value).Should().Be(BusResult.Ok);
        value.Should().Be(0);
        lines.Should().HaveCount(3);
    }

    [Test]
    public void Rom_drops_guest_writes_but_the_host_may_load_it()
    {
        var space = new AddressSpace("space", new GuestLog());
        using var rom = new RamBlock("rom", 0x1000);
        using var ram = new RamBlock("ram", 0x1000);
        space.Root.Add(0, new RamRegion(ram));
        space.Root.Add(0x1000, new RamRegion(rom, readOnly: true));
        byte[] bytes = [1, 2, 3, 4, 5, 6, 7, 8];
        space.TryWrite(0xFFC, bytes).Should().BeFalse("the second half is read-only");
        space.TryLoad(0xFFC, bytes).Should().BeTrue();
        space.Write(0x1000, 4, 0).Should().Be(BusResult.Ok);
        byte[] back = new byte[8];
        space.TryRead(0xFFC, back).Should().BeTrue();
        back.Should().Equal(bytes);
        space.TryRead(0x1FFC, back).Should().BeFalse();
    }

    private static IEnumerable<string> Shape(FlatView view) => view.Ranges.ToArray().Select(r => $"{r.Start:x}-{r.Last:x} {r.Region.Name}+{r.Offset:x}");

    private sealed class Recorder : IMmio
    {
        public (ulong Offset, int Size, ulong Value) Last { get; private set; }

        public ulong Read(ulong offset, int size) => 0;

        public void Write(ulong offset, int size, ulong value) => Last = (offset, size, value);
    }
}
