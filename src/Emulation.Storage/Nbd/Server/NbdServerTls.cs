using System.Security.Cryptography.X509Certificates;

namespace Emulation.Storage;

/// <summary>TLS of an NBD server: versions 1.2 and 1.3 with X.509 certificates. Pre-shared keys (PSK) are not supported, as .NET has none.</summary>
public sealed record NbdServerTls
{
    /// <summary>The server's certificate, with its private key.</summary>
    public required X509Certificate2 Certificate { get; init; }

    /// <summary>Certificates between the server's and an authority that clients know; sent along.</summary>
    public X509Certificate2Collection? Intermediates { get; init; }

    /// <summary>Whether nothing is answered before TLS has begun; otherwise clients choose.</summary>
    public bool Required { get; init; } = true;

    /// <summary>Who must have signed a client's certificate; null when clients need none.</summary>
    public X509Certificate2Collection? ClientAuthorities { get; init; }

    /// <summary>Takes <c>server-cert.pem</c> and <c>server-key.pem</c> from a directory.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="verifyPeer">Whether clients need a certificate that one of those in <c>ca-cert.pem</c> signed.</param>
    /// <param name="required">Whether nothing is answered before TLS has begun.</param>
    /// <exception cref="NbdException">A file is missing or is not what it should be.</exception>
    public static NbdServerTls FromDirectory(string directory, bool verifyPeer = false, bool required = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return new NbdServerTls
        {
            Certificate = NbdCertificates.Own(directory, "server"),
            Intermediates = NbdCertificates.Intermediates(directory, "server"),
            ClientAuthorities = verifyPeer ? NbdCertificates.Authorities(directory) : null,
            Required = required,
        };
    }
}
