using System.Globalization;

namespace Emulation.RiscV;

/// <summary>Names of CSRs in listings. RISC-V Privileged Architecture, "CSR Listing".</summary>
internal static class CsrNames
{
    private static readonly (int Number, string Name)[] s_single =
    [
        (0x001, "fflags"), (0x002, "frm"), (0x003, "fcsr"), (0x015, "seed"),
        (0xc00, "cycle"), (0xc01, "time"), (0xc02, "instret"), (0xc80, "cycleh"), (0xc81, "timeh"), (0xc82, "instreth"),
        (0x100, "sstatus"), (0x104, "sie"), (0x105, "stvec"), (0x106, "scounteren"), (0x10a, "senvcfg"),
        (0x120, "scountinhibit"), (0x140, "sscratch"), (0x141, "sepc"), (0x142, "scause"), (0x143, "stval"), (0x144, "sip"),
        (0x14d, "stimecmp"), (0x15d, "stimecmph"), (0x180, "satp"), (0x5a8, "scontext"), (0xda0, "scountovf"),
        (0xf11, "mvendorid"), (0xf12, "marchid"), (0xf13, "mimpid"), (0xf14, "mhartid"), (0xf15, "mconfigptr"),
        (0x300, "mstatus"), (0x301, "misa"), (0x302, "medeleg"), (0x303, "mideleg"), (0x304, "mie"), (0x305, "mtvec"),
        (0x306, "mcounteren"), (0x310, "mstatush"), (0x312, "medelegh"), (0x320, "mcountinhibit"),
        (0x340, "mscratch"), (0x341, "mepc"), (0x342, "mcause"), (0x343, "mtval"), (0x344, "mip"),
        (0x30a, "menvcfg"), (0x31a, "menvcfgh"), (0x747, "mseccfg"), (0x757, "mseccfgh"),
        (0xb00, "mcycle"), (0xb02, "minstret"), (0xb80, "mcycleh"), (0xb82, "minstreth"),
        (0x7a0, "tselect"), (0x7a1, "tdata1"), (0x7a2, "tdata2"), (0x7a3, "tdata3"), (0x7a4, "tinfo"), (0x7a5, "tcontrol"),
        (0x7a8, "mcontext"), (0x7aa, "mscontext"), (0x7b0, "dcsr"), (0x7b1, "dpc"), (0x7b2, "dscratch0"), (0x7b3, "dscratch1"),
    ];

    private static readonly Dictionary<int, string> s_names = Build();          // after what it is made of

    /// <summary>Name of a CSR; its number in hexadecimal when it has none.</summary>
    /// <param name="csr">0 to 4095.</param>
    public static string Name(int csr) => s_names.GetValueOrDefault(csr) ?? "0x" + csr.ToString("x", CultureInfo.InvariantCulture);

    private static Dictionary<int, string> Build()
    {
        var names = new Dictionary<int, string>();
        foreach ((int number, string name) in s_single)
            names[number] = name;
        for (int i = 3; i < 32; i++)
        {
            names[0xc00 + i] = $"hpmcounter{i}";
            names[0xc80 + i] = $"hpmcounter{i}h";
            names[0xb00 + i] = $"mhpmcounter{i}";
            names[0xb80 + i] = $"mhpmcounter{i}h";
            names[0x320 + i] = $"mhpmevent{i}";
            names[0x720 + i] = $"mhpmevent{i}h";
        }

        for (int i = 0; i < 16; i++)
            names[0x3a0 + i] = $"pmpcfg{i}";
        for (int i = 0; i < 64; i++)
            names[0x3b0 + i] = $"pmpaddr{i}";
        for (int i = 0; i < 4; i++)
        {
            names[0x30c + i] = $"mstateen{i}";
            names[0x31c + i] = $"mstateen{i}h";
            names[0x10c + i] = $"sstateen{i}";
        }

        return names;
    }
}
