namespace Emulation.Storage;

/// <summary>Asks NBD servers what they have, without using an export.</summary>
public static class NbdClient
{
    /// <summary>The names and descriptions of a server's exports.</summary>
    /// <param name="uri">Where the server is; the export's name does not matter.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="NbdException">The server cannot be reached, does not list its exports, is not trusted or breaks the protocol.</exception>
    public static Task<IReadOnlyList<NbdExportInfo>> ListAsync(NbdUri uri, NbdClientOptions? options = null, CancellationToken cancellationToken = default)
        => AskAsync<IReadOnlyList<NbdExportInfo>>(uri, options, static async (handshake, stop) => await handshake.ListAsync(stop).ConfigureAwait(false), cancellationToken);

    /// <summary>What an export is, with all its metadata contexts.</summary>
    /// <param name="uri">Where it is.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="NbdException">The server cannot be reached, has no such export, is not trusted or breaks the protocol.</exception>
    public static Task<NbdExportInfo> GetInfoAsync(NbdUri uri, NbdClientOptions? options = null, CancellationToken cancellationToken = default)
        => AskAsync(
            uri,
            options,
            async (handshake, stop) =>
            {
                await handshake.AgreeOnStructureAsync(stop).ConfigureAwait(false);
                NbdExportInfo info = await handshake.InfoAsync(uri.ExportName, go: false, stop).ConfigureAwait(false);
                List<(uint Id, string Name)> contexts = await handshake.ContextsAsync(uri.ExportName, null, stop).ConfigureAwait(false);
                return info with { Contexts = contexts.ConvertAll(static c => c.Name) };
            },
            cancellationToken);

    private static async Task<T> AskAsync<T>(NbdUri uri, NbdClientOptions? options, Func<NbdClientHandshake, CancellationToken, ValueTask<T>> ask, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(uri);
        options ??= new NbdClientOptions();
        return await NbdLink.ConnectAsync(
            uri,
            options,
            options.ConnectTimeout,
            async (u, o, stop) =>
            {
                NbdClientHandshake handshake = await NbdConnection.BeginAsync(u, o, stop).ConfigureAwait(false);
                try
                {
                    T answer = await ask(handshake, stop).ConfigureAwait(false);
                    await handshake.AbortAsync(stop).ConfigureAwait(false);
                    return answer;
                }
                finally
                {
                    await handshake.Transport.DisposeAsync().ConfigureAwait(false);
                }
            },
            cancellationToken).ConfigureAwait(false);
    }
}
