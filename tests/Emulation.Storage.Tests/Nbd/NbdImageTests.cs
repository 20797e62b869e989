namespace Emulation.Storage.Tests.Nbd;

/// <summary>Images that lie on NBD servers.</summary>
public sealed class NbdImageTests
{
    private const int Size = 4 << 20;

    [Test]
    public async Task The_format_is_found_on_top_of_a_uri()
    {
        using var folder = new TempFolder();
        using (BlockDevice image = DiskImage.Create(folder["a"], Size, new Qcow2CreateOptions()))
            await image.WriteAsync(5000, new byte[] { 1, 2, 3 });
        await using var fixture = new NbdFixture(DiskImage.Open(folder["a"], new DiskImageOptions { Format = "raw" }));
        using BlockDevice opened = DiskImage.Open(fixture.Unix.ToString(), readOnly: true);
        opened.Should().BeOfType<Qcow2Image>().Which.Length.Should().Be(Size);
        DiskImage.DetectFormat(fixture.Unix.ToString()).Should().Be("qcow2");
        DiskImage.Check(fixture.Unix.ToString()).IsClean.Should().BeTrue();
        byte[] back = new byte[3];
        await opened.ReadAsync(5000, back);
        back.Should().Equal(1, 2, 3);
    }

    [Test]
    public async Task A_detected_raw_disk_does_not_become_an_image()
    {
        await using var fixture = new NbdFixture(DiskImage.InMemory(Size));
        using BlockDevice disk = DiskImage.Open(fixture.Unix.ToString());
        await disk.WriteAsync(4096, new byte[] { 1 });
        Func<Task> write = () => disk.WriteAsync(0, new byte[] { 0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3 }).AsTask();
        await write.Should().ThrowAsync<DiskImageException>();
        using BlockDevice raw = DiskImage.Open(fixture.Unix.ToString(), new DiskImageOptions { Format = "raw" });
        await raw.WriteAsync(0, new byte[] { 0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3 });
    }

    [Test]
    public async Task A_uri_is_a_backing_file_as_it_is_to_qemu()
    {
        byte[] content = ServerInteroperationTests.Content(4)[..Size];
        await using var fixture = new NbdFixture(DiskImage.InMemory(content));
        QemuImg.Run("create", "-f", "qcow2", "-b", fixture.Tcp.ToString(), "-F", "raw", fixture.Folder["theirs"]);
        QemuImg.Io("qcow2", fixture.Folder["theirs"], "write -P 7 0 512");
        byte[] expected = [.. Enumerable.Repeat((byte)7, 512), .. content[512..]];
        using (BlockDevice image = DiskImage.Open(fixture.Folder["theirs"]))
        {
            byte[] back = new byte[Size];
            await image.ReadAsync(0, back);
            back.AsSpan().SequenceEqual(expected).Should().BeTrue();
        }

        using (BlockDevice image = DiskImage.Create(fixture.Folder["ours"], Size, new Qcow2CreateOptions { BackingFile = fixture.Unix.ToString(), BackingFormat = "raw" }))
            await image.WriteAsync(0, expected.AsMemory(0, 512));
        QemuImg.Read(fixture.Folder["ours"], "qcow2").AsSpan().SequenceEqual(expected).Should().BeTrue();
    }

    [TestCase("json:{\"driver\":\"nbd\"}", "*named by JSON*")]
    [TestCase("ftp://example.com/disk", "*'ftp:' is not supported; there are *nbd+unix*")]
    [TestCase("nbd:unix:/tmp/s", "*'nbd:' is not supported*")]
    [TestCase("nbd+unix:///?socket=/no/such/socket", "*backing file cannot be opened*/no/such/socket*cannot connect*")]
    [TestCase("nbd://h/?color=red", "*backing file cannot be opened*color=red*")]
    public void Other_names_of_backing_files_are_refused(string name, string message)
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", "qcow2", folder["a"], "1M");
        QemuImg.Run("rebase", "-u", "-b", name, "-F", "raw", folder["a"]);
        Action open = () => DiskImage.Open(folder["a"], readOnly: true).Dispose();
        open.Should().Throw<DiskImageException>().WithMessage(message);
    }

    [TestCase("json:{}", "*JSON*not supported*")]
    [TestCase("ftp://h/x", "*'ftp:' is not supported*")]
    [TestCase("nbd://h/%", "*'nbd://h/%'*hexadecimal*")]
    public void Other_names_of_images_are_refused(string name, string message)
    {
        Action open = () => DiskImage.Open(name).Dispose();
        open.Should().Throw<DiskImageException>().WithMessage(message);
    }

    [Test]
    public async Task What_a_server_says_does_not_open_files_of_the_host()
    {
        using var folder = new TempFolder();
        await File.WriteAllBytesAsync(folder["secret"], new byte[1 << 20]);
        QemuImg.Run("create", "-f", "qcow2", "-b", folder["secret"], "-F", "raw", folder["a"]);
        await using var fixture = new NbdFixture(DiskImage.Open(folder["a"], new DiskImageOptions { Format = "raw", ReadOnly = true }));
        Action open = () => DiskImage.Open(fixture.Unix.ToString(), readOnly: true).Dispose();
        open.Should().Throw<DiskImageException>().WithMessage("*secret*detected, not given*");
        using BlockDevice trusted = DiskImage.Open(fixture.Unix.ToString(), new DiskImageOptions { Format = "qcow2", ReadOnly = true });
        trusted.Length.Should().Be(1 << 20);
    }

    [Test]
    public async Task An_image_that_cannot_grow_says_so()
    {
        using var folder = new TempFolder();
        DiskImage.Create(folder["a"], Size, new Qcow2CreateOptions()).Dispose();
        await using var fixture = new NbdFixture(DiskImage.Open(folder["a"], new DiskImageOptions { Format = "raw" }));
        BlockDevice image = DiskImage.Open(fixture.Unix.ToString());
        Func<Task> write = async () =>
        {
            for (int i = 0; i < 64; i++)
                await image.WriteAsync(i << 16, new byte[512]);
        };
        (await write.Should().ThrowAsync<DiskImageException>()).WithMessage("*cannot grow*");
    }
}
