namespace Emulation.Arm;

/// <summary>The operands that name a system register of AArch32.</summary>
/// <param name="Coprocessor">14 or 15.</param>
/// <param name="Opc1">3 bits; 4 of pairs.</param>
/// <param name="Crn">4 bits, or <see cref="Pair"/>.</param>
/// <param name="Crm">4 bits.</param>
/// <param name="Opc2">3 bits.</param>
internal readonly record struct A32SystemName(int Coprocessor, int Opc1, int Crn, int Crm, int Opc2)
{
    /// <summary>In place of CRn: a register of 64 bits, accessed by MCRR and MRRC.</summary>
    public const int Pair = 16;

    /// <summary>As a number, for helpers.</summary>
    /// <param name="rt">The register that is transferred.</param>
    /// <param name="rt2">The second of a pair.</param>
    public int Pack(int rt, int rt2 = 0) => Coprocessor | (Opc1 << 4) | (Crn << 8) | (Crm << 13) | (Opc2 << 17) | (rt << 20) | (rt2 << 24);

    /// <summary>ISS of a trapped access. Arm DDI 0487, D17.2.37 "ISS encoding for an exception from an MCR or MRC access", "... MCRR or MRRC access".</summary>
    /// <param name="packed">What <see cref="Pack"/> gave.</param>
    /// <param name="reads">The direction.</param>
    public static int Syndrome(ulong packed, bool reads)
    {
        const int Unconditional = (1 << 24) | (0xe << 20);
        A32SystemName name = Unpack(packed);
        int rt = (int)(packed >> 20) & 15, rt2 = (int)(packed >> 24) & 15, common = Unconditional | (rt << 5) | (name.Crm << 1) | (reads ? 1 : 0);
        return name.Crn == Pair
            ? common | (name.Opc1 << 16) | (rt2 << 10)
            : common | (name.Opc2 << 17) | (name.Opc1 << 14) | (name.Crn << 10);
    }

    /// <summary>What <see cref="Pack"/> gave.</summary>
    public static A32SystemName Unpack(ulong packed)
        => new((int)packed & 15, (int)(packed >> 4) & 15, (int)(packed >> 8) & 31, (int)(packed >> 13) & 15, (int)(packed >> 17) & 7);
}
