using Emulation.Cli.Options;
using Emulation.Storage;
using Emulation.Storage.Tests;

namespace Emulation.Cli.Tests;

public sealed class DiskOptionTests
{
    [Test]
    public async Task An_encrypted_disk_is_opened_with_the_passphrase_of_a_file()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["pass"], "open sesame\n");
        await using (BlockDevice created = DiskImage.Create(folder["disk"], 1 << 20, new Qcow2CreateOptions { Passphrase = "open sesame" }))
            await created.WriteAsync(5, new byte[] { 1, 2, 3 });
        ((Action)(() => DiskOption.Parse($"file={folder["disk"]}").Open())).Should().Throw<DiskImageException>().WithMessage("*passphrase*");
        using IBlockDevice disk = DiskOption.Parse($"file={folder["disk"]},passphrase-file={folder["pass"]},overlay").Open();
        byte[] read = new byte[3];
        await disk.ReadAsync(5, read);
        read.Should().Equal(1, 2, 3);
    }

    [TestCase("vmdk", "vmdk", "subformat=twoGbMaxExtentSparse")]
    [TestCase("vmdk", "vmdk", "subformat=streamOptimized")]
    [TestCase("vhdx", "vhdx", "subformat=dynamic")]
    [TestCase("qcow", "qcow", "encryption=off")]
    public async Task Images_of_every_format_are_disks(string format, string theirs, string options)
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", theirs, "-o", options, folder["disk"], "1M");
        foreach (string text in (string[])[$"file={folder["disk"]}", $"file={folder["disk"]},format={format},overlay"])
        {
            using IBlockDevice disk = DiskOption.Parse(text).Open();
            await disk.WriteAsync(70_000, new byte[] { 1, 2, 3 });
            byte[] read = new byte[4];
            await disk.ReadAsync(70_000, read);
            read.Should().Equal(1, 2, 3, 0);
        }

        QemuImg.Read(folder["disk"], theirs).AsSpan(70_000, 4).ToArray().Should().Equal(1, 2, 3, 0);
    }

    [Test]
    public void Formats_go_by_all_their_names()
        => DiskOption.Parse("file=x,format=vpc").ImageFormat.Should().Be("vhd");
}
