namespace Emulation.Devices;

/// <summary>System registers of a GICv3's CPU interface, by encoding: op0&lt;&lt;14 | op1&lt;&lt;11 | CRn&lt;&lt;7 | CRm&lt;&lt;3 | op2. IHI 0069, 12.2 and 12.3.</summary>
internal static class GicRegister
{
    private const int El1 = (3 << 14) | (12 << 7);
    private const int El2 = El1 | (4 << 11);
    private const int El3 = El1 | (6 << 11);

    public const int Pmr = (3 << 14) | (4 << 7) | (6 << 3);
    public const int Iar0 = El1 | (8 << 3);
    public const int Eoir0 = El1 | (8 << 3) | 1;
    public const int Hppir0 = El1 | (8 << 3) | 2;
    public const int Bpr0 = El1 | (8 << 3) | 3;
    public const int Ap0r0 = El1 | (8 << 3) | 4;
    public const int Ap1r0 = El1 | (9 << 3);
    public const int Dir = El1 | (11 << 3) | 1;
    public const int Rpr = El1 | (11 << 3) | 3;
    public const int Sgi1r = El1 | (11 << 3) | 5;
    public const int Asgi1r = El1 | (11 << 3) | 6;
    public const int Sgi0r = El1 | (11 << 3) | 7;
    public const int Iar1 = El1 | (12 << 3);
    public const int Eoir1 = El1 | (12 << 3) | 1;
    public const int Hppir1 = El1 | (12 << 3) | 2;
    public const int Bpr1 = El1 | (12 << 3) | 3;
    public const int Ctlr = El1 | (12 << 3) | 4;
    public const int Sre = El1 | (12 << 3) | 5;
    public const int Igrpen0 = El1 | (12 << 3) | 6;
    public const int Igrpen1 = El1 | (12 << 3) | 7;
    public const int SreEl2 = El2 | (9 << 3) | 5;
    public const int CtlrEl3 = El3 | (12 << 3) | 4;
    public const int SreEl3 = El3 | (12 << 3) | 5;
    public const int Igrpen1El3 = El3 | (12 << 3) | 7;

    public const int HypervisorAp0r0 = El2 | (8 << 3);
    public const int HypervisorAp1r0 = El2 | (9 << 3);
    public const int HypervisorHcr = El2 | (11 << 3);
    public const int HypervisorVtr = El2 | (11 << 3) | 1;
    public const int HypervisorMisr = El2 | (11 << 3) | 2;
    public const int HypervisorEisr = El2 | (11 << 3) | 3;
    public const int HypervisorElrsr = El2 | (11 << 3) | 5;
    public const int HypervisorVmcr = El2 | (11 << 3) | 7;
    public const int HypervisorLr0 = El2 | (12 << 3);

    /// <summary>Which group a register of EL1 serves: 0, 1, or 2 for both; -1 where that does not matter.</summary>
    public static int GroupOf(int encoding) => encoding switch
    {
        Iar0 or Eoir0 or Hppir0 or Bpr0 or Igrpen0 or (>= Ap0r0 and <= Ap0r0 + 3) => 0,
        Iar1 or Eoir1 or Hppir1 or Bpr1 or Igrpen1 or (>= Ap1r0 and <= Ap1r0 + 3) => 1,
        Pmr or Dir or Rpr or Ctlr or Sgi1r or Asgi1r or Sgi0r => 2,
        _ => -1,
    };
}
