namespace Emulation.Storage;

/// <summary>Both headers of a VHDX image: which one is current, and how it changes. [MS-VHDX] 2.2.2.1.</summary>
internal sealed class VhdxHeaders
{
    private readonly IBlockDevice _file;
    private readonly ImageName _name;
    private int _current;
    private bool _fileBegun;
    private bool _failed;

    private VhdxHeaders(IBlockDevice file, ImageName name, VhdxHeader header, int current, int valid)
        => (_file, _name, Current, _current, Valid) = (file, name, header, current, valid);

    /// <summary>The header that counts.</summary>
    public VhdxHeader Current { get; private set; }

    /// <summary>Where it is.</summary>
    public long Place => VhdxHeader.Place(_current);

    /// <summary>How many of the two were sound at first.</summary>
    public int Valid { get; }

    /// <summary>Whether the disk was changed since the image was opened.</summary>
    public bool HasBegun { get; private set; }

    public static async ValueTask<VhdxHeaders> ReadAsync(IBlockDevice device, ImageName name)
    {
        using var file = new HostFile(device, leaveOpen: true);
        byte[] identifier = await ImageFields.ReadAsync(file, 0, VhdxFormat.Signature.Length, name).ConfigureAwait(false);
        if (!identifier.AsSpan().SequenceEqual(VhdxFormat.Signature))
            throw name.At(0, "the signature of a VHDX image is not there");
        VhdxHeader? current = null;
        (int index, int valid) = (0, 0);
        for (int copy = 0; copy < VhdxHeader.Copies; copy++)
        {
            byte[] bytes = new byte[VhdxHeader.Length];
            await file.ReadAsync(VhdxHeader.Place(copy), bytes).ConfigureAwait(false);
            if (VhdxHeader.Read(bytes) is not { } header)
                continue;
            valid++;
            // Disk2vhd writes the same header twice; two that differ and have one number tell nothing
            if (current?.Sequence == header.Sequence && current != header)
                throw name.At(VhdxHeader.Place(copy) + 8, "both headers have the same sequence number, but they differ");
            if (current is null || header.Sequence > current.Sequence)
                (current, index) = (header, copy);
        }

        if (current is null)
            throw name.At(VhdxHeader.Place(0), "neither of the two headers is sound");
        current.Check(VhdxHeader.Place(index), device.Length, name);
        return new VhdxHeaders(device, name, current, index, valid);
    }

    /// <summary>Called before anything else in the file changes: others must see that it is not what it was.</summary>
    /// <param name="data">Whether the disk changes, too.</param>
    public async ValueTask BeginAsync(bool data)
    {
        if (data ? HasBegun : _fileBegun)
            return;
        if (Current.Sequence >= VhdxHeader.LastSequence)
            throw _name.At(Place + 8, $"the sequence number {Current.Sequence} leaves no room for changes");
        VhdxHeader next = Current with
        {
            FileWrite = _fileBegun ? Current.FileWrite : Guid.NewGuid(),
            DataWrite = data ? Guid.NewGuid() : Current.DataWrite,
        };
        await UpdateBothAsync(next).ConfigureAwait(false);
        (_fileBegun, HasBegun) = (true, data);
    }

    /// <summary>Makes another header the current one, durably: all that was written before is durable then, too.</summary>
    /// <remarks>After a failure nobody knows which header is in the file; so nothing more is changed.</remarks>
    public async ValueTask UpdateAsync(VhdxHeader header)
    {
        if (_failed)
            throw _name.At(Place, "an earlier change of the headers failed");
        int other = 1 - _current;
        VhdxHeader next = header with { Sequence = Current.Sequence + 1 };
        _failed = true;
        await _file.WriteAsync(VhdxHeader.Place(other), next.ToBytes()).ConfigureAwait(false);
        await _file.FlushAsync().ConfigureAwait(false);
        _failed = false;
        (Current, _current) = (next, other);
    }

    /// <summary>The same, so that either header alone would do.</summary>
    public async ValueTask UpdateBothAsync(VhdxHeader header)
    {
        await UpdateAsync(header).ConfigureAwait(false);
        await UpdateAsync(header).ConfigureAwait(false);
    }
}
