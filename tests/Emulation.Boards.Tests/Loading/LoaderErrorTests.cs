using Emulation.Boards.Loading;
using Emulation.Boards.RiscV;
using Emulation.Core;

namespace Emulation.Boards.Tests.Loading;

/// <summary>Every file that cannot be used gives one sentence that says which file, what is wrong and what to do.</summary>
public sealed class LoaderErrorTests
{
    private static IEnumerable<TestCaseData> Kernels()
    {
        yield return Case("missing", null, "does not exist");
        yield return Case("empty", [], "is empty");
        yield return Case("garbage", new byte[5000], "is neither an ELF file nor a Linux image");
        yield return Case("elf for x86-64", Images.Elf(Images.X86), "x86-64", "RISC-V");
        yield return Case("elf of 32 bits", Images.Elf(bits: 32), "32-bit ELF", "64-bit");
        yield return Case("big-endian elf", Images.With(Images.Elf(), e => (e[5], e[18], e[19]) = (2, 0, 243)), "big-endian");
        yield return Case("elf of a strange class", Images.With(Images.Elf(), e => e[4] = 7), "class 7");
        yield return Case("elf header only in part", Images.Elf()[..40], "truncated");
        yield return Case("elf without its program headers", Images.Elf()[..80], "truncated", "program headers");
        yield return Case("elf without its segment", Images.Elf()[..^1], "truncated", "0x80200000");
        yield return Case("elf object", Images.With(Images.Elf(), e => e[16] = 1), "not linked");
        yield return Case("elf without program headers", Images.With(Images.Elf(), e => e[56] = 0), "no program headers");
        yield return Case("elf with tiny program headers", Images.With(Images.Elf(), e => e[54] = 8), "program headers of 8 bytes");
        yield return Case("elf with nothing to load", Images.With(Images.Elf(), e => e[64] = 2), "nothing to load");
        yield return Case("elf with more file than memory", Images.Elf(fileBytes: 64, memoryBytes: 32), "damaged");
        yield return Case("elf whose segment wraps", Images.Elf(physical: ulong.MaxValue - 8), "damaged");
        yield return Case("elf at an address without memory", Images.Elf(physical: 0x4000_0000), "where there is no memory");
        yield return Case("elf behind the end of memory", Images.Elf(physical: 0x8400_0000 - 16), "memory ends at 0x84000000", "more memory");
        yield return Case("elf segment at a huge offset", Images.With(Images.Elf(), e => e.AsSpan(72, 8).Fill(0xff)), "truncated");
        yield return Case("arm64 image", Images.With(Images.Linux(), i => "ARM\x64"u8.CopyTo(i.AsSpan(0x38))), "AArch64", "RISC-V");
        yield return Case("x86 image", Images.With(new byte[0x400], i => "HdrS"u8.CopyTo(i.AsSpan(0x202))), "x86", "RISC-V");
        yield return Case("u-boot image", Images.With(new byte[0x400], i => ((byte[])[0x27, 0x05, 0x19, 0x56]).CopyTo(i, 0)), "U-Boot");
        yield return Case("big-endian image", Images.Linux(flags: 1), "big-endian");
        yield return Case("truncated image", Images.LinuxWithSections()[..2048], "truncated", "2048 of 4096");
        yield return Case("image larger than memory", Images.Linux(memoryBytes: 1 << 30), "more memory");
        yield return Case("image behind memory", Images.Linux(textOffset: 1UL << 40), "more memory");
        yield return Case("damaged gzip", Images.With(Images.Gzip(Images.Linux()), g => g[12] ^= 0x55), "damaged gzip");
        yield return Case("gzip of garbage", Images.Gzip(new byte[5000]), "neither an ELF file nor a Linux image");
        yield return Case("gzip of an elf for x86-64", Images.Gzip(Images.Elf(Images.X86)), "x86-64");
        yield return Case("gzip of more than memory", Images.Gzip(new byte[65 << 20]), "more than the guest's 64 MiB");
        yield return Case("zboot with zstd", Images.Zboot([1, 2, 3], "zstd22"), "zstd22", "unpack");
        yield return Case("truncated zboot", Images.Zboot(Images.Gzip(Images.Linux()), "gzip")[..0x410], "truncated");

        static TestCaseData Case(string name, byte[]? content, params string[] expected) => new TestCaseData(content, expected).SetName($"kernel: {name}");
    }

    [TestCaseSource(nameof(Kernels))]
    public void A_bad_kernel_is_named_and_explained(byte[]? content, string[] expected)
    {
        using var files = new TestFiles();
        string path = content is null ? files.PathOf("kernel") : files.Write("kernel", content);
        string error = ErrorOf(b => b.BootLinux(path));
        error.Should().Contain(path).And.StartWith("kernel");
        foreach (string text in expected)
            error.Should().Contain(text);
        error.Should().Contain(";", "it says what to do");
    }

    [Test]
    public void A_directory_is_no_kernel()
    {
        using var files = new TestFiles();
        ErrorOf(b => b.BootLinux(files.PathOf("."))).Should().Contain("is a directory");
    }

    [Test]
    public void A_file_that_may_not_be_read_is_explained()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("permissions do not bind this user");
            return;
        }

        using var files = new TestFiles();
        string path = files.Write("kernel", Images.Linux());
        File.SetUnixFileMode(path, UnixFileMode.None);
        ErrorOf(b => b.BootLinux(path)).Should().Contain("cannot be opened");
    }

    [Test]
    public void An_initrd_that_does_not_fit_is_explained()
    {
        using var files = new TestFiles();
        string kernel = files.Write("kernel", Images.Linux()), initrd = files.Write("initrd", new byte[70 << 20]);
        ErrorOf(b => b.BootLinux(kernel, initrd)).Should().Contain("initrd").And.Contain("70 MiB").And.Contain("64 MiB").And.Contain("more memory");
    }

    [Test]
    public void A_missing_initrd_is_explained()
    {
        using var files = new TestFiles();
        ErrorOf(b => b.BootLinux(files.Write("kernel", Images.Linux()), files.PathOf("initrd"))).Should().StartWith("initrd").And.Contain("does not exist");
    }

    [Test]
    public void Firmware_under_a_kernel_is_an_overlap()
    {
        using var files = new TestFiles();
        string kernel = files.Write("kernel", Images.Linux()), firmware = files.Write("fw.bin", new byte[3 << 20]);
        string error = ErrorOf(b => b.BootLinux(kernel).WithFirmware(firmware));
        error.Should().Contain("overlap").And.Contain(kernel).And.Contain(firmware);
    }

    [Test]
    public void Two_files_at_one_place_overlap()
    {
        using var files = new TestFiles();
        string a = files.Write("a", new byte[100]), b = files.Write("b", new byte[100]);
        ErrorOf(m => m.LoadFile(a, 0x8000_0000).LoadFile(b, 0x8000_0063)).Should().Contain("overlap");
    }

    [Test]
    public void A_raw_file_needs_an_address()
    {
        using var files = new TestFiles();
        ErrorOf(b => b.LoadFile(files.Write("data", new byte[100]))).Should().Contain("FILE@ADDRESS");
    }

    [Test]
    public void A_bad_device_tree_is_explained()
    {
        using var files = new TestFiles();
        string kernel = files.Write("kernel", Images.Linux()), tree = files.Write("tree", "/dts-v1/;"u8);
        ErrorOf(b => b.BootLinux(kernel).WithDeviceTree(tree)).Should().StartWith("device tree").And.Contain("not source");
    }

    [Test]
    public void All_truncations_and_bit_flips_of_an_elf_file_are_answered_with_an_error_or_an_image()
    {
        using var files = new TestFiles();
        byte[] elf = Images.Elf();
        var random = new Random(1);
        for (int i = 0; i < 600; i++)
        {
            byte[] broken = i < elf.Length ? elf[..i] : Images.With([.. elf], e => e[random.Next(120)] ^= (byte)(1 << random.Next(8)));
            string path = files.Write("kernel", broken);
            var loader = new ImageLoader(new GuestTarget("board", Images.RiscV, 64, "RISC-V"), 0x8000_0000, 64 << 20, null);
            try
            {
                loader.ReadKernel(path).Segments.Should().NotBeEmpty();
            }
            catch (GuestImageException e)
            {
                e.Message.Should().Contain(path);
            }
        }
    }

    private static string ErrorOf(Func<MachineBuilder, MachineBuilder> boot)
    {
        MachineBuilder builder = boot(new MachineBuilder().UseRiscVVirt().WithMemory(64.MiB()));
        Action build = () => builder.Build().Dispose();
        return build.Should().Throw<MachineConfigurationException>().Which.Errors.Should().ContainSingle().Subject;
    }
}
