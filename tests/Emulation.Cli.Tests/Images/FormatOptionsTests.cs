using Emulation.Storage;
using Emulation.Storage.Tests;

namespace Emulation.Cli.Tests.Images;

/// <summary>-o of emu img against qemu-img.</summary>
public sealed class FormatOptionsTests
{
    [TestCase("raw", "raw", "")]
    [TestCase("raw", "raw", "preallocation=full")]
    [TestCase("raw", "raw", "preallocation=falloc,nocow=on")]
    [TestCase("qcow2", "qcow2", "preallocation=metadata")]
    [TestCase("qcow2", "qcow2", "preallocation=falloc,cluster_size=4k")]
    [TestCase("qcow2", "qcow2", "preallocation=full,extended_l2=on")]
    [TestCase("qcow2", "qcow2", "preallocation=metadata,data_file=@data")]
    [TestCase("vdi", "vdi", "")]
    [TestCase("vdi", "vdi", "static=on")]
    [TestCase("vhd", "vpc", "force_size=on")]
    [TestCase("vpc", "vpc", "subformat=fixed,force_size=on")]
    [TestCase("qed", "qed", "cluster_size=128k,table_size=2")]
    [TestCase("parallels", "parallels", "cluster_size=512k")]
    [TestCase("qcow", "qcow", "")]
    [TestCase("vhdx", "vhdx", "block_size=2M,log_size=2M,block_state_zero=on,physical_sector_size=512")]
    [TestCase("vhdx", "vhdx", "subformat=fixed")]
    [TestCase("vmdk", "vmdk", "zeroed_grain=on,adapter_type=lsilogic,hwversion=9,toolsversion=7")]
    [TestCase("vmdk", "vmdk", "subformat=monolithicFlat,compat6=on")]
    [TestCase("vmdk", "vmdk", "subformat=twoGbMaxExtentFlat,adapter_type=buslogic")]
    [TestCase("vmdk", "vmdk", "subformat=twoGbMaxExtentSparse,adapter_type=legacyESX")]
    public async Task Every_format_is_created_and_converted_to(string ours, string theirs, string options)
    {
        using var folder = new TempFolder();
        string[] Options(string data) => options.Length == 0 ? [] : ["-o", options.Replace("@data", folder[data], StringComparison.Ordinal)];
        await Img.Run(["create", "-f", ours, .. Options("d1"), folder["a"], "9M"]);
        System.Text.Json.JsonElement info = Img.Json(QemuImg.Run("info", "-f", theirs, "--output=json", folder["a"]));
        info.GetProperty("format").GetString().Should().Be(theirs);
        info.GetProperty("virtual-size").GetInt64().Should().Be(9 << 20);
        QemuImg.Io(theirs, folder["a"], "read -P 0 0 9M", "write -P 5 5M 64k");
        byte[] content = Img.Content(9 << 20);
        await File.WriteAllBytesAsync(folder["raw"], content);
        await Img.Run(["convert", "-f", "raw", "-O", ours, .. Options("d2"), folder["raw"], folder["b"]]);
        QemuImg.Read(folder["b"], theirs).AsSpan().SequenceEqual(content).Should().BeTrue();
        await Img.Run("convert", "-f", ours, folder["b"], folder["back"]);
        (await File.ReadAllBytesAsync(folder["back"])).AsSpan().SequenceEqual(content).Should().BeTrue();
        if (theirs == "qcow2")
            QemuImg.ShouldBeClean(folder["b"]);
    }

    [TestCase("", false)]
    [TestCase("extended_l2=on,", false)]
    [TestCase("cluster_size=512,", false)]
    [TestCase("refcount_bits=64,", true)]
    public async Task What_is_preallocated_is_what_qemu_preallocates(string options, bool full)
    {
        using var folder = new TempFolder();
        string more = $"{options}preallocation={(full ? "full" : "metadata")}";
        await Img.Run("create", "-f", "qcow2", "-o", more, folder["a"], "3M");
        QemuImg.Run("create", "-f", "qcow2", "-o", more, folder["b"], "3M");
        QemuImg.ShouldBeClean(folder["a"]);
        QemuImg.Run("check", "--output=json", folder["a"]).Should().Contain("\"allocated-clusters\": " + Img.Json(QemuImg.Run("check", "--output=json", folder["b"])).GetProperty("allocated-clusters"));
        long size = new FileInfo(folder["b"]).Length;
        new FileInfo(folder["a"]).Length.Should().BeInRange(size - (1 << 17), size + (1 << 17));
    }

    [TestCase("luks")]
    public async Task Encrypted_images_are_made_with_secrets(string format)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["pass"], "open sesame");
        byte[] content = Img.Content(2 << 20);
        await File.WriteAllBytesAsync(folder["raw"], content);
        await Img.Run("convert", "-f", "raw", "-O", "qcow2", "--object", $"secret,id=s,file={folder["pass"]}", "-o", $"encrypt.format={format},encrypt.key-secret=s,encrypt.iter-time=10", folder["raw"], folder["a"]);
        QemuImg.Run("convert", "--object", $"secret,id=x,file={folder["pass"]}", "--image-opts", "-O", "raw", $"driver=qcow2,file.filename={folder["a"]},encrypt.key-secret=x", folder["b"]);
        (await File.ReadAllBytesAsync(folder["b"])).Should().Equal(content);
        await Img.Run("compare", "--passphrase-file", folder["pass"], folder["a"], folder["raw"]);
        await Img.Run("convert", "--object", "secret,id=s,format=base64,data=b3BlbiBzZXNhbWU=", "--image-opts", $"driver=qcow2,file.filename={folder["a"]},encrypt.key-secret=s", folder["c"]);
        (await File.ReadAllBytesAsync(folder["c"])).Should().Equal(content);
        // preallocated and encrypted reads as zeros all the same
        await Img.Run("create", "-f", "qcow2", "--passphrase-file", folder["pass"], "-o", "encrypt.format=luks,preallocation=metadata", folder["p"], "1M");
        using BlockDevice image = DiskImage.Open(folder["p"], new DiskImageOptions { Passphrase = "open sesame" });
        byte[] read = new byte[1 << 20];
        await image.ReadAsync(0, read);
        read.AsSpan().ContainsAnyExcept((byte)0).Should().BeFalse();
    }

    [TestCase("raw", "preallocation=<off, falloc or full>")]
    [TestCase("qcow2", "encrypt.key-secret=<ID>")]
    [TestCase("vpc", "subformat=<dynamic or fixed>")]
    [TestCase("qed", "table_size=<")]
    [TestCase("vmdk", "adapter_type=<")]
    [TestCase("vhdx", "logical_sector_size=<")]
    [TestCase("qcow", "backing_fmt=<FORMAT>")]
    public async Task Help_lists_what_there_is(string format, string expected)
    {
        string text = await Img.Run("create", "-f", format, "-o", "help");
        text.Should().Contain(expected).And.Contain("size=<SIZE>");
        text.Split(Environment.NewLine).Should().OnlyContain(l => l.Length <= 80);
    }

    [Test]
    public void Every_format_has_a_table_and_every_option_of_qemu_is_known()
    {
        foreach (string format in Emulation.Cli.Images.FormatTables.Creatable)
        {
            IEnumerable<string> known = Emulation.Cli.Images.FormatTables.Common.Select(c => c.Name).Concat(Emulation.Cli.Images.FormatTables.Find(format).Help.Select(h => h.Name));
            IEnumerable<string> theirs = QemuImg.Run("create", "-f", format == "vhd" ? "vpc" : format, "-o", "help").Split('\n')
                .Where(l => l.StartsWith("  ", StringComparison.Ordinal) && l.Contains('=', StringComparison.Ordinal)).Select(l => l.Trim().Split('=')[0]);
            known.Should().Contain(theirs.Where(t => t != "encrypt.ivgen-hash-alg"), format);
        }
    }

    [TestCase("-f qcow2 -o encrypt.format=aes", "old AES", "luks")]
    [TestCase("-f qcow2 -o encrypt.format=luks", "passphrase", "--object")]
    [TestCase("-f qcow2 -o encrypt.format=luks,encrypt.key-secret=s", "no secret 's'")]
    [TestCase("-f qcow2 -o encrypt.cipher-alg=aes-256", "needs encrypt.format")]
    [TestCase("-f qcow2 -o encrypt.format=luks,encrypt.cipher-alg=twofish-256", "twofish-256", "aes-256")]
    [TestCase("-f qcow2 -o encryption=on", "old AES")]
    [TestCase("-f qcow2 -o preallocation=some", "some", "metadata")]
    [TestCase("-f qcow2 -o nocow=maybe", "maybe", "on or off")]
    [TestCase("-f raw -o preallocation=metadata", "metadata", "falloc")]
    [TestCase("-f vdi -o static=perhaps", "perhaps", "on or off")]
    [TestCase("-f vdi -o cluster_size=1", "vdi images have no option 'cluster_size'", "static")]
    [TestCase("-f vpc -o subformat=round", "round", "dynamic or fixed")]
    [TestCase("-f qed -o table_size=3", "3 clusters")]
    [TestCase("-f qed -b x", "go together")]
    [TestCase("-f qcow -o encrypt.format=aes", "passphrase", "--object")]
    [TestCase("-f qcow -o encrypt.format=luks", "luks", "aes is")]
    [TestCase("-f vhdx -o block_state_zero=off", "block_state_zero", "on is")]
    [TestCase("-f vhdx -o subformat=differencing", "backing_file")]
    [TestCase("-f vhdx -o logical_sector_size=1024", "1024", "512 or 4096")]
    [TestCase("-f vhdx -b x -F raw", "raw")]
    [TestCase("-f vhd -b x -F qcow2", "qcow2")]
    [TestCase("-f vmdk -b x -F raw", "raw")]
    [TestCase("-f vmdk -o subformat=monolithicFlat,backing_file=x", "flat")]
    [TestCase("-f vmdk -o hwversion=4,compat6=on", "exclude each other")]
    [TestCase("-f vmdk -o subformat=round", "round", "streamOptimized")]
    [TestCase("-f vmdk -o toolsversion=new", "new")]
    [TestCase("--object secret,id=a", "either file=F or data=TEXT")]
    [TestCase("--object secret,data=a", "needs id=ID")]
    [TestCase("--object secret,id=a,data=x,keyid=b", "keyid")]
    [TestCase("--object tls-creds,id=a", "tls-creds", "secret")]
    [TestCase("--object secret,id=a,file=/no/such/file", "/no/such/file")]
    [TestCase("--passphrase-file /no/such/file", "/no/such/file")]
    public async Task Wrong_options_are_explained(string options, params string[] expected)
    {
        using var folder = new TempFolder();
        await Img.Fails(1, ["create", .. options.Split(' '), folder["x"], "1M"], expected);
        File.Exists(folder["x"]).Should().BeFalse();
    }
}
