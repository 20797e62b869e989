using System.Net;
using System.Net.Http.Headers;

namespace Emulation.Storage;

/// <summary>Fetches ranges of one file, all of the same version of it. RFC 9110, sections 13 and 14.</summary>
internal sealed class HttpRange(HttpClient client, Uri uri, HttpDiskOptions options)
{
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(30);

    private EntityTagHeaderValue? _tag;
    private DateTimeOffset? _modified;

    /// <summary>Size of the file, once known.</summary>
    public long Length { get; private set; } = -1;

    /// <summary>The file without what may be secret.</summary>
    public string Name { get; } = uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    public DiskImageException Error(long offset, string what, Exception? inner = null)
        => new($"http disk '{Name}', byte 0x{offset:x}: {what}{(inner is null ? "" : $": {inner.Message}")}", "http", offset, inner);

    /// <summary>Learns the size and the version of the file from its first byte.</summary>
    public async Task ProbeAsync(CancellationToken cancellationToken) => await FetchAsync(0, 1, cancellationToken).ConfigureAwait(false);

    /// <summary>Gives a range of the file, trying again what may succeed later.</summary>
    public async Task<byte[]> FetchAsync(long offset, int count, CancellationToken cancellationToken)
    {
        TimeSpan delay = options.RetryDelay;
        for (int attempt = 0; ; attempt++)
        {
            string trouble;
            Exception? cause = null;
            using var timeout = new CancellationTokenSource(options.Timeout, options.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            try
            {
                using HttpResponseMessage response = await SendAsync(offset, count, either.Token).ConfigureAwait(false);
                if (!IsPassing(response.StatusCode))
                    return await ReadAsync(response, offset, count, either.Token).ConfigureAwait(false);
                trouble = $"the server answers {(int)response.StatusCode}";
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                trouble = $"no answer within {options.Timeout.TotalSeconds} seconds";
            }
            catch (Exception e) when (e is HttpRequestException or IOException and not DiskImageException)
            {
                (trouble, cause) = ("the connection failed", e);
            }

            if (attempt >= options.Retries)
                throw Error(offset, $"{trouble} (after {attempt + 1} tries)", cause);
            await Task.Delay(delay, options.Time, cancellationToken).ConfigureAwait(false);
            delay = delay * 2 < s_longestDelay ? delay * 2 : s_longestDelay;
        }
    }

    private static bool IsPassing(HttpStatusCode status)
        => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || ((int)status >= 500 && status != HttpStatusCode.NotImplemented);

    private async Task<HttpResponseMessage> SendAsync(long offset, int count, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.Range = new RangeHeaderValue(offset, offset + count - 1);
        request.Headers.AcceptEncoding.ParseAdd("identity");
        if (_tag is { IsWeak: false })
            request.Headers.IfRange = new RangeConditionHeaderValue(_tag);
        else if (_modified is { } modified)
            request.Headers.IfRange = new RangeConditionHeaderValue(modified);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
    }

    private async Task<byte[]> ReadAsync(HttpResponseMessage response, long offset, int count, CancellationToken cancellationToken)
    {
        ContentRangeHeaderValue? range = response.Content.Headers.ContentRange;
        switch (response.StatusCode)
        {
            case HttpStatusCode.PartialContent:
                break;
            case HttpStatusCode.OK when Length >= 0:
                throw Error(offset, "the file changed on the server while it was open");
            case HttpStatusCode.OK:
                throw Error(offset, "the server does not support ranges: it answers with the whole file");
            case HttpStatusCode.RequestedRangeNotSatisfiable:
                throw Error(offset, Length >= 0 ? "the file became shorter on the server while it was open"
                    : range is { HasLength: true, Length: 0 } ? "the file is empty" : "the server refuses the range");
            default:
                throw Error(offset, $"the server answers {(int)response.StatusCode}");
        }

        if (response.Content.Headers.ContentEncoding.FirstOrDefault(e => e != "identity") is { } encoding)
            throw Error(offset, $"the server sends the content encoding '{encoding}', with which ranges are not those of the file");
        if (range is not { Unit: "bytes", HasRange: true, HasLength: true })
            throw Error(offset, $"the server does not say in bytes which range of how large a file it sends: Content-Range is '{range}'");
        if (range.From != offset || range.To != offset + count - 1)
            throw Error(offset, $"the server sends the range {range}, not {offset}-{offset + count - 1}");
        CheckVersion(response, range.Length!.Value, offset);
        if (response.Content.Headers.ContentLength is { } length && length != count)
            throw Error(offset, $"the server sends {length} bytes for a range of {count}");
        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            byte[] bytes = new byte[count];
            await body.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
            if (await body.ReadAsync(new byte[1], cancellationToken).ConfigureAwait(false) > 0)
                throw Error(offset, $"the server sends more than the {count} bytes of the range");
            return bytes;
        }
    }

    private void CheckVersion(HttpResponseMessage response, long length, long offset)
    {
        (EntityTagHeaderValue? tag, DateTimeOffset? modified) = (response.Headers.ETag, response.Content.Headers.LastModified);
        if (Length < 0)
        {
            if (length <= 0)
                throw Error(offset, $"the server says that the file has {length} bytes");
            (Length, _tag, _modified) = (length, tag, modified);
        }
        else if (length != Length || !Equals(tag, _tag) || modified != _modified)
        {
            throw Error(offset, "the file changed on the server while it was open");
        }
    }
}
