using System.Buffers;

namespace Emulation.Storage;

/// <summary>The transmission phase of one connection: requests are read one by one and served side by side.</summary>
/// <param name="transport">The connection.</param>
/// <param name="setup">What the client chose.</param>
/// <param name="options">Limits.</param>
/// <param name="abort">Ends requests that are under way: the server has no more time.</param>
internal sealed class NbdSession(NbdTransport transport, NbdSessionSetup setup, NbdServerOptions options, CancellationToken abort)
{
    private readonly NbdBudget _budget = new(options.MaxRequests, options.MaxBytesInFlight);
    private readonly NbdRequestServer _server = new(transport, setup, options.Log, abort);

    /// <summary>Serves until the client leaves.</summary>
    /// <param name="stop">Ends the wait for the next request.</param>
    /// <exception cref="InvalidDataException">The client breaks the protocol.</exception>
    /// <exception cref="IOException">The connection is gone.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        byte[] header = new byte[NbdProtocol.RequestLength];
        try
        {
            while (await transport.TryReadAsync(header, stop).ConfigureAwait(false))
            {
                NbdRequest request = NbdRequest.Parse(header);
                if (request.Command == NbdCommand.Disconnect)
                    return;
                await StartAsync(request, stop).ConfigureAwait(false);
            }
        }
        finally
        {
            await _budget.IdleAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask StartAsync(NbdRequest request, CancellationToken stop)
    {
        // its payload would have to be read to find the next request
        if (request.Command == NbdCommand.Write && request.Length > NbdProtocol.MaxPayload)
            throw new InvalidDataException($"it writes {request.Length} bytes at once; {NbdProtocol.MaxPayload} are possible");
        NbdError error = _server.Check(request);
        if (error != NbdError.None)
        {
            if (request.Command == NbdCommand.Write)
                await transport.SkipAsync(request.Length, stop).ConfigureAwait(false);
            await _server.FailAsync(request, error).ConfigureAwait(false);
            return;
        }

        int size = request.Command is NbdCommand.Read or NbdCommand.Write ? (int)request.Length : 0;
        await _budget.EnterAsync(size, stop).ConfigureAwait(false);
        byte[]? buffer = null;
        try
        {
            if (size > 0 || request.Command == NbdCommand.Read)
                buffer = ArrayPool<byte>.Shared.Rent(NbdRequestServer.Headroom + size);
            if (request.Command == NbdCommand.Write && size > 0)
                await transport.ReadAsync(buffer.AsMemory(NbdRequestServer.Headroom, size), stop).ConfigureAwait(false);
        }
        catch
        {
            Finish(buffer, size);
            throw;
        }

        _ = Task.Run(() => ServeAsync(request, buffer, size), CancellationToken.None);
    }

    private async Task ServeAsync(NbdRequest request, byte[]? buffer, int size)
    {
        try
        {
            await _server.ServeAsync(request, buffer).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // a reply that cannot be sent: whoever reads requests has to see that too
            transport.Close();
        }
        finally
        {
            Finish(buffer, size);
        }
    }

    private void Finish(byte[]? buffer, int size)
    {
        if (buffer is not null)
            ArrayPool<byte>.Shared.Return(buffer);
        _budget.Leave(size);
    }
}
