using System.Net.Sockets;
using Emulation.Cli.Options;

namespace Emulation.Cli.Running;

/// <summary>What a serial line is connected to.</summary>
internal sealed class SerialEnd : IDisposable
{
    private readonly IDisposable? _owned;

    private SerialEnd(Stream? output, Stream? input, IDisposable? owned = null)
    {
        Output = output;
        Input = input;
        _owned = owned;
    }

    /// <summary>Gets what the guest sends; null for nobody.</summary>
    public Stream? Output { get; }

    /// <summary>Gives what the guest receives; null for nothing.</summary>
    public Stream? Input { get; }

    /// <summary>Opens what the user chose.</summary>
    public static SerialEnd Open(SerialOption option, CliHost host)
    {
        switch (option.Target)
        {
            case SerialTarget.Stdio:
                return new SerialEnd(host.Output, host.Input);
            case SerialTarget.File:
                try
                {
                    var file = new FileStream(option.Path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
                    return new SerialEnd(file, null, file);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
                {
                    throw new UsageException($"--serial: file '{option.Path}' cannot be written: {e.Message}", e);
                }

            case SerialTarget.Tcp:
                var client = new TcpClient { NoDelay = true };
                try
                {
                    client.Connect(option.Host, option.Port);
                }
                catch (SocketException e)
                {
                    client.Dispose();
                    throw new UsageException($"--serial: {option.Host}:{option.Port} cannot be reached: {e.Message}", e);
                }

                NetworkStream stream = client.GetStream();
                return new SerialEnd(stream, stream, client);
            default:
                return new SerialEnd(null, null);
        }
    }

    public void Dispose() => _owned?.Dispose();
}
