namespace Emulation.Debugging;

/// <summary>How the value of a register in the caller is found. DWARF 5, 6.4.1.</summary>
internal enum UnwindRuleKind
{
    SameValue,
    Undefined,
    Offset,
    ValueOffset,
    Register,
    Expression,
}

/// <summary>A rule and its operand: bytes from the canonical frame address, or a register.</summary>
internal readonly record struct UnwindRule(UnwindRuleKind Kind, long Value = 0);

/// <summary>The rules at one address. DWARF 5, 6.4.1.</summary>
internal sealed class UnwindRow
{
    public int CfaRegister { get; set; }

    public long CfaOffset { get; set; }

    public bool CfaIsExpression { get; set; }

    public Dictionary<int, UnwindRule> Rules { get; private init; } = [];

    public int ReturnColumn { get; init; }

    public UnwindRow Copy() => new() { CfaRegister = CfaRegister, CfaOffset = CfaOffset, CfaIsExpression = CfaIsExpression, ReturnColumn = ReturnColumn, Rules = new(Rules) };
}
