using System.Text;

namespace Emulation.Storage.Tests.Vmdk;

/// <summary>Images on images, and the identifier by which an image knows what is below it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class VmdkChainTests : IDisposable
{
    private const int Length = 1 << 20;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestCase(true), TestCase(false)]
    public async Task A_change_below_is_an_error_that_says_so(bool byQemu)
    {
        DiskImage.Create(_folder["base.vmdk"], Length, new VmdkCreateOptions()).Dispose();
        DiskImage.Create(_folder["top.vmdk"], Length, new VmdkCreateOptions { BackingFile = "base.vmdk" }).Dispose();
        uint before = Identifier("base.vmdk");
        await using (BlockDevice top = DiskImage.Open(_folder["top.vmdk"]))
            await top.WriteAsync(5, new byte[] { 1 });
        Identifier("base.vmdk").Should().Be(before);
        if (byQemu)
        {
            QemuImg.Io("vmdk", _folder["base.vmdk"], "write -P 9 0 64k");
        }
        else
        {
            await using BlockDevice disk = DiskImage.Open(_folder["base.vmdk"]);
            await disk.WriteAsync(0, new byte[] { 9 });
        }

        Action open = () => DiskImage.Open(_folder["top.vmdk"], readOnly: true);
        DiskImageException error = open.Should().Throw<DiskImageException>().Which;
        error.Message.Should().Contain($"{before:x8}").And.Contain($"{Identifier("base.vmdk"):x8}").And.Contain("changed since");
    }

    [Test]
    public async Task The_first_write_changes_the_identifier_in_place()
    {
        DiskImage.Create(_folder["a.vmdk"], Length, new VmdkCreateOptions { Subformat = VmdkSubformat.MonolithicFlat }).Dispose();
        string text = await File.ReadAllTextAsync(_folder["a.vmdk"]);
        int at = text.IndexOf("CID=", StringComparison.Ordinal);
        // other programs write fewer digits
        text = text[..at] + "CID=7" + text[text.IndexOf('\n', at)..];
        await File.WriteAllTextAsync(_folder["a.vmdk"], text);
        await using (BlockDevice disk = DiskImage.Open(_folder["a.vmdk"]))
            await disk.ReadAsync(0, new byte[10]);
        (await File.ReadAllTextAsync(_folder["a.vmdk"])).Should().Be(text);
        await using (BlockDevice disk = DiskImage.Open(_folder["a.vmdk"]))
        {
            await disk.WriteZeroesAsync(0, 10);
            await disk.WriteAsync(0, new byte[10]);
        }

        string after = await File.ReadAllTextAsync(_folder["a.vmdk"]);
        after.Should().NotBe(text);
        after.Remove(at + 4, 1).Should().Be(text.Remove(at + 4, 1));
    }

    [Test]
    public async Task Chains_of_several_files_and_sizes_read_as_in_qemu()
    {
        await using (BlockDevice disk = DiskImage.Create(_folder["a.vmdk"], Length, new VmdkCreateOptions { Subformat = VmdkSubformat.TwoGbMaxExtentSparse, ExtentSize = 5 << 16 }))
            await disk.WriteAsync(100_000, Enumerable.Repeat((byte)3, 600_000).ToArray());
        await using (BlockDevice disk = DiskImage.Create(_folder["b.vmdk"], Length / 2, new VmdkCreateOptions { BackingFile = "a.vmdk", ZeroedGrain = true }))
        {
            await disk.WriteZeroesAsync(131_072, 131_072);
            await disk.WriteAsync(300_000, new byte[] { 4 });
        }

        await using (BlockDevice disk = DiskImage.Create(_folder["c.vmdk"], Length, new VmdkCreateOptions { BackingFile = "b.vmdk", Subformat = VmdkSubformat.StreamOptimized }))
        {
            await disk.WriteAsync(400_000, new byte[] { 5 });
            byte[] read = new byte[Length];
            await disk.ReadAsync(0, read);
            (read[100_000], read[131_071], read[131_072], read[262_144], read[300_000], read[300_001], read[400_000], read[400_001], read[Length / 2]).Should().Be((3, 3, 0, 3, 4, 3, 5, 3, 0));
        }

        byte[] ours = new byte[Length];
        await using (BlockDevice disk = DiskImage.Open(_folder["c.vmdk"], readOnly: true))
            await disk.ReadAsync(0, ours);
        ours.AsSpan().SequenceEqual(QemuImg.Read(_folder["c.vmdk"], "vmdk")).Should().BeTrue();
    }

    private uint Identifier(string file)
    {
        string text = Encoding.Latin1.GetString(File.ReadAllBytes(_folder[file]));
        int at = text.IndexOf("\nCID=", StringComparison.Ordinal) + 5;
        return uint.Parse(text[at..text.IndexOf('\n', at)], System.Globalization.NumberStyles.HexNumber);
    }
}
