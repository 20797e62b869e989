namespace Emulation.Arm;

/// <summary>Data processing, in the order of the opcode field of A32; ORN is T32's.</summary>
internal enum AluOp
{
    And,
    Eor,
    Sub,
    Rsb,
    Add,
    Adc,
    Sbc,
    Rsc,
    Tst,
    Teq,
    Cmp,
    Cmn,
    Orr,
    Mov,
    Bic,
    Mvn,
    Orn,
}
