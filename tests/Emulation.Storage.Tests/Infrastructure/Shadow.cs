namespace Emulation.Storage.Tests;

/// <summary>What a disk should hold, and random operations on both.</summary>
internal sealed class Shadow(int length)
{
    public byte[] Bytes { get; set; } = new byte[length];

    public static byte[] RandomBytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        // half of it compresses well
        if (random.Next(2) == 0)
            random.NextBytes(bytes);
        else
            bytes.AsSpan().Fill((byte)random.Next(1, 256));
        return bytes;
    }

    /// <summary>One random write, zero, discard, read or status.</summary>
    public async Task StepAsync(IBlockDevice device, Random random, int maxLength = 200_000)
    {
        int offset = random.Next(Bytes.Length + 1);
        int count = Math.Min(random.Next(4) == 0 ? random.Next(maxLength) : random.Next(Math.Min(6000, maxLength)), Bytes.Length - offset);
        if (random.Next(3) == 0)
            (offset, count) = (offset & ~4095, count & ~4095);
        switch (random.Next(8))
        {
            case 0 or 1 or 2:
                byte[] data = RandomBytes(random, count);
                data.CopyTo(Bytes, offset);
                await device.WriteAsync(offset, data);
                break;
            case 3:
                Bytes.AsSpan(offset, count).Clear();
                await device.WriteZeroesAsync(offset, count, random.Next(2) == 0);
                break;
            case 4:
                await DiscardAsync(device, offset, count);
                break;
            case 5 when count > 0:
                await CheckStatusAsync(device, offset, count);
                break;
            case 6 when random.Next(4) == 0:
                await device.FlushAsync();
                break;
            default:
                byte[] read = new byte[count];
                await device.ReadAsync(offset, read);
                read.AsSpan().SequenceEqual(Bytes.AsSpan(offset, count)).Should().BeTrue($"bytes {offset} to {offset + count}");
                break;
        }
    }

    public async Task CheckAsync(IBlockDevice device)
    {
        device.Length.Should().Be(Bytes.Length);
        byte[] content = new byte[Bytes.Length];
        await device.ReadAsync(0, content);
        Compare(content);
    }

    public void Compare(ReadOnlySpan<byte> content)
    {
        content.Length.Should().Be(Bytes.Length);
        int same = content.CommonPrefixLength(Bytes);
        if (same < Bytes.Length)
            Assert.Fail($"the disk differs first at byte 0x{same:x}");
    }

    public void Resize(int length)
    {
        byte[] bytes = Bytes;
        Array.Resize(ref bytes, length);
        Bytes = bytes;
    }

    private async Task DiscardAsync(IBlockDevice device, int offset, int count)
    {
        await device.DiscardAsync(offset, count);
        byte[] read = new byte[count];
        await device.ReadAsync(offset, read);
        for (int i = 0; i < count; i++)
        {
            if (read[i] != 0 && read[i] != Bytes[offset + i])
                Assert.Fail($"byte {offset + i} is neither old nor zero after a discard");
        }

        read.CopyTo(Bytes, offset);
    }

    private async Task CheckStatusAsync(IBlockDevice device, int offset, int count)
    {
        while (count > 0)
        {
            BlockRun run = await device.GetStatusAsync(offset, count);
            run.Length.Should().BeInRange(1, count);
            if (run.Status.HasFlag(BlockStatus.Zero))
                Bytes.AsSpan(offset, (int)run.Length).ContainsAnyExcept((byte)0).Should().BeFalse();
            offset += (int)run.Length;
            count -= (int)run.Length;
        }
    }
}
