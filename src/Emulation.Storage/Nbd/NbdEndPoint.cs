using System.Net.Sockets;

namespace Emulation.Storage;

/// <summary>Sockets as NBD wants them.</summary>
internal static class NbdEndPoint
{
    public static UnixDomainSocketEndPoint Unix(string path)
    {
        try
        {
            return new UnixDomainSocketEndPoint(path);
        }
        catch (Exception e) when (e is ArgumentException or PlatformNotSupportedException)
        {
            throw new NbdException($"'{path}' cannot be the path of a Unix socket: {e.Message}", e);
        }
    }

    /// <summary>Replies are not to wait for company, and a peer whose machine is gone is to be noticed.</summary>
    public static void Tune(Socket socket)
    {
        if (socket.AddressFamily == AddressFamily.Unix)
            return;
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
    }

    /// <summary>Deletes a socket that a server left behind that could not end properly.</summary>
    public static void RemoveStale(string path)
    {
        if (path[0] == '\0' || !File.Exists(path))
            return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(Unix(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused && IsSocket(path))
        {
            Delete(path);
            return;
        }
        catch (SocketException)
        {
            // it is something else
        }

        throw new NbdException($"cannot listen on '{path}': it exists already");
    }

    // nobody listens on other files either, but those can be opened
    private static bool IsSocket(string path)
    {
        try
        {
            File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    public static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // somebody was faster
        }
    }
}
