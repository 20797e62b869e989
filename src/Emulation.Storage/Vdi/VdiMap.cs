using System.Buffers.Binary;

namespace Emulation.Storage;

/// <summary>The map of a VDI image. Its header counts blocks; other programs append behind as many, so the count never is too small.</summary>
internal sealed class VdiMap : TableMap
{
    private uint _count;

    private VdiMap(HostFile file, ImageName name, VdiHeader header, TableLayout layout, AllocationTable table)
        : base(file, name, layout, table) => _count = header.BlocksAllocated;

    private uint Count => (uint)((End - Layout.DataStart) / Layout.Stride);

    public static async ValueTask<VdiMap> OpenAsync(HostFile file, VdiHeader header, ImageName name)
    {
        TableLayout layout = header.ToLayout();
        return new VdiMap(file, name, header, layout, await AllocationTable.ReadAsync(file, layout, name).ConfigureAwait(false));
    }

    protected override ValueTask<bool> BeforeTableAsync() => Count > _count ? WriteCountAsync() : new(false);

    protected override ValueTask<bool> AfterTableAsync() => Count != _count ? WriteCountAsync() : new(false);

    private async ValueTask<bool> WriteCountAsync()
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Count);
        await File.WriteAsync(VdiHeader.BlocksAllocatedOffset, bytes).ConfigureAwait(false);
        _count = Count;
        return true;
    }
}
