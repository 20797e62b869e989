namespace Emulation.Storage;

/// <summary>An export as all connections of a server share it.</summary>
/// <param name="Export">What the user gave.</param>
/// <param name="Gate">Keeps requests apart that the disk would not take at once; one for each disk, whatever its exports.</param>
internal sealed record ServedExport(NbdExport Export, RangeGate Gate)
{
    public IBlockDevice Device => Export.Device;

    public string Name => Export.Name;

    public long Length { get; } = Export.Device.Length;

    public bool ReadOnly => Export.ReadOnly || Device.ReadOnly;

    public IEnumerable<string> Contexts
        => Export.Bitmaps.Select(static b => NbdProtocol.DirtyBitmapPrefix + b).Prepend(NbdProtocol.AllocationContext);

    public uint PreferredBlockSize => (uint)Math.Clamp(Math.Max(Device.Hints.PhysicalBlockSize, Device.Hints.OptimalTransferSize), 512, NbdProtocol.MaxPayload);

    // every connection works on the same disk, so what one flushes the others see
    public NbdExportFlags Flags(bool structured)
    {
        NbdExportFlags flags = NbdExportFlags.HasFlags | NbdExportFlags.Flush | NbdExportFlags.ForceUnitAccess
            | NbdExportFlags.MultipleConnections | NbdExportFlags.Cache;
        if (structured)
            flags |= NbdExportFlags.DoNotFragment;
        return flags | (ReadOnly ? NbdExportFlags.ReadOnly : NbdExportFlags.Trim | NbdExportFlags.WriteZeroes | NbdExportFlags.FastZero);
    }

    /// <summary>Whether making a range zero is known to be faster than writing it.</summary>
    public bool ZeroesFast => Device is VolatileDisk or Qcow2Image { Version: >= 3 };

    public ValueTask<RangeGate.Pass> EnterAsync(long offset, long length, bool exclusive, CancellationToken cancellationToken)
        => Device.AllowsConcurrentCalls
            ? Gate.EnterAsync(offset, offset + length, exclusive, cancellationToken)
            : Gate.EnterAsync(0, long.MaxValue, exclusive: true, cancellationToken);
}
