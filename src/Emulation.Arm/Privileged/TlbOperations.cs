using static Emulation.Arm.SystemRegister;

namespace Emulation.Arm;

/// <summary>TLB maintenance instructions. Arm DDI 0487, C5.5.</summary>
/// <remarks>The TLB does not tell regimes and VMIDs apart here: more is forgotten than need be. Stage 2 is cached only together with stage 1.</remarks>
internal static class TlbOperations
{
    private enum Operand
    {
        None,
        Address,
        Asid,
        Range,
        Everything,
    }

    // op1, op2 of each instruction; CRm tells the shareability domain
    private static readonly (string Name, int Op1, int Op2, TlbScope Scope, Operand Operand)[] s_rows =
    [
        ("VMALLE1", 0, 0, TlbScope.All, Operand.None), ("VAE1", 0, 1, TlbScope.Address, Operand.Address), ("ASIDE1", 0, 2, TlbScope.Asid, Operand.Asid),
        ("VAAE1", 0, 3, TlbScope.AddressAllAsids, Operand.Address), ("VALE1", 0, 5, TlbScope.Address, Operand.Address),
        ("VAALE1", 0, 7, TlbScope.AddressAllAsids, Operand.Address),
        ("ALLE2", 4, 0, TlbScope.All, Operand.None), ("VAE2", 4, 1, TlbScope.Address, Operand.Address), ("ALLE1", 4, 4, TlbScope.All, Operand.None),
        ("VALE2", 4, 5, TlbScope.Address, Operand.Address), ("VMALLS12E1", 4, 6, TlbScope.All, Operand.None),
        ("ALLE3", 6, 0, TlbScope.All, Operand.None), ("VAE3", 6, 1, TlbScope.AddressAllAsids, Operand.Address),
        ("VALE3", 6, 5, TlbScope.AddressAllAsids, Operand.Address),
    ];

    private static readonly (string Name, int Op1, int Op2, TlbScope Scope)[] s_ranges =
    [
        ("RVAE1", 0, 1, TlbScope.Address), ("RVAAE1", 0, 3, TlbScope.AddressAllAsids), ("RVALE1", 0, 5, TlbScope.Address),
        ("RVAALE1", 0, 7, TlbScope.AddressAllAsids), ("RVAE2", 4, 1, TlbScope.Address), ("RVALE2", 4, 5, TlbScope.Address),
        ("RVAE3", 6, 1, TlbScope.AddressAllAsids), ("RVALE3", 6, 5, TlbScope.AddressAllAsids),
    ];

    public static IEnumerable<SystemRegister> Rows()
    {
        foreach (SystemRegister row in All())
        {
            yield return row;

            // XS changes nothing here: every access is waited for
            yield return row with { Name = row.Name + "NXS", Encoding = row.Encoding + (1 << 7), Exists = c => c.Isa.Has(ArmFeature.XS) && row.Exists!(c) };
        }
    }

    private static IEnumerable<SystemRegister> All()
    {
        foreach ((string name, int op1, int op2, TlbScope scope, Operand operand) in s_rows)
        {
            yield return Row(name, op1, 7, op2, scope, operand, false, null);
            yield return Row(name + "IS", op1, 3, op2, scope, operand, true, null);
            yield return Row(name + "OS", op1, 1, op2, scope, operand, true, ArmFeature.TLBIOS);
        }

        foreach ((string name, int op1, int op2, TlbScope scope) in s_ranges)
        {
            yield return Row(name, op1, 6, op2, scope, Operand.Range, false, ArmFeature.TLBIRANGE);
            yield return Row(name + "IS", op1, 2, op2, scope, Operand.Range, true, ArmFeature.TLBIRANGE);
            yield return Row(name + "OS", op1, 5, op2, scope, Operand.Range, true, ArmFeature.TLBIRANGE);
        }

        // by intermediate address
        foreach ((string name, int crm, int op2, bool broadcast, ArmFeature? feature) in
            ((string, int, int, bool, ArmFeature?)[])
            [
                ("IPAS2E1", 4, 1, false, null), ("IPAS2LE1", 4, 5, false, null), ("IPAS2E1IS", 0, 1, true, null), ("IPAS2LE1IS", 0, 5, true, null),
                ("IPAS2E1OS", 4, 0, true, ArmFeature.TLBIOS), ("IPAS2LE1OS", 4, 4, true, ArmFeature.TLBIOS),
                ("RIPAS2E1", 4, 2, false, ArmFeature.TLBIRANGE), ("RIPAS2LE1", 4, 6, false, ArmFeature.TLBIRANGE),
                ("RIPAS2E1IS", 0, 2, true, ArmFeature.TLBIRANGE), ("RIPAS2LE1IS", 0, 6, true, ArmFeature.TLBIRANGE),
                ("RIPAS2E1OS", 4, 3, true, ArmFeature.TLBIRANGE), ("RIPAS2LE1OS", 4, 7, true, ArmFeature.TLBIRANGE),
            ])
        {
            yield return Row(name, 4, crm, op2, TlbScope.All, Operand.Everything, broadcast, feature);
        }
    }

    private static SystemRegister Row(string name, int op1, int crm, int op2, TlbScope scope, Operand operand, bool broadcast, ArmFeature? feature)
        => new("TLBI " + name, Encode(1, op1, 8, crm, op2))
        {
            ReadLevel = Nobody,
            Exists = c => (feature is not { } needed || c.Isa.Has(needed)) && c.HasLevel(op1 switch { 4 => 2, 6 => 3, _ => 1 }),
            Trap = op1 == 0 ? SystemTraps.Hypervisor(ArmCpu.HcrTtlb) : null,
            Write = operand switch
            {
                Operand.Address => (c, v) => c.Invalidate(scope, (ulong)((long)(v << 20) >> 8), (uint)(v >> 48), broadcast),
                Operand.Asid => (c, v) => c.Invalidate(scope, 0, (uint)(v >> 48), broadcast),
                Operand.Range => (c, v) => c.InvalidateRange(v, scope, IsWide(c, op1), broadcast),
                _ => (c, _) => c.Invalidate(TlbScope.All, 0, 0, broadcast),
            },
        };

    // TCR.DS of the regime
    private static bool IsWide(ArmCpu c, int op1)
    {
        if (!c.Isa.Has(ArmFeature.LPA2))
            return false;
        return op1 switch
        {
            0 => ((c[SystemSlot.TcrEl1] >> 59) & 1) != 0,
            4 => ((c[SystemSlot.TcrEl2] >> (c.IsHost ? 59 : 32)) & 1) != 0,
            _ => ((c[SystemSlot.TcrEl3] >> 32) & 1) != 0,
        };
    }
}
