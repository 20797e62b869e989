namespace Emulation.Storage.Tests;

/// <summary>Images of blocks that grow and shrink: what is in them stays, what is new is zero, also when the power is cut meanwhile.</summary>
public sealed class ResizeTests
{
    private static readonly int s_cuts = int.Parse(Environment.GetEnvironmentVariable("EMULATION_SEEDS") ?? "15");

    /// <summary>A format, and the size at which its table is full.</summary>
    public sealed record Case(string Name, DiskCreateOptions Options, string QemuFormat, long Full, bool Backing = false)
    {
        public override string ToString() => Name;
    }

    private static IEnumerable<Case> Cases { get; } =
    [
        new("vdi", new VdiCreateOptions(), "vdi", 128 << 20),
        new("vdi fixed", new VdiCreateOptions { Fixed = true }, "vdi", 2 << 20),
        new("vhd", new VhdCreateOptions(), "vpc", 256 << 20),
        new("vhd by geometry", new VhdCreateOptions { RoundToGeometry = true }, "vpc", 256 << 20),
        new("vhd fixed", new VhdCreateOptions { Fixed = true }, "vpc", 2 << 20),
        new("qed", new QedCreateOptions(), "qed", 5 << 20),
        new("qed 4K backing", new QedCreateOptions { ClusterSize = 4096, TableSize = 2, BackingFile = "base.raw", BackingFormat = "raw" }, "qed", 3 << 20, Backing: true),
        new("parallels", new ParallelsCreateOptions { ClusterSize = 4096 }, "parallels", 1008 * 4096),
    ];

    [TestCaseSource(nameof(Cases))]
    public async Task Random_operations_and_sizes_agree_with_a_shadow_array(Case @case)
    {
        using var folder = new TempFolder();
        var random = new Random(5);
        int length = 4 << 20;
        var shadow = new Shadow(length);
        if (@case.Backing)
        {
            // longer than the disk: what lies behind its end must never be seen
            byte[] below = new byte[9 << 20];
            random.NextBytes(below);
            await File.WriteAllBytesAsync(folder["base.raw"], below);
            shadow.Bytes = below[..length];
        }

        string path = folder["disk.img"];
        (await DiskImage.CreateAsync(PlainFile.Create(path, 0), length, @case.Options, path)).Dispose();
        for (int round = 0; round < 4; round++)
        {
            await using (BlockDevice image = DiskImage.Open(path, new DiskImageOptions { Format = @case.Options.Format }))
            {
                shadow.Resize((int)image.Length);
                await shadow.CheckAsync(image);
                for (int i = 0; i < 40; i++)
                {
                    await shadow.StepAsync(image, random, 1_500_000);
                    if (random.Next(8) > 0)
                        continue;
                    shadow.Resize(random.Next(2, 20_000) * 512);
                    await image.ResizeAsync(shadow.Bytes.Length);
                    await shadow.CheckAsync(image);
                }

                await FluentActions.Awaiting(() => image.ResizeAsync(1000).AsTask()).Should().ThrowAsync<DiskImageException>();
            }

            shadow.Compare(QemuImg.Read(path, @case.QemuFormat));
            if (@case.QemuFormat != "vpc")
                QemuImg.Run("check", "-f", @case.QemuFormat, path);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public async Task A_full_table_grows(Case @case)
    {
        if (@case.Backing)
            Assert.Pass("its table is never full");
        using var folder = new TempFolder();
        string path = folder["disk.img"];
        var expected = new SortedDictionary<long, byte>();
        var random = new Random(6);
        await using (BlockDevice image = DiskImage.Create(path, @case.Full, @case.Options))
        {
            for (int i = 0; i < 30; i++)
                await WriteAsync(image, expected, random);
            // one that does not fit any more, then many
            foreach (long length in new[] { image.Length + 512, image.Length * 2, (image.Length * 3) + 1536 })
            {
                await image.ResizeAsync(length);
                await CheckAsync(image, expected, length.ToString(System.Globalization.CultureInfo.InvariantCulture));
                for (int i = 0; i < 10; i++)
                    await WriteAsync(image, expected, random);
            }
        }

        await using (BlockDevice again = DiskImage.Open(path, new DiskImageOptions { Format = @case.Options.Format }))
        {
            await CheckAsync(again, expected, "again");
            expected.Keys.Last().Should().BeLessThan(again.Length);
        }

        QemuImg.Run("convert", "-f", @case.QemuFormat, "-O", "raw", path, folder["disk.raw"]);
        await using BlockDevice raw = DiskImage.Open(folder["disk.raw"], new DiskImageOptions { Format = "raw" });
        await CheckAsync(raw, expected, "qemu");
        DiskImage.Check(path, format: @case.Options.Format).Corruptions.Should().Be(0);
    }

    [Test]
    public async Task Sizes_of_qed_go_both_ways_with_qemu()
    {
        using var folder = new TempFolder();
        var shadow = new Shadow(2 << 20);
        await using (BlockDevice image = DiskImage.Create(folder["disk.qed"], 2 << 20, new QedCreateOptions()))
            await shadow.StepAsync(image, new Random(1));
        QemuImg.Run("resize", "-f", "qed", folder["disk.qed"], $"{3 << 20}");
        shadow.Resize(3 << 20);
        await using (BlockDevice image = DiskImage.Open(folder["disk.qed"]))
        {
            await shadow.CheckAsync(image);
            await image.ResizeAsync(8 << 20);
            shadow.Resize(8 << 20);
            await shadow.CheckAsync(image);
        }

        QemuImg.Run("resize", "-f", "qed", folder["disk.qed"], $"{9 << 20}");
        shadow.Resize(9 << 20);
        shadow.Compare(QemuImg.Read(folder["disk.qed"], "qed"));
    }

    [TestCaseSource(nameof(Cases))]
    public async Task A_power_cut_leaves_one_size_or_the_other(Case @case)
    {
        using var folder = new TempFolder();
        if (@case.Backing)
            await File.WriteAllBytesAsync(folder["base.raw"], new byte[9 << 20]);
        for (int seed = 0; seed < s_cuts; seed++)
        {
            var random = new Random(seed);
            var expected = new SortedDictionary<long, byte>();
            var file = new SparseDisk();
            PowerCutDisk power = file.WithPowerCut(seed: seed, leaveOpen: true);
            BlockDevice image = await DiskImage.CreateAsync(power, @case.Full - (random.Next(3) * 512), @case.Options, folder["disk.img"]);
            long old = image.Length;
            for (int i = random.Next(12); i >= 0; i--)
                await WriteAsync(image, expected, random);
            await image.FlushAsync();
            long length = (random.Next(3) == 0 ? random.NextInt64(1, old / 512) : (old / 512) + random.Next(1, 5000)) * 512;
            power.CutAfter(random.Next(1 << random.Next(1, 7)));
            bool resized = false;
            try
            {
                await image.ResizeAsync(length);
                resized = true;
                await image.FlushAsync();
                await image.DisposeAsync();
            }
            catch (IOException e) when (e.Message == "the power is gone")
            {
                // cut
            }

            await power.CutAsync();
            string because = $"seed {seed}: {old} to {length} bytes";
            var options = new DiskImageOptions { Format = @case.Options.Format };
            await using (BlockDevice again = await DiskImage.OpenAsync(file.AsReadOnly(leaveOpen: true), options with { ReadOnly = true }, folder["disk.img"]))
            {
                if (resized)
                    again.Length.Should().Be(length, because);
                else
                    again.Length.Should().BeOneOf([old, length], because);
                await CheckAsync(again, expected, because, Math.Min(old, length));
                if (again.Length > old)
                    await CheckZeroAsync(again, old, because);
            }

            // and it goes on
            var next = new SortedDictionary<long, byte>(expected.Where(e => e.Key < Math.Min(old, length)).ToDictionary());
            await using (BlockDevice again = await DiskImage.OpenAsync(file, options, folder["disk.img"]))
            {
                await again.ResizeAsync(old + 4096);
                for (int i = 0; i < 5; i++)
                    await WriteAsync(again, next, random);
                await CheckAsync(again, next, because);
                await again.FlushAsync();
            }
        }
    }

    // one byte in a sector of its own
    private static async Task WriteAsync(BlockDevice image, SortedDictionary<long, byte> expected, Random random)
    {
        long offset = random.NextInt64(image.Length / 512) * 512;
        if (random.Next(3) == 0)
            offset = image.Length - 512;
        expected[offset] = (byte)random.Next(1, 256);
        await image.WriteAsync(offset, new[] { expected[offset] });
    }

    private static async Task CheckAsync(BlockDevice image, SortedDictionary<long, byte> expected, string because, long end = long.MaxValue)
    {
        byte[] read = new byte[512];
        foreach ((long offset, byte value) in expected.TakeWhile(e => e.Key < end))
        {
            await image.ReadAsync(offset, read);
            read[0].Should().Be(value, because);
            read.AsSpan(1).ContainsAnyExcept((byte)0).Should().BeFalse(because);
        }
    }

    private static async Task CheckZeroAsync(BlockDevice image, long from, string because)
    {
        byte[] read = new byte[(int)Math.Min(image.Length - from, 3 << 20)];
        await image.ReadAsync(from, read);
        read.AsSpan().ContainsAnyExcept((byte)0).Should().BeFalse(because);
    }
}
