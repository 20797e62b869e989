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
    /// <summary>Whether the image lies on another one.</summary>
    public bool Backing => BackingFormat is not null;

    /// <summary>The format of the image below, as qemu-img calls it.</summary>
    public string? BackingFormat { get; init; }

    /// <summary>Whether qemu must not change it: it cannot overwrite compressed grains, and copies the wrong part of what is below into an extent but the first.</summary>
    public bool QemuOnlyReads { get; init; }

    private string BackingFile => $"base.{BackingFormat}";

    /// <summary>Whether a log is to be replayed after a power cut before qemu-img only reads the image.</summary>
    public bool HasLog { get; init; }

    /// <summary>Where the headers and tables are that are more worth a damage than what is between them.</summary>
    public IReadOnlyList<int> Places { get; init; } = [];

    public static IEnumerable<BlockCase> All { get; } =
    [
        new("vdi", new VdiCreateOptions(), "vdi", "static=off", 0x220),
        new("vdi fixed", new VdiCreateOptions { Fixed = true }, "vdi", "static=on", 0x220),
        new("vhd", new VhdCreateOptions(), "vpc", "subformat=dynamic,force_size=on", 0x620, CanCheck: false),
        new("vhd by geometry", new VhdCreateOptions(), "vpc", "subformat=dynamic", 0x620, CanCheck: false),
        new("vhd fixed", new VhdCreateOptions { Fixed = true }, "vpc", "subformat=fixed,force_size=on", 0x220, CanCheck: false),
        new("vhd fixed by geometry", new VhdCreateOptions { Fixed = true }, "vpc", "subformat=fixed", 0x220, CanCheck: false),
        new("qed", new QedCreateOptions(), "qed", "", 0x60040),
        new("qed 4K backing", new QedCreateOptions { ClusterSize = 4096, TableSize = 2, BackingFile = "base.raw", BackingFormat = "raw" }, "qed", "cluster_size=4096,table_size=2", 0x5000) { BackingFormat = "raw" },
        new("qed 2M", new QedCreateOptions { ClusterSize = 2 << 20, TableSize = 2 }, "qed", "cluster_size=2M,table_size=2", 0x600_0000),
        new("qcow", new QcowCreateOptions(), "qcow", "", 0x3000, CanCheck: false),
        new("qcow backing", new QcowCreateOptions { BackingFile = "base.raw" }, "qcow", "", 0x8400, CanCheck: false) { BackingFormat = "raw" },
        new("parallels", new ParallelsCreateOptions(), "parallels", "", 0x50),
        Vhdx("vhdx", new VhdxCreateOptions { BlockSize = 1 << 20 }, "subformat=dynamic,block_size=1M"),
        Vhdx("vhdx 8M", new VhdxCreateOptions { BlockSize = 8 << 20, LogSize = 3 << 20, PhysicalSectorSize = 512 }, "subformat=dynamic,log_size=3M"),
        Vhdx("vhdx not zero", new VhdxCreateOptions { BlockSize = 2 << 20 }, "subformat=dynamic,block_size=2M,block_state_zero=off"),
        Vhdx("vhdx fixed", new VhdxCreateOptions { BlockSize = 1 << 20, Fixed = true }, "subformat=fixed,block_size=1M"),
        new("parallels 64K", new ParallelsCreateOptions { ClusterSize = 65536 }, "parallels", "cluster_size=64k", 0x140),
        new("vmdk", new VmdkCreateOptions(), "vmdk", "subformat=monolithicSparse", 0x4000),
        new("vmdk zeroed grain", new VmdkCreateOptions { ZeroedGrain = true, AdapterType = VmdkAdapterType.LsiLogic, HardwareVersion = 6 }, "vmdk", "zeroed_grain=on,adapter_type=lsilogic,compat6=on", 0x4000),
        new("vmdk 4K", new VmdkCreateOptions { GrainSize = 4096 }, "vmdk", "hwversion=7,adapter_type=buslogic", 0x8000),
        new("vmdk backing", new VmdkCreateOptions { BackingFile = "base.vmdk" }, "vmdk", "adapter_type=legacyESX", 0x4000) { BackingFormat = "vmdk" },
        new("vmdk zeroed grain backing", new VmdkCreateOptions { ZeroedGrain = true, BackingFile = "base.vmdk", BackingFormat = "vmdk" }, "vmdk", "zeroed_grain=on", 0x4000) { BackingFormat = "vmdk" },
        new("vmdk flat", new VmdkCreateOptions { Subformat = VmdkSubformat.MonolithicFlat }, "vmdk", "subformat=monolithicFlat", 0x400),
        new("vmdk 2G sparse", new VmdkCreateOptions { Subformat = VmdkSubformat.TwoGbMaxExtentSparse, ExtentSize = 19 << 16 }, "vmdk", "subformat=twoGbMaxExtentSparse", 0x400),
        new("vmdk 2G sparse backing", new VmdkCreateOptions { Subformat = VmdkSubformat.TwoGbMaxExtentSparse, ExtentSize = 2 << 20, ZeroedGrain = true, BackingFile = "base.vmdk" }, "vmdk", "subformat=twoGbMaxExtentSparse,zeroed_grain=on", 0x400) { BackingFormat = "vmdk", QemuOnlyReads = true },
        new("vmdk 2G flat", new VmdkCreateOptions { Subformat = VmdkSubformat.TwoGbMaxExtentFlat, ExtentSize = 1_200_128 }, "vmdk", "subformat=twoGbMaxExtentFlat", 0x400),
        new("vmdk stream", new VmdkCreateOptions { Subformat = VmdkSubformat.StreamOptimized }, "vmdk", "subformat=streamOptimized", 0x4000) { QemuOnlyReads = true },
        new("vmdk stream backing", new VmdkCreateOptions { Subformat = VmdkSubformat.StreamOptimized, BackingFile = "base.vmdk" }, "vmdk", "subformat=streamOptimized", 0x4000) { QemuOnlyReads = true, BackingFormat = "vmdk" },
    ];

    /// <summary>What qemu-img does not know.</summary>
    public static IEnumerable<BlockCase> Unknown { get; } =
    [
        new("vhd differencing", new VhdCreateOptions { ParentFile = "base.vhd" }, "", "", 0x1020, CanCheck: false) { BackingFormat = "vhd" },
        Vhdx("vhdx differencing", new VhdxCreateOptions { BlockSize = 1 << 20, BackingFile = "base.vhdx" }, "") with { BackingFormat = "vhdx", QemuFormat = "" },
        Vhdx("vhdx differencing 4K", new VhdxCreateOptions { BackingFile = "base.vhdx", LogicalSectorSize = 4096 }, "") with { BackingFormat = "vhdx", QemuFormat = "", SectorSize = 4096 },
        Vhdx("vhdx 4K", new VhdxCreateOptions { BlockSize = 1 << 20, LogicalSectorSize = 4096 }, "") with { QemuFormat = "", SectorSize = 4096 },
    ];

    /// <summary>Those that qemu-img knows, and the others.</summary>
    public static IEnumerable<BlockCase> WithUnknown => All.Concat(Unknown);

    /// <summary>What the size of a disk is a multiple of.</summary>
    public int SectorSize { get; init; } = 512;

    /// <summary>Whether qemu-img knows it.</summary>
    public bool HasOracle => QemuFormat.Length > 0;

    public string Format => Options.Format;

    public override string ToString() => Name;

    /// <summary>Arguments of qemu-img create.</summary>
    internal string[] Arguments(string path, long length)
        => ["create", "-q", "-f", QemuFormat, .. QemuOptions.Length == 0 ? (string[])[] : ["-o", QemuOptions], .. Backing ? (string[])["-b", BackingFile, "-F", BackingFormat!] : [], path, $"{length}"];

    /// <summary>Puts the image below into a folder.</summary>
    internal void WriteBacking(TempFolder folder, byte[] content, long length)
    {
        if (!Backing)
            return;
        if (!HasOracle)
        {
            DiskCreateOptions options = BackingFormat == "vhd" ? new VhdCreateOptions() : new VhdxCreateOptions { BlockSize = 1 << 20, LogicalSectorSize = SectorSize };
            using BlockDevice parent = DiskImage.Create(folder[BackingFile], BackingFormat == "vhd" ? length : Length(content.Length + SectorSize - 1), options);
            parent.WriteAsync(0, content).AsTask().GetAwaiter().GetResult();
            return;
        }

        File.WriteAllBytes(folder["base.raw"], content);
        if (BackingFormat != "raw")
            QemuImg.Run("convert", "-f", "raw", "-O", BackingFormat!, folder["base.raw"], folder[BackingFile]);
    }

    /// <summary>Creates an image whose further files lie elsewhere.</summary>
    internal ValueTask<BlockDevice> CreateAsync(IBlockDevice file, long length, string path, IImageFiles files)
        => DiskFormats.Find(Format).CreateAsync(file, length, Options, Source(path, files));

    /// <summary>Opens an image whose further files lie elsewhere.</summary>
    internal ValueTask<BlockDevice> OpenAsync(IBlockDevice file, string path, IImageFiles files) => Source(path, files).OpenAsync(file);

    /// <summary>Checks an image whose further files lie elsewhere.</summary>
    internal ValueTask<DiskCheckResult> CheckAsync(IBlockDevice file, string path, IImageFiles files)
        => DiskFormats.Find(Format).CheckAsync(file, DiskRepair.None, Source(path, files));

    private ImageSource Source(string path, IImageFiles files) => new(path, new DiskImageOptions { Format = Format, Files = files });

    /// <summary>A size of about so many bytes.</summary>
    internal int Length(int about) => about / SectorSize * SectorSize;

    /// <summary>Makes an image that was not closed fit for a program that only reads.</summary>
    internal void Settle(string path)
    {
        if (HasLog)
            QemuImg.Run("check", "-q", "-r", "all", "-f", QemuFormat, path);
    }

    /// <summary>The disk as qemu-img reads it, where it does.</summary>
    internal byte[]? ReadWithQemu(string path) => HasOracle ? QemuImg.Read(path, QemuFormat) : null;

    /// <summary>Fails the test unless qemu-img finds the image sound.</summary>
    internal void ShouldBeClean(string path)
    {
        if (CanCheck && HasOracle)
            QemuImg.Run("check", "-f", QemuFormat, path);
    }

    private static BlockCase Vhdx(string name, VhdxCreateOptions options, string theirs)
    {
        int log = options.LogSize;
        return new(name, options, "vhdx", theirs, log + (3 << 20))
        {
            HasLog = true,
            // headers, region tables, log, metadata table and items, BAT
            Places = [0x1_0000, 0x2_0000, 0x3_0000, 0x4_0000, 0x10_0000, 0x10_1000, 0x10_0000 + log, 0x11_0000 + log, 0x20_0000 + log],
        };
    }
}
