using System.Net.Sockets;
using static Emulation.Storage.Tests.Nbd.NbdBytes;

namespace Emulation.Storage.Tests.Nbd;

/// <summary>Peers that send rubbish: their own connection ends, nothing else.</summary>
public sealed class ServerHostileTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private static byte[] Flags => U32(3);

    private static byte[] Start => [.. Flags, .. Option(8), .. SetContext("disk", "base:allocation"), .. Go("disk")];

    private static IEnumerable<TestCaseData> Scripts()
    {
        byte[] noise = new byte[5000];
        new Random(1).NextBytes(noise);
        yield return Case("nothing");
        yield return Case("one byte", 0);
        yield return Case("noise", noise);
        yield return Case("http", [.. "GET / HTTP/1.1\r\n\r\n"u8]);
        yield return Case("unknown client flags", U32(0xffffffff));
        yield return Case("wrong option magic", [.. Flags, .. new byte[16]]);
        yield return Case("half an option", [.. Flags, .. "IHAVEOPT"u8]);
        yield return Case("an option of 4 GiB", [.. Flags, .. "IHAVEOPT"u8, .. U32(3), .. U32(uint.MaxValue)]);
        yield return Case("an option without its data", [.. Flags, .. "IHAVEOPT"u8, .. U32(7), .. U32(60000), 1, 2, 3]);
        yield return Case("an export that is not there", [.. Flags, .. Option(1, 65, 66)]);
        yield return Case("not fixed newstyle, but options", [.. U32(2), .. Option(3)]);
        yield return Case("thousands of options", [.. Flags, .. Enumerable.Repeat(Option(99), 2000).SelectMany(static o => o)]);
        yield return Case("wrong request magic", [.. Start, .. new byte[28]]);
        yield return Case("half a request", [.. Start, .. Request(0, 0, 1, 0, 512)[..20]]);
        yield return Case("a write of 4 GiB", [.. Start, .. Request(0, 1, 1, 0, uint.MaxValue)]);
        yield return Case("half a write", [.. Start, .. Request(0, 1, 1, 0, 1 << 20), .. new byte[1000]]);
        yield return Case("reads that nobody waits for", [.. Start, .. Enumerable.Range(1, 3000).SelectMany(static i => Request(0, 0, (ulong)i, 0, 1 << 20))]);
        yield return Case("everything after a goodbye", [.. Start, .. Request(0, 2, 0, 0, 0), .. noise]);
        yield return Case("TLS with more behind it", [.. Flags, .. Option(5), .. Option(3)]);

        static TestCaseData Case(string name, params byte[] bytes) => new TestCaseData(bytes).SetName("A peer sends " + name);
    }

    [TestCaseSource(nameof(Scripts))]
    public async Task Only_its_own_connection_ends(byte[] script)
    {
        await using var fixture = new NbdFixture(DiskImage.InMemory(1 << 20));
        await using NbdDisk good = await NbdDisk.ConnectAsync(fixture.Unix);
        await good.WriteAsync(0, new byte[] { 1, 2, 3 });
        await TalkAsync(fixture, script, read: false);
        await TalkAsync(fixture, script, read: true);
        byte[] back = new byte[3];
        await good.ReadAsync(0, back);
        back.Should().Equal(1, 2, 3);
    }

    [Test]
    public async Task Impossible_requests_are_answered_with_errors()
    {
        await using var fixture = new NbdFixture(DiskImage.InMemory(1 << 20));
        byte[] answer = await TalkAsync(
            fixture,
            [
                .. Flags, .. Go("disk"),
                .. Request(0, 0, 1, 1 << 20, 1), .. Request(0, 1, 2, 1 << 20, 4), 1, 2, 3, 4, .. Request(0, 0, 3, ulong.MaxValue, 1),
                .. Request(0, 77, 4, 0, 1), .. Request(0x8000, 0, 5, 0, 1), .. Request(0, 7, 6, 0, 1), .. Request(4, 0, 7, 0, 1), .. Request(0, 3, 8, 1, 0),
                .. Request(0, 4, 9, 0, uint.MaxValue), .. Request(0, 6, 10, 0, uint.MaxValue), .. Request(0, 2, 0, 0, 0),
            ],
            read: true);
        uint[] errors = [22, 28, 22, 22, 22, 22, 22, 22, 22, 28];
        answer[^(errors.Length * 16)..].Should().Equal(errors.SelectMany(static (e, i) => Simple(e, (ulong)i + 1)));
    }

    [Test]
    public async Task A_read_only_export_refuses_changes()
    {
        using MemoryDisk disk = DiskImage.InMemory(1 << 20);
        await using var fixture = new NbdFixture(DiskImage.InMemory(1), export: new NbdExport { Name = "disk", Device = disk, ReadOnly = true });
        byte[] answer = await TalkAsync(
            fixture, [.. Flags, .. Go("disk"), .. Request(0, 1, 1, 0, 1), 5, .. Request(0, 4, 2, 0, 1), .. Request(0, 6, 3, 0, 1), .. Request(0, 2, 0, 0, 0)], read: true);
        answer[^48..].Should().Equal([.. Simple(1, 1), .. Simple(1, 2), .. Simple(1, 3)]);
    }

    [Test]
    public async Task A_peer_that_says_nothing_is_put_out()
    {
        await using var fixture = new NbdFixture(DiskImage.InMemory(1 << 20), new NbdServerOptions { HandshakeTimeout = TimeSpan.FromMilliseconds(100) });
        using Socket socket = Connect(fixture);
        (await ReadAllAsync(socket)).Should().Equal(Greeting);
        fixture.Log.Should().ContainMatch("*too long*");
    }

    [Test]
    public async Task The_server_ends_although_peers_and_disks_hang()
    {
        var stuck = new StuckDisk();
        var fixture = new NbdFixture(stuck, new NbdServerOptions { ShutdownTimeout = TimeSpan.FromMilliseconds(200) });
        using Socket silent = Connect(fixture);
        using Socket busy = Connect(fixture);
        await busy.SendAsync((byte[])[.. Start, .. Request(0, 0, 1, 0, 512)]);
        await stuck.Reached.Task.WaitAsync(s_patience);
        await fixture.DisposeAsync().AsTask().WaitAsync(s_patience);
        await ReadAllAsync(silent);
        await ReadAllAsync(busy);
    }

    [Test]
    public async Task Mutated_streams_do_no_harm()
    {
        await using var fixture = new NbdFixture(DiskImage.InMemory(1 << 20));
        byte[] stream =
        [
            .. Flags, .. Option(3), .. Option(6, [.. Text("disk"), .. U16(1), .. U16(3)]), .. Option(9, [.. Text("disk"), .. U32(0)]), .. Start,
            .. Request(0, 1, 1, 4096, 600), .. new byte[600], .. Request(1, 0, 2, 4000, 70_000), .. Request(0, 7, 3, 0, 1 << 20), .. Request(3, 6, 4, 0, 8192),
            .. Request(0, 4, 5, 0, 4096), .. Request(0, 5, 6, 0, 1 << 20), .. Request(0, 3, 7, 0, 0), .. Request(0, 2, 0, 0, 0),
        ];
        for (int seed = 0; seed < Seeds; seed++)
            await TalkAsync(fixture, Mutate(stream, new Random(seed)), read: seed % 2 == 0);
        await using NbdDisk disk = await NbdDisk.ConnectAsync(fixture.Tcp);
        await disk.ReadAsync(0, new byte[512]);
        fixture.Server.Clients.Should().Be(1);
    }

    private static async Task<byte[]> TalkAsync(NbdFixture fixture, byte[] script, bool read)
    {
        using Socket socket = Connect(fixture);
        Task<byte[]> answer = read ? ReadAllAsync(socket) : Task.FromResult<byte[]>([]);
        try
        {
            using var patience = new CancellationTokenSource(read ? s_patience : TimeSpan.FromSeconds(1));
            await socket.SendAsync(script, patience.Token);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !read))
        {
            // the server has had enough, or waits for somebody to take its replies
        }

        return await answer;
    }

    private static Socket Connect(NbdFixture fixture)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(fixture.Unix.Socket!));
        return socket;
    }

    private static async Task<byte[]> ReadAllAsync(Socket socket)
    {
        using var patience = new CancellationTokenSource(s_patience);
        var all = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        try
        {
            for (int count; (count = await socket.ReceiveAsync(buffer, patience.Token)) > 0;)
                all.Write(buffer, 0, count);
        }
        catch (SocketException)
        {
            // closed with bytes unread
        }

        return all.ToArray();
    }

    /// <summary>A disk that never answers, whatever it is told.</summary>
    private sealed class StuckDisk : BlockDevice
    {
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override long Length => 1 << 20;

        public override bool ReadOnly => false;

        protected override ValueTask ReadCoreAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        {
            Reached.TrySetResult();
            return new(new TaskCompletionSource().Task);
        }

        protected override ValueTask WriteCoreAsync(long offset, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        protected override void Close() { }
    }
}
