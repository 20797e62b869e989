using Emulation.Core;

namespace Emulation.Arm;

/// <summary>The Debug Control Block of the System Control Space: DHCSR, DCRSR, DCRDR, DEMCR, with Armv8-M also DAUTHCTRL, DSCSR and DAUTHSTATUS. DDI 0403E, C1.6; DDI 0553, D1.2.</summary>
/// <remarks>
/// There is no external debugger: halting debug is off, for only the Debug Access Port sets C_DEBUGEN, so that software's writes of DHCSR do nothing.
/// Debugging by the host goes past these registers.
/// </remarks>
internal sealed class DebugControl
{
    private const ulong Offset = 0xdf0;
    private readonly FlagField _traceEnable;
    private readonly FlagField? _monitorEnable, _monitorPending, _monitorStep, _secureMonitor;
    private readonly bool _isV8;

    /// <summary>Defines the registers.</summary>
    /// <param name="map">The System Control Space; of CPUs with the Security Extension the view of both states, which share these.</param>
    /// <param name="model">The CPU's debug units.</param>
    /// <param name="hasSecurity">Whether the Security Extension is there.</param>
    /// <param name="changed">Called after a write of DEMCR.</param>
    public DebugControl(RegisterMap map, MDebugModel model, bool hasSecurity, Action changed)
    {
        _isV8 = model.IsV8;
        const FieldMode Read = FieldMode.ReadOnly;
        Register status = map.Define(Offset, "DHCSR", (1 << 25) | (1 << 16)).Ignored(31, 26).Flag(25, "S_RESET_ST", FieldMode.ReadToClear)
            .Flag(24, "S_RETIRE_ST", Read, read: static () => true).Ignored(23, 21);
        if (_isV8)
            status.Flag(20, "S_SDE", Read);
        else
            status.Ignored(20, 20);
        status.Flag(19, "S_LOCKUP", Read).Flag(18, "S_SLEEP", Read).Flag(17, "S_HALT", Read).Flag(16, "S_REGRDY", Read).Ignored(15, 6)
            .Flag(5, "C_SNAPSTALL", Read).Ignored(4, 4).Flag(3, "C_MASKINTS", Read).Flag(2, "C_STEP", Read).Flag(1, "C_HALT", Read).Flag(0, "C_DEBUGEN", Read);
        map.Define(Offset + 4, "DCRSR").Ignored(31, 17).Flag(16, "REGWnR", FieldMode.WriteOnly).Ignored(15, 7).Bits(6, 0, "REGSEL", FieldMode.WriteOnly);
        map.Define(Offset + 8, "DCRDR").Bits(31, 0, "DBGTMP");

        Register control = map.Define(Offset + 0xc, "DEMCR").Ignored(31, 25).Flag(24, "TRCENA", out _traceEnable);
        if (hasSecurity && model.HasMonitor)
            control.Ignored(23, 21).Flag(20, "SDME", out _secureMonitor, Read);
        else
            control.Ignored(23, 20);
        if (model.HasMonitor)
        {
            control.Flag(19, "MON_REQ").Flag(18, "MON_STEP", out _monitorStep).Flag(17, "MON_PEND", out _monitorPending).Flag(16, "MON_EN", out _monitorEnable)
                .Ignored(15, hasSecurity ? 12 : 11);
            if (hasSecurity)
                control.Flag(11, "VC_SFERR");
            control.Flag(10, "VC_HARDERR").Flag(9, "VC_INTERR").Flag(8, "VC_BUSERR").Flag(7, "VC_STATERR")
                .Flag(6, "VC_CHKERR").Flag(5, "VC_NOCPERR").Flag(4, "VC_MMERR").Ignored(3, 1);
        }
        else
        {
            control.Ignored(19, hasSecurity ? 12 : 11);
            if (hasSecurity)
                control.Flag(11, "VC_SFERR");
            control.Flag(10, "VC_HARDERR").Ignored(9, 1);
        }

        control.Flag(0, "VC_CORERESET").Then(changed);
        if (_isV8)
            DefineV8(map, hasSecurity);
        model.ScsId.Define(map, "SCS");
    }

    /// <summary>DEMCR.TRCENA: whether DWT, ITM and TPIU work.</summary>
    public bool IsTracing => _traceEnable.Value;

    /// <summary>DEMCR.MON_EN: whether debug events pend DebugMonitor.</summary>
    public bool HasMonitor => _monitorEnable?.Value ?? false;

    /// <summary>DEMCR.MON_STEP: whether DebugMonitor gets pending after one instruction when it returns.</summary>
    public bool StepsMonitor => HasMonitor && (_monitorStep?.Value ?? false);

    /// <summary>DEMCR.SDME: whether DebugMonitor is Secure.</summary>
    public bool IsMonitorSecure
    {
        get => _secureMonitor?.Value ?? false;
        set
        {
            if (_secureMonitor != null)
                _secureMonitor.Value = value;
        }
    }

    /// <summary>DEMCR.MON_PEND: whether DebugMonitor is pending. The CPU keeps it the same as its own pending bit.</summary>
    public bool IsMonitorPending
    {
        get => _monitorPending?.Value ?? false;
        set
        {
            if (_monitorPending != null)
                _monitorPending.Value = value;
        }
    }

    private static void DefineV8(RegisterMap map, bool hasSecurity)
    {
        Register authority = map.Define(Offset + 0x14, "DAUTHCTRL").Ignored(31, 4);
        if (hasSecurity)
            authority.Flag(3, "INTSPNIDEN").Flag(2, "SPNIDENSEL").Flag(1, "INTSPIDEN").Flag(0, "SPIDENSEL");
        else
            authority.Ignored(3, 0);
        // CDS is for a debugger; a program reads the state it runs in from elsewhere
        map.Define(Offset + 0x18, "DSCSR").Ignored(31, 18).Flag(17, "CDSKEY", FieldMode.WriteOnly).Flag(16, "CDS", FieldMode.ReadOnly)
            .Ignored(15, 2).Flag(1, "SBRSEL").Flag(0, "SBRSELEN");
        // non-invasive debug of both states allowed, no halting debug: NID = 0b11, ID = 0b10
        map.Define(0xfb8, "DAUTHSTATUS", hasSecurity ? 0xeeu : 0x0eu).Ignored(31, 8).Bits(7, 6, "SNID", FieldMode.ReadOnly)
            .Bits(5, 4, "SID", FieldMode.ReadOnly).Bits(3, 2, "NSNID", FieldMode.ReadOnly).Bits(1, 0, "NSID", FieldMode.ReadOnly);
    }
}
