using Emulation.Cpu;

namespace Emulation.Arm;

// MPU, SAU and the default memory map. DDI 0403E, B3.1, B3.5; DDI 0553, ValidateAddress().
public sealed unsafe partial class ArmMCpu
{
    private const uint GatewayFirst = 0xe97f;

    /// <summary>The MPU of a bank.</summary>
    internal MpuUnit[] Mpus { get; private set; } = [];

    /// <summary>The SAU; null without the Security Extension.</summary>
    internal SecurityAttributionUnit? Sau { get; private set; }

    private void CreateProtection()
    {
        int banks = Model.HasSecurity ? 2 : 1;
        Mpus = new MpuUnit[banks];
        for (int bank = 0; bank < banks; bank++)
        {
            Core.RegisterMap map = PrivateBus.Space(bank);
            string suffix = banks == 1 ? "" : bank == 1 ? "_S" : "_NS";
            Mpus[bank] = Model.IsV8
                ? new PmsaV8(map, Model.MpuRegions, Model.IsMainline, suffix, OnProtectionChanged)
                : new PmsaV7(map, Model.MpuRegions, !Model.IsMainline, OnProtectionChanged);
        }

        if (banks == 1)
            return;
        Sau = new SecurityAttributionUnit(PrivateBus.Space(1), Model.SauRegions, Options.Idau, OnProtectionChanged);
        SecurityAttributionUnit.DefineHidden(PrivateBus.Space(0));
    }

    private void OnProtectionChanged()
    {
        FlushTlb();
        RequestAttention();
    }

    /// <summary>Tells that the answers of <see cref="ArmMCpuOptions.Idau"/> changed.</summary>
    public void AttributionChanged() => OnProtectionChanged();

    // records the fault of an access that is not allowed; the bytes of one that is not aligned may lie in two regions
    private bool TryProtect(uint address, int size, MemoryAccessKind kind, int mmuIndex, out PageTranslation allowed, out bool onSecureBus)
    {
        bool privileged = (mmuIndex & MMode.PrivilegedMmu) != 0, urgent = (mmuIndex & MMode.UrgentMmu) != 0;
        bool secure = (mmuIndex & MMode.SecureMmu) != 0, fetch = kind == MemoryAccessKind.Fetch;
        onSecureBus = false;
        allowed = default;
        bool whole = true;
        uint left = (uint)size - 1;
        for (uint at = address; ; at++)
        {
            (uint first, uint last) = (0, uint.MaxValue);
            if (Sau is { } sau)
            {
                SecurityAttribution attribution = sau.Check(at, fetch, secure);
                (first, last) = (attribution.First, attribution.Last);
                if (at == address)
                    onSecureBus = !attribution.IsNonSecure;
                if (!TryAttribution(attribution, at, fetch, secure, ref whole))
                    return false;
            }

            // Non-secure code that fetches a gateway is checked by the MPU of the gateway's state
            bool enters = fetch && !secure && onSecureBus;
            ProtectionResult result = Mpus[secure || enters ? 1 : 0].Check(at, enters ? IsPrivilegedIn(1) : privileged, urgent).Within(first, last);
            if ((result.Rights & RightOf(kind)) == 0)
            {
                RecordException(fetch ? MFault.InstructionAccess : MFault.DataAccess, at);
                return false;
            }

            if (result.Last - at >= left)
            {
                allowed = Allowed(address, result, whole && !enters, onSecureBus, fetch, mmuIndex);
                return true;
            }

            left -= result.Last - at + 1;
            at = result.Last;
        }
    }

    // what may be kept of an answer for the last bytes of an access; unless `keeps`, nothing
    private PageTranslation Allowed(uint address, in ProtectionResult result, bool keeps, bool onSecureBus, bool fetch, int mmuIndex)
    {
        if (keeps && result.CoversPage(address))
            return new PageTranslation(0, result.Rights);
        if (!keeps)
            return new PageTranslation(0, PageRights.None, false);
        PageRights common = CommonRights(address & ~(uint)(StateLayout.PageSize - 1), onSecureBus, fetch, mmuIndex);
        PageRights useful = fetch ? PageRights.Execute : PageRights.Read | PageRights.Write;
        PagePart part = address >= result.First ? new PagePart(result.First, result.Last, result.Rights) : default;
        return new PageTranslation(0, common, (common & useful) != 0) { Part = part };
    }

    // what may be done everywhere in a page; none where it is cut into many parts, or lies on two buses
    private PageRights CommonRights(uint page, bool onSecureBus, bool fetch, int mmuIndex)
    {
        const int MostParts = 16;
        bool privileged = (mmuIndex & MMode.PrivilegedMmu) != 0, urgent = (mmuIndex & MMode.UrgentMmu) != 0;
        bool secure = (mmuIndex & MMode.SecureMmu) != 0;
        MpuUnit mpu = Mpus[secure ? 1 : 0];
        uint end = page | (uint)(StateLayout.PageSize - 1), at = page;
        PageRights common = PageRights.All;
        for (int i = 0; i < MostParts; i++)
        {
            uint last = uint.MaxValue;
            if (Sau is { } sau)
            {
                SecurityAttribution attribution = sau.Check(at, fetch, secure);
                if (attribution.IsNonSecure == onSecureBus)
                    return PageRights.None;
                last = attribution.Last;
            }

            ProtectionResult result = mpu.Check(at, privileged, urgent);
            common &= result.Rights;
            last = Math.Min(last, result.Last);
            if (last >= end || common == PageRights.None)
                return common;
            at = last + 1;
        }

        return PageRights.None;
    }

    private bool IsPrivilegedIn(int bank) => _ipsr != 0 || (_control[bank] & ControlUnprivileged) == 0;

    private bool TryAttribution(SecurityAttribution attribution, uint address, bool fetch, bool secure, ref bool whole)
    {
        if (!fetch)
        {
            if (secure || attribution.IsNonSecure)
                return true;
            RecordException(MFault.AttributionUnit, address);
            return false;
        }

        if (secure != attribution.IsNonSecure)
            return true;
        if (!secure && attribution.IsCallable && IsGateway(address))
        {
            whole = false;                               // this instruction only
            return true;
        }

        RecordException(secure ? MFault.InvalidTransition : MFault.InvalidEntry, address);
        return false;
    }

    // SG, or its second half
    private bool IsGateway(uint address)
    {
        Span<byte> bytes = stackalloc byte[6];
        if (!Context.Memory.TryRead(address - 2, bytes))
            return false;
        return Half(bytes, 2) == GatewayFirst && (Half(bytes, 4) == GatewayFirst || Half(bytes, 0) == GatewayFirst);

        static uint Half(Span<byte> bytes, int at) => bytes[at] | ((uint)bytes[at + 1] << 8);
    }

    private static PageRights RightOf(MemoryAccessKind kind) => kind switch
    {
        MemoryAccessKind.Fetch => PageRights.Execute,
        MemoryAccessKind.Write => PageRights.Write,
        _ => PageRights.Read,
    };
}
