using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Emulation.Storage.Tests;

/// <summary>A web server on the loopback with one file, which answers as the test tells it to.</summary>
internal sealed class HttpFileServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();

    public HttpFileServer(byte[] content)
    {
        Content = content;
        _listener.Start();
        _ = Task.Run(AcceptAsync);
    }

    public byte[] Content { get; set; }

    public string? Tag { get; set; } = "\"one\"";

    /// <summary>Answers in place of the file; null lets the file be sent. Gets the number of the request, its head, and the range.</summary>
    public Func<int, string, (long From, long To), byte[]?> Answer { get; set; } = (_, _, _) => null;

    public Uri Uri => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/disk.img");

    /// <summary>Ranges that were asked for.</summary>
    public ConcurrentQueue<(long From, long To)> Ranges { get; } = new();

    public static byte[] Head(string status, params string[] headers) => Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{string.Concat(headers.Select(h => h + "\r\n"))}Connection: close\r\n\r\n");

    public byte[] Partial(long from, long to, string? range = null, string[]? more = null, int cut = 0)
    {
        string[] headers = [$"Content-Range: {range ?? $"bytes {from}-{to}/{Content.Length}"}", $"Content-Length: {to - from + 1}", .. Tag is null ? (string[])[] : [$"ETag: {Tag}"], .. more ?? []];
        return [.. Head("206 Partial Content", headers), .. Content[(int)from..((int)to + 1 - cut)]];
    }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        for (int number = 0; ; number++)
        {
            TcpClient client = await _listener.AcceptTcpClientAsync(_end.Token);
            int mine = number;
            _ = Task.Run(() => ServeAsync(client, mine));
        }
    }

    private async Task ServeAsync(TcpClient client, int number)
    {
        using TcpClient mine = client;
        try
        {
            NetworkStream stream = client.GetStream();
            var head = new StringBuilder();
            byte[] one = new byte[1];
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, _end.Token) > 0)
                head.Append((char)one[0]);
            string text = head.ToString();
            (long From, long To) range = Range(text);
            Ranges.Enqueue(range);
            bool stale = Line(text, "If-Range: ") is { } tag && tag != Tag;
            byte[] answer = Answer(number, text, range) ?? (stale ? [.. Head("200 OK", $"ETag: {Tag}", $"Content-Length: {Content.Length}"), .. Content]
                : Content.Length <= range.To ? Head("416 Range Not Satisfiable", $"Content-Range: bytes */{Content.Length}", "Content-Length: 0") : Partial(range.From, range.To));
            await stream.WriteAsync(answer, _end.Token);
            client.Client.Shutdown(SocketShutdown.Send);
            // the other side closes when it has all
            while (await stream.ReadAsync(one, _end.Token) > 0)
                continue;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // the other side is gone
        }
    }

    private static string? Line(string head, string name)
        => head.Split("\r\n").FirstOrDefault(l => l.StartsWith(name, StringComparison.OrdinalIgnoreCase))?[name.Length..];

    private static (long From, long To) Range(string head)
    {
        string[] ends = (Line(head, "Range: bytes=") ?? "0-0").Split('-');
        return (long.Parse(ends[0], CultureInfo.InvariantCulture), long.Parse(ends[1], CultureInfo.InvariantCulture));
    }
}
