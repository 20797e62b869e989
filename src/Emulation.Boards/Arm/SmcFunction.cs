namespace Emulation.Boards.Arm;

/// <summary>Function identifiers of the SMC Calling Convention. Arm DEN 0028, DEN 0022, DEN 0098.</summary>
internal static class SmcFunction
{
    /// <summary>The bit that names the variant with 64-bit arguments.</summary>
    public const uint Wide = 1u << 30;

    public const uint Version = 0x8000_0000;
    public const uint ArchitectureFeatures = 0x8000_0001;
    public const uint Workaround1 = 0x8000_8000;
    public const uint Workaround2 = 0x8000_7fff;
    public const uint Workaround3 = 0x8000_3fff;

    public const uint PsciVersion = 0x8400_0000;
    public const uint CpuSuspend = 0x8400_0001;
    public const uint CpuOff = 0x8400_0002;
    public const uint CpuOn = 0x8400_0003;
    public const uint AffinityInfo = 0x8400_0004;
    public const uint MigrateInfoType = 0x8400_0006;
    public const uint SystemOff = 0x8400_0008;
    public const uint SystemReset = 0x8400_0009;
    public const uint PsciFeatures = 0x8400_000a;
    public const uint SystemReset2 = 0x8400_0012;

    public const uint TrngVersion = 0x8400_0050;
    public const uint TrngFeatures = 0x8400_0051;
    public const uint TrngUuid = 0x8400_0052;
    public const uint TrngRandom = 0x8400_0053;
}
