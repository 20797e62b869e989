namespace Emulation.Storage;

/// <summary>Images on NBD servers.</summary>
internal sealed class NbdScheme : IImageScheme
{
    public IReadOnlyList<string> Names => NbdUri.Schemes;

    public async ValueTask<BlockDevice> OpenAsync(string uri, bool readOnly)
    {
        try
        {
            NbdDisk disk = await NbdDisk.ConnectAsync(uri, new NbdClientOptions { ReadOnly = readOnly }).ConfigureAwait(false);
            if (!disk.ReadOnly || readOnly)
                return disk;
            await disk.DisposeAsync().ConfigureAwait(false);
            throw new DiskImageException($"disk image '{uri}' may not be written: the server offers it read-only");
        }
        catch (Exception e) when (e is NbdException or FormatException)
        {
            throw new DiskImageException($"disk image '{uri}' cannot be opened: {e.Message}", e);
        }
    }
}
