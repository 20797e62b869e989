namespace Emulation.Storage.Tests;

/// <summary>A file that fails now and then: the operation fails, the image goes on.</summary>
public sealed class FaultTests
{
    private const int Length = 600 << 10;

    private static readonly int s_seeds = int.Parse(Environment.GetEnvironmentVariable("EMULATION_SEEDS") ?? "8");

    private static IEnumerable<Qcow2CreateOptions> Options { get; } =
    [
        new() { ClusterSize = 512, RefcountBits = 64 },
        new() { ClusterSize = 4096, RefcountBits = 8, LazyRefcounts = true },
        new() { ClusterSize = 16384, ExtendedL2 = true },
    ];

    [Test]
    public async Task A_failed_operation_damages_nothing_else([ValueSource(nameof(Options))] Qcow2CreateOptions options)
    {
        for (int seed = 0; seed < s_seeds; seed++)
        {
            var random = new Random(seed);
            var file = new FailingDisk(new RecordingDisk(record: false));
            var image = (Qcow2Image)await DiskImage.CreateAsync(file, Length, options);
            var shadow = new Shadow(Length);
            for (int i = 0; i < 120; i++)
            {
                file.FailAt = random.Next(3) == 0 ? file.Operations + random.Next(8) : -1;
                try
                {
                    await StepAsync(image, shadow, random);
                }
                catch (IOException e) when (e.Message == FailingDisk.Message)
                {
                    // what was to be changed may be either; the rest must be as it was
                    file.FailAt = -1;
                    byte[] now = new byte[image.Length];
                    await image.ReadAsync(0, now);
                    shadow.Bytes = now;
                }

                file.FailAt = -1;
                await shadow.CheckAsync(image);
            }

            await image.FlushAsync();
            DiskCheckResult check = await image.CheckAsync();
            if (check.Corruptions > 0)
                Assert.Fail($"seed {seed}: {string.Join(Environment.NewLine, check.Messages)}");
        }
    }

    private static async Task StepAsync(Qcow2Image image, Shadow shadow, Random random)
    {
        byte[] before = [.. shadow.Bytes];
        int offset = random.Next(Length);
        int count = Math.Min(random.Next(30_000), Length - offset);
        byte[] data = Shadow.RandomBytes(random, count);
        try
        {
            switch (random.Next(8))
            {
                case 0:
                    await image.FlushAsync();
                    break;
                case 1:
                    await image.CreateSnapshotAsync("s");
                    break;
                case 2 when image.Snapshots.Count > 0:
                    await image.DeleteSnapshotAsync(image.Snapshots[random.Next(image.Snapshots.Count)].Id);
                    break;
                case 3:
                    offset &= -image.ClusterSize;
                    count = Math.Min(image.ClusterSize, Length - offset);
                    data = Shadow.RandomBytes(random, count);
                    data.CopyTo(shadow.Bytes, offset);
                    await image.WriteCompressedAsync(offset, data);
                    break;
                case 4:
                    shadow.Bytes.AsSpan(offset, count).Clear();
                    await image.WriteZeroesAsync(offset, count);
                    break;
                default:
                    data.CopyTo(shadow.Bytes, offset);
                    await image.WriteAsync(offset, data);
                    break;
            }
        }
        catch (IOException)
        {
            byte[] now = new byte[Length];
            ((FailingDisk)File(image)).FailAt = -1;
            await image.ReadAsync(0, now);
            for (int i = 0; i < Length; i++)
            {
                if (now[i] != before[i] && now[i] != shadow.Bytes[i])
                    Assert.Fail($"byte 0x{i:x} is 0x{now[i]:x2}, neither 0x{before[i]:x2} nor 0x{shadow.Bytes[i]:x2}");
            }

            throw;
        }
    }

    private static IBlockDevice File(Qcow2Image image) => image.File;

    private sealed class FailingDisk(IBlockDevice inner) : PassThrough(inner)
    {
        public const string Message = "a bad sector";

        public long Operations { get; private set; }

        public long FailAt { get; set; } = -1;

        protected override ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        {
            Count();
            return base.ReadCoreAsync(offset, buffer, cancellationToken);
        }

        protected override ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
        {
            Count();
            return base.WriteCoreAsync(offset, buffer, cancellationToken);
        }

        protected override ValueTask FlushCoreAsync(CancellationToken cancellationToken)
        {
            Count();
            return base.FlushCoreAsync(cancellationToken);
        }

        protected override ValueTask ResizeCoreAsync(long length, CancellationToken cancellationToken)
        {
            Count();
            return base.ResizeCoreAsync(length, cancellationToken);
        }

        private void Count()
        {
            if (Operations++ == FailAt)
                throw new IOException(Message);
        }
    }
}
