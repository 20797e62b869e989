namespace Emulation.Debugging.Tests;

/// <summary>Encodings by GNU as at address 0x1000.</summary>
[TestFixture]
public sealed class BranchDecoderTests
{
    [TestCase(FirmwareArchitecture.RiscV32, 0xfe000ee3u, 0xffcul, TestName = "beqz zero,.-4")]
    [TestCase(FirmwareArchitecture.RiscV32, 0x00b51463u, 0x1008ul, TestName = "bne a0,a1,.+8")]
    [TestCase(FirmwareArchitecture.RiscV32, 0xc501u, 0x1008ul, TestName = "c.beqz a0,.+8")]
    [TestCase(FirmwareArchitecture.RiscV32, 0xfd75u, 0xffcul, TestName = "c.bnez a0,.-4")]
    [TestCase(FirmwareArchitecture.RiscV32, 0x0080006fu, null, TestName = "j .+8")]
    [TestCase(FirmwareArchitecture.RiscV32, 0xa021u, null, TestName = "c.j .+8")]
    [TestCase(FirmwareArchitecture.Arm, 0xd0feu, 0x1000ul, TestName = "beq .")]
    [TestCase(FirmwareArchitecture.Arm, 0xd102u, 0x1008ul, TestName = "bne .+8")]
    [TestCase(FirmwareArchitecture.Arm, 0xe002u, null, TestName = "b .+8")]
    [TestCase(FirmwareArchitecture.Arm, 0xdf00u, null, TestName = "svc 0")]
    [TestCase(FirmwareArchitecture.Arm, 0xb110u, 0x1008ul, TestName = "cbz r0,.+8")]
    [TestCase(FirmwareArchitecture.Arm, 0xb912u, 0x1008ul, TestName = "cbnz r2,.+8")]
    [TestCase(FirmwareArchitecture.Arm, 0x8002f000u, 0x1008ul, TestName = "beq.w .+8")]
    [TestCase(FirmwareArchitecture.Arm, 0xb802f000u, null, TestName = "b.w .+8")]
    [TestCase(FirmwareArchitecture.AArch64, 0x54000040u, 0x1008ul, TestName = "b.eq .+8")]
    [TestCase(FirmwareArchitecture.AArch64, 0xb4000041u, 0x1008ul, TestName = "cbz x1,.+8")]
    [TestCase(FirmwareArchitecture.AArch64, 0x37180040u, 0x1008ul, TestName = "tbnz w0,#3,.+8")]
    [TestCase(FirmwareArchitecture.AArch64, 0x14000002u, null, TestName = "a64 b .+8")]
    public void Conditional_branches_and_their_targets(FirmwareArchitecture architecture, uint word, ulong? target)
    {
        bool is16 = architecture == FirmwareArchitecture.RiscV32 ? (word & 3) != 3 : architecture == FirmwareArchitecture.Arm && word <= 0xffff;
        byte[] code = BitConverter.GetBytes(word);
        bool conditional = BranchDecoder.IsConditional(architecture, is16 ? code.AsSpan(0, 2) : code, 0x1000, out ulong found);
        conditional.Should().Be(target is not null);
        if (target is not null)
            found.Should().Be(target);
    }
}
