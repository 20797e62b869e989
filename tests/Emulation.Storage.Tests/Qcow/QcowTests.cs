using System.Buffers.Binary;

namespace Emulation.Storage.Tests;

/// <summary>What qcow images of version 1 have that other images of blocks do not: encryption, compressed clusters, no recorded format below.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class QcowTests : IDisposable
{
    private const int Length = (3 << 20) + 512;

    private readonly TempFolder _folder = new();
    private readonly Shadow _shadow = new(Length);

    public void Dispose() => _folder.Dispose();

    [TestCase("secret"), TestCase("a passphrase of more than sixteen bytes")]
    public async Task Encrypted_images_go_both_ways(string passphrase)
    {
        var random = new Random(1);
        string ours = _folder["ours.qcow"];
        var options = new DiskImageOptions { Passphrase = passphrase };
        await using (BlockDevice image = DiskImage.Create(ours, Length, new QcowCreateOptions { Passphrase = passphrase }))
            await ChangeAsync(image, random);
        (await File.ReadAllBytesAsync(ours)).AsSpan().IndexOf(_shadow.Bytes.AsSpan(_shadow.Bytes.AsSpan().IndexOfAnyExcept((byte)0) & -16, 64)).Should().Be(-1, "nothing is there in clear");
        CompareWithQemu(ours, passphrase);
        string[] io = ["--object", $"secret,id=s,data={passphrase}", "--image-opts"];
        QemuImg.IoWith(io, $"driver=qcow,file.filename={ours},encrypt.format=aes,encrypt.key-secret=s", "write -P 7 4608 100000", "write -z 200192 70144");
        _shadow.Bytes.AsSpan(4608, 100000).Fill(7);
        _shadow.Bytes.AsSpan(200192, 70144).Clear();
        await using (BlockDevice image = DiskImage.Open(ours, options))
        {
            await _shadow.CheckAsync(image);
            await ChangeAsync(image, random);
        }

        CompareWithQemu(ours, passphrase);
        string theirs = _folder["theirs.qcow"];
        QemuImg.Run("create", "-q", "-f", "qcow", "--object", $"secret,id=s,data={passphrase}", "-o", "encrypt.format=aes,encrypt.key-secret=s", theirs, $"{Length}");
        _shadow.Bytes.AsSpan().Clear();
        await using (BlockDevice image = DiskImage.Open(theirs, options))
            await ChangeAsync(image, random);
        CompareWithQemu(theirs, passphrase);
    }

    [Test]
    public async Task An_encrypted_image_asks_for_its_passphrase()
    {
        DiskImage.Create(_folder["disk.qcow"], Length, new QcowCreateOptions { Passphrase = "x" }).Dispose();
        DiskImageException error = FluentActions.Invoking(() => DiskImage.Open(_folder["disk.qcow"])).Should().Throw<DiskImageException>().Which;
        (error.Format, error.Offset).Should().Be(("qcow", 36L));
        await using BlockDevice image = DiskImage.Open(_folder["disk.qcow"], new DiskImageOptions { Passphrase = "x" });
        image.Length.Should().Be(Length);
    }

    [Test]
    public async Task Compressed_clusters_are_read_and_written_over()
    {
        var random = new Random(2);
        for (int offset = 0; offset < Length; offset += 100_000)
            Shadow.RandomBytes(random, Math.Min(50_000, Length - offset)).CopyTo(_shadow.Bytes, offset);
        await File.WriteAllBytesAsync(_folder["disk.raw"], _shadow.Bytes);
        CompressWithQemu();
        DiskImage.DetectFormat(_folder["disk.qcow"]).Should().Be("qcow");
        for (int round = 0; round < 3; round++)
        {
            await using BlockDevice image = DiskImage.Open(_folder["disk.qcow"]);
            await _shadow.CheckAsync(image);
            await ChangeAsync(image, random);
        }

        _shadow.Compare(QemuImg.Read(_folder["disk.qcow"], "qcow"));
    }

    [Test]
    public async Task Damaged_compressed_clusters_are_errors_and_no_more()
    {
        await File.WriteAllBytesAsync(_folder["disk.raw"], [.. Enumerable.Repeat((byte)5, 200_000), .. new byte[192]]);
        CompressWithQemu();
        byte[] sound = await File.ReadAllBytesAsync(_folder["disk.qcow"]);
        int table = (int)BinaryPrimitives.ReadInt64BigEndian(sound.AsSpan(48));
        sound[table].Should().BeGreaterThanOrEqualTo(0x80, "the first entry is one of a compressed cluster");
        int seeds = int.Parse(Environment.GetEnvironmentVariable("EMULATION_SEEDS") ?? "300");
        for (int seed = 0; seed < seeds; seed++)
        {
            var random = new Random(seed);
            byte[] damaged = [.. sound];
            for (int i = random.Next(1, 4); i > 0; i--)
                damaged[random.Next(2) == 0 ? table + random.Next(48 * 8) : random.Next(table, damaged.Length)] = (byte)random.Next(256);
            var file = new SparseDisk(damaged);
            await using BlockDevice image = await DiskImage.OpenAsync(file);
            for (int offset = 0; offset < 196_000; offset += 4096)
            {
                await Try(() => image.ReadAsync(offset, new byte[4096]).AsTask(), seed);
                await Try(() => image.WriteAsync(offset + 50, new byte[50]).AsTask(), seed);
            }

            await Try(() => image.FlushAsync().AsTask(), seed);
        }
    }

    [Test]
    public void A_backing_file_that_looks_like_an_image_needs_its_format()
    {
        DiskImage.Create(_folder["base.qcow2"], Length, new Qcow2CreateOptions()).Dispose();
        DiskImage.Create(_folder["disk.qcow"], Length, new QcowCreateOptions { BackingFile = "base.qcow2", BackingFormat = "qcow2" }).Dispose();
        FluentActions.Invoking(() => DiskImage.Open(_folder["disk.qcow"])).Should().Throw<DiskImageException>().WithMessage("*format of its backing file*");
        DiskImage.Open(_folder["disk.qcow"], new DiskImageOptions { BackingFormat = "qcow2" }).Dispose();
    }

    // version 7.2 writes all of it and ends with 1 all the same
    private void CompressWithQemu()
    {
        QemuImg.TryRun(out _, "convert", "-c", "-O", "qcow", _folder["disk.raw"], _folder["disk.qcow"]);
        QemuImg.Read(_folder["disk.qcow"], "qcow").AsSpan().SequenceEqual(File.ReadAllBytes(_folder["disk.raw"])).Should().BeTrue();
    }

    private static async Task Try(Func<Task> action, int seed)
    {
        try
        {
            await action();
        }
        catch (DiskImageException e)
        {
            e.Format.Should().Be("qcow", $"seed {seed}");
        }
    }

    private async Task ChangeAsync(BlockDevice image, Random random)
    {
        for (int i = 0; i < 60; i++)
            await _shadow.StepAsync(image, random, 500_000);
        await _shadow.CheckAsync(image);
    }

    private void CompareWithQemu(string path, string passphrase)
    {
        string raw = path + ".raw";
        QemuImg.Run("convert", "--object", $"secret,id=s,data={passphrase}", "--image-opts",
            $"driver=qcow,file.filename={path},encrypt.format=aes,encrypt.key-secret=s", "-O", "raw", raw);
        _shadow.Compare(File.ReadAllBytes(raw));
        File.Delete(raw);
    }
}
