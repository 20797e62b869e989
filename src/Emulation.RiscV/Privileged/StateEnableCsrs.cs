namespace Emulation.RiscV;

/// <summary><c>mstateen0..3</c> and <c>sstateen0..3</c>. RISC-V Privileged, "Smstateen/Ssstateen".</summary>
internal static class StateEnableCsrs
{
    /// <summary>C: custom state.</summary>
    public const ulong CustomBit = 1;

    /// <summary>ENVCFG: <c>senvcfg</c>.</summary>
    public const ulong EnvironmentBit = 1UL << 62;

    /// <summary>SE: the supervisor's register of the same number.</summary>
    public const ulong SupervisorBit = 1UL << 63;

    public static IEnumerable<CsrRow> Rows()
    {
        for (int i = 0; i < 4; i++)
        {
            int n = i;
            foreach (CsrRow row in CsrRow.Wide(
                0x30c + n, 0x31c + n, $"mstateen{n}",
                c => c.Mstateen[n],
                (c, v) => c.Mstateen[n] = v & WritableMachine(c, n),
                static f => f.Smstateen && f.UserMode))
            {
                yield return row;
            }

            // What is zero in the machine's register reads as zero here
            yield return new CsrRow(0x10c + n, $"sstateen{n}", c => c.Sstateen[n] & c.Mstateen[n], (c, v) => WriteSupervisor(c, n, v))
            {
                Exists = static f => f.Smstateen && f.SupervisorMode,
                Allows = (c, _) => c.Privilege == PrivilegeLevel.Machine || (c.Mstateen[n] & SupervisorBit) != 0,
            };
        }
    }

    /// <summary>Whether state that a bit of <c>mstateen0</c> (and of <c>sstateen0</c>, for the low half) guards is accessible now.</summary>
    public static bool Permits(RiscVCpu c, ulong bit)
    {
        if (!c.Features.Smstateen || c.Privilege == PrivilegeLevel.Machine)
            return true;
        if ((c.Mstateen[0] & bit) == 0)
            return false;
        return c.Privilege == PrivilegeLevel.Supervisor || !c.Features.SupervisorMode || bit > uint.MaxValue || (c.Sstateen[0] & bit) != 0;
    }

    private static ulong WritableMachine(RiscVCpu c, int number)
    {
        ulong bits = c.Features.SupervisorMode ? SupervisorBit : 0;
        if (number != 0)
            return bits;
        return bits | (c.Features.SupervisorMode ? EnvironmentBit : 0) | (c.HasCustomCsrs ? CustomBit : 0);
    }

    private static void WriteSupervisor(RiscVCpu c, int number, ulong value)
    {
        ulong writable = number == 0 ? CustomBit & c.Mstateen[0] : 0;
        c.Sstateen[number] = (c.Sstateen[number] & ~writable) | (value & writable);
    }
}
