namespace Emulation.RiscV;

/// <summary><c>menvcfg</c>, <c>senvcfg</c>, <c>mseccfg</c>. RISC-V Privileged, "Machine Environment Configuration", "Machine Security Configuration".</summary>
internal static class EnvironmentCsrs
{
    private const ulong UserSeed = 1UL << 8;
    private const ulong SupervisorSeed = 1UL << 9;

    public static IEnumerable<CsrRow> Rows() =>
    [
        .. CsrRow.Wide(0x30a, 0x31a, "menvcfg", static c => c.Menvcfg, static (c, v) => WriteMachine(c, v), static f => f.UserMode),
        new(0x10a, "senvcfg", static c => c.Senvcfg, static (c, v) =>
        {
            c.Senvcfg = EnvironmentConfig.Write(c.Senvcfg, v, CacheBlockBits(c.Features));
            c.UpdateMode();
        })
        {
            Exists = static f => f.SupervisorMode,
            Allows = static (c, _) => StateEnableCsrs.Permits(c, StateEnableCsrs.EnvironmentBit),
        },
        .. CsrRow.Wide(
            0x747, 0x757, "mseccfg",
            static c => c.Pmp.Security | c.SeedAccess,
            static (c, v) => WriteSecurity(c, v),
            static f => f.Smepmp || f.Zkr),
    ];

    private static void WriteMachine(RiscVCpu c, ulong value)
    {
        PrivilegedFeatures f = c.Features;
        ulong writable = CacheBlockBits(f);
        if (f.SupervisorMode)
        {
            writable |= f.Svadu ? EnvironmentConfig.Adue : 0;
            writable |= f.Svpbmt ? EnvironmentConfig.Pbmte : 0;
            writable |= f.Sstc ? EnvironmentConfig.Stce : 0;
        }

        ulong old = c.Menvcfg;
        c.Menvcfg = EnvironmentConfig.Write(old, value, writable);
        ulong changed = old ^ c.Menvcfg;
        // The manual asks for an SFENCE.VMA after such a change; forgetting translations at once is allowed
        if ((changed & (EnvironmentConfig.Adue | EnvironmentConfig.Pbmte)) != 0)
            c.FlushTranslations();
        if ((changed & EnvironmentConfig.Stce) != 0)
            c.Timer.Update();
        c.OnPrivilegedWrite();
    }

    private static void WriteSecurity(RiscVCpu c, ulong value)
    {
        ulong seed = 0;
        if (c.Features.Zkr)
            seed = (c.Features.UserMode ? UserSeed : 0) | (c.Features.SupervisorMode ? SupervisorSeed : 0);
        c.SeedAccess = value & seed;
        c.Pmp.SetSecurity(value);
        c.FlushTranslations();
    }

    // FIOM orders device accesses with memory accesses. Here all accesses are ordered, so it is storage.
    private static ulong CacheBlockBits(PrivilegedFeatures f)
        => (f.SupervisorMode ? EnvironmentConfig.Fiom : 0)
            | (f.Zicbom ? EnvironmentConfig.Cbie | EnvironmentConfig.Cbcfe : 0)
            | (f.Zicboz ? EnvironmentConfig.Cbze : 0);
}
