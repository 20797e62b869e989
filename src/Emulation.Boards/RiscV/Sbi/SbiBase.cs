namespace Emulation.Boards.RiscV.Sbi;

/// <summary>Base extension: what is there. RISC-V SBI 2.0, chapter 4.</summary>
internal sealed class SbiBase : ISbiExtension
{
    private const ulong SpecificationVersion = 2UL << 24;   // 2.0

    // not a registered implementation: "EMU"
    private const ulong ImplementationId = 0x45_4d55;
    private const ulong ImplementationVersion = 0x1_0000;
    private const int Mvendorid = 0xf11;
    private const int Marchid = 0xf12;
    private const int Mimpid = 0xf13;

    public uint Id => 0x10;

    public SbiResult Call(in SbiCall call, ulong function) => function switch
    {
        0 => SbiResult.Of(SpecificationVersion),
        1 => SbiResult.Of(ImplementationId),
        2 => SbiResult.Of(ImplementationVersion),
        3 => SbiResult.Of(call.Firmware.Has(call[0]) ? 1UL : 0),
        4 => Csr(call, Mvendorid),
        5 => Csr(call, Marchid),
        6 => Csr(call, Mimpid),
        _ => SbiError.NotSupported,
    };

    private static SbiResult Csr(in SbiCall call, int number) => call.Cpu.TryReadCsr(number, out ulong value) ? SbiResult.Of(value) : SbiError.Failed;
}
