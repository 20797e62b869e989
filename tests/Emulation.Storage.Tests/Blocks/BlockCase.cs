namespace Emulation.Storage.Tests;

/// <summary>One combination of options of the formats that are tables over blocks, ours and qemu-img's.</summary>
/// <param name="Name">For the test's name.</param>
/// <param name="Options">Ours.</param>
/// <param name="QemuFormat">What qemu-img calls the format.</param>
/// <param name="QemuOptions">Theirs, for <c>-o</c>.</param>
/// <param name="Tables">Bytes at the start of the file that hold headers and tables.</param>
/// <param name="CanCheck">Whether qemu-img can check the format.</param>
public sealed record BlockCase(string Name, DiskCreateOptions Options, string QemuFormat, string QemuOptions, int Tables, bool CanCheck = true)
{
    /// <summary>Whether the image lies on another one, raw or, where QEMU does not read it, of the same format.</summary>
    public bool Backing { get; init; }

    /// <summary>Whether qemu-img reads such images.</summary>
    public bool QemuReads { get; init; } = true;

    public static IEnumerable<BlockCase> All { get; } =
    [
        new("vdi", new VdiCreateOptions(), "vdi", "static=off", 0x220),
        new("vdi fixed", new VdiCreateOptions { Fixed = true }, "vdi", "static=on", 0x220),
        new("vhd", new VhdCreateOptions(), "vpc", "subformat=dynamic,force_size=on", 0x620, CanCheck: false),
        new("vhd by geometry", new VhdCreateOptions(), "vpc", "subformat=dynamic", 0x620, CanCheck: false),
        new("vhd fixed", new VhdCreateOptions { Fixed = true }, "vpc", "subformat=fixed,force_size=on", 0x220, CanCheck: false),
        new("vhd fixed by geometry", new VhdCreateOptions { Fixed = true }, "vpc", "subformat=fixed", 0x220, CanCheck: false),
        new("vhd differencing", new VhdCreateOptions { ParentFile = "base.vhd" }, "", "", 0x1020, CanCheck: false) { Backing = true, QemuReads = false },
        new("qed", new QedCreateOptions(), "qed", "", 0x60040),
        new("qed 4K backing", new QedCreateOptions { ClusterSize = 4096, TableSize = 2, BackingFile = "base.raw", BackingFormat = "raw" }, "qed", "cluster_size=4096,table_size=2", 0x5000) { Backing = true },
        new("qed 2M", new QedCreateOptions { ClusterSize = 2 << 20, TableSize = 2 }, "qed", "cluster_size=2M,table_size=2", 0x600_0000),
        new("qcow", new QcowCreateOptions(), "qcow", "", 0x3000, CanCheck: false),
        new("qcow backing", new QcowCreateOptions { BackingFile = "base.raw" }, "qcow", "", 0x8400, CanCheck: false) { Backing = true },
        new("parallels", new ParallelsCreateOptions(), "parallels", "", 0x50),
        new("parallels 64K", new ParallelsCreateOptions { ClusterSize = 65536 }, "parallels", "cluster_size=64k", 0x140),
    ];

    /// <summary>Those that qemu-img reads.</summary>
    public static IEnumerable<BlockCase> WithQemu => All.Where(c => c.QemuReads);

    public string Format => Options.Format;

    public override string ToString() => Name;

    /// <summary>Arguments of qemu-img create.</summary>
    internal string[] Arguments(string path, long length)
        => ["create", "-q", "-f", QemuFormat, .. QemuOptions.Length == 0 ? (string[])[] : ["-o", QemuOptions], .. Backing ? (string[])["-b", "base.raw", "-F", "raw"] : [], path, $"{length}"];

    /// <summary>Makes the image below.</summary>
    internal void WriteBelow(TempFolder folder, ReadOnlySpan<byte> content, long length)
    {
        if (!Backing)
            return;
        File.WriteAllBytes(folder["base.raw"], content);
        if (QemuReads)
            return;
        using BlockDevice below = DiskImage.Create(folder["base.vhd"], length, new VhdCreateOptions());
        below.WriteAsync(0, content.ToArray()).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>The disk as qemu-img reads it, where it does.</summary>
    internal byte[]? ReadWithQemu(string path) => QemuReads ? QemuImg.Read(path, QemuFormat) : null;

    /// <summary>Fails the test unless qemu-img finds the image sound.</summary>
    internal void ShouldBeClean(string path)
    {
        if (CanCheck)
            QemuImg.Run("check", "-f", QemuFormat, path);
    }
}
