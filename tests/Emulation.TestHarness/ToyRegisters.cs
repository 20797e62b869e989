using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.TestHarness;

/// <summary>Registers of the toy: integers, IEEE numbers of both widths, narrow ones, vectors, all kept in host registers, and some that are not.</summary>
public sealed class ToyRegisters
{
    /// <summary>Creates the file.</summary>
    public ToyRegisters()
    {
        File = new RegisterFile(CpuHeader.Size);
        R = File.AddBank("r", 16, IrType.I64, cached: true);
        W = File.AddBank("w", 4, IrType.I32, cached: true);
        D = File.AddBank("d", 4, IrType.F64, cached: true);
        S = File.AddBank("s", 4, IrType.F32, cached: true);
        B = File.AddBank("b", 2, IrType.I8, cached: true);
        T = File.Add("t", IrType.I1, cached: true);
        Sys = File.AddBank("sys", 4, IrType.I64);
        Epc = File.Add("epc", IrType.I64);
        Cause = File.Add("cause", IrType.I64);
        Value = File.Add("tval", IrType.I64);
        Faults = File.Add("faults", IrType.I64);
        V = File.AddBank("v", 4, IrType.V128, cached: true);
        VSys = File.AddBank("vsys", 2, IrType.V128);
        Y = File.AddBank("y", 2, IrType.V256, cached: true);
        YSys = File.AddBank("ysys", 2, IrType.V256);
    }

    public RegisterFile File { get; }

    public RegisterSlot[] R { get; }

    public RegisterSlot[] W { get; }

    public RegisterSlot[] D { get; }

    public RegisterSlot[] S { get; }

    public RegisterSlot[] B { get; }

    public RegisterSlot T { get; }

    public RegisterSlot[] Sys { get; }

    public RegisterSlot[] V { get; }

    public RegisterSlot[] VSys { get; }

    public RegisterSlot[] Y { get; }

    public RegisterSlot[] YSys { get; }

    public RegisterSlot Epc { get; }

    public RegisterSlot Cause { get; }

    public RegisterSlot Value { get; }

    public RegisterSlot Faults { get; }
}
