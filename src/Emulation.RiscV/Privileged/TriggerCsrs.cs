namespace Emulation.RiscV;

/// <summary>The trigger registers of a hart that has no triggers. RISC-V Debug, "Sdtrig", trigger type 0.</summary>
/// <remarks>Software finds out how many triggers there are by reading them, so they are there to say: none.</remarks>
internal static class TriggerCsrs
{
    private const ulong NoTrigger = 1; // tinfo: type 0 is the only one

    public static IEnumerable<CsrRow> Rows() =>
    [
        new(0x7a0, "tselect", static _ => 0, static (_, _) => { }),
        new(0x7a1, "tdata1", static _ => 0, static (_, _) => { }),
        new(0x7a2, "tdata2", static _ => 0, static (_, _) => { }),
        new(0x7a3, "tdata3", static _ => 0, static (_, _) => { }),
        new(0x7a4, "tinfo", static _ => NoTrigger, static (_, _) => { }),
    ];
}
