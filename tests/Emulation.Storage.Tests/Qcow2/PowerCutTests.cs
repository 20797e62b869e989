namespace Emulation.Storage.Tests;

/// <summary>Wherever the power is cut, the image is sound but for lost clusters, and all that was flushed is there.</summary>
/// <remarks><c>EMULATION_SEEDS=2000</c> makes so many cuts in all instead of the few that every run makes, and shows each to qemu-img.</remarks>
public sealed class PowerCutTests
{
    private static readonly int s_cuts = int.Parse(Environment.GetEnvironmentVariable("EMULATION_SEEDS") ?? "0");

    private static IEnumerable<Qcow2Case> Cases { get; } =
    [
        new("512 refcount 64", new() { ClusterSize = 512, RefcountBits = 64 }),
        // the first table of refcounts is full soon
        new("512 growing", new() { ClusterSize = 512, RefcountBits = 64 }, Filled: 1_950_000),
        new("512 refcount 1", new() { ClusterSize = 512, RefcountBits = 1 }),
        new("4K backing", new() { ClusterSize = 4096 }, Backing: true),
        new("v2 1K", new() { Version = 2, ClusterSize = 1024 }),
        new("v2 4K backing", new() { Version = 2, ClusterSize = 4096 }, Backing: true),
        new("extended 16K backing", new() { ClusterSize = 16384, ExtendedL2 = true }, Backing: true),
        new("64K zstd", new() { Compression = Qcow2Compression.Zstd }),
        new("lazy 2K", new() { ClusterSize = 2048, LazyRefcounts = true }),
    ];

    [TestCaseSource(nameof(Cases))]
    public async Task Flushed_data_survive(Qcow2Case @case)
    {
        using var folder = new TempFolder();
        int cuts = s_cuts > 0 ? s_cuts / Cases.Count() : 15;
        for (int i = 0; i < cuts; i++)
        {
            var cut = new PowerCut(@case, folder, 1000 + i);
            byte[] left = await cut.RunAsync();
            if (i < 3 || s_cuts > 0)
                CheckWithQemu(@case, folder, left, 1000 + i);
            await cut.VerifyAsync(left);
        }
    }

    // two new refcount blocks, one of which was counted in the other
    [TestCase("512 refcount 64", 1420)]
    public async Task Cuts_that_once_did_damage(string name, int seed)
    {
        using var folder = new TempFolder();
        Qcow2Case @case = Cases.Single(c => c.Name == name);
        var cut = new PowerCut(@case, folder, seed);
        byte[] left = await cut.RunAsync();
        CheckWithQemu(@case, folder, left, seed);
        await cut.VerifyAsync(left);
    }

    private static void CheckWithQemu(Qcow2Case @case, TempFolder folder, byte[] left, int seed)
    {
        string path = folder["disk.qcow2"];
        File.WriteAllBytes(path, left);
        if (@case.Options.LazyRefcounts)
        {
            QemuImg.Run("check", "-q", "-r", "all", path);
            return;
        }

        int code = QemuImg.Check(path, out string output);
        if (code is not (0 or 3))
            Assert.Fail($"seed {seed}: qemu-img check ended with {code}: {output}");
    }
}
