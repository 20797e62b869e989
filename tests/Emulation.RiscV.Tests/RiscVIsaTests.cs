namespace Emulation.RiscV.Tests;

public sealed class RiscVIsaTests
{
    [TestCase("rv64i", "rv64i")]
    [TestCase("RV32IMAC", "rv32imac_zmmul_zaamo_zalrsc_zca")]
    [TestCase("rv64g", "rv64imafd_zicsr_zifencei_zmmul_zaamo_zalrsc")]
    [TestCase("rv64gc", "rv64imafdc_zicsr_zifencei_zmmul_zaamo_zalrsc_zca_zcd")]
    [TestCase("rv32gc", "rv32imafdc_zicsr_zifencei_zmmul_zaamo_zalrsc_zca_zcd_zcf")]
    [TestCase("rv64imafdc_zicsr_zifencei", "rv64imafdc_zicsr_zifencei_zmmul_zaamo_zalrsc_zca_zcd")]
    [TestCase("rv64i2p1_m2p0_zicsr2p0", "rv64im_zicsr_zmmul")]
    [TestCase("rv64izba", "rv64i_zba")]
    [TestCase("rv64i_zbs_zba_zicsr", "rv64i_zicsr_zba_zbs")]
    [TestCase("rv64ib", "rv64ib_zba_zbb_zbs")]
    [TestCase("rv64i_zk", "rv64i_zicsr_zbkb_zbkc_zbkx_zk_zkn_zknd_zkne_zknh_zkr_zkt")]
    [TestCase("rv64if_zfh", "rv64if_zicsr_zfh_zfhmin")]
    [TestCase("rv64i_svpbmt_sstc", "rv64i_sstc_svpbmt")]
    public void Canonical(string text, string canonical) => RiscVIsa.Parse(text + ",priv=m").ToString().Should().Be(canonical);

    [TestCase("rv64gc")]
    [TestCase("rv32gc_zba_zbb_sstc_sscofpmf_smstateen")]
    [TestCase(TestIsas.All64)]
    [TestCase(TestIsas.All32)]
    public void Canonical_text_means_the_same(string text)
    {
        RiscVIsa isa = RiscVIsa.Parse(text);
        RiscVIsa.Parse(isa.ToString()).Features.Should().Be(isa.Features);
    }

    [TestCase("rv128i", "rv32 or rv64")]
    [TestCase("arm", "rv32 or rv64")]
    [TestCase("rv64", "no base")]
    [TestCase("rv64mac", "no base")]
    [TestCase("rv64e", "'e'")]
    [TestCase("rv64gv", "'v'")]
    [TestCase("rv64gc_zve32f", "'zve32f'")]
    [TestCase("rv64gc_xtheadba", "'xtheadba'")]
    [TestCase("rv64gc__zba", "empty")]
    [TestCase("rv64imfc_zcf", "'zcf'")]
    [TestCase("rv64i_rv32", "'rv32'")]
    [TestCase("rv64i,pmp=7", "'pmp=7'")]
    public void Refused(string text, string reason)
    {
        Action parse = () => RiscVIsa.Parse(text);
        parse.Should().Throw<ArgumentException>().WithMessage($"*{reason}*");
    }

    [Test]
    public void Options()
    {
        RiscVIsa isa = RiscVIsa.Parse("rv64gc,misaligned=trap,pmp=64,priv=mu");
        isa.MisalignedTraps.Should().BeTrue();
        isa.PmpEntries.Should().Be(64);
        isa.HasUserMode.Should().BeTrue();
        isa.HasSupervisorMode.Should().BeFalse();
        isa.Has("sv39").Should().BeFalse();
        RiscVIsa plain = RiscVIsa.Parse("rv64gc");
        (plain.MisalignedTraps, plain.PmpEntries, plain.HasSupervisorMode, plain.Has("SV57")).Should().Be((false, 16, true, true));
        RiscVIsa.Parse("rv64gc_sv39").Has("sv48").Should().BeFalse();
        (RiscVIsa.Parse("rv64i").Flen, RiscVIsa.Parse("rv64if").Flen, RiscVIsa.Parse("rv32id").Flen).Should().Be((0, 32, 64));
    }
}
