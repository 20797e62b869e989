namespace Emulation.Debugging;

/// <summary>The registers of a frame while frames are unwound.</summary>
internal sealed class UnwindState
{
    private readonly CpuView _cpu;
    private readonly Dictionary<int, ulong> _registers = [];

    public UnwindState(CpuView cpu)
    {
        _cpu = cpu;
        for (int i = 0; i < cpu.Names.Count; i++)
        {
            if (cpu.Read(i) is { } value)
                _registers[i] = value;
        }

        Pc = cpu.Pc;
    }

    public ulong Pc { get; private set; }

    public ulong StackPointer => _registers.GetValueOrDefault(_cpu.StackColumn);

    public bool CameFromException { get; private set; }

    /// <summary>Whether the program counter is what an M-profile exception handler returns to. Armv7-M ARM, B1.5.8. Bit 1 is clear in all of them; the link register is all ones at reset.</summary>
    public bool IsExceptionReturn => _cpu.Architecture == FirmwareArchitecture.Arm && Pc >= 0xff00_0000 && (Pc & 2) == 0;

    /// <summary>Goes to the caller by unwind information. DWARF 5, 6.4.4.</summary>
    public bool Apply(UnwindRow row)
    {
        CameFromException = false;
        if (row.CfaIsExpression || !_registers.TryGetValue(row.CfaRegister, out ulong register))
            return false;
        ulong cfa = Trim(register + (ulong)row.CfaOffset);
        var caller = new Dictionary<int, ulong>(_registers) { [_cpu.StackColumn] = cfa };
        foreach ((int column, UnwindRule rule) in row.Rules)
        {
            ulong? value = rule.Kind switch
            {
                UnwindRuleKind.Offset => _cpu.ReadMemory(Trim(cfa + (ulong)rule.Value), _cpu.PointerSize),
                UnwindRuleKind.ValueOffset => Trim(cfa + (ulong)rule.Value),
                UnwindRuleKind.Register => _registers.TryGetValue((int)rule.Value, out ulong other) ? other : null,
                UnwindRuleKind.SameValue => _registers.TryGetValue(column, out ulong same) ? same : null,
                _ => null,
            };
            if (value is { } known)
                caller[column] = known;
            else
                caller.Remove(column);
        }

        return caller.TryGetValue(row.ReturnColumn, out ulong target) && Take(caller, target);
    }

    /// <summary>Goes to the caller of a function that has stored nothing yet.</summary>
    public bool ByLink()
    {
        CameFromException = false;
        return _registers.TryGetValue(_cpu.LinkColumn, out ulong target) && target != 0 && Take(_registers, target);
    }

    /// <summary>Goes to the caller by the chain of frame pointers, where the ABI has one.</summary>
    public bool ByFramePointer()
    {
        CameFromException = false;
        (int column, long saved, long link) = _cpu.Architecture switch
        {
            FirmwareArchitecture.AArch64 => (29, 0L, 8L),
            FirmwareArchitecture.RiscV64 => (8, -16L, -8L),
            FirmwareArchitecture.RiscV32 => (8, -8L, -4L),
            _ => (-1, 0L, 0L),
        };
        if (column < 0 || !_registers.TryGetValue(column, out ulong frame) || frame < StackPointer || frame % (ulong)_cpu.PointerSize != 0)
            return false;
        if (_cpu.ReadMemory(frame + (ulong)saved, _cpu.PointerSize) is not { } outer || _cpu.ReadMemory(frame + (ulong)link, _cpu.PointerSize) is not { } target || outer < frame)
            return false;
        var caller = new Dictionary<int, ulong>(_registers)
        {
            [column] = outer,
            [_cpu.StackColumn] = _cpu.Architecture == FirmwareArchitecture.AArch64 ? frame + 16 : frame,
        };
        return Take(caller, target);
    }

    /// <summary>Takes the registers that an exception stacked. Armv7-M ARM, B1.5.6; Armv8-M ARM, B3.19.</summary>
    public bool PopException()
    {
        uint link = (uint)Pc;
        ulong stack = StackPointer;
        if ((link & 4) != 0)
        {
            if ((_cpu.Read("psp") ?? _cpu.Read("sp_process")) is not { } process)
                return false;
            stack = (uint)process;
        }

        // secure state that a non-secure exception may have stacked: a signature, and R4 to R11
        if (_cpu.ReadMemory(stack, 4) is { } first && (first & ~1UL) == 0xfefa_125a)
            stack += 0x28;
        Span<ulong> frame = stackalloc ulong[8];
        for (int i = 0; i < frame.Length; i++)
        {
            if (_cpu.ReadMemory(stack + (4 * (ulong)i), 4) is not { } word)
                return false;
            frame[i] = word;
        }

        var caller = new Dictionary<int, ulong>(_registers) { [0] = frame[0], [1] = frame[1], [2] = frame[2], [3] = frame[3], [12] = frame[4], [14] = frame[5] };
        bool extended = (link & 0x10) == 0;
        caller[13] = stack + (extended ? 0x68u : 0x20u) + ((frame[7] & 0x200) != 0 ? 4u : 0u);
        bool taken = Take(caller, frame[6]);
        CameFromException = true;
        return taken;
    }

    private bool Take(Dictionary<int, ulong> registers, ulong target)
    {
        target = Trim(target);
        Pc = _cpu.Architecture == FirmwareArchitecture.Arm && target < 0xff00_0000 ? target & ~1UL : target;
        if (!ReferenceEquals(registers, _registers))
        {
            _registers.Clear();
            foreach ((int column, ulong value) in registers)
                _registers[column] = value;
        }

        return true;
    }

    private ulong Trim(ulong value) => _cpu.PointerSize == 4 ? (uint)value : value;
}
