namespace Emulation.Storage.Tests;

/// <summary>Images written by each side, read, checked and changed by the other.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class InteroperationTests : IDisposable
{
    // not a multiple of any cluster
    private const int Length = (5 << 20) + 1536;

    private readonly TempFolder _folder = new();
    private readonly Shadow _shadow = new(Length);

    private string Image => _folder["disk.qcow2"];

    public void Dispose() => _folder.Dispose();

    [TestCaseSource(typeof(Qcow2Case), nameof(Qcow2Case.All))]
    public async Task Ours_then_theirs_then_ours(Qcow2Case @case)
    {
        var random = new Random(11);
        PrepareBacking(@case, random);
        await using (BlockDevice image = DiskImage.Create(Image, Length, @case.In(_folder)))
        {
            await _shadow.CheckAsync(image);
            await ChangeAsync((Qcow2Image)image, random);
            await _shadow.CheckAsync(image);
        }

        QemuImg.ShouldBeClean(Image);
        _shadow.Compare(QemuImg.Read(Image, "qcow2"));
        ChangeWithQemu(random);
        await using (BlockDevice image = DiskImage.Open(Image))
        {
            await _shadow.CheckAsync(image);
            await ChangeAsync((Qcow2Image)image, random);
        }

        QemuImg.ShouldBeClean(Image);
        _shadow.Compare(QemuImg.Read(Image, "qcow2"));
        DiskImage.Check(Image).IsClean.Should().BeTrue();
        if (@case.Options.DataFileIsRaw)
            _shadow.Compare(File.ReadAllBytes(_folder["data.raw"]));
    }

    [TestCaseSource(typeof(Qcow2Case), nameof(Qcow2Case.All))]
    public async Task Theirs_then_ours_then_theirs(Qcow2Case @case)
    {
        var random = new Random(12);
        PrepareBacking(@case, random);
        QemuImg.Run(["create", "-q", "-f", "qcow2", .. @case.ArgumentsIn(_folder), Image, $"{Length}"]);
        ChangeWithQemu(random);
        DiskImage.Check(Image).Corruptions.Should().Be(0);
        await using (BlockDevice image = DiskImage.Open(Image))
        {
            await _shadow.CheckAsync(image);
            await ChangeAsync((Qcow2Image)image, random);
        }

        QemuImg.ShouldBeClean(Image);
        ChangeWithQemu(random);
        QemuImg.ShouldBeClean(Image);
        await using BlockDevice again = DiskImage.Open(Image, readOnly: true);
        await _shadow.CheckAsync(again);
    }

    [TestCase(Qcow2Compression.Zlib, 512)]
    [TestCase(Qcow2Compression.Zlib, 65536)]
    [TestCase(Qcow2Compression.Zlib, 2 << 20)]
    [TestCase(Qcow2Compression.Zstd, 512)]
    [TestCase(Qcow2Compression.Zstd, 65536)]
    [TestCase(Qcow2Compression.Zstd, 2 << 20)]
    public async Task Compressed_images_read_on_the_other_side(Qcow2Compression compression, int clusterSize)
    {
        var random = new Random(13);
        for (int i = 0; i < Length; i += 70_000)
            Shadow.RandomBytes(random, Math.Min(50_000, Length - i)).CopyTo(_shadow.Bytes, i);
        File.WriteAllBytes(_folder["source.raw"], _shadow.Bytes);
        string type = compression == Qcow2Compression.Zlib ? "zlib" : "zstd";
        QemuImg.Run("convert", "-c", "-f", "raw", "-O", "qcow2", "-o", $"cluster_size={clusterSize},compression_type={type}", _folder["source.raw"], Image);
        await using (BlockDevice theirs = DiskImage.Open(Image))
        {
            await _shadow.CheckAsync(theirs);
            await ChangeAsync((Qcow2Image)theirs, random);
            await _shadow.CheckAsync(theirs);
        }

        QemuImg.ShouldBeClean(Image);
        _shadow.Compare(QemuImg.Read(Image, "qcow2"));

        string second = _folder["ours.qcow2"];
        await using (var ours = (Qcow2Image)DiskImage.Create(second, Length, new Qcow2CreateOptions { ClusterSize = clusterSize, Compression = compression }))
        {
            for (int offset = 0; offset < Length; offset += clusterSize)
                await ours.WriteCompressedAsync(offset, _shadow.Bytes.AsMemory(offset, Math.Min(clusterSize, Length - offset)));
            await _shadow.CheckAsync(ours);
        }

        QemuImg.ShouldBeClean(second);
        _shadow.Compare(QemuImg.Read(second, "qcow2"));
        DiskImage.Check(second).CompressedClusters.Should().BePositive();
    }

    [Test]
    public async Task A_chain_of_three_reads_like_theirs()
    {
        var random = new Random(14);
        PrepareBacking(Qcow2Case.All.First() with { Backing = true }, random);
        QemuImg.Run("create", "-q", "-f", "qcow2", "-b", "base.raw", "-F", "raw", _folder["middle.qcow2"], $"{Length}");
        QemuImg.Io("qcow2", _folder["middle.qcow2"], "write -P 7 100k 300k");
        _shadow.Bytes.AsSpan(100 << 10, 300 << 10).Fill(7);
        int grown = Length + (3 << 20);
        await using (BlockDevice top = DiskImage.Create(Image, grown, new Qcow2CreateOptions { BackingFile = "middle.qcow2", BackingFormat = "qcow2" }))
        {
            _shadow.Resize(grown);
            for (int i = 0; i < 60; i++)
                await _shadow.StepAsync(top, random);
            await _shadow.CheckAsync(top);
        }

        QemuImg.ShouldBeClean(Image);
        _shadow.Compare(QemuImg.Read(Image, "qcow2"));
    }

    private void PrepareBacking(Qcow2Case @case, Random random)
    {
        if (!@case.Backing)
            return;
        // shorter than the disk, with holes
        int length = 3_000_320;
        for (int i = 0; i < length; i += 300_000)
            Shadow.RandomBytes(random, Math.Min(170_000, length - i)).CopyTo(_shadow.Bytes, i);
        File.WriteAllBytes(_folder["base.raw"], _shadow.Bytes.AsSpan(0, length).ToArray());
    }

    private async Task ChangeAsync(Qcow2Image image, Random random)
    {
        for (int i = 0; i < 80; i++)
        {
            await _shadow.StepAsync(image, random);
            if (random.Next(6) > 0 || image.DataFile is not null)
                continue;
            int offset = random.Next(Length) & -image.ClusterSize;
            byte[] cluster = Shadow.RandomBytes(random, Math.Min(image.ClusterSize, Length - offset));
            await image.WriteCompressedAsync(offset, cluster);
            cluster.CopyTo(_shadow.Bytes, offset);
        }
    }

    private void ChangeWithQemu(Random random)
    {
        var commands = new List<string>();
        for (int i = 0; i < 12; i++)
        {
            int offset = random.Next(Length / 512) * 512;
            int count = Math.Min((random.Next(400) + 1) * 512, Length - offset);
            int pattern = random.Next(1, 256);
            bool zero = random.Next(3) == 0;
            commands.Add(zero ? $"write -z -u {offset} {count}" : $"write -P {pattern} {offset} {count}");
            _shadow.Bytes.AsSpan(offset, count).Fill((byte)(zero ? 0 : pattern));
        }

        QemuImg.Io("qcow2", Image, [.. commands]);
    }
}
