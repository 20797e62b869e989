using System.CommandLine;
using System.Net;
using Emulation.Cli.Images;
using Emulation.Storage;

namespace Emulation.Cli.Nbd;

/// <summary>The options of emu nbd serve.</summary>
internal sealed class ServeOptions
{
    private readonly Option<string?> _format = ImgOptions.Format();
    private readonly Option<int> _port = new("--port", "-p") { Description = "TCP port; 0 takes a free one.", HelpName = "PORT", DefaultValueFactory = _ => NbdUri.DefaultPort };
    private readonly Option<string> _bind = new("--bind", "-b") { Description = "Address to listen on; 0.0.0.0 or :: for all.", HelpName = "ADDRESS", DefaultValueFactory = _ => "127.0.0.1" };
    private readonly Option<string?> _socket = new("--socket", "-k") { Description = "Listens on a Unix socket instead.", HelpName = "PATH" };
    private readonly Option<string> _name = new("--export-name", "-x") { Description = "Name of the export; by default the one that clients get that ask for none.", HelpName = "NAME", DefaultValueFactory = _ => "" };
    private readonly Option<string?> _description = new("--description", "-D") { Description = "Text about the export for people.", HelpName = "TEXT" };
    private readonly Option<bool> _readOnly = new("--read-only", "-r") { Description = "Refuses changes." };
    private readonly Option<bool> _overlay = new("--overlay") { Description = "Keeps changes in memory; the image stays as it is, and they are lost at the end." };
    private readonly Option<int> _shared = new("--shared", "-e") { Description = "Most clients at a time; others wait.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<bool> _persistent = new("--persistent", "-t") { Description = "Goes on when the last client has left." };
    private readonly Option<string?> _certificates = new("--tls-certificates") { Description = "Uses TLS with server-cert.pem and server-key.pem of a directory.", HelpName = "DIR" };
    private readonly Option<bool> _tlsRequired = new("--tls-required") { Description = "Whether clients must use TLS where there are certificates: true (default) or false.", DefaultValueFactory = _ => true };
    private readonly Option<bool> _verifyPeer = new("--tls-verify-peer") { Description = "Clients need a certificate that one in ca-cert.pem of the directory signed." };
    private readonly Option<string[]> _bitmaps = new("--bitmap", "-B") { Description = "Lets clients read a persistent bitmap of the image; may be given several times.", HelpName = "NAME" };
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Says why connections end and requests fail." };

    public Argument<string> File { get; } = ImgOptions.File();

    public IEnumerable<Option> All =>
    [
        _format, _port, _bind, _socket, _name, _description, _readOnly, _overlay, _shared, _persistent, _certificates, _tlsRequired, _verifyPeer, _bitmaps, _verbose,
    ];

    public ServeSettings Read(ParseResult result, OpenOptions open)
    {
        string image = result.GetValue(File)!;
        int port = result.GetValue(_port);
        if (port is < 0 or > ushort.MaxValue)
            throw new UsageException($"--port: {port} is not a port");
        string bind = result.GetValue(_bind)!;
        if (!IPAddress.TryParse(bind == "localhost" ? "127.0.0.1" : bind, out IPAddress? address))
            throw new UsageException($"--bind: '{bind}' is not an address");
        if (result.GetValue(_shared) is < 1 and int shared)
            throw new UsageException($"--shared: {shared} clients are too few");
        if (result.GetValue(_socket) is not null && (result.GetResult(_port) is { Implicit: false } || result.GetResult(_bind) is { Implicit: false }))
            throw new UsageException("--socket excludes --port and --bind");
        string[] bitmaps = result.GetValue(_bitmaps) ?? [];
        if (bitmaps.Length > 0 && result.GetValue(_overlay))
            throw new UsageException("--bitmap excludes --overlay: the bitmaps of the image do not see changes above it");
        if (result.GetValue(_verifyPeer) && result.GetValue(_certificates) is null)
            throw new UsageException("--tls-verify-peer needs --tls-certificates");
        return new ServeSettings
        {
            File = open.Path(result, image),
            Image = open.Read(result, image, result.GetValue(_format), result.GetValue(_readOnly) || result.GetValue(_overlay)),
            EndPoint = new IPEndPoint(address, port),
            Socket = result.GetValue(_socket),
            Name = result.GetValue(_name)!,
            Description = result.GetValue(_description),
            ReadOnly = result.GetValue(_readOnly),
            Overlay = result.GetValue(_overlay),
            Shared = result.GetValue(_shared),
            Persistent = result.GetValue(_persistent),
            Certificates = result.GetValue(_certificates),
            TlsRequired = result.GetValue(_tlsRequired),
            VerifyPeer = result.GetValue(_verifyPeer),
            Bitmaps = bitmaps,
            Verbose = result.GetValue(_verbose),
        };
    }
}
