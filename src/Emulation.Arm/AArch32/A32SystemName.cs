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
    public int Pack() => Coprocessor | (Opc1 << 4) | (Crn << 8) | (Crm << 13) | (Opc2 << 17);

    /// <summary>What <see cref="Pack"/> gave.</summary>
    public static A32SystemName Unpack(ulong packed)
        => new((int)packed & 15, (int)(packed >> 4) & 15, (int)(packed >> 8) & 31, (int)(packed >> 13) & 15, (int)(packed >> 17) & 7);
}
