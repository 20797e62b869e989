namespace Emulation.Storage.Tests;

/// <summary>Requests fail exactly where they are told to, and a power cut leaves what it may.</summary>
public sealed class LayerFaultTests
{
    [Test]
    public async Task Only_the_chosen_requests_fail()
    {
        await using IBlockDevice disk = DiskImage.InMemory(1 << 20).WithFaults(
        [
            new() { Operations = DiskOperations.Read, Offset = 4096, Length = 512, After = 1, Count = 2 },
            new() { Operations = DiskOperations.Flush, Error = () => new TimeoutException("chosen") },
        ]);
        byte[] buffer = new byte[512];
        await disk.ReadAsync(4096, buffer);
        await disk.ReadAsync(4096 + 512, buffer);
        await disk.ReadAsync(4096 - 512, buffer);
        (await FluentActions.Awaiting(() => disk.ReadAsync(4000, buffer).AsTask()).Should().ThrowAsync<IOException>()).Which.Message.Should().Contain("Read at byte 0xfa0");
        await FluentActions.Awaiting(() => disk.ReadAsync(4096 + 511, buffer).AsTask()).Should().ThrowAsync<IOException>();
        await disk.ReadAsync(4096, buffer);
        await FluentActions.Awaiting(() => disk.FlushAsync().AsTask()).Should().ThrowAsync<TimeoutException>();
        await disk.WriteAsync(4096, buffer);
    }

    [Test]
    public async Task A_torn_write_leaves_whole_sectors()
    {
        var memory = DiskImage.InMemory(1 << 16);
        await using IBlockDevice disk = memory.WithFaults([new() { Torn = true, Operations = DiskOperations.Write }], seed: 5);
        await FluentActions.Awaiting(() => disk.WriteAsync(100, Enumerable.Repeat((byte)1, 20_000).ToArray()).AsTask()).Should().ThrowAsync<IOException>();
        byte[] read = new byte[1 << 16];
        await memory.ReadAsync(0, read);
        int written = read.Count(b => b == 1);
        written.Should().BeInRange(2000, 18_000);
        for (int sector = 512; sector < 19_456; sector += 512)
            read[sector..(sector + 512)].Distinct().Should().ContainSingle();
    }

    [Test]
    public async Task A_power_cut_keeps_what_was_flushed()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            var memory = new SparseDisk(new byte[10_000]);
            await using PowerCutDisk disk = memory.WithPowerCut(operations: 6, seed);
            await disk.WriteAsync(0, Enumerable.Repeat((byte)1, 5000).ToArray());
            await disk.FlushAsync();
            await disk.WriteAsync(2000, Enumerable.Repeat((byte)2, 5000).ToArray());
            await disk.ResizeAsync(6000);
            await disk.ResizeAsync(12_000);
            byte[] now = new byte[12_000];
            await disk.ReadAsync(0, now);
            now.Should().Equal([.. Enumerable.Repeat((byte)1, 2000), .. Enumerable.Repeat((byte)2, 4000), .. new byte[6000]]);
            await disk.WriteAsync(11_000, new byte[] { 3 });
            await FluentActions.Awaiting(() => disk.WriteAsync(0, new byte[] { 4 }).AsTask()).Should().ThrowAsync<IOException>();
            await FluentActions.Awaiting(() => disk.ReadAsync(0, now).AsTask()).Should().ThrowAsync<IOException>();
            disk.Operations.Should().Be(6);
            byte[] left = new byte[memory.Length];
            await memory.ReadAsync(0, left);
            left[..2000].Should().AllBeEquivalentTo((byte)1, $"seed {seed}");
            left[2000..5000].Should().OnlyContain(b => b == 1 || b == 2);
        }
    }

    [Test]
    public async Task Random_operations_over_a_power_cut_layer_agree_with_a_shadow_array()
    {
        var random = new Random(3);
        var shadow = new Shadow(300_000);
        var memory = new SparseDisk(new byte[300_000]);
        await using PowerCutDisk disk = memory.WithPowerCut(leaveOpen: true);
        for (int i = 0; i < 300; i++)
        {
            await shadow.StepAsync(disk, random, 20_000);
            if (random.Next(20) > 0)
                continue;
            shadow.Resize(random.Next(100_000, 400_000));
            await disk.ResizeAsync(shadow.Bytes.Length);
        }

        await shadow.CheckAsync(disk);
        await disk.FlushAsync();
        await shadow.CheckAsync(memory);
    }
}
