using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.RiscV;

/// <summary>The register file that translated code works on. The privileged part adds its own slots behind.</summary>
/// <remarks>x0 is not stored. FPRs narrower than their slot are NaN-boxed in it.</remarks>
internal sealed class RiscVRegisters
{
    private readonly RegisterSlot?[] _x = new RegisterSlot?[32];

    public RiscVRegisters(RiscVIsa isa)
    {
        File = new RegisterFile(CpuHeader.Size);
        for (int i = 1; i < 32; i++)
            _x[i] = File.Add($"x{i}", isa.Xlen == 32 ? IrType.I32 : IrType.I64, cached: true);
        F = isa.Flen == 0 ? [] : File.AddBank("f", 32, isa.Flen == 32 ? IrType.F32 : IrType.F64, cached: true);
    }

    /// <summary>All slots.</summary>
    public RegisterFile File { get; }

    /// <summary>f0 to f31; empty without F.</summary>
    public RegisterSlot[] F { get; }

    /// <summary>x1 to x31.</summary>
    /// <param name="i">1 to 31.</param>
    public RegisterSlot X(int i) => _x[i]!;
}
