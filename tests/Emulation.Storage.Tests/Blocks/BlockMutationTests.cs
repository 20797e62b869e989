using System.Buffers.Binary;

namespace Emulation.Storage.Tests;

/// <summary>Images of blocks with damaged headers and tables: a clear error or a sound answer, in little memory, and nothing written where opening failed.</summary>
/// <remarks><c>EMULATION_SEEDS=100000</c> makes so many of each image.</remarks>
public sealed class BlockMutationTests
{
    private const int Length = (3 << 20) + 512;
    private const long MaxMemory = 100 << 20;

    private static readonly int s_count = int.Parse(Environment.GetEnvironmentVariable("EMULATION_SEEDS") ?? "200");
    private static readonly ulong[] s_interesting = [0, 1, 2, 0x200, 0x1000, 0x10_0000, 0x7fff_ffff, 0xffff_fffe, 0xffff_ffff, 1UL << 40, 1UL << 62, 1UL << 63, ulong.MaxValue];

    [TestCaseSource(typeof(BlockCase), nameof(BlockCase.WithUnknown))]
    public async Task Damage_is_an_error_and_no_more(BlockCase @case)
    {
        using var folder = new TempFolder();
        @case.WriteBacking(folder, new byte[5000], Length);
        byte[] closed = await MakeAsync(@case, folder["disk.img"]);
        byte[] open = @case.HasLog ? await MakeAsync(@case, folder["disk.img"], closed: false) : closed;
        for (int seed = 0; seed < s_count; seed++)
        {
            var random = new Random(seed);
            byte[] damaged = Damage(seed % 2 == 0 ? closed : open, @case, random);
            var file = new SparseDisk(damaged);
            long before = GC.GetAllocatedBytesForCurrentThread();
            BlockDevice? image = null;
            try
            {
                await Expect(@case, async () => image = await DiskImage.OpenAsync(file, new DiskImageOptions { Format = @case.Format }, folder["disk.img"]));
                if (image is null)
                    file.Operations.Should().Be(0, "an image that cannot be opened is not written");
                else
                    await UseAsync(@case, image, random);
            }
            catch (Exception e) when (e is not AssertionException)
            {
                Assert.Fail($"seed {seed}: {e}");
            }

            long used = GC.GetAllocatedBytesForCurrentThread() - before;
            if (used > MaxMemory)
                Assert.Fail($"seed {seed}: {used >> 20} MiB were allocated");
        }
    }

    [TestCaseSource(typeof(BlockCase), nameof(BlockCase.WithUnknown))]
    public async Task Truncated_images_are_errors_or_read(BlockCase @case)
    {
        using var folder = new TempFolder();
        @case.WriteBacking(folder, new byte[5000], Length);
        byte[] sound = await MakeAsync(@case, folder["disk.img"]);
        for (int length = 1; length < sound.Length; length += length < 2000 ? 127 : 300_007)
        {
            var file = new SparseDisk(sound[..length]);
            BlockDevice? image = null;
            await Expect(@case, async () => image = await DiskImage.OpenAsync(file, new DiskImageOptions { Format = @case.Format }, folder["disk.img"]));
            if (image is null)
                file.Operations.Should().Be(0);
            else
                await UseAsync(@case, image, new Random(length));
        }
    }

    private static async Task UseAsync(BlockCase @case, BlockDevice image, Random random)
    {
        byte[] buffer = new byte[20_000];
        for (int i = 0; i < 10 && image.Length > 0; i++)
        {
            long offset = random.NextInt64(random.Next(3) == 0 ? image.Length : Math.Min(image.Length, Length));
            int count = (int)Math.Min(random.Next(buffer.Length), image.Length - offset);
            await Expect(@case, () => image.ReadAsync(offset, buffer.AsMemory(0, count)).AsTask());
            await Expect(@case, () => image.GetStatusAsync(offset, Math.Min(image.Length - offset, 1 << 30)).AsTask());
            await Expect(@case, () => image.WriteAsync(offset, buffer.AsMemory(0, count)).AsTask());
            await Expect(@case, () => image.WriteZeroesAsync(offset, Math.Min(image.Length - offset, 2 << 20)).AsTask());
            await Expect(@case, () => image.FlushAsync().AsTask());
        }

        await Expect(@case, () => image.DisposeAsync().AsTask());
    }

    // an error of the image, said clearly; anything else is a mistake of ours
    private static async Task Expect(BlockCase @case, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (DiskImageException e)
        {
            e.Format.Should().Be(@case.Format);
            e.Offset.Should().NotBeNull();
        }
    }

    // one that is not closed has a log in force
    private static async Task<byte[]> MakeAsync(BlockCase @case, string path, bool closed = true)
    {
        var file = new RecordingDisk(record: false);
        int length = @case.Length(Length);
        await using (BlockDevice image = await DiskImage.CreateAsync(file, length, @case.Options, path))
        {
            for (int offset = 0; offset < length; offset += 2 << 20)
                await image.WriteAsync(offset, Enumerable.Repeat((byte)7, 5000).ToArray().AsMemory(0, Math.Min(5000, length - offset)));
            await image.FlushAsync();
            if (!closed)
                return file.Content;
        }

        return file.Content;
    }

    private static byte[] Damage(byte[] sound, BlockCase @case, Random random)
    {
        int tables = Math.Min(@case.Tables, sound.Length);
        byte[] damaged = [.. sound];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            // most of what is in use is at the start of a header or table
            int at = random.Next(2) == 0 ? random.Next(tables) : (random.Next(tables) & -4096) + random.Next(Math.Min(64, sound.Length));
            if (@case.Places.Count > 0 && random.Next(4) > 0)
                at = @case.Places[random.Next(@case.Places.Count)] + random.Next(random.Next(2) == 0 ? 100 : 300);
            at = Math.Min(at, sound.Length - 1);
            switch (random.Next(4))
            {
                case 0: damaged[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: damaged[at] = (byte)random.Next(256); break;
                default:
                    int size = random.Next(2) == 0 ? 4 : 8;
                    byte[] value = BitConverter.GetBytes(s_interesting[random.Next(s_interesting.Length)]);
                    if (random.Next(2) == 0)
                        value.AsSpan(0, size).Reverse();
                    value.AsSpan(0, size).CopyTo(damaged.AsSpan(Math.Min(at & -size, sound.Length - size)));
                    break;
            }
        }

        if (random.Next(4) > 0)
            SumUp(damaged);
        return damaged;
    }

    // damage behind right sums goes further
    private static void SumUp(byte[] image)
    {
        foreach ((int start, int length, int at, string cookie) in new[] { (0, 512, 64, "conectix"), (512, 1024, 36, "cxsparse"), (image.Length - 512, 512, 64, "conectix") })
        {
            if (start < 0 || start > image.Length - length || !image.AsSpan(start).StartsWith(System.Text.Encoding.ASCII.GetBytes(cookie)))
                continue;
            uint sum = 0;
            for (int i = 0; i < length; i++)
                sum += i >= at && i < at + 4 ? 0u : image[start + i];
            BinaryPrimitives.WriteUInt32BigEndian(image.AsSpan(start + at), ~sum);
        }

        if (image.AsSpan().StartsWith("vhdxfile"u8))
            VhdxBytes.SumUp(image);
    }
}
