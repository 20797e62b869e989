namespace Emulation.Debugging;

/// <summary>Executes call frame instructions up to an address. DWARF 5, 6.4.2 and 7.24.</summary>
internal static class CallFrameProgram
{
    private const int MaxDepth = 64;

    public static UnwindRow? Execute(CallFrameEntry entry, ulong pc)
    {
        var row = new UnwindRow { ReturnColumn = entry.Common.ReturnColumn };
        ulong location = entry.Start;
        if (!Run(entry.Common.Instructions.Span, entry.Common, ref row, null, ref location, ulong.MaxValue))
            return null;
        UnwindRow initial = row.Copy();
        return Run(entry.Instructions.Span, entry.Common, ref row, initial, ref location, pc) ? row : null;
    }

    // False when it has something unknown: better no caller than a wrong one.
    private static bool Run(ReadOnlySpan<byte> instructions, CallFrameCommon common, ref UnwindRow row, UnwindRow? initial, ref ulong location, ulong pc)
    {
        var saved = new Stack<UnwindRow>();
        var code = new DwarfCursor(instructions, common.File, "call frame information");
        while (!code.AtEnd)
        {
            byte opcode = code.U8();
            int low = opcode & 0x3f;
            switch (opcode >> 6)
            {
                case 1:
                    location += (ulong)low * common.CodeAlignment;
                    break;
                case 2:
                    row.Rules[low] = new UnwindRule(UnwindRuleKind.Offset, (long)code.Uleb() * common.DataAlignment);
                    break;
                case 3:
                    Restore(row, initial, low);
                    break;
                default:
                    if (!Extended(opcode, ref code, common, ref row, initial, saved, ref location))
                        return false;
                    break;
            }

            if (location > pc)
                return true;
        }

        return true;
    }

    private static bool Extended(byte opcode, ref DwarfCursor code, CallFrameCommon common, ref UnwindRow row, UnwindRow? initial, Stack<UnwindRow> saved, ref ulong location)
    {
        switch (opcode)
        {
            case 0x00: break;
            case 0x01: location = code.Unsigned(common.AddressSize); break;
            case 0x02: location += code.U8() * common.CodeAlignment; break;
            case 0x03: location += code.U16() * common.CodeAlignment; break;
            case 0x04: location += code.U32() * common.CodeAlignment; break;
            case 0x05: SetRule(row, Register(ref code), new UnwindRule(UnwindRuleKind.Offset, (long)code.Uleb() * common.DataAlignment)); break;
            case 0x06: Restore(row, initial, Register(ref code)); break;
            case 0x07: SetRule(row, Register(ref code), new UnwindRule(UnwindRuleKind.Undefined)); break;
            case 0x08: SetRule(row, Register(ref code), new UnwindRule(UnwindRuleKind.SameValue)); break;
            case 0x09: SetRule(row, Register(ref code), new UnwindRule(UnwindRuleKind.Register, Register(ref code))); break;
            case 0x0a:
                if (saved.Count >= MaxDepth)
                    return false;
                saved.Push(row.Copy());
                break;
            case 0x0b:
                if (!saved.TryPop(out UnwindRow? before))
                    return false;
                row = before;
                break;
            case 0x0c: SetCfa(row, Register(ref code), (long)code.Uleb()); break;
            case 0x0d: SetCfa(row, Register(ref code), row.CfaOffset); break;
            case 0x0e: row.CfaOffset = (long)code.Uleb(); break;
            case 0x0f:
                code.Take(code.Uleb());
                row.CfaIsExpression = true;
                break;
            case 0x10 or 0x16:
                int register = Register(ref code);
                code.Take(code.Uleb());
                SetRule(row, register, new UnwindRule(UnwindRuleKind.Expression));
                break;
            case 0x11: SetRule(row, Register(ref code), new UnwindRule(UnwindRuleKind.Offset, code.Sleb() * common.DataAlignment)); break;
            case 0x12: SetCfa(row, Register(ref code), code.Sleb() * common.DataAlignment); break;
            case 0x13: row.CfaOffset = code.Sleb() * common.DataAlignment; break;
            case 0x14: SetRule(row, Register(ref code), new UnwindRule(UnwindRuleKind.ValueOffset, (long)code.Uleb() * common.DataAlignment)); break;
            case 0x15: SetRule(row, Register(ref code), new UnwindRule(UnwindRuleKind.ValueOffset, code.Sleb() * common.DataAlignment)); break;
            case 0x2d: break;                                 // AArch64: the return address becomes signed, or plain again
            case 0x2e: code.Uleb(); break;                    // GNU: size of the arguments
            default: return false;
        }

        return true;
    }

    private static int Register(ref DwarfCursor code) => (int)Math.Min(code.Uleb(), int.MaxValue);

    private static void SetRule(UnwindRow row, int register, UnwindRule rule) => row.Rules[register] = rule;

    private static void SetCfa(UnwindRow row, int register, long offset)
        => (row.CfaRegister, row.CfaOffset, row.CfaIsExpression) = (register, offset, false);

    private static void Restore(UnwindRow row, UnwindRow? initial, int register)
    {
        if (initial is not null && initial.Rules.TryGetValue(register, out UnwindRule rule))
            row.Rules[register] = rule;
        else
            row.Rules.Remove(register);
    }
}
