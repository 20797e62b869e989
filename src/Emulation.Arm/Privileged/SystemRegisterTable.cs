namespace Emulation.Arm;

/// <summary>All system registers and encoded system instructions. Built on first use; immutable.</summary>
internal static class SystemRegisterTable
{
    private const int Size = 1 << 16;
    private static readonly Lazy<SystemRegister?[]> s_table = new(Build);
    private static readonly Lazy<SystemRegister[]> s_rows = new(static () => [.. s_table.Value.OfType<SystemRegister>()]);

    /// <summary>All rows.</summary>
    public static ReadOnlySpan<SystemRegister> Rows => s_rows.Value;

    /// <summary>The row of an encoding; null when the manual, as far as it is implemented, has none.</summary>
    /// <param name="encoding">16 bits.</param>
    public static SystemRegister? Find(int encoding) => s_table.Value[encoding];

    /// <summary>What EL2 accesses by a name of EL1 when it is a host: HCR_EL2.E2H. Arm DDI 0487, D8.10.2, table "Redirection".</summary>
    /// <param name="encoding">What the instruction says.</param>
    public static int HostEncoding(int encoding)
    {
        int op1 = (encoding >> 11) & 7, rest = encoding & 0x7ff, key = encoding & ~(7 << 11);
        if (encoding >> 14 != 3)
            return encoding;
        if (op1 == 0 && rest == Place(1, 0, 2))
            return SystemRegister.Encode(3, 4, 1, 1, 2); // CPACR: CPTR_EL2
        if (op1 == 0 && s_hosted.Contains(rest))
            return key | (4 << 11);
        if (op1 == 3 && rest >> 7 == 14)
        {
            return (rest & 0x7f) switch
            {
                (2 << 3) or (2 << 3) + 1 or (2 << 3) + 2 => SystemRegister.Encode(3, 4, 14, 2, rest & 7),
                (3 << 3) or (3 << 3) + 1 or (3 << 3) + 2 => SystemRegister.Encode(3, 4, 14, 3, rest & 7),
                _ => encoding,
            };
        }

        return encoding;
    }

    /// <summary>What a name of EL12 or EL02 means.</summary>
    /// <param name="encoding">With op1 = 5.</param>
    public static int GuestEncoding(int encoding)
    {
        int rest = encoding & 0x7ff;
        bool timer = rest >> 7 == 14 && ((rest >> 3) & 15) != 1;
        if (!timer && !s_hosted.Contains(rest))
            return -1;
        return (encoding & ~(7 << 11)) | (timer ? 3 << 11 : 0);
    }

    // CRn, CRm, op2 of the registers that EL1 and EL2 have at the same place
    private static readonly HashSet<int> s_hosted =
    [
        Place(1, 0, 0), Place(1, 0, 2), Place(2, 0, 0), Place(2, 0, 1), Place(2, 0, 2), Place(5, 1, 0), Place(5, 1, 1), Place(5, 2, 0),
        Place(6, 0, 0), Place(10, 2, 0), Place(10, 3, 0), Place(12, 0, 0), Place(13, 0, 1), Place(14, 1, 0), Place(4, 0, 0), Place(4, 0, 1),
    ];

    private static int Place(int crn, int crm, int op2) => (crn << 7) | (crm << 3) | op2;

    private static SystemRegister?[] Build()
    {
        var table = new SystemRegister?[Size];
        IEnumerable<SystemRegister>[] areas =
        [
            IdRegisters.Rows(), ExceptionRegisters.Rows(), ControlRegisters.Rows(), TranslationRegisters.Rows(), PointerRegisters.Rows(), TimerRegisters.Rows(), DebugRegisters.Rows(),
            CounterRegisters.Rows(), InterruptRegisters.Rows(), ImplementationRegisters.Rows(), MaintenanceOperations.Rows(), TlbOperations.Rows(),
        ];
        foreach (IEnumerable<SystemRegister> area in areas)
        {
            foreach (SystemRegister row in area)
            {
                if (table[row.Encoding] is { } other)
                    throw new InvalidOperationException($"system register 0x{row.Encoding:x4} is both {other.Name} and {row.Name}");
                table[row.Encoding] = row;
            }
        }

        IdRegisters.FillReserved(table);
        return table;
    }
}
