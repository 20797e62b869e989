namespace Emulation.RiscV;

/// <summary>All standard registers by number.</summary>
internal static class CsrTable
{
    /// <summary>Numbers there are.</summary>
    public const int Size = 4096;

    private static readonly CsrRow?[] s_standard = Build();

    /// <summary>Rows by number; null where the manual has none. Shared by all harts, so never written.</summary>
    public static ReadOnlySpan<CsrRow?> Standard => s_standard;

    private static CsrRow?[] Build()
    {
        var table = new CsrRow?[Size];
        IEnumerable<CsrRow>[] areas =
        [
            FloatCsrs.Rows(), MachineCsrs.Rows(), SupervisorCsrs.Rows(), EnvironmentCsrs.Rows(),
            CounterCsrs.Rows(), PmpCsrs.Rows(), StateEnableCsrs.Rows(), SeedCsr.Rows(), TriggerCsrs.Rows(),
        ];
        foreach (IEnumerable<CsrRow> area in areas)
        {
            foreach (CsrRow row in area)
            {
                if (table[row.Number] is { } other)
                    throw new InvalidOperationException($"CSR 0x{row.Number:x3} is both {other.Name} and {row.Name}");
                table[row.Number] = row;
            }
        }

        return table;
    }
}
