using Emulation.SoftFloat;

namespace Emulation.RiscV;

/// <summary><c>fflags</c>, <c>frm</c>, <c>fcsr</c>. RISC-V Unprivileged, "Floating-Point Control and Status Register".</summary>
internal static class FloatCsrs
{
    private const byte FlagMask = 0x1f;

    public static IEnumerable<CsrRow> Rows() =>
    [
        Row(0x001, "fflags", static c => Flags(c), static (c, v) => SetFlags(c, v)),
        Row(0x002, "frm", static c => c.Frm, static (c, v) => c.SetFrm((byte)(v & 7))),
        Row(0x003, "fcsr", static c => Flags(c) | ((ulong)c.Frm << 5), static (c, v) =>
        {
            SetFlags(c, v);
            c.SetFrm((byte)((v >> 5) & 7));
        }),
    ];

    private static CsrRow Row(int number, string name, Func<RiscVCpu, ulong> read, Action<RiscVCpu, ulong> write)
        => new(number, name, read, (c, v) =>
        {
            write(c, v);
            c.SetFsDirty();
        })
        {
            Exists = static f => f.Float,
            Allows = static (c, _) => (c.MStatus & Status.Fs) != 0,
        };

    private static ulong Flags(RiscVCpu c) => (ulong)c.Header.Fp.Flags & FlagMask;

    private static void SetFlags(RiscVCpu c, ulong value) => c.Header.Fp.Flags = (FpFlags)(value & FlagMask);
}
