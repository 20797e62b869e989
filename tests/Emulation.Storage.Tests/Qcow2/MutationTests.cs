using System.Buffers.Binary;

namespace Emulation.Storage.Tests;

/// <summary>Images with damaged headers and tables: always a clear error or a sound answer, in little memory, and nothing written where opening failed.</summary>
/// <remarks><c>EMULATION_SEEDS=100000</c> makes so many of each image.</remarks>
public sealed class MutationTests
{
    private const int Length = 300 << 10;
    private const long MaxMemory = 64 << 20;

    private static readonly int s_count = int.Parse(Environment.GetEnvironmentVariable("EMULATION_SEEDS") ?? "300");
    private static readonly ulong[] s_interesting = [0, 1, 0x200, 0x10000, 0x7fff_ffff, 0xffff_ffff, 1UL << 40, 1UL << 55, (1UL << 62) - 512, 1UL << 62, 1UL << 63, ulong.MaxValue];

    private static IEnumerable<Qcow2Case> Cases { get; } =
    [
        new("512 refcount 64", new() { ClusterSize = 512, RefcountBits = 64 }),
        new("v2 1K", new() { Version = 2, ClusterSize = 1024 }),
        new("4K zstd lazy", new() { ClusterSize = 4096, Compression = Qcow2Compression.Zstd, LazyRefcounts = true }),
        new("extended 16K refcount 4", new() { ClusterSize = 16384, ExtendedL2 = true, RefcountBits = 4 }),
    ];

    [TestCaseSource(nameof(Cases))]
    public async Task Damage_is_an_error_and_no_more(Qcow2Case @case)
    {
        byte[] sound = await MakeAsync(@case);
        List<int> tables = TableOffsets(sound, @case.Options.ClusterSize);
        for (int seed = 0; seed < s_count; seed++)
        {
            var random = new Random(seed);
            byte[] damaged = Damage(sound, tables, @case.Options.ClusterSize, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                await TryAsync(damaged, random, seed);
            }
            catch (Exception e) when (e is not (AssertionException or SuccessException))
            {
                Assert.Fail($"seed {seed}: {e}");
            }

            long used = GC.GetAllocatedBytesForCurrentThread() - before;
            if (used > MaxMemory)
                Assert.Fail($"seed {seed}: {used >> 20} MiB were allocated");
        }
    }

    private static async Task TryAsync(byte[] damaged, Random random, int seed)
    {
        await Expect(() => UseAsync(damaged, random, readOnly: true));
        var file = new RecordingDisk([.. damaged], record: false);
        Qcow2Image? image = null;
        await Expect(async () => image = (Qcow2Image)await DiskImage.OpenAsync(file, new DiskImageOptions { Format = "qcow2" }));
        // a dirty image is repaired when it is opened
        if (image is null && (damaged[79] & 1) == 0)
            file.Operations.Should().Be(0, "an image that cannot be opened is not written");
        if (image is not null)
            await Expect(() => ChangeAsync(image, random));
        await Expect(async () =>
        {
            var copy = new RecordingDisk([.. damaged], record: false);
            DiskCheckResult result = await DiskImage.CheckAsync(copy, DiskRepair.All, "qcow2");
            if (result.Corruptions > 0)
                return;
            DiskCheckResult again = await DiskImage.CheckAsync(copy, DiskRepair.None, "qcow2");
            again.Messages.Should().BeEmpty($"everything was repaired, seed {seed}");
        });
    }

    private static async Task UseAsync(byte[] damaged, Random random, bool readOnly)
    {
        await using var image = (Qcow2Image)await DiskImage.OpenAsync(new RecordingDisk([.. damaged], record: false), new DiskImageOptions { Format = "qcow2", ReadOnly = readOnly });
        byte[] buffer = new byte[1 << 16];
        for (int i = 0; i < 12 && image.Length > 0; i++)
        {
            long offset = i < 6 ? Math.Min(i * 50_000L, image.Length - 1) : random.NextInt64(image.Length);
            await Expect(() => image.ReadAsync(offset, buffer.AsMemory(0, (int)Math.Min(buffer.Length, image.Length - offset))).AsTask());
            await Expect(async () => (await image.GetStatusAsync(offset, image.Length - offset)).Length.Should().BePositive());
        }

        foreach (Qcow2Snapshot snapshot in image.Snapshots)
        {
            await Expect(async () =>
            {
                await using IBlockDevice disk = await image.OpenSnapshotAsync(snapshot.Id);
                await disk.ReadAsync(0, buffer.AsMemory(0, (int)Math.Min(buffer.Length, disk.Length)));
            });
        }
    }

    private static async Task ChangeAsync(Qcow2Image image, Random random)
    {
        byte[] data = new byte[20_000];
        random.NextBytes(data);
        for (int i = 0; i < 8; i++)
        {
            long offset = random.NextInt64(Math.Min(image.Length, Length) + 1);
            int count = (int)Math.Min(random.Next(data.Length), image.Length - offset);
            await Expect(() => image.WriteAsync(offset, data.AsMemory(0, count)).AsTask());
            await Expect(() => image.WriteZeroesAsync(offset, count).AsTask());
            if (i % 3 == 0)
                await Expect(() => image.FlushAsync().AsTask());
        }

        await Expect(async () => await image.CreateSnapshotAsync("new"));
        if (image.Snapshots.Count > 1)
            await Expect(() => image.DeleteSnapshotAsync(image.Snapshots[0].Id).AsTask());
        await Expect(() => image.ResizeAsync(Length + 4096).AsTask());
        await Expect(() => image.DisposeAsync().AsTask());
    }

    // an error of the image, said clearly; anything else is a mistake of ours
    private static async Task Expect(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (DiskImageException e)
        {
            e.Message.Should().Contain("qcow2");
        }
    }

    private static async Task<byte[]> MakeAsync(Qcow2Case @case)
    {
        var file = new RecordingDisk();
        await using (var image = (Qcow2Image)await DiskImage.CreateAsync(file, Length, @case.Options))
        {
            var random = new Random(5);
            var shadow = new Shadow(Length);
            for (int i = 0; i < 30; i++)
                await shadow.StepAsync(image, random, 30_000);
            await image.CreateSnapshotAsync("one", new byte[1000]);
            for (int i = 0; i < 10; i++)
                await shadow.StepAsync(image, random, 30_000);
            await image.CreateSnapshotAsync("two");
            for (int i = 0; i < 4; i++)
                await image.WriteCompressedAsync(i * 2 * image.ClusterSize, Enumerable.Repeat((byte)i, image.ClusterSize).ToArray());
            for (int i = 0; i < 10; i++)
                await shadow.StepAsync(image, random, 30_000);
            (await image.CheckAsync()).IsClean.Should().BeTrue();
        }

        return file.Content;
    }

    // starts of the clusters with header, refcounts, L1, L2 and snapshots
    private static List<int> TableOffsets(byte[] image, int clusterSize)
    {
        var offsets = new List<int> { 0, 0, 0 };
        int l1 = (int)BinaryPrimitives.ReadInt64BigEndian(image.AsSpan(40));
        int refcounts = (int)BinaryPrimitives.ReadInt64BigEndian(image.AsSpan(48));
        offsets.AddRange([l1, refcounts, (int)BinaryPrimitives.ReadInt64BigEndian(image.AsSpan(64))]);
        for (int i = 0; i < BinaryPrimitives.ReadInt32BigEndian(image.AsSpan(36)); i++)
            offsets.Add((int)(BinaryPrimitives.ReadInt64BigEndian(image.AsSpan(l1 + (i * 8))) & 0xff_ffff_fe00));
        for (int i = 0; i < clusterSize / 8; i++)
            offsets.Add((int)BinaryPrimitives.ReadInt64BigEndian(image.AsSpan(refcounts + (i * 8))));
        offsets.RemoveAll(o => o == 0);
        offsets.AddRange([0, 0, 0]);
        return offsets;
    }

    private static byte[] Damage(byte[] sound, List<int> tables, int clusterSize, Random random)
    {
        byte[] damaged = [.. sound];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int start = tables[random.Next(tables.Count)];
            int size = Math.Min(start == 0 ? 120 : clusterSize, damaged.Length - start);
            // most entries are near the start of a table
            int within = random.Next(random.Next(3) == 0 ? size : Math.Min(size, 64));
            switch (random.Next(5))
            {
                case 0: damaged[start + within] ^= (byte)(1 << random.Next(8)); break;
                case 1: damaged[start + within] = (byte)random.Next(256); break;
                case 2 or 3:
                    int field = start + Math.Min(within & ~(random.Next(2) == 0 ? 7 : 3), size - 8);
                    ulong value = random.Next(3) == 0
                        ? (ulong)random.Next(sound.Length) & ~511UL | (random.Next(2) == 0 ? 1UL << 63 : 0)
                        : s_interesting[random.Next(s_interesting.Length)];
                    BinaryPrimitives.WriteUInt64BigEndian(damaged.AsSpan(field), value);
                    break;
                default:
                    if (random.Next(8) == 0)
                        return damaged[..random.Next(damaged.Length)];
                    damaged.AsSpan(start + within, Math.Min(8, size - within)).CopyTo(damaged.AsSpan(start + random.Next(size - 8)));
                    break;
            }
        }

        return damaged;
    }
}
