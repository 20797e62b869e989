using Emulation.Cpu.Decode;

namespace Emulation.Arm;

/// <summary>Encodings of T32 that the M profile has its own way, by length; they come before those of <see cref="T32Tables"/>. Built on first use; immutable.</summary>
internal static class MTables
{
    private static readonly Lazy<EncodingTable<MEmitter, T32Word>> s_table16 = new(
        static () => new EncodingTableBuilder<MEmitter, T32Word>(new T32Schema(16)).Add(typeof(MNarrow)).Add(typeof(MNarrowBranches)).Build());

    private static readonly Lazy<EncodingTable<MEmitter, T32Word>> s_table32 = new(
        static () => new EncodingTableBuilder<MEmitter, T32Word>(new T32Schema(32)).Add(typeof(MWide)).Build());

    public static EncodingTable<MEmitter, T32Word> Table16 => s_table16.Value;

    public static EncodingTable<MEmitter, T32Word> Table32 => s_table32.Value;
}
