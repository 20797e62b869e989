using static Emulation.Storage.Tests.Nbd.NbdBytes;

namespace Emulation.Storage.Tests.Nbd;

/// <summary>Servers that lie: an error that says so, in bounded time and memory.</summary>
public sealed class ClientHostileTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private static readonly NbdClientOptions s_options = new() { ConnectTimeout = TimeSpan.FromMilliseconds(500), ResponseTimeout = TimeSpan.FromMilliseconds(300) };

    private static IEnumerable<TestCaseData> Handshakes()
    {
        yield return Case("nothing", "took longer");
        yield return Case("half a greeting", "took longer", Greeting[..9]);
        yield return Case("http", "no NBD server", [.. "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"u8]);
        yield return Case("the old style", "old style", [.. "NBDMAGIC"u8, .. U64(0x420281861253), .. U64(1 << 20), .. new byte[128]]);
        yield return Case("another magic", "greets with 0x0001020304050607", [.. "NBDMAGIC"u8, 0, 1, 2, 3, 4, 5, 6, 7, 0, 0]);
        yield return Case("a wrong reply magic", "as the protocol wants", [.. Greeting, .. new byte[20]]);
        yield return Case("an answer to another option", "as the protocol wants", [.. Greeting, .. Reply(3, 1)]);
        yield return Case("an answer of 4 GiB", "4294967295 bytes", [.. Greeting, .. Reply(8, 1)[..16], .. U32(uint.MaxValue)]);
        yield return Case("replies without an end", "more than 10000 replies", [.. Greeting, .. Reply(8, 1), .. Reply(10, 1), .. Enumerable.Repeat(Reply(7, 3, 0, 99), 10_001).SelectMany(static r => r)]);
        yield return Case("no size", "does not say how large", [.. Greeting, .. Reply(8, 1), .. Reply(10, 1), .. Reply(7, 1)]);
        yield return Case("a size below zero", "18446744073709551615 bytes", [.. Greeting, .. Reply(8, 1), .. Reply(10, 1), .. Export(ulong.MaxValue, 1), .. Reply(7, 1)]);
        yield return Case("impossible blocks", "block sizes 3, 4096", [.. Greeting, .. Reply(8, 1), .. Reply(10, 1), .. BlockSize(3, 4096, 4096), .. Export(4096, 1), .. Reply(7, 1)]);
        yield return Case("blocks of no bytes", "block sizes 0, 0", [.. Greeting, .. Reply(8, 1), .. Reply(10, 1), .. BlockSize(0, 0, 0), .. Export(4096, 1), .. Reply(7, 1)]);
        yield return Case("a size of half blocks", "does not divide", [.. Greeting, .. Reply(8, 1), .. Reply(10, 1), .. BlockSize(4096, 4096, 4096), .. Export(6000, 1), .. Reply(7, 1)]);
        yield return Case("a context nobody asked for", "not asked for", [.. Greeting, .. Reply(8, 1), .. Reply(10, 4, [0, 0, 0, 1, .. "x:y"u8])]);
        yield return Case("a malformed size", "malformed", [.. Greeting, .. Reply(8, 1), .. Reply(10, 1), .. Reply(7, 3, 0, 0, 1)]);
        yield return Case("no such export", "no export '' (go away?)", [.. Greeting, .. Reply(8, 1), .. Reply(10, 1), .. Reply(7, 0x80000006, [.. "go away\a"u8])]);
        yield return Case("a wish for TLS", "wants TLS", [.. Greeting, .. Reply(8, 0x80000005)]);

        static TestCaseData Case(string name, string error, params byte[] bytes) => new TestCaseData(bytes, error).SetName("A server says in the handshake " + name);
    }

    [TestCaseSource(nameof(Handshakes))]
    public async Task A_handshake_that_lies_is_an_error(byte[] script, string error)
    {
        using var server = new FakeServer(async stream => await stream.WriteAsync(script));
        Func<Task> connect = () => NbdDisk.ConnectAsync(server.Uri, s_options).WaitAsync(s_patience);
        (await connect.Should().ThrowAsync<NbdException>()).WithMessage($"*{server.Uri}*{error}*");
        Action open = () => DiskImage.Open(server.Uri.ToString());
        if (!error.Contains("longer", StringComparison.Ordinal))
            open.Should().Throw<DiskImageException>();
    }

    private static IEnumerable<TestCaseData> Replies()
    {
        byte[] data = new byte[8192];
        yield return Case("nothing", "has not answered for 0.3 s");
        yield return Case("a wrong magic", "begins with 0x00000000", new byte[20]);
        yield return Case("another cookie", "0x99, which is not under way", Chunk(1, 0, 0x99));
        yield return Case("a simple reply", "simple reply", Simple(0, 1, data));
        yield return Case("too little", "does not send all", Chunk(1, 1, 1, [.. U64(4096), .. data[..4096]]));
        yield return Case("nothing at all, and is done", "does not send all", Chunk(1, 0, 1));
        yield return Case("bytes before those wanted", "4096 bytes from 0 on", Chunk(0, 1, 1, [.. U64(0), .. data[..4096]]));
        yield return Case("bytes behind those wanted", "8192 bytes from 8192 on", Chunk(0, 1, 1, [.. U64(8192), .. data]));
        yield return Case("bytes far away", "from 18446744073709551615 on", Chunk(0, 1, 1, [.. U64(ulong.MaxValue), .. data]));
        yield return Case("bytes twice", "twice", [.. Chunk(0, 1, 1, [.. U64(4096), .. data[..4096]]), .. Chunk(0, 1, 1, [.. U64(8000), .. data[..1000]])]);
        yield return Case("a hole over data", "twice", [.. Chunk(0, 1, 1, [.. U64(4096), .. data[..4096]]), .. Chunk(1, 2, 1, [.. U64(4096), .. U32(8192)])]);
        yield return Case("a hole of 4 GiB", "4294967295 bytes", Chunk(1, 2, 1, [.. U64(4096), .. U32(uint.MaxValue)]));
        yield return Case("a hole of no bytes", "no bytes", Chunk(1, 2, 1, [.. U64(4096), .. U32(0)]));
        yield return Case("a chunk of 4 GiB", "4294967287 bytes", [.. Chunk(0, 1, 1)[..16], .. U32(uint.MaxValue), .. U64(4096)]);
        yield return Case("a chunk of no known type", "chunk of type 77", Chunk(1, 77, 1));
        yield return Case("a status", "chunk of type 5", Chunk(1, 5, 1, [.. U32(7), .. U32(512), .. U32(0)]));
        yield return Case("an end with bytes", "chunk of type 0", Chunk(1, 0, 1, 1, 2));
        yield return Case("an end that is none", "chunk of type 0", Chunk(0, 0, 1));
        yield return Case("an error that is none", "that is none", Chunk(1, 0x8001, 1, [.. U32(0), 0, 0]));
        yield return Case("an error that is too long", "longer than the error", Chunk(1, 0x8001, 1, [.. U32(5), .. U16(500), 1]));
        yield return Case("an error of 4 GiB", "chunk of type 32769", [.. Chunk(0, 0x8001, 1)[..16], .. U32(uint.MaxValue)]);
        yield return Case("errors without an end", "more than 64 errors", [.. Enumerable.Repeat(Chunk(0, 0x8001, 1, [.. U32(5), 0, 0]), 100).SelectMany(static c => c)]);
        yield return Case("half a chunk", "has not answered", Chunk(1, 1, 1, [.. U64(4096), .. data])[..3000]);
        yield return Case("dust", "more than 4096 parts", [.. Enumerable.Range(0, 4097).SelectMany(static i => Chunk(0, 2, 1, [.. U64(4096 + (2 * (ulong)i)), .. U32(1)]))]);

        static TestCaseData Case(string name, string error, params byte[] bytes) => new TestCaseData(bytes, error).SetName("A server answers a read with " + name);
    }

    [TestCaseSource(nameof(Replies))]
    public async Task A_reply_that_lies_is_an_error(byte[] reply, string error)
    {
        using FakeServer server = FakeServer.After(Handshake, reply);
        await using NbdDisk disk = await NbdDisk.ConnectAsync(server.Uri, s_options);
        int length = error.Contains("parts", StringComparison.Ordinal) ? 8194 : 8192;
        Func<Task> read = () => disk.ReadAsync(4096, new byte[length]).AsTask().WaitAsync(s_patience);
        (await read.Should().ThrowAsync<NbdException>()).WithMessage($"*export '' at {server.Uri}*Read of * at byte 4096*{error}*");
        (await read.Should().ThrowAsync<NbdException>()).WithMessage($"*{error}*");
    }

    [Test]
    public async Task Errors_name_export_and_place()
    {
        using FakeServer server = FakeServer.After(Handshake, Chunk(1, 0x8002, 1, [.. U32(5), .. U16(3), .. "bad"u8, .. U64(5000)]), Chunk(1, 0x8001, 2, [.. U32(28), 0, 0]));
        await using NbdDisk disk = await NbdDisk.ConnectAsync(server.Uri, s_options);
        Func<Task> read = () => disk.ReadAsync(4096, new byte[8192]).AsTask();
        NbdException error = (await read.Should().ThrowAsync<NbdException>()).WithMessage("*export ''*8192 bytes at byte 4096*NBD_EIO*bad*").Which;
        error.ErrorCode.Should().Be(5);
        error.Offset.Should().Be(4096);
        Func<Task> trim = () => disk.DiscardAsync(0, 4096).AsTask();
        (await trim.Should().ThrowAsync<NbdException>()).Which.ErrorCode.Should().Be(28);
    }

    [Test]
    public async Task A_status_that_lies_is_an_error()
    {
        foreach ((byte[] reply, string error) in ((byte[], string)[])[
            (Chunk(1, 5, 1, [.. U32(8), .. U32(512), .. U32(0)]), "context 8"),
            (Chunk(1, 5, 1, [.. U32(7), .. U32(0), .. U32(0)]), "no bytes"),
            (Chunk(1, 0, 1), "no status"),
            ([.. Chunk(0, 5, 1, [.. U32(7), .. U32(512), .. U32(0)]), .. Chunk(1, 5, 1, [.. U32(7), .. U32(512), .. U32(0)])], "twice"),
            (Chunk(1, 5, 1, [.. U32(7), .. U32(512)]), "chunk of type 5")])
        {
            using FakeServer server = FakeServer.After(Handshake, reply);
            await using NbdDisk disk = await NbdDisk.ConnectAsync(server.Uri, s_options);
            Func<Task> status = () => disk.GetStatusAsync(0, 4096).AsTask().WaitAsync(s_patience);
            (await status.Should().ThrowAsync<NbdException>()).WithMessage($"*{error}*");
        }
    }

    [Test]
    public async Task Mutated_streams_do_no_harm()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            byte[] handshake = random.Next(2) == 0 ? Handshake : Mutate(Handshake, random);
            byte[] reply = Mutate([.. Chunk(0, 1, 1, [.. U64(0), .. new byte[4096]]), .. Chunk(1, 2, 1, [.. U64(4096), .. U32(4096)])], random);
            using var server = new FakeServer(async stream =>
            {
                using (stream)
                {
                    await stream.WriteAsync(handshake);
                    await stream.ReadExactlyAsync(new byte[ClientHandshake + 28]);
                    await stream.WriteAsync(reply);
                }
            });
            try
            {
                await using NbdDisk disk = await NbdDisk.ConnectAsync(server.Uri, s_options).WaitAsync(s_patience);
                await disk.ReadAsync(0, new byte[8192]).AsTask().WaitAsync(s_patience);
            }
            catch (Exception e) when (e is NbdException or ArgumentOutOfRangeException)
            {
                // said so; the second where a size of less than was read came through
            }
        }
    }
}
