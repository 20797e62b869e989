namespace Emulation.Storage.Tests;

/// <summary>Images written by each side, read, checked and changed by the other.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BlockInteroperationTests : IDisposable
{
    // not a multiple of any block
    private const int Length = (5 << 20) + 1536;

    private readonly TempFolder _folder = new();
    private readonly Shadow _shadow = new(Length);

    private string Image => _folder["disk.img"];

    public void Dispose() => _folder.Dispose();

    [TestCaseSource(typeof(BlockCase), nameof(BlockCase.All))]
    public async Task Ours_then_theirs_then_ours(BlockCase @case)
    {
        var random = new Random(21);
        PrepareBacking(@case, random);
        await using (BlockDevice image = DiskImage.Create(Image, Length, @case.Options))
        {
            await _shadow.CheckAsync(image);
            await ChangeAsync(image, random);
            await _shadow.CheckAsync(image);
        }

        @case.ShouldBeClean(Image);
        _shadow.Compare(QemuImg.Read(Image, @case.QemuFormat));
        ChangeWithQemu(@case, random);
        await using (BlockDevice image = DiskImage.Open(Image, new DiskImageOptions { Format = @case.Format }))
        {
            await _shadow.CheckAsync(image);
            await ChangeAsync(image, random);
        }

        @case.ShouldBeClean(Image);
        _shadow.Compare(QemuImg.Read(Image, @case.QemuFormat));
    }

    [TestCaseSource(typeof(BlockCase), nameof(BlockCase.All))]
    public async Task Theirs_then_ours_then_theirs(BlockCase @case)
    {
        var random = new Random(22);
        PrepareBacking(@case, random);
        QemuImg.Run(@case.Arguments(Image, Length));
        long length;
        using (BlockDevice image = DiskImage.Open(Image, new DiskImageOptions { Format = @case.Format, ReadOnly = true }))
            length = image.Length;
        length.Should().BeGreaterThanOrEqualTo(Length);
        _shadow.Resize((int)length);
        ChangeWithQemu(@case, random);
        await using (BlockDevice image = DiskImage.Open(Image, new DiskImageOptions { Format = @case.Format }))
        {
            await _shadow.CheckAsync(image);
            await ChangeAsync(image, random);
        }

        @case.ShouldBeClean(Image);
        ChangeWithQemu(@case, random);
        @case.ShouldBeClean(Image);
        await using BlockDevice again = DiskImage.Open(Image, new DiskImageOptions { Format = @case.Format, ReadOnly = true });
        await _shadow.CheckAsync(again);
    }

    [TestCaseSource(typeof(BlockCase), nameof(BlockCase.WithUnknown))]
    public async Task Random_operations_agree_with_a_shadow_array(BlockCase @case)
    {
        var random = new Random(23);
        _shadow.Resize(@case.Length(Length));
        PrepareBacking(@case, random);
        (await DiskImage.CreateAsync(PlainFile.Create(Image, 0), _shadow.Bytes.Length, @case.Options, Image)).Dispose();
        for (int round = 0; round < 4; round++)
        {
            await using BlockDevice image = DiskImage.Open(Image, new DiskImageOptions { Format = @case.Format });
            await _shadow.CheckAsync(image);
            for (int i = 0; i < 150; i++)
                await _shadow.StepAsync(image, random, 3_000_000);
            await _shadow.CheckAsync(image);
        }

        @case.ShouldBeClean(Image);
        if (@case.ReadWithQemu(Image) is { } read)
            _shadow.Compare(read);
    }

    private void PrepareBacking(BlockCase @case, Random random)
    {
        if (!@case.Backing)
            return;
        // shorter than the disk, with holes
        int length = @case.Length(3_000_320);
        for (int i = 0; i < length; i += 300_000)
            Shadow.RandomBytes(random, Math.Min(170_000, length - i)).CopyTo(_shadow.Bytes, i);
        @case.WriteBacking(_folder, _shadow.Bytes.AsSpan(0, length).ToArray(), Length);
    }

    private async Task ChangeAsync(BlockDevice image, Random random)
    {
        for (int i = 0; i < 60; i++)
            await _shadow.StepAsync(image, random, 2_500_000);
    }

    private void ChangeWithQemu(BlockCase @case, Random random)
    {
        if (@case.QemuOnlyReads)
            return;
        var commands = new List<string>();
        for (int i = 0; i < 12; i++)
        {
            int offset = random.Next(_shadow.Bytes.Length / 512) * 512;
            int count = Math.Min((random.Next(400) + 1) * 512, _shadow.Bytes.Length - offset);
            int pattern = random.Next(1, 256);
            bool zero = random.Next(3) == 0;
            commands.Add(zero ? $"write -z -u {offset} {count}" : $"write -P {pattern} {offset} {count}");
            _shadow.Bytes.AsSpan(offset, count).Fill((byte)(zero ? 0 : pattern));
        }

        QemuImg.Io(@case.QemuFormat, Image, [.. commands]);
    }
}
