using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Emulation.Storage;

/// <summary>Certificates in a directory, under the names that QEMU gives them, and how a peer's certificate is checked.</summary>
internal static class NbdCertificates
{
    public const string Authority = "ca-cert.pem";

    public static X509Certificate2Collection Authorities(string directory)
        => Load(Path.Combine(directory, Authority), static path =>
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(path);
            return authorities.Count > 0 ? authorities : throw new CryptographicException("there is no certificate in it");
        });

    /// <summary>A certificate with its key.</summary>
    public static X509Certificate2 Own(string directory, string role)
        => Load(Path.Combine(directory, role + "-cert.pem"), path =>
        {
            using X509Certificate2 pem = X509Certificate2.CreateFromPemFile(path, Path.Combine(directory, role + "-key.pem"));
            // Windows' TLS takes no keys that live in memory only
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        });

    /// <summary>What else the file has: certificates between the own one and an authority.</summary>
    public static X509Certificate2Collection Intermediates(string directory, string role)
        => Load(Path.Combine(directory, role + "-cert.pem"), static path =>
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPemFile(path);
            all.RemoveAt(0);
            return all;
        });

    public static bool Has(string directory, string role) => File.Exists(Path.Combine(directory, role + "-cert.pem"));

    /// <summary>Rules for a peer's certificate. Nothing is fetched from the network for it.</summary>
    /// <param name="authorities">Who may have signed it; null for those that the host trusts.</param>
    public static X509ChainPolicy Policy(X509Certificate2Collection? authorities)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (authorities is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(authorities);
        }

        return policy;
    }

    private static T Load<T>(string path, Func<string, T> load)
    {
        try
        {
            return load(path);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new NbdException($"'{path}' cannot be used for TLS: {e.Message}", e);
        }
    }
}
