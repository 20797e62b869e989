namespace Emulation.Storage.Tests;

/// <summary>Encrypted images that qemu-img made, written by both sides.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EncryptionTests : IDisposable
{
    private const int Length = 2 << 20;
    private const string Secret = "secret,id=s,data=correct horse";

    private readonly TempFolder _folder = new();
    private readonly Shadow _shadow = new(Length);

    private string Image => _folder["disk.qcow2"];

    public void Dispose() => _folder.Dispose();

    [TestCase("encrypt.format=aes", 65536)]
    [TestCase("encrypt.format=aes", 512)]
    [TestCase("encrypt.format=luks", 65536)]
    [TestCase("encrypt.format=luks,encrypt.cipher-alg=aes-128,encrypt.hash-alg=sha512", 4096)]
    [TestCase("encrypt.format=luks,encrypt.cipher-mode=cbc,encrypt.ivgen-alg=plain64,encrypt.hash-alg=sha1,extended_l2=on", 16384)]
    public async Task Both_sides_read_what_the_other_wrote(string options, int clusterSize)
    {
        Create(options, clusterSize);
        var random = new Random(51);
        ChangeWithQemu(random);
        await ChangeAsync(random);
        CheckWithQemu();
        ChangeWithQemu(random);
        await ChangeAsync(random);
        CheckWithQemu();
    }

    [TestCase(512)]
    [TestCase(65536)]
    public async Task Theirs_reads_what_we_created(int clusterSize)
    {
        DiskImage.Create(Image, Length, new Qcow2CreateOptions { ClusterSize = clusterSize, Passphrase = "correct horse" }).Dispose();
        var random = new Random(52);
        await ChangeAsync(random);
        CheckWithQemu();
        ChangeWithQemu(random);
        await ChangeAsync(random);
        DiskImage.Check(Image).Messages.Should().BeEmpty();
    }

    [Test]
    public void A_passphrase_is_needed_and_must_be_right()
    {
        Create("encrypt.format=luks", 65536);
        Action open = () => DiskImage.Open(Image, readOnly: true);
        open.Should().Throw<DiskImageException>().WithMessage("*encrypted (LUKS): a passphrase is needed*");
        open = () => DiskImage.Open(Image, new DiskImageOptions { ReadOnly = true, Passphrase = "battery staple" });
        open.Should().Throw<DiskImageException>().WithMessage("*the passphrase is wrong*");
        DiskImage.Check(Image).IsClean.Should().BeTrue();
    }

    // IEEE 1619, annex B, vector 1, is about 32 bytes; the first blocks of a sector are the same
    [Test]
    public void The_mode_agrees_with_the_standard()
    {
        using var cipher = new AesXts(new byte[32]);
        byte[] sector = new byte[512];
        cipher.Encrypt(sector, 0, 512, 0);
        Convert.ToHexStringLower(sector[..32]).Should().Be("917cf69ebd68b2ec9b9fe9a3eadda692cd43d2f59598ed858c02c2652fbf922e");
        cipher.Decrypt(sector, 0, 512, 0);
        sector.Should().OnlyContain(b => b == 0);
    }

    // the time of the key derivation is measured, which fails now and then on a busy machine
    private void Create(string options, int clusterSize)
    {
        if (options.Contains("luks", StringComparison.Ordinal))
            options += ",encrypt.iter-time=10";
        for (int attempt = 0; ; attempt++)
        {
            string[] arguments = ["create", "-q", "-f", "qcow2", "--object", Secret, "-o", $"{options},encrypt.key-secret=s,cluster_size={clusterSize}", Image, $"{Length}"];
            if (QemuImg.TryRun(out string output, arguments))
                return;
            File.Delete(Image);
            if (attempt == 30 || !output.Contains("CPU usage", StringComparison.Ordinal))
                Assert.Fail(output);
        }
    }

    private async Task ChangeAsync(Random random)
    {
        await using var image = (Qcow2Image)DiskImage.Open(Image, new DiskImageOptions { Passphrase = "correct horse" });
        image.IsEncrypted.Should().BeTrue();
        await _shadow.CheckAsync(image);
        for (int i = 0; i < 80; i++)
            await _shadow.StepAsync(image, random);
        await image.WriteCompressedAsync(0, new byte[image.ClusterSize]);
        _shadow.Bytes.AsSpan(0, image.ClusterSize).Clear();
        await image.CreateSnapshotAsync($"{random.Next()}", new byte[] { 1, 2, 3 });
        for (int i = 0; i < 20; i++)
            await _shadow.StepAsync(image, random);
        await _shadow.CheckAsync(image);
    }

    private void ChangeWithQemu(Random random)
    {
        var commands = new List<string>();
        for (int i = 0; i < 8; i++)
        {
            int offset = random.Next(Length / 512) * 512;
            int count = Math.Min((random.Next(300) + 1) * 512, Length - offset);
            int pattern = random.Next(1, 256);
            commands.Add($"write -P {pattern} {offset} {count}");
            _shadow.Bytes.AsSpan(offset, count).Fill((byte)pattern);
        }

        QemuImg.IoWith(["--object", Secret, "--image-opts"], $"driver=qcow2,file.filename={Image},encrypt.key-secret=s", [.. commands]);
    }

    private void CheckWithQemu()
    {
        QemuImg.Run("check", "--object", Secret, "--image-opts", $"driver=qcow2,file.filename={Image},encrypt.key-secret=s");
        string raw = _folder["plain.raw"];
        QemuImg.Run("convert", "--object", Secret, "--image-opts", $"driver=qcow2,file.filename={Image},encrypt.key-secret=s", "-O", "raw", raw);
        _shadow.Compare(File.ReadAllBytes(raw));
    }
}
