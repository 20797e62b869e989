using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using static Emulation.Storage.Tests.Nbd.NbdBytes;

namespace Emulation.Storage.Tests.Nbd;

/// <summary>TLS with certificates, with ourselves and with QEMU.</summary>
public sealed class TlsTests
{
    private readonly TempFolder _certificates = new();

    [OneTimeSetUp]
    public void MakeCertificates()
    {
        foreach (string folder in (string[])["good", "other"])
        {
            Directory.CreateDirectory(_certificates[folder]);
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN=authority {folder}", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
            using X509Certificate2 authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
            File.WriteAllText(Path.Combine(_certificates[folder], "ca-cert.pem"), authority.ExportCertificatePem());
            Issue(authority, folder, "server", "1.3.6.1.5.5.7.3.1");
            Issue(authority, folder, "client", "1.3.6.1.5.5.7.3.2");
        }
    }

    [OneTimeTearDown]
    public void Clean() => _certificates.Dispose();

    [TestCase(false)]
    [TestCase(true)]
    public async Task Our_client_talks_to_our_server(bool verifyPeer)
    {
        await using NbdFixture fixture = Serve(verifyPeer);
        fixture.Tcp.ToString().Should().StartWith("nbds://");
        NbdUri uri = fixture.Tcp with { TlsHostName = "localhost", TlsCertificates = _certificates["good"] };
        await using NbdDisk disk = await NbdDisk.ConnectAsync(uri);
        var shadow = new Shadow(1 << 20);
        var random = new Random(1);
        for (int i = 0; i < 100; i++)
            await shadow.StepAsync(disk, random);
        await shadow.CheckAsync(disk);
        using BlockDevice image = DiskImage.Open((fixture.Unix with { TlsCertificates = _certificates["good"] }).ToString(), readOnly: true);
        image.Length.Should().Be(1 << 20);
        fixture.Log.Should().BeEmpty();
    }

    [Test]
    public async Task Whom_the_client_does_not_trust_it_does_not_use()
    {
        await using NbdFixture fixture = Serve(verifyPeer: false);
        await FailsAsync(fixture.Tcp with { TlsCertificates = _certificates["other"], TlsHostName = "localhost" }, "*not trusted*");
        await FailsAsync(fixture.Tcp, "*not trusted*");
        await FailsAsync(fixture.Tcp with { TlsCertificates = _certificates["good"], TlsHostName = "example.com" }, "*another host's name*");
        await FailsAsync(fixture.Tcp with { TlsCertificates = _certificates["nowhere"] }, "*ca-cert.pem*");
        await FailsAsync(fixture.Tcp with { Tls = false }, "*wants TLS*nbds*");
        await (await NbdDisk.ConnectAsync(fixture.Tcp with { TlsVerifyPeer = false })).DisposeAsync();
        await using var plain = new NbdFixture(DiskImage.InMemory(512));
        await FailsAsync(plain.Tcp with { Tls = true }, "*has no TLS*");
    }

    [Test]
    public async Task Whom_the_server_does_not_trust_it_does_not_serve()
    {
        await using NbdFixture fixture = Serve(verifyPeer: true);
        NbdClientTls good = NbdClientTls.FromDirectory(_certificates["good"]) with { HostName = "localhost" };
        foreach (X509Certificate2? own in (X509Certificate2?[])[null, NbdClientTls.FromDirectory(_certificates["other"]).Certificate])
        {
            Func<Task> connect = () => NbdDisk.ConnectAsync(fixture.Tcp, new NbdClientOptions { Tls = good with { Certificate = own } });
            await connect.Should().ThrowAsync<NbdException>();
        }

        fixture.Server.Clients.Should().Be(0);
    }

    [Test]
    public async Task Nothing_is_answered_before_TLS()
    {
        await using NbdFixture fixture = Serve(verifyPeer: false);
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, fixture.Tcp.Port);
        await client.GetStream().WriteAsync((byte[])[.. U32(3), .. Option(3), .. Option(8), .. Go("disk"), .. SetContext("disk", "base:allocation"), .. Option(77), .. Option(1, [.. "disk"u8])]);
        using var all = new MemoryStream();
        await client.GetStream().CopyToAsync(all);
        byte[] refusal = [.. "TLS is required"u8];
        all.ToArray().Should().Equal([.. Greeting, .. ((uint[])[3, 8, 7, 10, 77]).SelectMany(o => Reply(o, 0x80000005, refusal))]);
    }

    [Test]
    public async Task Where_TLS_is_offered_clients_choose()
    {
        await using var fixture = new NbdFixture(DiskImage.InMemory(512), new NbdServerOptions { Tls = NbdServerTls.FromDirectory(_certificates["good"], required: false) });
        await (await NbdDisk.ConnectAsync(fixture.Tcp)).DisposeAsync();
        await (await NbdDisk.ConnectAsync(fixture.Tcp with { Tls = true, TlsHostName = "localhost", TlsCertificates = _certificates["good"] })).DisposeAsync();
    }

    [Test]
    public async Task Qemu_is_a_client_with_a_certificate()
    {
        await using NbdFixture fixture = Serve(verifyPeer: true);
        string image = $"driver=nbd,host=localhost,port={fixture.Tcp.Port},export=disk,tls-creds=t";
        string Credentials(string folder) => $"tls-creds-x509,id=t,endpoint=client,dir={_certificates[folder]}";
        QemuImg.Run("info", "--object", Credentials("good"), "--image-opts", image).Should().Contain("1 MiB");
        QemuImg.TryRun(out _, "info", "--object", Credentials("other"), "--image-opts", image).Should().BeFalse();
    }

    [Test]
    public async Task Qemu_is_a_server_that_asks_for_a_certificate()
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", "raw", folder["a"], "1M");
        using QemuNbd server = QemuNbd.Daemon(
            folder["s"],
            "--object", $"tls-creds-x509,id=t,endpoint=server,verify-peer=on,dir={_certificates["good"]}",
            "--blockdev", $"file,node-name=a,filename={folder["a"]}",
            "--nbd-server", $"addr.type=unix,addr.path={folder["s"]},tls-creds=t",
            "--export", "nbd,id=a,node-name=a,name=a,writable=on");
        NbdUri uri = NbdUri.Parse($"nbds+unix:///a?socket={folder["s"]}&tls-certificates={_certificates["good"]}");
        await Task.Delay(200); // the socket is there before the export
        await using NbdDisk disk = await NbdDisk.ConnectAsync(uri);
        await disk.WriteAsync(1, new byte[] { 1, 2, 3 });
        byte[] back = new byte[3];
        await disk.ReadAsync(1, back);
        back.Should().Equal(1, 2, 3);
        await FailsAsync(uri with { Tls = false, TlsCertificates = null }, "*wants TLS*");
    }

    private static async Task FailsAsync(NbdUri uri, string message)
    {
        Func<Task> connect = () => NbdDisk.ConnectAsync(uri);
        (await connect.Should().ThrowAsync<NbdException>()).WithMessage(message);
    }

    private NbdFixture Serve(bool verifyPeer)
        => new(DiskImage.InMemory(1 << 20), new NbdServerOptions { Tls = NbdServerTls.FromDirectory(_certificates["good"], verifyPeer) });

    private void Issue(X509Certificate2 authority, string folder, string role, string purpose)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={role}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(20), [1, 2, 3, (byte)role.Length]);
        File.WriteAllText(Path.Combine(_certificates[folder], role + "-cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_certificates[folder], role + "-key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}
