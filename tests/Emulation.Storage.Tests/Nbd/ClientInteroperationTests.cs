namespace Emulation.Storage.Tests.Nbd;

/// <summary>Our client against QEMU's servers.</summary>
public sealed class ClientInteroperationTests
{
    private const int Size = 4 << 20;

    [TestCase("raw", 1)]
    [TestCase("qcow2", 2)]
    [TestCase("align", 3)]
    public async Task Random_operations_leave_what_they_should(string kind, int seed)
    {
        using var folder = new TempFolder();
        string format = kind == "qcow2" ? "qcow2" : "raw";
        QemuImg.Run("create", "-f", format, folder["a"], "4M");
        string[] what = kind == "align"
            ? ["--image-opts", $"driver=blkdebug,align=4096,image.driver=file,image.filename={folder["a"]}"]
            : ["-f", format, "--discard=unmap", folder["a"]];
        var shadow = new Shadow(Size);
        using (QemuNbd.Start(folder["s"], what))
        {
            await using NbdDisk disk = await NbdDisk.ConnectAsync($"nbd+unix:///?socket={folder["s"]}");
            disk.Length.Should().Be(Size);
            disk.Info.MinimumBlockSize.Should().Be(kind == "align" ? 4096 : 1);
            var random = new Random(seed);
            for (int i = 0; i < 300; i++)
                await shadow.StepAsync(disk, random);
            await disk.WriteDurableAsync(5, new byte[] { 1, 2, 3 });
            new byte[] { 1, 2, 3 }.CopyTo(shadow.Bytes, 5);
            await shadow.CheckAsync(disk);
            await disk.FlushAsync();
        }

        shadow.Compare(QemuImg.Read(folder["a"], format));
    }

    [Test]
    public async Task Requests_larger_than_the_server_takes_are_split()
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", "raw", folder["a"], "100M");
        using QemuNbd server = QemuNbd.Start(folder["s"], "-f", "raw", folder["a"]);
        await using NbdDisk disk = await NbdDisk.ConnectAsync($"nbd+unix:///?socket={folder["s"]}");
        byte[] content = new byte[100 << 20];
        new Random(1).NextBytes(content);
        await disk.WriteAsync(0, content);
        byte[] back = new byte[content.Length];
        await disk.ReadAsync(0, back);
        back.AsSpan().SequenceEqual(content).Should().BeTrue();
    }

    [Test]
    public async Task Status_is_what_the_server_knows()
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", "qcow2", folder["a"], "8M");
        QemuImg.Io("qcow2", folder["a"], "write -P 1 1M 1M");
        using QemuNbd server = QemuNbd.Start(folder["s"], "-f", "qcow2", folder["a"]);
        await using NbdDisk disk = await NbdDisk.ConnectAsync($"nbd+unix:///?socket={folder["s"]}");
        (await disk.GetStatusAsync(0, 8 << 20)).Should().Be(new BlockRun(1 << 20, BlockStatus.Zero));
        (await disk.GetStatusAsync(1 << 20, 8 << 20 >> 1)).Should().Be(new BlockRun(1 << 20, BlockStatus.Allocated));
        (await disk.GetStatusAsync((2 << 20) + 7, 1000)).Should().Be(new BlockRun(1000, BlockStatus.Zero));
    }

    [Test]
    public async Task Several_exports_of_one_server_are_told_apart()
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", "raw", folder["a"], "1M");
        QemuImg.Run("create", "-f", "raw", folder["b"], "2M");
        using QemuNbd server = QemuNbd.Daemon(
            folder["s"],
            "--blockdev", $"file,node-name=a,filename={folder["a"]}",
            "--blockdev", $"file,node-name=b,filename={folder["b"]}",
            "--nbd-server", $"addr.type=unix,addr.path={folder["s"]}",
            "--export", "nbd,id=a,node-name=a,name=first,writable=on,description=one",
            "--export", "nbd,id=b,node-name=b,name=second,writable=off");
        NbdUri uri = NbdUri.Parse($"nbd+unix:///?socket={folder["s"]}");
        IReadOnlyList<NbdExportInfo> list = [];
        for (int i = 0; i < 100 && list.Count < 2; i++, await Task.Delay(20))
            list = await NbdClient.ListAsync(uri); // the socket is there before the exports
        list.Select(static e => (e.Name, e.Description)).Should().Equal(("first", "one"), ("second", null));
        NbdExportInfo info = await NbdClient.GetInfoAsync(uri with { ExportName = "second" });
        info.Length.Should().Be(2 << 20);
        info.Flags.Should().HaveFlag(NbdExportFlags.ReadOnly);
        info.Contexts.Should().Contain("base:allocation");
        await using NbdDisk first = await NbdDisk.ConnectAsync(uri with { ExportName = "first" });
        await first.WriteAsync(0, new byte[] { 1 });
        await using NbdDisk second = await NbdDisk.ConnectAsync(uri with { ExportName = "second" });
        second.ReadOnly.Should().BeTrue();
        Func<Task> third = () => NbdDisk.ConnectAsync(uri with { ExportName = "third" });
        (await third.Should().ThrowAsync<NbdException>()).WithMessage("*no export 'third'*");
        Action open = () => DiskImage.Open((uri with { ExportName = "second" }).ToString()).Dispose();
        open.Should().Throw<DiskImageException>().WithMessage("*read-only*");
    }

    [Test]
    public async Task A_server_that_comes_back_is_found_again()
    {
        using var folder = new TempFolder();
        QemuImg.Run("create", "-f", "raw", folder["a"], "4M");
        var shadow = new Shadow(Size);
        var random = new Random(5);
        QemuNbd server = QemuNbd.Start(folder["s"], "-f", "raw", folder["a"]);
        await using NbdDisk disk = await NbdDisk.ConnectAsync($"nbd+unix:///?socket={folder["s"]}", new NbdClientOptions { ReconnectTimeout = TimeSpan.FromSeconds(60) });
        for (int i = 0; i < 5; i++)
        {
            for (int step = 0; step < 20; step++)
                await shadow.StepAsync(disk, random);
            server.Dispose();
            Task going = Task.Run(() => shadow.StepAsync(disk, random));
            server = QemuNbd.Start(folder["s"], "-f", "raw", folder["a"]);
            await going;
        }

        await shadow.CheckAsync(disk);
        server.Dispose();
    }
}
