using System.Text;

namespace Emulation.Storage.Tests;

/// <summary>A file on a web server, also on servers that do not do as they should.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HttpDiskTests : IDisposable
{
    private const int Length = 1_000_100;

    private static readonly HttpDiskOptions s_options = new() { RequestSize = 65536, RetryDelay = TimeSpan.FromMilliseconds(1), Retries = 2 };

    private readonly HttpFileServer _server = new(Enumerable.Range(0, Length).Select(i => (byte)(i * 31 >> 3)).ToArray());

    public void Dispose() => _server.Dispose();

    [Test]
    public async Task Any_range_is_that_of_the_file()
    {
        await using HttpDisk disk = await HttpDisk.OpenAsync(_server.Uri, s_options);
        disk.Length.Should().Be(Length);
        disk.ReadOnly.Should().BeTrue();
        var random = new Random(1);
        for (int i = 0; i < 60; i++)
        {
            int offset = random.Next(Length);
            byte[] read = new byte[Math.Min(random.Next(300_000), Length - offset)];
            await disk.ReadAsync(offset, read);
            read.AsSpan().SequenceEqual(_server.Content.AsSpan(offset, read.Length)).Should().BeTrue($"{read.Length} bytes at {offset}");
        }
    }

    [Test]
    public async Task Overlapping_reads_share_requests_and_all_succeed()
    {
        await using HttpDisk disk = await HttpDisk.OpenAsync(_server.Uri, s_options);
        byte[][] reads = Enumerable.Range(0, 20).Select(_ => new byte[100_000]).ToArray();
        await Task.WhenAll(reads.Select((r, i) => disk.ReadAsync(i * 1000, r).AsTask()));
        for (int i = 0; i < reads.Length; i++)
            reads[i].AsSpan().SequenceEqual(_server.Content.AsSpan(i * 1000, 100_000)).Should().BeTrue();
        _server.Ranges.Count.Should().BeLessThanOrEqualTo(4, "the probe and three pieces");
    }

    [Test]
    public async Task Reads_in_sequence_are_asked_for_ahead()
    {
        await using HttpDisk disk = await HttpDisk.OpenAsync(_server.Uri, s_options with { ReadAhead = 200_000 });
        byte[] read = new byte[4096];
        await disk.ReadAsync(0, read);
        await disk.ReadAsync(4096, read);
        while (_server.Ranges.Count < 5)
            await Task.Delay(1);
        _server.Ranges.Order().Should().Equal((0, 0), (0, 65535), (65536, 131071), (131072, 196607), (196608, 262143));
    }

    [Test]
    public async Task An_image_is_read_through_a_cache()
    {
        var file = new RecordingDisk(record: false);
        var shadow = new Shadow(3 << 20);
        await using (BlockDevice image = await DiskImage.CreateAsync(file, shadow.Bytes.Length, new Qcow2CreateOptions()))
        {
            for (int i = 0; i < 40; i++)
                await shadow.StepAsync(image, new Random(i));
        }

        _server.Content = file.Content;
        HttpDisk disk = await HttpDisk.OpenAsync(_server.Uri, s_options);
        await using BlockDevice read = await DiskImage.OpenAsync(disk.Cache());
        await shadow.CheckAsync(read);
    }

    [Test]
    public async Task A_server_in_trouble_is_asked_again()
    {
        _server.Answer = (number, _, range) => (number % 3) switch
        {
            0 => HttpFileServer.Head("503 Service Unavailable", "Content-Length: 0"),
            1 => _server.Partial(range.From, range.To, cut: 1),
            _ => null,
        };
        await using HttpDisk disk = await HttpDisk.OpenAsync(_server.Uri, s_options with { MaxRequests = 1, ReadAhead = 0 });
        byte[] read = new byte[Length];
        await disk.ReadAsync(0, read);
        read.AsSpan().SequenceEqual(_server.Content).Should().BeTrue();
    }

    [Test]
    public async Task A_server_that_stays_in_trouble_is_an_error_with_its_place()
    {
        await using HttpDisk disk = await HttpDisk.OpenAsync(_server.Uri, s_options);
        _server.Answer = (_, _, _) => HttpFileServer.Head("500 Oops", "Content-Length: 0");
        DiskImageException error = await FailAsync(() => disk.ReadAsync(70_000, new byte[10]).AsTask());
        error.Message.Should().Contain("500").And.Contain("3 tries").And.Contain("0x10000").And.Contain("disk.img");
        (error.Format, error.Offset).Should().Be(("http", 65536L));
        _server.Answer = (_, _, _) => null;
        await disk.ReadAsync(70_000, new byte[10]);
    }

    [Test]
    public async Task A_server_that_says_nothing_times_out()
    {
        await using HttpDisk disk = await HttpDisk.OpenAsync(_server.Uri, s_options);
        using var stop = new ManualResetEventSlim();
        _server.Answer = (_, _, range) =>
        {
            stop.Wait();
            return null;
        };
        var time = new ManualTime();
        await using HttpDisk slow = await OpenWithAsync(disk, time);
        Task read = slow.ReadAsync(0, new byte[1]).AsTask();
        while (!read.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }

        (await FailAsync(() => read)).Message.Should().Contain("no answer within 5 seconds");
        stop.Set();
    }

    [TestCase("200", "does not support ranges")]
    [TestCase("404", "answers 404")]
    [TestCase("none", "Content-Range is ''")]
    [TestCase("items 0-0/5", "Content-Range is")]
    [TestCase("bytes 0-0/*", "Content-Range is")]
    [TestCase("bytes */5", "Content-Range is")]
    [TestCase("bytes 1-1/5", "not 0-0")]
    [TestCase("bytes 0-1/5", "not 0-0")]
    [TestCase("gzip", "content encoding 'gzip'")]
    [TestCase("long", "sends 2 bytes for a range of 1")]
    [TestCase("more", "more than the 1 bytes")]
    public async Task A_wrong_answer_is_an_error(string answer, string message)
    {
        _server.Answer = (_, _, _) => answer switch
        {
            "200" => [.. HttpFileServer.Head("200 OK", $"Content-Length: {Length}"), .. _server.Content],
            "404" => HttpFileServer.Head("404 Not Found", "Content-Length: 0"),
            "none" => [.. HttpFileServer.Head("206 Partial Content", "Content-Length: 1"), 0],
            "gzip" => _server.Partial(0, 0, more: ["Content-Encoding: gzip"]),
            "long" => [.. HttpFileServer.Head("206 Partial Content", "Content-Length: 2", "Content-Range: bytes 0-0/5"), 0, 0],
            "more" => [.. HttpFileServer.Head("206 Partial Content", "Content-Range: bytes 0-0/5"), 0, 0],
            _ => _server.Partial(0, 0, answer),
        };
        (await FailAsync(async () => await HttpDisk.OpenAsync(_server.Uri, s_options))).Message.Should().Contain(message);
    }

    [Test]
    public async Task An_empty_file_is_an_error()
    {
        _server.Content = [];
        (await FailAsync(async () => await HttpDisk.OpenAsync(_server.Uri, s_options))).Message.Should().Contain("empty");
    }

    [TestCase("\"two\"", Length), TestCase("\"one\"", Length + 1), TestCase(null, Length), TestCase("W/\"one\"", Length)]
    public async Task A_file_that_changes_is_an_error_and_not_mixed(string? tag, int length)
    {
        await using HttpDisk disk = await HttpDisk.OpenAsync(_server.Uri, s_options);
        _server.Tag = tag;
        _server.Content = new byte[length];
        // also a server that does not look at If-Range
        foreach (bool heeds in new[] { true, false })
        {
            if (!heeds)
                _server.Answer = (_, _, range) => _server.Partial(range.From, range.To);
            (await FailAsync(() => disk.ReadAsync(0, new byte[10]).AsTask())).Message.Should().Contain("changed");
        }
    }

    [Test]
    public async Task The_version_goes_along_with_each_request_and_no_encoding_is_asked_for()
    {
        string head = "";
        _server.Answer = (number, text, _) =>
        {
            head = number > 0 ? text : head;
            return null;
        };
        await using HttpDisk disk = await HttpDisk.OpenAsync(_server.Uri, s_options);
        await disk.ReadAsync(0, new byte[1]);
        head.Should().Contain("If-Range: \"one\"").And.Contain("Accept-Encoding: identity");
    }

    [Test]
    public async Task Redirects_are_followed_but_not_for_ever()
    {
        _server.Answer = (_, text, _) => text.Contains("/disk.img", StringComparison.Ordinal) ? HttpFileServer.Head("302 Found", "Location: /other", "Content-Length: 0") : null;
        await using (HttpDisk disk = await HttpDisk.OpenAsync(_server.Uri, s_options))
            disk.Length.Should().Be(Length);
        _server.Answer = (_, _, _) => HttpFileServer.Head("302 Found", "Location: /disk.img", "Content-Length: 0");
        (await FailAsync(async () => await HttpDisk.OpenAsync(_server.Uri, s_options))).Message.Should().Contain("302");
    }

    [Test]
    public async Task Random_answers_are_errors_or_right()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            _server.Answer = (number, _, range) =>
            {
                byte[] answer = _server.Partial(range.From, range.To);
                lock (random)
                {
                    // the head only: what the file holds is the server's to say
                    int head = Encoding.ASCII.GetString(answer).IndexOf("\r\n\r\n", StringComparison.Ordinal);
                    answer[random.Next(head)] = (byte)random.Next(256);
                    return random.Next(4) == 0 ? answer[..random.Next(answer.Length)] : answer;
                }
            };
            try
            {
                await using HttpDisk disk = await HttpDisk.OpenAsync(_server.Uri, s_options with { Retries = 0 });
                disk.Length.Should().BeGreaterThan(0);
                byte[] read = new byte[10];
                await disk.ReadAsync(disk.Length / 2, read.AsMemory(0, (int)Math.Min(10, disk.Length - (disk.Length / 2))));
            }
            catch (DiskImageException)
            {
                // said clearly
            }
        }
    }

    private async Task<HttpDisk> OpenWithAsync(HttpDisk opened, ManualTime time)
    {
        opened.Length.Should().Be(Length);
        Func<int, string, (long, long), byte[]?> answer = _server.Answer;
        _server.Answer = (_, _, _) => null;
        HttpDisk disk = await HttpDisk.OpenAsync(_server.Uri, s_options with { Time = time, Timeout = TimeSpan.FromSeconds(5), ReadAhead = 0 });
        _server.Answer = answer;
        return disk;
    }

    private static async Task<DiskImageException> FailAsync(Func<Task> action) => (await action.Should().ThrowAsync<DiskImageException>()).Which;
}
