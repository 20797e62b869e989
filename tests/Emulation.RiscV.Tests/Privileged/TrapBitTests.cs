using Emulation.Core;
using Emulation.Cpu;
using static Emulation.RiscV.Tests.Privileged.Words;

namespace Emulation.RiscV.Tests.Privileged;

/// <summary>TVM, TW and TSR, and instructions that a mode may not execute. RISC-V Privileged, "Virtualization Support in mstatus Register".</summary>
[TestFixture(EngineKind.Interpreter)]
[TestFixture(EngineKind.Tier0)]
[TestFixture(EngineKind.Jit)]
public sealed class TrapBitTests(EngineKind engine)
{
    private const uint SfenceWInval = 0x1800_0073, SfenceInvalIr = 0x1810_0073, ReadSatp = 0x1800_2573, WriteSatp = 0x1800_1073, WrsNto = 0x00d0_0073, WrsSto = 0x01d0_0073;
    private const ulong Base = HartProgram.Base, None = 0, Any = Status.Tvm | Status.Tw | Status.Tsr;
    private const PrivilegeLevel M = PrivilegeLevel.Machine, S = PrivilegeLevel.Supervisor, U = PrivilegeLevel.User;

    // word, mode, mstatus, whether it is illegal
    [TestCase(Sret, M, Any, false)]
    [TestCase(Sret, S, Status.Tvm | Status.Tw, false)]
    [TestCase(Sret, S, Status.Tsr, true)]
    [TestCase(Sret, U, None, true)]
    [TestCase(Mret, M, Any, false)]
    [TestCase(Mret, S, None, true)]
    [TestCase(Mret, U, None, true)]
    [TestCase(0x1200_0073u, M, Any, false)]
    [TestCase(0x1200_0073u, S, Status.Tsr | Status.Tw, false)]
    [TestCase(0x1200_0073u, S, Status.Tvm, true)]
    [TestCase(0x1200_0073u, U, None, true)]
    [TestCase(0x1600_0073u, M, Any, false)]
    [TestCase(0x1600_0073u, S, Status.Tsr | Status.Tw, false)]
    [TestCase(0x1600_0073u, S, Status.Tvm, true)]
    [TestCase(0x1600_0073u, U, None, true)]
    [TestCase(SfenceWInval, S, Any, false)]
    [TestCase(SfenceWInval, U, None, true)]
    [TestCase(SfenceInvalIr, S, Any, false)]
    [TestCase(SfenceInvalIr, U, None, true)]
    [TestCase(ReadSatp, M, Any, false)]
    [TestCase(ReadSatp, S, Status.Tsr | Status.Tw, false)]
    [TestCase(ReadSatp, S, Status.Tvm, true)]
    [TestCase(ReadSatp, U, None, true)]
    [TestCase(WriteSatp, S, Status.Tsr | Status.Tw, false)]
    [TestCase(WriteSatp, S, Status.Tvm, true)]
    [TestCase(Wfi, M, Any, false)]
    [TestCase(Wfi, S, Status.Tvm | Status.Tsr, false)]
    [TestCase(Wfi, S, Status.Tw, true)]
    [TestCase(Wfi, U, None, true)]
    [TestCase(WrsNto, S, Status.Tvm | Status.Tsr, false)]
    [TestCase(WrsNto, S, Status.Tw, true)]
    [TestCase(WrsNto, U, None, false)]
    [TestCase(WrsNto, U, Status.Tw, true)]
    [TestCase(WrsNto, M, Any, false)]
    [TestCase(WrsSto, S, Any, false)]
    [TestCase(WrsSto, U, Any, false)]
    public void Trapped(uint word, PrivilegeLevel mode, ulong mstatus, bool illegal)
    {
        using HartProgram p = new(engine, "rv64imac_zicsr_svinval_zawrs", word, Nop);
        p.OpenMemory();
        p.Cpu.TryWriteCsr(0x300, mstatus);
        p.Cpu.TryWriteCsr(0x341, Base + 8);
        p.Cpu.TryWriteCsr(0x141, Base + 8);
        p.Cpu.EnterPrivilege(mode);
        p.Run(1);
        p.Csr(0x342).Should().Be(illegal ? 2UL : 0);
        if (illegal)
            (p.Csr(0x343), p.Csr(0x341)).Should().Be((word, Base));
    }

    [TestCase(Mret, U)]
    [TestCase(Mret, S)]
    [TestCase(Mret, M)]
    [TestCase(Sret, U)]
    [TestCase(Sret, S)]
    public void Returning_below_machine_mode_clears_mprv(uint word, PrivilegeLevel to)
    {
        using HartProgram p = new(engine, "rv64imac_zicsr", word);
        p.OpenMemory();
        bool machine = word == Mret;
        p.Cpu.TryWriteCsr(0x300, Status.Mprv | (machine ? (ulong)to << Status.MppShift : to == S ? Status.Spp : 0));
        p.Cpu.TryWriteCsr(machine ? 0x341 : 0x141, Base + 8);
        p.Run(1);
        (p.Cpu.Privilege, p.Cpu.Pc).Should().Be((to, Base + 8));
        (p.Csr(0x300) & Status.Mprv).Should().Be(to == M ? Status.Mprv : 0);
    }

    [Test]
    public void Loads_with_mprv_have_the_rights_of_mpp_and_fetches_those_of_machine_mode()
    {
        // no entry of the protection unit matches: U-mode may do nothing
        using HartProgram p = new(engine, "rv64imac_zicsr", Nop, Ld(10, 2), Nop);
        p.Cpu["x2"] = Base;
        p.Cpu.TryWriteCsr(0x300, Status.Mprv);
        p.Run(2);
        (p.Csr(0x342), p.Csr(0x341), p.Csr(0x343)).Should().Be((5UL, Base + 4, Base));
    }
}
