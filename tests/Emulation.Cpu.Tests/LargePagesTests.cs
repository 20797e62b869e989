namespace Emulation.Cpu.Tests;

/// <summary>The bounded set against one that keeps every page.</summary>
public sealed class LargePagesTests
{
    [Test]
    public void Every_page_is_contained_whole([Range(1, 40)] int seed)
    {
        var random = new Random(seed);
        var pages = new LargePages();
        var naive = new List<(ulong First, ulong Last)>();
        for (int i = 0; i < 300; i++)
        {
            if (random.Next(60) == 0)
            {
                pages.Clear();
                naive.Clear();
            }

            int reach = random.Next(4) switch { 0 => 16, 1 => 21, 2 => 30, _ => 39 };
            ulong address = Address(random);
            pages.Add(address, reach);
            ulong first = address >> reach << reach;
            naive.Add((first, first + (1UL << reach) - 1));
            foreach ((ulong low, ulong high) in naive)
            {
                pages.Contains(low).Should().BeTrue();
                pages.Contains(high).Should().BeTrue();
                pages.Contains(low + ((ulong)random.NextInt64() % (high - low))).Should().BeTrue();
            }
        }
    }

    [Test]
    public void Up_to_four_pages_are_kept_apart([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        var pages = new LargePages();
        var naive = new List<(ulong First, ulong Last)>();
        for (int i = 0; i < 4; i++)
        {
            ulong first = Address(random) >> 21 << 21;
            pages.Add(first + 12345, 21);
            naive.Add((first, first + (1UL << 21) - 1));
        }

        foreach ((ulong low, ulong high) in naive)
        {
            foreach (ulong near in new[] { low - 1, low, high, high + 1, Address(random) })
                pages.Contains(near).Should().Be(naive.Exists(p => p.First <= near && near <= p.Last));
        }
    }

    [Test]
    public void A_larger_page_over_a_smaller_one_counts_whole()
    {
        var pages = new LargePages();
        pages.Add(0x4000_0000, 21);
        pages.Add(0x4000_1000, 30);
        pages.Contains(0x7fff_ffff).Should().BeTrue();
        pages.Contains(0x8000_0000).Should().BeFalse();
    }

    [Test]
    public void The_ends_of_the_address_space_are_joined_to_all_of_it()
    {
        var pages = new LargePages();
        foreach (ulong address in new ulong[] { 0UL, 0x4000_0000_0000_0000, 0x8000_0000_0000_0000, 0xc000_0000_0000_0000, ulong.MaxValue })
            pages.Add(address, 30);
        foreach (ulong address in new ulong[] { 0UL, 0x3fff_ffff, 0x4000_0000_0000_0000, 0x8000_0000_0000_0000, 0xc000_0000_0000_0000, ulong.MaxValue })
            pages.Contains(address).Should().BeTrue();
        pages.Clear();
        pages.Contains(0).Should().BeFalse();
    }

    [Test]
    public void A_far_page_does_not_swallow_what_lies_between()
    {
        // A kernel: its linear map, its image, and two user regions; a fifth page beside the image joins that.
        var pages = new LargePages();
        foreach (ulong address in new[] { 0xffff_ffd8_0000_0000, 0xffff_ffff_8000_0000, 0x20_0000UL, 0x3f_0000_0000UL, 0xffff_ffff_8020_0000 })
            pages.Add(address, 21);
        pages.Contains(0xffff_ffff_8030_0000).Should().BeTrue();
        pages.Contains(0xffff_ffd0_0000_0000).Should().BeFalse();
        pages.Contains(0x10_0000_0000).Should().BeFalse();
    }

    private static ulong Address(Random random) => random.Next(5) switch
    {
        0 => 0xffff_ffd8_0000_0000 + (ulong)random.NextInt64(1L << 34),
        1 => 0xffff_ffff_8000_0000 + (ulong)random.NextInt64(1L << 25),
        2 => (ulong)random.NextInt64(1L << 38),
        3 => (ulong)random.NextInt64(1L << 24),
        _ => (ulong)random.NextInt64() << 1,
    };
}
