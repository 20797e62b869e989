namespace Emulation.Storage.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DiskImageTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("emulation-storage-");

    private string ImagePath => Path.Combine(_directory.FullName, "disk.img");

    public void Dispose() => _directory.Delete(recursive: true);

    [Test]
    public void A_missing_file_is_named()
    {
        Action open = () => DiskImage.Open(ImagePath);
        open.Should().Throw<DiskImageException>().WithMessage($"*{ImagePath}*does not exist*");
    }

    [Test]
    public void A_directory_is_not_an_image()
    {
        Action open = () => DiskImage.Open(_directory.FullName, readOnly: true);
        open.Should().Throw<DiskImageException>().WithMessage("*is a directory*");
    }

    [Test]
    public void An_empty_file_is_not_an_image()
    {
        File.WriteAllBytes(ImagePath, []);
        Action open = () => DiskImage.Open(ImagePath, readOnly: true);
        open.Should().Throw<DiskImageException>().WithMessage("*is empty*");
    }

    [Test]
    public void A_device_node_is_not_an_image()
    {
        if (!File.Exists("/dev/zero"))
            Assert.Ignore("this host has no device nodes in its file system");
        Action open = () => DiskImage.Open("/dev/zero", readOnly: true);
        open.Should().Throw<DiskImageException>().WithMessage("*not a regular file*");
    }

    [Test]
    public void An_image_in_use_is_not_opened_for_writing()
    {
        using BlockDevice first = DiskImage.Create(ImagePath, 4096);
        Action open = () => DiskImage.Open(ImagePath);
        open.Should().Throw<DiskImageException>().WithMessage($"*{ImagePath}*cannot be opened*");
    }

    [Test]
    public void Readers_share_an_image()
    {
        File.WriteAllBytes(ImagePath, new byte[512]);
        using BlockDevice first = DiskImage.Open(ImagePath, readOnly: true);
        using BlockDevice second = DiskImage.Open(ImagePath, readOnly: true);
        second.Length.Should().Be(512);
        second.ReadOnly.Should().BeTrue();
    }

    [Test]
    public void A_file_that_may_not_be_written_is_opened_for_reading_only()
    {
        File.WriteAllBytes(ImagePath, new byte[512]);
        File.SetAttributes(ImagePath, FileAttributes.ReadOnly);
        try
        {
            DiskImage.Open(ImagePath, readOnly: true).Dispose();
            if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
                return; // nothing is forbidden to root
            Action open = () => DiskImage.Open(ImagePath);
            open.Should().Throw<DiskImageException>().WithMessage("*may not be opened for writing*");
        }
        finally
        {
            File.SetAttributes(ImagePath, FileAttributes.Normal);
        }
    }

    [Test]
    public void Creating_does_not_overwrite()
    {
        File.WriteAllBytes(ImagePath, new byte[512]);
        Action create = () => DiskImage.Create(ImagePath, 4096);
        create.Should().Throw<DiskImageException>().WithMessage("*exists already*");
        create = () => DiskImage.Create(Path.Combine(_directory.FullName, "no", "disk.img"), 4096);
        create.Should().Throw<DiskImageException>();
    }

    [Test]
    public async Task Content_survives_closing()
    {
        byte[] data = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];
        await using (BlockDevice image = DiskImage.Create(ImagePath, 1 << 20))
        {
            await image.WriteAsync(12345, data);
            await image.FlushAsync();
        }

        await using BlockDevice again = DiskImage.Open(ImagePath, readOnly: true);
        again.Length.Should().Be(1 << 20);
        byte[] read = new byte[1000];
        await again.ReadAsync(12345, read);
        read.Should().Equal(data);
        Action write = () => _ = again.WriteAsync(0, data).AsTask();
        write.Should().Throw<InvalidOperationException>();
    }

    [Test]
    public async Task Resizing_keeps_content_and_adds_zeros()
    {
        await using BlockDevice image = DiskImage.Create(ImagePath, 1000);
        await image.WriteAsync(990, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 });
        await image.ResizeAsync(2000);
        byte[] read = new byte[20];
        await image.ReadAsync(990, read);
        read.Should().Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    }

    [Test]
    public void Local_media_complete_at_once()
    {
        using BlockDevice image = DiskImage.Create(ImagePath, 1 << 20);
        using OverlayDisk overlay = image.Overlay();
        byte[] buffer = new byte[100_000];
        overlay.ReadAsync(5, buffer).AsTask().IsCompletedSuccessfully.Should().BeTrue();
        overlay.WriteAsync(5, buffer).AsTask().IsCompletedSuccessfully.Should().BeTrue();
        image.WriteZeroesAsync(0, 1 << 20).AsTask().IsCompletedSuccessfully.Should().BeTrue();
        image.FlushAsync().AsTask().IsCompletedSuccessfully.Should().BeTrue();
    }
}
