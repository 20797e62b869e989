namespace Emulation.Storage;

/// <summary>Images on web servers, for reading.</summary>
internal sealed class HttpScheme : IImageScheme
{
    public IReadOnlyList<string> Names { get; } = ["http", "https"];

    public async ValueTask<BlockDevice> OpenAsync(string uri, bool readOnly)
    {
        if (!readOnly)
            throw new DiskImageException($"disk image '{uri}': what a web server has can only be read");
        if (!Uri.TryCreate(uri, UriKind.Absolute, out Uri? address))
            throw new DiskImageException($"disk image '{uri}': this is no URI");
        return await HttpDisk.OpenAsync(address).ConfigureAwait(false);
    }
}
