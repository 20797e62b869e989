namespace Emulation.RiscV.Tests;

/// <summary>ISA strings that tests use, and resource files.</summary>
internal static class TestIsas
{
    private const string Everything = "gc_zba_zbb_zbc_zbs_zbkb_zbkc_zbkx_zknd_zkne_zknh_zkr_zicond_zicbom_zicbop_zicboz_zihintpause_zihintntl"
        + "_zawrs_zacas_zfh_zfa_zcb_zcmop_zimop_zicntr_zihpm_svinval_sstc";

    public const string All64 = "rv64" + Everything;
    public const string All32 = "rv32" + Everything;
    public const string Minimal64 = "rv64i";
    public const string Minimal32 = "rv32i";

    public static string[] Each => [All64, All32, Minimal64, Minimal32, "rv64gc", "rv32imac", "rv32imfc_zba", "rv64imafc_zfhmin"];

    public static IEnumerable<string> Lines(string resource)
    {
        using Stream stream = typeof(TestIsas).Assembly.GetManifestResourceStream(resource)
            ?? throw new FileNotFoundException(resource);
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
                yield return line;
        }
    }
}
