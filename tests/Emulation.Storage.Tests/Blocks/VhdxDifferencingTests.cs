using System.Text;

namespace Emulation.Storage.Tests;

/// <summary>Differencing VHDX images, which qemu-img does not know: images made by hand after [MS-VHDX], and what we make.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class VhdxDifferencingTests : IDisposable
{
    private const int MiB = 1 << 20;

    private static readonly Guid s_parent = new("83ed0ec3-24c8-49a6-a959-5e4bf1288bfb");

    private readonly TempFolder _folder = new();

    private string Child => _folder["child.vhdx"];

    public void Dispose() => _folder.Dispose();

    [Test]
    public async Task Each_state_of_a_block_reads_as_it_should()
    {
        MakeParent();
        MakeChild(("relative_path", "base.vhdx"), ("parent_linkage", $"{{{s_parent}}}"));
        byte[] expected = Expected();
        await using (BlockDevice disk = DiskImage.Open(Child))
        {
            new Shadow(0) { Bytes = expected }.Compare(await ReadAsync(disk));
            long allocated = 0;
            for (long offset = 0; offset < disk.Length;)
            {
                BlockRun run = await disk.GetStatusAsync(offset, disk.Length - offset);
                if (run.Status.HasFlag(BlockStatus.Zero))
                    expected.AsSpan((int)offset, (int)run.Length).ContainsAnyExcept((byte)0).Should().BeFalse();
                allocated += run.Status == BlockStatus.Allocated ? run.Length : 0;
                offset += run.Length;
            }

            // the whole block, and 10 sectors of the partial one
            allocated.Should().Be(MiB + (10 * 512));
        }

        DiskImage.Check(Child).IsClean.Should().BeTrue();
    }

    [Test]
    public async Task Writing_changes_just_the_sectors_it_must()
    {
        MakeParent();
        MakeChild(("relative_path", "base.vhdx"), ("parent_linkage", $"{{{s_parent}}}"));
        var shadow = new Shadow(0) { Bytes = Expected() };
        byte[] parent = File.ReadAllBytes(_folder["base.vhdx"]);
        var random = new Random(1);
        for (int round = 0; round < 5; round++)
        {
            await using BlockDevice disk = DiskImage.Open(Child);
            for (int i = 0; i < 100; i++)
                await shadow.StepAsync(disk, random, 2 * MiB);
            await shadow.CheckAsync(disk);
            DiskImage.Check(_folder["base.vhdx"]).IsClean.Should().BeTrue();
        }

        await using (BlockDevice disk = DiskImage.Open(Child, readOnly: true))
            await shadow.CheckAsync(disk);
        DiskImage.Check(Child).IsClean.Should().BeTrue();
        File.ReadAllBytes(_folder["base.vhdx"]).Should().Equal(parent);
    }

    [Test]
    public async Task A_small_write_is_one_bit_of_the_sector_bitmap()
    {
        MakeParent();
        await using (BlockDevice disk = DiskImage.Create(Child, 8 * MiB, new VhdxCreateOptions { BlockSize = MiB, BackingFile = "base.vhdx" }))
            await disk.WriteAsync(MiB + (9 * 512) + 5, new byte[] { 99 });
        byte[] image = File.ReadAllBytes(Child);
        // blocks 0 to 4095 come before the bitmap of their chunk
        ulong entry = BitConverter.ToUInt64(image, (3 * MiB) + 8);
        ulong bitmap = BitConverter.ToUInt64(image, (3 * MiB) + (4096 * 8));
        ((entry & 7), (bitmap & 7)).Should().Be((7, 6));
        byte[] bits = image.AsSpan((int)(bitmap >> 20 << 20), MiB).ToArray();
        bits[MiB / 512 / 8 + 1].Should().Be(2);
        bits.Count(b => b != 0).Should().Be(1);
        ReadOnlySpan<byte> sector = image.AsSpan((int)(entry >> 20 << 20) + (9 * 512), 512);
        (sector[4], sector[5], sector[6]).Should().Be((2, 99, 2));
    }

    [Test]
    public async Task Bitmaps_are_where_their_chunk_ends_in_the_table()
    {
        const long Length = 20L << 30;
        DiskImage.Create(_folder["base.vhdx"], Length, new VhdxCreateOptions()).Dispose();
        var options = new VhdxCreateOptions { BlockSize = 256 << 20, BackingFile = "base.vhdx" };
        await using (BlockDevice disk = DiskImage.Create(Child, Length, options))
        {
            await disk.WriteAsync((4L << 30) - 1, new byte[] { 1, 2 });
            await disk.WriteAsync(Length - 1, new byte[] { 3 });
        }

        byte[] table = new byte[8 * 90];
        using (FileStream file = File.OpenRead(Child))
        {
            file.Position = 3 * MiB;
            file.ReadExactly(table);
        }

        // 16 blocks of a chunk, then its bitmap
        int[] present = [.. Enumerable.Range(0, 90).Where(i => (BitConverter.ToUInt64(table, i * 8) & 7) == 6)];
        int[] partial = [.. Enumerable.Range(0, 90).Where(i => (BitConverter.ToUInt64(table, i * 8) & 7) == 7)];
        present.Should().Equal(16, 33, 84);
        partial.Should().Equal(15, 17, 83);
        await using BlockDevice again = DiskImage.Open(Child);
        byte[] read = new byte[3];
        await again.ReadAsync((4L << 30) - 2, read);
        read.Should().Equal(0, 1, 2);
        await again.ReadAsync(Length - 3, read);
        read.Should().Equal(0, 0, 3);
    }

    [Test]
    public async Task A_chain_of_three_reads_through_and_the_locator_says_what_it_must()
    {
        Directory.CreateDirectory(_folder["sub"]);
        MakeParent();
        await using (BlockDevice middle = DiskImage.Create(_folder["sub/middle.vhdx"], 8 * MiB, new VhdxCreateOptions { BackingFile = "../base.vhdx" }))
            await middle.WriteAsync(100, new byte[] { 50 });
        byte[] image = File.ReadAllBytes(_folder["sub/middle.vhdx"]);
        string text = Encoding.Unicode.GetString(image, (2 * MiB) + 0x1_0000 + 40, 1000);
        text.Should().Contain("relative_path..\\base.vhdx").And.Contain($"parent_linkage{{{s_parent}}}");
        await using BlockDevice top = DiskImage.Create(Child, 8 * MiB, new VhdxCreateOptions { BackingFile = _folder["sub/middle.vhdx"] });
        await top.WriteAsync(101, new byte[] { 51 });
        byte[] read = await ReadAsync(top);
        read[99..103].Should().Equal(1, 50, 51, 1);
        read[7 * MiB].Should().Be(0);
    }

    [Test]
    public async Task The_parent_is_looked_for_by_its_relative_name_and_known_by_its_identity()
    {
        MakeParent();
        // in another folder, by the other linkage
        Directory.CreateDirectory(_folder["a"]);
        Directory.CreateDirectory(_folder["b"]);
        File.Move(_folder["base.vhdx"], _folder["b/base.vhdx"]);
        MakeChild(("parent_linkage2", $"{{{s_parent}}}".ToUpperInvariant()), ("parent_linkage", Guid.Empty.ToString("B")), ("relative_path", @"..\b\base.vhdx"), ("absolute_win32_path", @"\\?\c:\nowhere.vhdx"));
        File.Move(Child, _folder["a/child.vhdx"]);
        await using (BlockDevice disk = DiskImage.Open(_folder["a/child.vhdx"]))
            (await ReadAsync(disk))[0].Should().Be(1);
        // a parent that was written is another one
        await using (BlockDevice parent = DiskImage.Open(_folder["b/base.vhdx"]))
            await parent.WriteAsync(0, new byte[] { 1 });
        ShouldFail(_folder["a/child.vhdx"], "written since");
    }

    [Test]
    public void A_parent_that_is_not_there_is_an_error()
    {
        MakeChild(("relative_path", "base.vhdx"), ("parent_linkage", $"{{{s_parent}}}"));
        ShouldFail(Child, "does not exist");
        MakeChild(("relative_path", "child.vhdx"), ("parent_linkage", $"{{{s_parent}}}"));
        ShouldFail(Child, "loop");
        MakeChild(("relative_path", _folder["base.vhdx"]), ("parent_linkage", $"{{{s_parent}}}"));
        MakeParent();
        ShouldFail(Child, "no file");
        MakeChild(("relative_path", "base.vhdx"));
        ShouldFail(Child, "identity");
        File.WriteAllBytes(_folder["base.vhdx"], new byte[MiB]);
        MakeChild(("relative_path", "base.vhdx"), ("parent_linkage", $"{{{s_parent}}}"));
        ShouldFail(Child, "signature");
    }

    [Test]
    public void A_partial_block_needs_its_bitmap()
    {
        MakeParent();
        File.WriteAllBytes(Child, VhdxBytes.Image(Guid.NewGuid(), 8 * MiB, [(0, VhdxBytes.Data | 7)], [new byte[MiB]], ("relative_path", "base.vhdx"), ("parent_linkage", $"{{{s_parent}}}")));
        ShouldFail(Child, "needs sector bitmap");
        DiskImage.Check(Child).Corruptions.Should().Be(1);
    }

    [Test]
    public async Task A_child_grows_unless_its_parent_would_show()
    {
        MakeParent();
        await using (BlockDevice disk = DiskImage.Create(Child, 8 * MiB, new VhdxCreateOptions { BlockSize = MiB, BackingFile = "base.vhdx" }))
        {
            await disk.ResizeAsync((9 * MiB) + 512);
            await disk.WriteAsync(9 * MiB, new byte[] { 8 });
            byte[] read = await ReadAsync(disk);
            new[] { read[0], read[(8 * MiB) - 1], read[9 * MiB], read[(9 * MiB) + 1] }.Should().Equal(1, 0, 8, 0);
        }

        await using BlockDevice small = DiskImage.Create(_folder["small.vhdx"], MiB, new VhdxCreateOptions { BackingFile = "base.vhdx" });
        Func<Task> grow = async () => await small.ResizeAsync(2 * MiB);
        await grow.Should().ThrowAsync<DiskImageException>().WithMessage("*would show*");
    }

    [Test]
    public void Options_must_fit_the_parent()
    {
        MakeParent();
        foreach (VhdxCreateOptions options in new[] { new VhdxCreateOptions { Fixed = true }, new VhdxCreateOptions { LogicalSectorSize = 4096 } })
        {
            Action create = () => DiskImage.Create(Child, 8 * MiB, options with { BackingFile = "base.vhdx" });
            create.Should().Throw<DiskImageException>();
            File.Exists(Child).Should().BeFalse();
        }
    }

    // six MiB: block i holds i + 1
    private void MakeParent()
    {
        byte[][] blocks = [.. Enumerable.Range(1, 6).Select(i => Enumerable.Repeat((byte)i, MiB).ToArray())];
        (int, ulong)[] entries = [.. Enumerable.Range(0, 6).Select(i => (i, ((ulong)VhdxBytes.Data + ((ulong)i << 20)) | 6))];
        File.WriteAllBytes(_folder["base.vhdx"], VhdxBytes.Image(s_parent, 6 * MiB, entries, blocks));
    }

    // eight MiB: the parent's, zero, present, partial, unmapped, undefined, then what no image has
    private void MakeChild(params (string, string)[] locator)
    {
        byte[] bits = new byte[MiB];
        int first = 3 * MiB / 512 / 8;
        (bits[first], bits[first + 1], bits[first + 255]) = (0x81, 0x7f, 0x80);
        byte[][] blocks = [bits, Enumerable.Repeat((byte)30, MiB).ToArray(), Enumerable.Repeat((byte)40, MiB).ToArray()];
        (int, ulong)[] entries = [(1, 2), (2, (VhdxBytes.Data + MiB) | 6), (3, (VhdxBytes.Data + (2 * MiB)) | 7), (4, 3), (5, 1), (4096, VhdxBytes.Data | 6)];
        File.WriteAllBytes(Child, VhdxBytes.Image(Guid.NewGuid(), 8 * MiB, entries, blocks, locator));
    }

    private static byte[] Expected()
    {
        byte[] disk = new byte[8 * MiB];
        disk.AsSpan(0, MiB).Fill(1);
        disk.AsSpan(2 * MiB, MiB).Fill(30);
        disk.AsSpan(3 * MiB, MiB).Fill(4);
        foreach (int sector in new[] { 0, 7, 8, 9, 10, 11, 12, 13, 14, 2047 })
            disk.AsSpan((3 * MiB) + (sector * 512), 512).Fill(40);
        return disk;
    }

    private static async Task<byte[]> ReadAsync(BlockDevice disk)
    {
        byte[] content = new byte[disk.Length];
        await disk.ReadAsync(0, content);
        return content;
    }

    private static void ShouldFail(string path, string message)
    {
        byte[] before = File.ReadAllBytes(path);
        Action open = () => DiskImage.Open(path).Dispose();
        DiskImageException error = open.Should().Throw<DiskImageException>().WithMessage($"*{message}*").Which;
        error.Format.Should().Be("vhdx");
        File.ReadAllBytes(path).AsSpan().SequenceEqual(before).Should().BeTrue("a damaged image is not written");
    }
}
