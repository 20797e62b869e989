namespace Emulation.RiscV;

/// <summary><c>seed</c>: 16 bits of entropy per access. RISC-V Unprivileged, "Entropy Source" (Zkr).</summary>
internal static class SeedCsr
{
    // OPST = ES16: the low half is valid
    private const ulong Ready = 2UL << 30;

    public static IEnumerable<CsrRow> Rows() =>
    [
        new(0x015, "seed", static c => Ready | c.Entropy.Next(), static (_, _) => { })
        {
            Exists = static f => f.Zkr,
            Allows = static (c, write) => write && c.Privilege switch
            {
                PrivilegeLevel.Machine => true,
                PrivilegeLevel.Supervisor => (c.SeedAccess & (1UL << 9)) != 0,
                _ => (c.SeedAccess & (1UL << 8)) != 0,
            },
        },
    ];
}
