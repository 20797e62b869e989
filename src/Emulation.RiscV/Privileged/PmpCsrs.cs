namespace Emulation.RiscV;

/// <summary><c>pmpcfg0..15</c> and <c>pmpaddr0..63</c>. RISC-V Privileged, "Physical Memory Protection CSRs".</summary>
/// <remarks>Registers of entries that a hart does not have do not exist; on RV64 neither do the odd <c>pmpcfg</c> registers.</remarks>
internal static class PmpCsrs
{
    public static IEnumerable<CsrRow> Rows()
    {
        for (int i = 0; i < 16; i++)
        {
            int first = 4 * i;
            bool odd = (i & 1) != 0;
            yield return new CsrRow(0x3a0 + i, $"pmpcfg{i}", c => ReadConfig(c, first), (c, v) => WriteConfig(c, first, v))
            {
                Exists = f => first < f.PmpEntries && (!odd || f.Xlen == 32),
            };
        }

        for (int i = 0; i < 64; i++)
        {
            int entry = i;
            yield return new CsrRow(0x3b0 + i, $"pmpaddr{i}", c => c.Pmp.GetAddress(entry), (c, v) =>
            {
                c.Pmp.SetAddress(entry, v);
                c.FlushTranslations();
            })
            {
                Exists = f => entry < f.PmpEntries,
            };
        }
    }

    private static ulong ReadConfig(RiscVCpu c, int first)
    {
        ulong value = 0;
        for (int i = 0; i < c.Xlen / 8; i++)
            value |= (ulong)c.Pmp.GetConfig(first + i) << (8 * i);
        return value;
    }

    private static void WriteConfig(RiscVCpu c, int first, ulong value)
    {
        for (int i = 0; i < c.Xlen / 8; i++)
            c.Pmp.SetConfig(first + i, (byte)(value >> (8 * i)));
        c.FlushTranslations();
    }
}
