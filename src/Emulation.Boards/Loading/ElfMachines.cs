namespace Emulation.Boards.Loading;

/// <summary>Names of ELF machine numbers that people mix up.</summary>
internal static class ElfMachines
{
    public const ushort Arm = 40;
    public const ushort AArch64 = 183;
    public const ushort RiscV = 243;

    public static string Name(ushort machine) => machine switch
    {
        3 => "x86 (32-bit)",
        8 => "MIPS",
        20 => "PowerPC",
        21 => "PowerPC (64-bit)",
        22 => "s390",
        Arm => "Arm (32-bit)",
        62 => "x86-64",
        AArch64 => "AArch64",
        RiscV => "RISC-V",
        258 => "LoongArch",
        _ => $"machine {machine}",
    };
}
