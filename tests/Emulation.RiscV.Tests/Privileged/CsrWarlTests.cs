namespace Emulation.RiscV.Tests.Privileged;

/// <summary>What a register shows after a write, from M-mode, register by register.</summary>
public sealed class CsrWarlTests
{
    private const ulong Ones = ulong.MaxValue;

    private static readonly (int Csr, ulong Written, ulong Shown)[] s_rv64 =
    [
        (0x300, Ones, 0x8000_000a_007e_79aa),   // mstatus: MPP 3, FS dirty and so SD, UXL = SXL = 64
        (0x300, 0x1000, 0x0000_000a_0000_0000), // MPP = 2 does not exist: stays U
        (0x300, 0x0800, 0x0000_000a_0000_0800),
        (0x300, 0x2000, 0x0000_000a_0000_2000),
        (0x301, 0, 0x8000_0000_0014_112d),      // misa: IMAFDC, S, U
        (0x302, Ones, 0xb3ff),                  // medeleg
        (0x303, Ones, 0x2222),                  // mideleg
        (0x304, Ones, 0x2aaa),                  // mie
        (0x344, Ones, 0x2222),                  // mip
        (0x305, Ones, 0xffff_ffff_ffff_fffd),   // mtvec
        (0x305, 0x8000_0002, 0x8000_0000),
        (0x306, Ones, 0xffff_ffff),
        (0x320, Ones, 0xffff_fffd),
        (0x340, Ones, Ones),
        (0x341, Ones, Ones - 1),                // mepc
        (0x342, 0x8000_0000_0000_0005, 0x8000_0000_0000_0005),
        (0x343, Ones, Ones),
        (0x30a, Ones, 0xe000_0000_0000_00f1),   // menvcfg
        (0x30a, 0xa0, 0x80),                    // CBIE = 2 is reserved
        (0x10a, Ones, 0xf1),
        (0x747, 0x300, 0x300),                  // mseccfg
        (0x30c, Ones, 0xc000_0000_0000_0000),   // mstateen0
        (0x30d, Ones, 0x8000_0000_0000_0000),
        (0x10c, Ones, 0),
        (0x100, Ones, 0x8000_0002_000c_6122),   // sstatus
        (0x104, Ones, 0),                       // sie: nothing delegated
        (0x105, Ones, 0xffff_ffff_ffff_fffd),
        (0x106, Ones, 0xffff_ffff),
        (0x140, Ones, Ones),
        (0x141, Ones, Ones - 1),
        (0x142, Ones, Ones),
        (0x143, Ones, Ones),
        (0x14d, Ones - 5, Ones - 5),
        (0x180, 0x8fff_ffff_ffff_ffff, 0x8fff_ffff_ffff_ffff), // Sv39
        (0x180, 0x9000_0000_0000_0000, 0x9000_0000_0000_0000), // Sv48
        (0x180, 0xa000_0000_0000_0000, 0xa000_0000_0000_0000), // Sv57
        (0x180, 0xb000_0000_0000_0001, 0),      // not a mode: no effect at all
        (0x180, 0x1000_0000_0000_0001, 0),      // Sv32 is RV32's
        (0x323, Ones, 0xf0ff_ffff_ffff_ffff), // mhpmevent3: OF, inhibit bits, selector
        (0x3a0, Ones, 0x9f9f_9f9f_9f9f_9f9f),
        (0x3b0, Ones, 0x3f_ffff_ffff_ffff),
        (0x001, Ones, 0x1f),
        (0x002, Ones, 0x7),
        (0x003, Ones, 0xff),
        (0xb03, 0x1234_5678_9abc_def0, 0x1234_5678_9abc_def0),
    ];

    private static readonly (int Csr, ulong Written, ulong Shown)[] s_rv32 =
    [
        (0x300, Ones, 0x807e_79aa),
        (0x310, Ones, 0),
        (0x301, 0, 0x4014_112d),
        (0x302, Ones, 0xb3ff),
        (0x312, Ones, 0),
        (0x305, Ones, 0xffff_fffd),
        (0x341, Ones, 0xffff_fffe),
        (0x342, 0x8000_0005, 0x8000_0005),
        (0x30a, Ones, 0xf1),
        (0x31a, Ones, 0xa000_0000),             // Svadu and Sstc; no Svpbmt on this hart
        (0x747, Ones, 0x307),
        (0x757, Ones, 0),
        (0x30c, Ones, 0),
        (0x31c, Ones, 0xc000_0000),
        (0x100, Ones, 0x800c_6122),
        (0x180, Ones, 0xffff_ffff),
        (0x14d, 0x1111_2222, 0x1111_2222),
        (0x15d, 0x3333_4444, 0x3333_4444),
        (0x3a0, Ones, 0x9f9f_9f9f),
        (0x3a1, Ones, 0x9f9f_9f9f),
        (0x3b0, Ones, 0xffff_ffff),
        (0x323, Ones, 0xffff_ffff),
        (0x723, Ones, 0xf0ff_ffff),
        (0xb83, 0x1234_5678, 0x1234_5678),
    ];

    [Test]
    public void Rv64([ValueSource(nameof(s_rv64))] (int Csr, ulong Written, ulong Shown) row)
    {
        using var hart = new TestHart();
        Check(hart, row);
    }

    [Test]
    public void Rv32([ValueSource(nameof(s_rv32))] (int Csr, ulong Written, ulong Shown) row)
    {
        using var hart = new TestHart("rv32gc_zkr_zicbom_zicboz_smepmp_smstateen_sscofpmf_sstc_svadu");
        Check(hart, row);
    }

    [Test]
    public void Fields_of_modes_that_a_hart_lacks_are_zero()
    {
        using var machineOnly = new TestHart("rv64imac,priv=m");
        machineOnly[0x300] = Ones;
        machineOnly[0x300].Should().Be(0x1888);
        machineOnly.Cpu.TryReadCsr(0x302, out _).Should().BeFalse("there is nothing to delegate to");
        machineOnly.Cpu.TryReadCsr(0x306, out _).Should().BeFalse();
        machineOnly[0x304] = Ones;
        machineOnly[0x304].Should().Be(0x888);

        using var machineAndUser = new TestHart("rv64imac,priv=mu");
        machineAndUser[0x300] = Ones;
        machineAndUser[0x300].Should().Be(0x2_0022_1888);
        machineAndUser[0x300] = 0x0800;
        machineAndUser[0x300].Should().Be(0x2_0000_1800, "there is no S-mode to return to");
    }

    [Test]
    public void Without_the_extension_its_registers_are_illegal_and_its_fields_zero()
    {
        using var hart = new TestHart("rv64imac");
        foreach (int csr in (int[])[0x001, 0x002, 0x003, 0x015, 0x10c, 0x30c, 0x14d, 0x747, 0xda0, 0xc00, 0xc01, 0xc02, 0xc03])
            hart.Read(csr).Should().BeNull($"CSR 0x{csr:x3}");
        hart[0x300] = Ones;
        (hart[0x300] & Status.Fs).Should().Be(0);
        hart[0x30a] = Ones;
        hart[0x30a].Should().Be(1);
        hart[0x323] = Ones;
        hart[0x323].Should().Be(0x00ff_ffff_ffff_ffff);
    }

    [Test]
    public void Exception_program_counters_are_multiples_of_4_without_compressed_instructions()
    {
        using var hart = new TestHart("rv64ima");
        hart[0x341] = Ones;
        hart[0x341].Should().Be(Ones - 3);
        hart[0x141] = Ones;
        hart[0x141].Should().Be(Ones - 3);
    }

    [TestCase("rv64imac_svbare", 0x8UL, false)]
    [TestCase("rv64imac_sv39", 0x8UL, true)]
    [TestCase("rv64imac_sv39", 0x9UL, false)]
    [TestCase("rv64imac_sv48", 0x9UL, true)]
    [TestCase("rv64imac_sv48", 0xaUL, false)]
    public void Satp_takes_the_modes_that_the_isa_names(string isa, ulong mode, bool accepted)
    {
        using var hart = new TestHart(isa);
        hart[0x180] = (mode << 60) | 5;
        hart[0x180].Should().Be(accepted ? (mode << 60) | 5 : 0);
    }

    [Test]
    public void Identification_registers_show_the_options()
    {
        using var hart = new TestHart(options: new RiscVCpuOptions { HartId = 3, VendorId = 0x602, ArchitectureId = 7, ImplementationId = 9 });
        (hart[0xf11], hart[0xf12], hart[0xf13], hart[0xf14], hart[0xf15]).Should().Be((0x602UL, 7UL, 9UL, 3UL, 0UL));
    }

    private static void Check(TestHart hart, (int Csr, ulong Written, ulong Shown) row)
    {
        if (row.Csr <= 3)
            hart[0x300] = Status.Fs;
        hart.Write(row.Csr, row.Written).Should().BeTrue();
        hart.Read(row.Csr).Should().Be(row.Shown, $"CSR 0x{row.Csr:x3} after 0x{row.Written:x}");
    }
}
