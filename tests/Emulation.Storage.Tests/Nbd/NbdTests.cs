using static Emulation.Storage.Tests.Nbd.NbdBytes;

namespace Emulation.Storage.Tests.Nbd;

/// <summary>Our client with our server.</summary>
public sealed class NbdTests
{
    private const int Size = 2 << 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public async Task Random_operations_leave_what_they_should(int seed)
    {
        await using var fixture = new NbdFixture(DiskImage.InMemory(Size));
        var shadow = new Shadow(Size);
        var random = new Random(seed);
        await using NbdDisk disk = await NbdDisk.ConnectAsync(seed % 2 == 0 ? fixture.Tcp : fixture.Unix);
        for (int i = 0; i < 500; i++)
            await shadow.StepAsync(disk, random);
        await shadow.CheckAsync(disk);
        await shadow.CheckAsync(fixture.Disk);
        fixture.Log.Should().BeEmpty();
    }

    [Test]
    public async Task Many_clients_work_at_once_on_a_disk_that_takes_one_call_at_a_time()
    {
        const int Clients = 64;
        const int Part = Size / Clients;
        var lonely = new LonelyDisk(DiskImage.InMemory(Size));
        await using var fixture = new NbdFixture(lonely);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            await using NbdDisk disk = await NbdDisk.ConnectAsync(client % 2 == 0 ? fixture.Tcp : fixture.Unix);
            byte[] bytes = new byte[Part];
            for (int round = 0; round < 4; round++)
            {
                new Random((client * 10) + round).NextBytes(bytes);
                byte[] back = new byte[Part];
                await Task.WhenAll(Enumerable.Range(0, 8).Select(i => disk.WriteAsync((client * Part) + (i * Part / 8), bytes.AsMemory(i * Part / 8, Part / 8)).AsTask()));
                await Task.WhenAll(disk.FlushAsync().AsTask(), disk.ReadAsync(client * Part, back).AsTask());
                back.AsSpan().SequenceEqual(bytes).Should().BeTrue();
            }
        }))).WaitAsync(s_patience);
        lonely.Collisions.Should().Be(0);
        fixture.Log.Should().BeEmpty();
    }

    [Test]
    public async Task Writes_to_the_same_bytes_are_never_mixed()
    {
        await using var fixture = new NbdFixture(new OverlapDisk(DiskImage.InMemory(Size)));
        await Task.WhenAll(Enumerable.Range(1, 8).Select(client => Task.Run(async () =>
        {
            await using NbdDisk disk = await NbdDisk.ConnectAsync(fixture.Unix);
            byte[] bytes = new byte[300_000];
            bytes.AsSpan().Fill((byte)client);
            for (int i = 0; i < 20; i++)
            {
                await disk.WriteAsync(1000, bytes);
                byte[] back = new byte[bytes.Length];
                await disk.ReadAsync(1000, back);
                back.Distinct().Should().ContainSingle();
            }
        }))).WaitAsync(s_patience);
        fixture.Log.Should().BeEmpty();
    }

    [Test]
    public async Task Requests_beyond_the_limits_wait_their_turn()
    {
        var options = new NbdServerOptions { MaxRequests = 2, MaxBytesInFlight = 100_000 };
        await using var fixture = new NbdFixture(DiskImage.InMemory(Size), options);
        await using NbdDisk disk = await NbdDisk.ConnectAsync(fixture.Unix);
        byte[] bytes = new byte[Size];
        new Random(1).NextBytes(bytes);
        await Task.WhenAll(Enumerable.Range(0, 32).Select(i => disk.WriteAsync(i * Size / 32, bytes.AsMemory(i * Size / 32, Size / 32)).AsTask())).WaitAsync(s_patience);
        byte[] back = new byte[Size];
        await disk.ReadAsync(0, back).AsTask().WaitAsync(s_patience);
        back.AsSpan().SequenceEqual(bytes).Should().BeTrue();
    }

    [Test]
    public async Task A_request_that_is_given_up_does_not_break_the_others()
    {
        var release = new TaskCompletionSource();
        using var server = new FakeServer(async stream =>
        {
            await stream.WriteAsync(Handshake);
            await stream.ReadExactlyAsync(new byte[ClientHandshake + 28 + 28]);
            await stream.WriteAsync(Chunk(1, 1, 2, [.. U64(4096), .. Enumerable.Repeat((byte)2, 512)]));
            await release.Task;
            await stream.WriteAsync(Chunk(1, 1, 1, [.. U64(0), .. Enumerable.Repeat((byte)1, 512)]));
            await stream.ReadExactlyAsync(new byte[28]);
            await stream.WriteAsync(Chunk(1, 1, 3, [.. U64(0), .. Enumerable.Repeat((byte)3, 512)]));
        });
        await using NbdDisk disk = await NbdDisk.ConnectAsync(server.Uri);
        byte[] first = new byte[512];
        using var cancellation = new CancellationTokenSource();
        Task read = disk.ReadAsync(0, first, cancellation.Token).AsTask();
        byte[] second = new byte[512];
        await disk.ReadAsync(4096, second).AsTask().WaitAsync(s_patience);
        second.Should().AllBeEquivalentTo((byte)2);
        await cancellation.CancelAsync();
        Func<Task> cancelled = () => read.WaitAsync(s_patience);
        await cancelled.Should().ThrowAsync<OperationCanceledException>();
        release.SetResult();
        byte[] third = new byte[512];
        await disk.ReadAsync(0, third).AsTask().WaitAsync(s_patience);
        third.Should().AllBeEquivalentTo((byte)3);
        first.Should().AllBeEquivalentTo((byte)0, "the caller has its memory back");
    }

    [Test]
    public async Task Writes_under_way_are_sent_again_when_the_connection_is_lost()
    {
        await using var fixture = new NbdFixture(DiskImage.InMemory(Size));
        var cut = new Relay(fixture.Unix.Socket!);
        using var server = new FakeServer(cut.TalkAsync);
        await using NbdDisk disk = await NbdDisk.ConnectAsync(server.Uri with { ExportName = "disk" }, new NbdClientOptions { ReconnectTimeout = TimeSpan.FromSeconds(30) });
        byte[] bytes = new byte[Size];
        new Random(3).NextBytes(bytes);
        Task writes = Task.WhenAll(Enumerable.Range(0, 64).Select(i => disk.WriteAsync(i * Size / 64, bytes.AsMemory(i * Size / 64, Size / 64)).AsTask()));
        for (int i = 0; i < 5 && !writes.IsCompleted; i++)
        {
            cut.Cut();
            await Task.WhenAny(writes, Task.Delay(30));
        }

        await writes.WaitAsync(s_patience);
        byte[] back = new byte[Size];
        await disk.ReadAsync(0, back).AsTask().WaitAsync(s_patience);
        back.AsSpan().SequenceEqual(bytes).Should().BeTrue();
    }

    [Test]
    public async Task A_server_that_stays_away_fails_requests_after_the_time_limit()
    {
        var fixture = new NbdFixture(DiskImage.InMemory(Size));
        await using NbdDisk disk = await NbdDisk.ConnectAsync(fixture.Unix, new NbdClientOptions { ReconnectTimeout = TimeSpan.FromMilliseconds(300) });
        await using NbdDisk impatient = await NbdDisk.ConnectAsync(fixture.Unix);
        await fixture.DisposeAsync();
        Func<Task> read = () => disk.ReadAsync(512, new byte[512]).AsTask().WaitAsync(s_patience);
        (await read.Should().ThrowAsync<NbdException>()).WithMessage("*'disk'*at byte 512*not be restored within 0.3 s*cannot connect*");
        read = () => impatient.ReadAsync(512, new byte[512]).AsTask().WaitAsync(s_patience);
        (await read.Should().ThrowAsync<NbdException>()).WithMessage("*'disk'*at byte 512*closed*");
    }

    [Test]
    public async Task A_failing_disk_fails_the_request_alone()
    {
        var recording = new RecordingDisk(new byte[Size]);
        await using var fixture = new NbdFixture(recording);
        await using NbdDisk disk = await NbdDisk.ConnectAsync(fixture.Unix);
        recording.FailAfter(0);
        Func<Task> write = () => disk.WriteAsync(4096, new byte[10]).AsTask();
        (await write.Should().ThrowAsync<NbdException>()).WithMessage("*'disk'*10 bytes at byte 4096*NBD_EIO*").Which.Message.Should().NotContain("power");
        fixture.Log.Should().ContainMatch("*power is gone*");
        await disk.ReadAsync(0, new byte[10]);
    }

    [Test]
    public async Task A_socket_file_left_behind_is_replaced_and_other_files_are_not()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["file"], "");
        await using var server = new NbdServer();
        Action listen = () => server.Listen(folder["file"]);
        listen.Should().Throw<NbdException>().WithMessage("*exists already*");
        server.Listen(folder["s"]);
        await using var second = new NbdServer();
        listen = () => second.Listen(folder["s"]);
        listen.Should().Throw<NbdException>().WithMessage("*exists already*");
        // a process that was killed leaves its socket behind
        using (var dead = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified))
        {
            dead.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(folder["dead"]));
            File.Move(folder["dead"], folder["stale"]);
        }

        second.Listen(folder["stale"]);
        using MemoryDisk disk = DiskImage.InMemory(512);
        second.Add(new NbdExport { Device = disk });
        await (await NbdDisk.ConnectAsync(new NbdUri { Socket = folder["stale"] })).DisposeAsync();
        await second.LastClientLeft.WaitAsync(s_patience);
    }

    [Test]
    public async Task The_last_client_is_noticed()
    {
        await using var fixture = new NbdFixture(DiskImage.InMemory(Size));
        await NbdClient.ListAsync(fixture.Unix);
        fixture.Server.LastClientLeft.IsCompleted.Should().BeFalse();
        NbdDisk one = await NbdDisk.ConnectAsync(fixture.Unix);
        NbdDisk two = await NbdDisk.ConnectAsync(fixture.Tcp);
        one.Dispose();
        await two.ReadAsync(0, new byte[1]);
        fixture.Server.LastClientLeft.IsCompleted.Should().BeFalse();
        two.Dispose();
        await fixture.Server.LastClientLeft.WaitAsync(s_patience);
    }

    /// <summary>Passes bytes on until it is cut.</summary>
    private sealed class Relay(string socket)
    {
        private CancellationTokenSource _cut = new();

        public void Cut() => Interlocked.Exchange(ref _cut, new CancellationTokenSource()).Cancel();

        public async Task TalkAsync(System.Net.Sockets.NetworkStream near)
        {
            CancellationToken cut = _cut.Token;
            using var other = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
            await other.ConnectAsync(new System.Net.Sockets.UnixDomainSocketEndPoint(socket), cut);
            using var far = new System.Net.Sockets.NetworkStream(other);
            using (near)
                await Task.WhenAny(near.CopyToAsync(far, 3000, cut), far.CopyToAsync(near, 3000, cut));
        }
    }

    /// <summary>Counts calls that overlap.</summary>
    private sealed class LonelyDisk(IBlockDevice inner) : BlockDevice
    {
        private int _inside;

        public int Collisions { get; private set; }

        public override long Length => inner.Length;

        public override bool ReadOnly => false;

        protected override ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
            => AloneAsync(() => inner.ReadAsync(offset, buffer, cancellationToken));

        protected override ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
            => AloneAsync(() => inner.WriteAsync(offset, buffer, cancellationToken));

        protected override ValueTask FlushCoreAsync(CancellationToken cancellationToken) => AloneAsync(() => inner.FlushAsync(cancellationToken));

        protected override void Close() => inner.Dispose();

        private async ValueTask AloneAsync(Func<ValueTask> call)
        {
            if (Interlocked.Increment(ref _inside) > 1)
                Collisions++;
            await Task.Yield();
            await call();
            Interlocked.Decrement(ref _inside);
        }
    }

    /// <summary>Takes several calls at once, and works in small steps, so that overlapping ones would show.</summary>
    private sealed class OverlapDisk(IBlockDevice inner) : BlockDevice
    {
        private readonly Lock _lock = new();

        public override long Length => inner.Length;

        public override bool ReadOnly => false;

        public override bool AllowsConcurrentCalls => true;

        protected override async ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        {
            for (int i = 0; i < buffer.Length; i += 5000)
            {
                await Task.Yield();
                lock (_lock)
                    inner.ReadAsync(offset + i, buffer[i..Math.Min(i + 5000, buffer.Length)], cancellationToken).AsTask().Wait(CancellationToken.None);
            }
        }

        protected override async ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
        {
            for (int i = 0; i < buffer.Length; i += 5000)
            {
                await Task.Yield();
                lock (_lock)
                    inner.WriteAsync(offset + i, buffer[i..Math.Min(i + 5000, buffer.Length)], cancellationToken).AsTask().Wait(CancellationToken.None);
            }
        }

        protected override void Close() => inner.Dispose();
    }
}
