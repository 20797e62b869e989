using Emulation.RiscV;

namespace Emulation.Boards.RiscV.Sbi;

/// <summary>Error codes. RISC-V SBI 2.0, "Binary Encoding".</summary>
internal static class SbiError
{
    public const long Success = 0;
    public const long Failed = -1;
    public const long NotSupported = -2;
    public const long InvalidParameter = -3;
    public const long InvalidAddress = -5;
    public const long AlreadyAvailable = -6;
}

/// <summary>What a call gives back in a0 and a1.</summary>
/// <param name="Error">A constant of <see cref="SbiError"/>.</param>
/// <param name="Value">The value; 0 with an error.</param>
internal readonly record struct SbiResult(long Error, ulong Value = 0)
{
    public static SbiResult Success => default;

    public static SbiResult Of(ulong value) => new(SbiError.Success, value);

    public static implicit operator SbiResult(long error) => new(error);
}

/// <summary>A call: the hart that made it and its arguments.</summary>
/// <param name="firmware">Who answers.</param>
/// <param name="cpu">The hart.</param>
/// <param name="hart">Its number.</param>
internal readonly struct SbiCall(SbiFirmware firmware, RiscVCpu cpu, int hart)
{
    private static readonly string[] s_arguments = ["x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17"];

    public SbiFirmware Firmware { get; } = firmware;

    public RiscVCpu Cpu { get; } = cpu;

    public int Hart { get; } = hart;

    public bool Is32 => Cpu.Isa.Xlen == 32;

    /// <summary>All ones in the width of the hart.</summary>
    public ulong AllOnes => Is32 ? uint.MaxValue : ulong.MaxValue;

    /// <summary>Argument a0 to a7.</summary>
    public ulong this[int argument] => Cpu[s_arguments[argument]];

    /// <summary>A 64-bit argument that takes two registers on a 32-bit hart.</summary>
    public ulong Wide(int argument) => Is32 ? this[argument] | (this[argument + 1] << 32) : this[argument];
}

/// <summary>One extension of the interface.</summary>
internal interface ISbiExtension
{
    /// <summary>Extension id: the value of a7.</summary>
    uint Id { get; }

    /// <summary>Answers a call.</summary>
    /// <param name="call">Arguments in a0 to a5.</param>
    /// <param name="function">Function id: the value of a6.</param>
    SbiResult Call(in SbiCall call, ulong function);
}
