namespace Emulation.Arm;

/// <summary>The CPU interface of a GICv3 in AArch32: the AArch64 registers by other names. Arm IHI 0069, 12.5 "AArch32 System register descriptions".</summary>
internal static class A32InterruptRegisters
{
    public static IEnumerable<A32SystemRegister> Rows()
    {
        foreach (SystemRegister row in InterruptRegisters.Rows())
        {
            // ICC_*; ICH_* and ICC_HSRE are of Hyp mode
            if (row.Op1 is not (0 or 6))
                continue;
            string name = row.Name[..row.Name.LastIndexOf('_')];
            bool sends = name is "ICC_SGI1R" or "ICC_ASGI1R" or "ICC_SGI0R";
            A32SystemRegister found = sends
                ? A32SystemTable.Wide(PairOf(name), row.Crn, name)
                : A32SystemTable.Row(row.Op1, row.Crn, (row.Encoding >> 3) & 15, row.Encoding & 7, row.Op1 == 6 ? name.Replace("ICC_", "ICC_M", StringComparison.Ordinal) : name);
            int encoding = row.Encoding;
            bool monitor = row.Op1 == 6;
            yield return found with
            {
                Trap = (c, _) => c.InterruptRegisterTarget(encoding),
                Read = c => c.ReadInterruptRegister(encoding, monitor),
                Write = (c, v) => c.WriteInterruptRegister(encoding, monitor, v),
                IsReadable = row.ReadLevel != SystemRegister.Nobody,
                IsWritable = row.WriteLevel != SystemRegister.Nobody,
                Requires = ArmFeature.V7,
            };
        }
    }

    private static int PairOf(string name) => name switch
    {
        "ICC_SGI1R" => 0,
        "ICC_ASGI1R" => 1,
        _ => 2,
    };
}
