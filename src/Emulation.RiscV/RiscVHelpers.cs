using Emulation.IR;
using Emulation.RiscV.Privileged;

namespace Emulation.RiscV;

/// <summary>Helpers of the privileged part that translated code calls. The methods are in <see cref="SystemHelpers"/>.</summary>
internal static class RiscVHelpers
{
    // CSR accesses may trap, may read counters, and reach fcsr
    private const IrEffects Csr = IrEffects.MayFault | IrEffects.ReadsTime | IrEffects.FloatEnvironment;
    private const IrEffects System = IrEffects.MayFault | IrEffects.ReadsTime;

    /// <summary><c>ulong CsrR(s, csr)</c>: reads without writing.</summary>
    public static readonly IrHelper CsrR = Create(nameof(SystemHelpers.CsrR), IrType.I64, Csr);

    /// <summary><c>void CsrW(s, csr, value)</c>: writes without the side effects of a read.</summary>
    public static readonly IrHelper CsrW = Create(nameof(SystemHelpers.CsrW), IrType.None, Csr);

    /// <summary><c>ulong CsrRw(s, csr, value)</c>: swaps, gives the old value.</summary>
    public static readonly IrHelper CsrRw = Create(nameof(SystemHelpers.CsrRw), IrType.I64, Csr);

    /// <summary><c>ulong CsrRs(s, csr, mask)</c>: sets bits, gives the old value.</summary>
    public static readonly IrHelper CsrRs = Create(nameof(SystemHelpers.CsrRs), IrType.I64, Csr);

    /// <summary><c>ulong CsrRc(s, csr, mask)</c>: clears bits, gives the old value.</summary>
    public static readonly IrHelper CsrRc = Create(nameof(SystemHelpers.CsrRc), IrType.I64, Csr);

    /// <summary><c>ulong Sret(s)</c>: returns from a trap to S-mode, gives the new PC.</summary>
    public static readonly IrHelper Sret = Create(nameof(SystemHelpers.Sret), IrType.I64, System);

    /// <summary><c>ulong Mret(s)</c>: returns from a trap to M-mode, gives the new PC.</summary>
    public static readonly IrHelper Mret = Create(nameof(SystemHelpers.Mret), IrType.I64, System);

    /// <summary><c>void Wfi(s)</c>: asks the run loop to halt behind the instruction unless something is pending.</summary>
    public static readonly IrHelper Wfi = Create(nameof(SystemHelpers.Wfi), IrType.None, System);

    /// <summary><c>void WrsNto(s)</c>: waits for the reservation set, without time limit.</summary>
    public static readonly IrHelper WrsNto = Create(nameof(SystemHelpers.WrsNto), IrType.None, System);

    /// <summary><c>void WrsSto(s)</c>: waits for the reservation set, for a short time.</summary>
    public static readonly IrHelper WrsSto = Create(nameof(SystemHelpers.WrsSto), IrType.None, System);

    /// <summary><c>void SfenceVma(s, address, asid, flags)</c>: flags bit 0 = rs1 is not x0, bit 1 = rs2 is not x0.</summary>
    public static readonly IrHelper SfenceVma = Create(nameof(SystemHelpers.SfenceVma), IrType.None, System);

    /// <summary><c>void FenceI(s)</c>: later fetches see earlier stores.</summary>
    public static readonly IrHelper FenceI = Create(nameof(SystemHelpers.FenceI), IrType.None, System);

    /// <summary><c>void SetFsDirty(s)</c>: mstatus.FS becomes Dirty, the mode word with it.</summary>
    public static readonly IrHelper SetFsDirty = Create(nameof(SystemHelpers.SetFsDirty), IrType.None, IrEffects.FloatEnvironment);

    /// <summary><c>void Cbo(s, address, kind)</c>: checks the access of a cache-block operation; kind = <see cref="CboInval"/> and so on.</summary>
    public static readonly IrHelper Cbo = Create(nameof(SystemHelpers.Cbo), IrType.None, System);

    /// <summary><c>void CboZero(s, address)</c>: zeroes the 64-byte block that holds the address.</summary>
    public static readonly IrHelper CboZero = Create(nameof(SystemHelpers.CboZero), IrType.None, System | IrEffects.WritesMemory);

    /// <summary>CBO.INVAL.</summary>
    public const int CboInval = 0;

    /// <summary>CBO.CLEAN.</summary>
    public const int CboClean = 1;

    /// <summary>CBO.FLUSH.</summary>
    public const int CboFlush = 2;

    private static IrHelper Create(string method, IrType result, IrEffects effects)
        => IrHelper.Create(typeof(SystemHelpers), method, result, effects);
}
