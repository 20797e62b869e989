using Emulation.Boards.Smbios;
using Emulation.Devices;

namespace Emulation.Boards.Arm;

/// <summary>Describes the board to people: SMBIOS structures that operating systems show. DMTF DSP0134 3.0, chapter 7; firmware adds the one about itself (7.1).</summary>
internal static class ArmVirtSmbios
{
    private const ushort ArrayHandle = 0x1000;

    /// <summary>Gives the structures to firmware.</summary>
    public static void Describe(ArmVirtDescription board, FwCfg items)
    {
        const string Maker = "Emulation", Version = "1";
        string name = board.Is64Bit ? "aarch64-virt" : "arm-virt";
        var table = new SmbiosTable();

        // 7.2 system: power switch
        table.Add(1, 0x0100, static f => f.U8(1, 2, 3, 0).Zeros(16).U8(6, 0, 0), Maker, name, Version);

        // 7.4 chassis: of another kind, safe, without security
        table.Add(3, 0x0300, static f => f.U8(1, 1, 2, 0, 0, 3, 3, 3, 2).U32(0).U8(0, 0, 0, 0, 0), Maker, Version);
        AddProcessor(table, board, Maker);
        AddMemory(table, board.Memory, Maker);

        // 7.33 no errors of the last boot
        table.Add(32, 0x2000, static f => f.Zeros(7));
        table.Finish(items);
    }

    // 7.5: one package with all CPUs
    private static void AddProcessor(SmbiosTable table, ArmVirtDescription board, string maker)
    {
        const byte Central = 3, InFamily2 = 0xfe, Populated = 0x41, NoSocket = 6;
        const int Armv7 = 0x100, Armv8 = 0x101, NoCache = 0xffff, Capable64 = 1 << 2, ManyCores = 1 << 3;
        byte cpus = (byte)board.Cpus;
        table.Add(
            4,
            0x0400,
            f => f.U8(1, Central, InFamily2, 2).U64(0).U8(3, 0).U16(0).U16(0).U16(0).U8(Populated, NoSocket).U16(NoCache).U16(NoCache).U16(NoCache).U8(0, 0, 0)
                .U8(cpus, cpus, cpus).U16((board.Is64Bit ? Capable64 : 0) | (cpus > 1 ? ManyCores : 0)).U16(board.Is64Bit ? Armv8 : Armv7).U16(cpus).U16(cpus).U16(cpus),
            "CPU 0",
            maker,
            board.CpuCompatible);
    }

    // 7.17 array, 7.18 its only device, 7.20 where it lies
    private static void AddMemory(SmbiosTable table, ulong bytes, string maker)
    {
        const uint InExtended = 0x8000_0000;
        const int NoError = 0xfffe, Unknown = 0xffff, ExtendedSize = 0x7fff;
        ulong kilobytes = bytes >> 10, megabytes = bytes >> 20, last = ArmVirtMap.Ram + bytes - 1;
        bool large = kilobytes >= InExtended, high = last >> 10 > uint.MaxValue - 1;
        table.Add(16, ArrayHandle, f => f.U8(1, 3, 3).U32(large ? InExtended : (uint)kilobytes).U16(NoError).U16(1).U64(large ? bytes : 0));
        table.Add(
            17,
            0x1100,
            f => f.U16(ArrayHandle).U16(NoError).U16(Unknown).U16(Unknown).U16(megabytes >= ExtendedSize ? ExtendedSize : (int)megabytes).U8(9, 0, 1, 0, 7).U16(2).U16(0)
                .U8(2, 0, 0, 0, 0).U32(megabytes >= ExtendedSize ? (uint)megabytes : 0).U16(0).U16(0).U16(0).U16(0),
            "DIMM 0",
            maker);
        table.Add(19, 0x1300, f => f.U32(high ? uint.MaxValue : (uint)(ArmVirtMap.Ram >> 10)).U32(high ? uint.MaxValue : (uint)(last >> 10)).U16(ArrayHandle).U8(1)
            .U64(high ? ArmVirtMap.Ram : 0).U64(high ? last : 0));
    }
}
