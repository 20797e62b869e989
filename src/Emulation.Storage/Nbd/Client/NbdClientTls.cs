using System.Security.Cryptography.X509Certificates;

namespace Emulation.Storage;

/// <summary>TLS of an NBD client: versions 1.2 and 1.3 with X.509 certificates. Pre-shared keys (PSK) are not supported, as .NET has none.</summary>
public sealed record NbdClientTls
{
    /// <summary>Who must have signed the server's certificate; null for those that the host trusts.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>The client's certificate, with its private key, for servers that ask for one.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The name that the server's certificate must have; null for the host's name in the URI (<c>localhost</c> for a Unix socket).</summary>
    public string? HostName { get; init; }

    /// <summary>Whether the server's certificate is checked. Without that anybody between here and the server can read and change everything.</summary>
    public bool VerifyPeer { get; init; } = true;

    /// <summary>Takes <c>ca-cert.pem</c> and, where there are such, <c>client-cert.pem</c> and <c>client-key.pem</c> from a directory.</summary>
    /// <param name="directory">The directory.</param>
    /// <exception cref="NbdException">A file is missing or is not what it should be.</exception>
    public static NbdClientTls FromDirectory(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return new NbdClientTls
        {
            Authorities = NbdCertificates.Authorities(directory),
            Certificate = NbdCertificates.Has(directory, "client") ? NbdCertificates.Own(directory, "client") : null,
        };
    }
}
