namespace Emulation.Core.Tests.Memory;

public sealed unsafe class RamBlockTests
{
    [Test]
    public void Forks_and_images_share_chunks_until_somebody_writes()
    {
        using var ram = new RamBlock("ram", 4 * RamBlock.ChunkSize);
        ram.Write(10, 8, 111);
        using RamBlock fork = ram.Fork();
        (fork.ReadPointer(0) == ram.ReadPointer(0)).Should().BeTrue();
        using RamImage image = ram.Capture();
        ram.Write(10, 8, 222);
        (fork.ReadPointer(0) == ram.ReadPointer(0)).Should().BeFalse();
        (fork.ReadPointer(RamBlock.ChunkSize) == ram.ReadPointer(RamBlock.ChunkSize)).Should().BeTrue();
        fork.Read(10, 8).Should().Be(111);
        fork.Write(10, 8, 333);
        ram.Read(10, 8).Should().Be(222);
        ram.Restore(image);
        ram.Read(10, 8).Should().Be(111);
        ram.Write(10, 8, 444);
        ram.Restore(image);
        ram.Restore(image);
        ram.Read(10, 8).Should().Be(111);
        fork.Read(10, 8).Should().Be(333);
    }

    [Test]
    public void Random_writes_to_forks_and_restores_agree_with_arrays([Values(0, 0xff)] byte background)
    {
        var random = new Random(5);
        const int Size = 3 * RamBlock.ChunkSize;
        var blocks = new List<(RamBlock Ram, byte[] Model)> { (new RamBlock("ram", Size, background), [.. Enumerable.Repeat(background, Size)]) };
        var images = new List<(RamImage Image, byte[] Model)>();
        for (int i = 0; i < 3000; i++)
        {
            (RamBlock ram, byte[] model) = blocks[random.Next(blocks.Count)];
            switch (random.Next(20))
            {
                case 0 when blocks.Count < 6: blocks.Add((ram.Fork(), [.. model])); break;
                case 1: images.Add((ram.Capture(), [.. model])); break;
                case 2 when images.Count > 0:
                    (RamImage image, byte[] saved) = images[random.Next(images.Count)];
                    ram.Restore(image);
                    saved.CopyTo(model, 0);
                    break;
                case 3 when images.Count > 4:
                    images[0].Image.Dispose();
                    images.RemoveAt(0);
                    break;
                default:
                    byte[] bytes = new byte[random.Next(1, 9000)];
                    if (random.Next(4) == 0)
                        Array.Fill(bytes, background);
                    else
                        random.NextBytes(bytes);
                    int at = random.Next(Size - bytes.Length);
                    ram.Write((ulong)at, bytes);
                    bytes.CopyTo(model, at);
                    break;
            }
        }

        byte[] content = new byte[Size];
        foreach ((RamBlock ram, byte[] model) in blocks)
        {
            ram.Read(0, content);
            content.AsSpan().SequenceEqual(model).Should().BeTrue();
            for (int chunk = 0; chunk < Size; chunk += RamBlock.ChunkSize)
                ram.IsBackgroundChunk((ulong)chunk).Should().Be(!model.AsSpan(chunk, RamBlock.ChunkSize).ContainsAnyExcept(background));
            ram.Dispose();
        }

        images.ForEach(i => i.Image.Dispose());
    }

    [Test]
    public void What_was_never_written_is_known_without_looking([Values(0, 0xff)] byte background)
    {
        using var ram = new RamBlock("ram", 1UL << 32, background);
        ram.IsUntouched(0).Should().BeTrue();
        ram.Read(5 * RamBlock.ChunkSize, 8).Should().Be(background == 0 ? 0 : ulong.MaxValue);
        ram.IsUntouched(5 * RamBlock.ChunkSize).Should().BeTrue("reading is not writing");
        ram.Write(5 * RamBlock.ChunkSize, 1, background);
        ram.IsUntouched(5 * RamBlock.ChunkSize).Should().BeFalse();
        ram.IsBackgroundChunk(5 * RamBlock.ChunkSize).Should().BeTrue();
        using RamBlock fork = ram.Fork();
        fork.IsUntouched(6 * RamBlock.ChunkSize).Should().BeTrue();
        fork.IsUntouched(5 * RamBlock.ChunkSize).Should().BeFalse();
        fork.PrepareWrite(6 * RamBlock.ChunkSize);
        fork.IsUntouched(6 * RamBlock.ChunkSize).Should().BeFalse("somebody has a pointer");
        ram.IsUntouched(6 * RamBlock.ChunkSize).Should().BeTrue();
        using var other = new RamBlock("ram", 1UL << 32, 0x55);
        using RamImage image = other.Capture();
        ram.Invoking(r => r.Restore(image)).Should().Throw<SnapshotException>();
    }

    [Test]
    public void Dirty_pages_are_tracked_until_they_are_cleared()
    {
        using var ram = new RamBlock("ram", RamBlock.ChunkSize);
        ram.Write(0xFFC, 8, 1);
        ram.IsDirty(0).Should().BeTrue();
        ram.IsDirty(0x1000).Should().BeTrue();
        ram.IsDirty(0x2000).Should().BeFalse();
        int remapped = 0;
        ram.Remapped += (_, _, _) => remapped++;
        ram.ClearDirty();
        remapped.Should().Be(1, "cached write permissions must go");
        ram.IsDirty(0).Should().BeFalse();
        (ram.PrepareWrite(0x2345) == ram.ReadPointer(0x2345)).Should().BeTrue();
        ram.IsDirty(0x2000).Should().BeTrue();
    }

    [Test]
    public void Writes_to_pages_with_code_are_reported_when_they_have_happened()
    {
        using var ram = new RamBlock("ram", RamBlock.ChunkSize);
        var reports = new List<(ulong, ulong, ulong)>();
        ram.CodeModified += (block, offset, count) => reports.Add((offset, count, block.Read(offset, 1)));
        ram.Write(0x1000, 4, 1);
        ram.MarkCode(0x1234);
        ram.IsCode(0x1FFF).Should().BeTrue();
        (ram.PrepareWrite(0x1000) == null).Should().BeTrue("such a page has no fast path");
        ram.Write(0x1000, 4, 2);
        ram.Write(0x0FF0, new byte[0x20]);
        reports.Should().Equal((0x1000UL, 4UL, 2UL), (0x1000UL, 0x10UL, 0UL));
        using RamImage image = ram.Capture();
        ram.UnmarkCode(0x1000);
        ram.Write(0x1000, 4, 3);
        reports.Should().HaveCount(2);
        ram.MarkCode(0x1000);
        ram.Restore(image);
        reports.Should().HaveCount(3, "restoring changes the page");
    }

    [Test]
    public void Pointers_are_void_after_a_copy()
    {
        using var ram = new RamBlock("ram", 2 * RamBlock.ChunkSize);
        using RamBlock fork = ram.Fork();
        var remapped = new List<(ulong, ulong)>();
        ram.Remapped += (_, offset, count) => remapped.Add((offset, count));
        ram.Write(RamBlock.ChunkSize + 5, 1, 1);
        remapped.Should().Equal(((ulong)RamBlock.ChunkSize, (ulong)RamBlock.ChunkSize));
    }

    [Test]
    public void Ranges_outside_are_refused()
    {
        using var ram = new RamBlock("ram", RamBlock.PageSize);
        ram.Invoking(r => r.Read(4090, new byte[7])).Should().Throw<ArgumentOutOfRangeException>();
        ram.Invoking(r => r.Write(ulong.MaxValue, new byte[1])).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new RamBlock("ram", 100)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new RamBlock("ram", 1UL << 50)).Should().Throw<ArgumentOutOfRangeException>();
    }
}
