using System.IO.Compression;

namespace Emulation.Storage.Tests;

/// <summary>Devices as streams and streams as devices.</summary>
public sealed class StreamTests
{
    [Test]
    public async Task A_stream_reads_writes_seeks_and_grows()
    {
        var file = new SparseDisk(new byte[1000]);
        await using DiskStream stream = file.AsStream();
        stream.Seek(-10, SeekOrigin.End).Should().Be(990);
        stream.Write([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        stream.Length.Should().Be(1002);
        stream.Position = 998;
        byte[] read = new byte[10];
        stream.Read(read).Should().Be(4);
        read[..4].Should().Equal(9, 10, 11, 12);
        stream.Read(read).Should().Be(0);
        stream.Position = 5000;
        (await stream.ReadAsync(read)).Should().Be(0);
        FluentActions.Invoking(() => stream.Seek(-1, SeekOrigin.Begin)).Should().Throw<IOException>();
        stream.SetLength(100);
        file.Length.Should().Be(100);
    }

    [Test]
    public async Task A_device_of_fixed_size_takes_no_more()
    {
        await using DiskStream stream = DiskImage.InMemory(1000).AsStream();
        stream.Position = 999;
        FluentActions.Invoking(() => stream.Write([1, 2])).Should().Throw<IOException>();
        FluentActions.Invoking(() => stream.SetLength(2000)).Should().Throw<NotSupportedException>();
        stream.Write([1]);
        await using DiskStream readOnly = DiskImage.InMemory(1000).AsReadOnly().AsStream();
        readOnly.CanWrite.Should().BeFalse();
        FluentActions.Invoking(() => readOnly.Write([1])).Should().Throw<NotSupportedException>();
    }

    [Test]
    public async Task Other_code_works_with_the_stream()
    {
        byte[] content = Shadow.RandomBytes(new Random(1), 300_000);
        var file = new SparseDisk([1]);
        await using (DiskStream stream = file.AsStream(leaveOpen: true))
        await using (var zip = new GZipStream(stream, CompressionLevel.Fastest))
            await zip.WriteAsync(content);
        await using var unzip = new GZipStream(file.AsStream(), CompressionMode.Decompress);
        var copy = new MemoryStream();
        await unzip.CopyToAsync(copy);
        copy.ToArray().AsSpan().SequenceEqual(content).Should().BeTrue();
    }

    [Test]
    public async Task An_image_lies_on_a_stream()
    {
        var stream = new MemoryStream();
        var shadow = new Shadow(500_000);
        var random = new Random(2);
        await using (BlockDevice image = await DiskImage.CreateAsync(stream.AsBlockDevice(leaveOpen: true), 500_000 - 32, new Qcow2CreateOptions()))
        {
            shadow.Resize(500_000 - 32);
            for (int i = 0; i < 50; i++)
                await shadow.StepAsync(image, random);
        }

        await using BlockDevice again = await DiskImage.OpenAsync(new MemoryStream(stream.ToArray(), writable: false).AsBlockDevice());
        again.ReadOnly.Should().BeTrue();
        await shadow.CheckAsync(again);
    }
}
