namespace Emulation.Storage.Tests;

/// <summary>Requests wait as long as rates say, by a clock that the test moves.</summary>
public sealed class ThrottleTests
{
    private readonly ManualTime _time = new();

    [Test]
    public async Task Bytes_beyond_the_burst_wait_for_their_rate()
    {
        await using IBlockDevice disk = Make(new() { Writes = new() { BytesPerSecond = 1000, BurstBytes = 500 } });
        (await StartAsync(disk.WriteAsync(0, new byte[500]))).IsCompleted.Should().BeTrue();
        Task second = await StartAsync(disk.WriteAsync(0, new byte[1000]));
        second.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(999));
        second.IsCompleted.Should().BeFalse();
        (await StartAsync(disk.ReadAsync(0, new byte[4000]))).IsCompleted.Should().BeTrue("reads are not limited");
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await second;
    }

    [Test]
    public async Task Operations_of_all_kinds_share_the_total()
    {
        await using IBlockDevice disk = Make(new() { Total = new() { OperationsPerSecond = 10, BurstOperations = 3 }, Reads = new() { OperationsPerSecond = 1, BurstOperations = 1 } });
        await disk.ReadAsync(0, new byte[1]);
        await disk.WriteAsync(0, new byte[1]);
        await disk.WriteZeroesAsync(0, 100);
        Task discard = await StartAsync(disk.DiscardAsync(0, 100));
        Task read = await StartAsync(disk.ReadAsync(0, new byte[1]));
        _time.Advance(TimeSpan.FromMilliseconds(100));
        await discard;
        _time.Advance(TimeSpan.FromMilliseconds(899));
        read.IsCompleted.Should().BeFalse("the rate of reads is the lower one");
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await read;
    }

    [Test]
    public async Task A_pause_gives_no_more_than_a_burst()
    {
        await using IBlockDevice disk = Make(new() { Reads = new() { BytesPerSecond = 1000, BurstBytes = 2000 } });
        _time.Advance(TimeSpan.FromHours(1));
        await disk.ReadAsync(0, new byte[2000]);
        Task next = await StartAsync(disk.ReadAsync(0, new byte[1]));
        next.IsCompleted.Should().BeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await next;
    }

    [Test]
    public async Task A_request_that_is_cancelled_gives_its_turn_back()
    {
        await using IBlockDevice disk = Make(new() { Reads = new() { BytesPerSecond = 1000, BurstBytes = 1000 } });
        await disk.ReadAsync(0, new byte[1000]);
        using var cancel = new CancellationTokenSource();
        Task cancelled = await StartAsync(disk.ReadAsync(0, new byte[4000], cancel.Token));
        await cancel.CancelAsync();
        await FluentActions.Awaiting(() => cancelled).Should().ThrowAsync<OperationCanceledException>();
        Task next = await StartAsync(disk.ReadAsync(0, new byte[1000]));
        _time.Advance(TimeSpan.FromSeconds(1));
        await next;
    }

    private IBlockDevice Make(ThrottleOptions options) => DiskImage.InMemory(4096).Throttle(options with { Time = _time });

    // a request that has to wait has set its timer when this returns
    private static Task<Task> StartAsync(ValueTask request) => Task.FromResult(request.AsTask());
}
