namespace Emulation.Storage.Tests;

/// <summary>What every writable device promises, each against a shadow array.</summary>
[TestFixture("raw")]
[TestFixture("memory")]
[TestFixture("memory with content")]
[TestFixture("overlay of raw")]
[TestFixture("overlay of overlay")]
[TestFixture("qcow2")]
[TestFixture("qcow2 over raw")]
[TestFixture("overlay of qcow2 over raw")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BlockDeviceTests : IDisposable
{
    // neither a multiple of a cluster nor of a sector
    private const int Length = (5 << 16) + 1234;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("emulation-storage-");
    private readonly byte[] _shadow = new byte[Length];
    private readonly IBlockDevice _device;

    public BlockDeviceTests(string kind)
    {
        var random = new Random(1);
        // an old content with holes
        for (int i = 0; kind != "memory" && i < Length; i += 40_000)
            random.NextBytes(_shadow.AsSpan(i, Math.Min(20_000, Length - i)));
        string path = Path.Combine(_directory.FullName, "disk.img");
        File.WriteAllBytes(path, _shadow);
        _device = kind switch
        {
            "raw" => DiskImage.Open(path),
            "memory" => DiskImage.InMemory(Length),
            "memory with content" => DiskImage.InMemory(_shadow),
            "overlay of raw" => DiskImage.Open(path, readOnly: true).Overlay(),
            "qcow2" => DiskImage.InMemory(_shadow),
            "qcow2 over raw" => Qcow2("raw"),
            "overlay of qcow2 over raw" => Qcow2("raw").Overlay(),
            _ => DiskImage.Open(path, readOnly: true).Overlay().Overlay(),
        };
        if (kind != "qcow2")
            return;
        IBlockDevice full = Qcow2(null);
        full.WriteAsync(0, _shadow).AsTask().IsCompletedSuccessfully.Should().BeTrue();
        _device = full;
    }

    public void Dispose()
    {
        _device.Dispose();
        _directory.Delete(recursive: true);
    }

    [Test]
    public async Task Random_operations_agree_with_a_shadow_array([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 2000; i++)
        {
            int offset = random.Next(Length + 1);
            int count = Math.Min(random.Next(4) == 0 ? random.Next(200_000) : random.Next(2000), Length - offset);
            switch (random.Next(6))
            {
                case 0 or 1:
                    byte[] data = new byte[count];
                    random.NextBytes(data);
                    data.CopyTo(_shadow, offset);
                    await _device.WriteAsync(offset, data);
                    break;
                case 2:
                    _shadow.AsSpan(offset, count).Clear();
                    await _device.WriteZeroesAsync(offset, count, random.Next(2) == 0);
                    break;
                case 3 when count > 0:
                    await Discard(offset, count);
                    break;
                case 4 when count > 0:
                    await CheckStatus(offset, count);
                    break;
                default:
                    byte[] read = new byte[count];
                    await _device.ReadAsync(offset, read);
                    read.AsSpan().SequenceEqual(_shadow.AsSpan(offset, count)).Should().BeTrue();
                    break;
            }
        }

        await CheckContent(_device);
    }

    [Test]
    public void Ranges_outside_are_refused()
    {
        byte[] buffer = new byte[16];
        Action[] actions =
        [
            () => _ = _device.ReadAsync(Length - 15, buffer).AsTask(),
            () => _ = _device.ReadAsync(-1, buffer).AsTask(),
            () => _ = _device.WriteAsync(long.MaxValue, buffer).AsTask(),
            () => _ = _device.WriteZeroesAsync(0, Length + 1).AsTask(),
            () => _ = _device.DiscardAsync(0, -1).AsTask(),
            () => _ = _device.DiscardAsync(1, long.MaxValue).AsTask(),
            () => _ = _device.GetStatusAsync(0, 0).AsTask(),
        ];
        foreach (Action action in actions)
            action.Should().Throw<ArgumentOutOfRangeException>();
        _device.ReadAsync(Length, Memory<byte>.Empty).AsTask().IsCompletedSuccessfully.Should().BeTrue();
    }

    [Test]
    public void A_closed_device_says_so()
    {
        _device.Dispose();
        _device.Dispose();
        Action read = () => _ = _device.ReadAsync(0, new byte[1]).AsTask();
        read.Should().Throw<ObjectDisposedException>();
    }

    [Test]
    public async Task A_read_only_view_passes_reads_only()
    {
        await using IBlockDevice view = _device.AsReadOnly(leaveOpen: true);
        await CheckContent(view);
        view.ReadOnly.Should().BeTrue();
        Action[] actions = [() => _ = view.WriteAsync(0, new byte[1]).AsTask(), () => _ = view.DiscardAsync(0, 1).AsTask(), () => _ = view.WriteZeroesAsync(0, 1).AsTask()];
        foreach (Action action in actions)
            action.Should().Throw<InvalidOperationException>();
        await view.FlushAsync();
    }

    [Test]
    public async Task A_layer_keeps_its_writes_to_itself()
    {
        await using (OverlayDisk overlay = _device.Overlay(leaveOpen: true))
        {
            await overlay.WriteAsync(100, new byte[] { 1, 2, 3 });
            await overlay.WriteZeroesAsync(70_000, 100_000);
            overlay.ChangedClusters.Should().BePositive();
            overlay.RevertChanges();
            await CheckContent(overlay);
            await overlay.WriteAsync(0, new byte[Length]);
        }

        await CheckContent(_device);
    }

    [Test]
    public async Task A_fork_and_its_origin_go_separate_ways()
    {
        if (_device is not IVolatileBlockDevice origin)
            return;
        await origin.WriteAsync(10, new byte[] { 1, 1, 1 });
        await using IVolatileBlockDevice fork = origin.Fork();
        await origin.WriteAsync(11, new byte[] { 2 });
        await fork.WriteAsync(12, new byte[] { 3 });
        byte[] a = new byte[3], b = new byte[3];
        await origin.ReadAsync(10, a);
        await fork.ReadAsync(10, b);
        a.Should().Equal([1, 2, 1]);
        b.Should().Equal([1, 1, 3]);
    }

    [Test]
    public async Task Changes_rebuild_the_content_elsewhere()
    {
        if (_device is not IVolatileBlockDevice origin)
            return;
        byte[] before = new byte[Length];
        await origin.ReadAsync(0, before);
        await using var copy = (IVolatileBlockDevice)(_device is MemoryDisk ? DiskImage.InMemory(Length) : DiskImage.InMemory(before).Overlay());
        await origin.WriteAsync(100_000, new byte[] { 9, 9, 9 });
        await origin.WriteZeroesAsync(2 << 16, 1 << 16);
        copy.RevertChanges();
        foreach ((long index, ReadOnlyMemory<byte> content) in origin.Changes)
            copy.RestoreCluster(index, content.Span);
        byte[] expected = new byte[Length], actual = new byte[Length];
        await origin.ReadAsync(0, expected);
        await copy.ReadAsync(0, actual);
        actual.AsSpan().SequenceEqual(expected).Should().BeTrue();
    }

    private BlockDevice Qcow2(string? backing) => DiskImage.Create(
        Path.Combine(_directory.FullName, "disk.qcow2"), Length, new Qcow2CreateOptions { BackingFile = backing is null ? null : "disk.img", BackingFormat = backing });

    // afterwards the bytes are the old ones or zeros, and stay what they are
    private async Task Discard(int offset, int count)
    {
        await _device.DiscardAsync(offset, count);
        byte[] read = new byte[count];
        await _device.ReadAsync(offset, read);
        for (int i = 0; i < count; i++)
        {
            if (read[i] != 0 && read[i] != _shadow[offset + i])
                Assert.Fail($"byte {offset + i} is neither old nor zero after a discard");
        }

        read.CopyTo(_shadow, offset);
    }

    private async Task CheckStatus(int offset, int count)
    {
        while (count > 0)
        {
            BlockRun run = await _device.GetStatusAsync(offset, count);
            run.Length.Should().BeInRange(1, count);
            if (run.Status.HasFlag(BlockStatus.Zero))
                _shadow.AsSpan(offset, (int)run.Length).ContainsAnyExcept((byte)0).Should().BeFalse();
            offset += (int)run.Length;
            count -= (int)run.Length;
        }
    }

    private async Task CheckContent(IBlockDevice device)
    {
        byte[] content = new byte[Length];
        await device.ReadAsync(0, content);
        content.AsSpan().SequenceEqual(_shadow).Should().BeTrue();
    }
}
