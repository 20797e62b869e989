using Emulation.Cpu.Decode;

namespace Emulation.RiscV.Tests.Encodings;

/// <summary>The encodings of both tables.</summary>
internal static class TableRows
{
    public static IEnumerable<EncodingRow> All => RiscVTables.Table32.Rows.ToArray().Concat(RiscVTables.Table16.Rows.ToArray());
}
