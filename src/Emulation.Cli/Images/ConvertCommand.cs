using System.CommandLine;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>emu img convert.</summary>
internal sealed class ConvertCommand
{
    private readonly CliHost _host;
    private readonly Argument<string[]> _files = new("SOURCE... TARGET")
    {
        Description = "Images that are copied one after the other, and the new image; a file of that name is replaced when the new one is complete.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _format = ImgOptions.Format();
    private readonly Option<string?> _targetFormat = ImgOptions.Format("-O", "Format of the target; raw by default.");
    private readonly Option<string[]?> _options = ImgOptions.FormatOptions();
    private readonly Option<bool> _compress = new("-c") { Description = "Compresses the new image (qcow2, and vmdk of subformat streamOptimized)." };
    private readonly Option<bool> _existing = new("-n") { Description = "Writes into an image that is there, in place of a new one." };
    private readonly Option<bool> _targetIsZero = new("--target-is-zero") { Description = "With -n: that image is known to hold zeros only." };
    private readonly Option<string?> _backing = new("-B") { Description = "The image below the new one; what the source shows from below is not copied.", HelpName = "FILE" };
    private readonly Option<string?> _backingFormat = new("-F") { Description = "Format of the image below.", HelpName = "FORMAT" };
    private readonly Option<string?> _snapshot = SnapshotName.Option();
    private readonly Option<int> _workers = new("-m") { Description = "Pieces under way at once: 1 to 16.", HelpName = "N" };
    private readonly Option<bool> _outOfOrder = new("-W") { Description = "Accepted: what can be written in any order is." };
    private readonly Option<bool> _copyRange = new("-C") { Description = "Accepted, and does nothing." };
    private readonly Option<string?> _sparse = new("-S") { Description = "Least zeros that are left out; 4K by default; 0: the new image takes all its space.", HelpName = "SIZE" };
    private readonly Option<string?> _rate = new("-r") { Description = "Most bytes per second.", HelpName = "RATE" };
    private readonly Option<bool> _salvage = new("--salvage") { Description = "Goes on with zeros where the source cannot be read." };
    private readonly Option<bool> _bitmaps = new("--bitmaps") { Description = "Copies persistent bitmaps too." };
    private readonly Option<bool> _targetOptions = new("--target-image-opts") { Description = "Not supported.", Hidden = true };
    private readonly Option<string?> _cache = ImgOptions.Cache();
    private readonly Option<bool> _progress = ImgOptions.Progress();
    private readonly Option<bool> _quiet = ImgOptions.Quiet();
    private readonly OpenOptions _open;

    private ConvertCommand(CliHost host, Command command)
    {
        _host = host;
        foreach (Option option in (Option[])[
            _format, _targetFormat, _options, _compress, _existing, _targetIsZero, _backing, _backingFormat, _snapshot, _workers, _outOfOrder, _copyRange, _sparse,
            _rate, _salvage, _bitmaps, _targetOptions, _cache, ImgOptions.SourceCache(), _progress, _quiet])
        {
            command.Add(option);
        }

        command.Add(_files);
        command.Validators.Add(result =>
        {
            if (!FormatOptions.AsksForHelp(result.GetValue(_options)) && result.GetValue(_files) is not { Length: > 1 })
                result.AddError($"Required argument missing for command: '{command.Name}'.");
        });
        _open = OpenOptions.AddTo(command);
        command.Do(host, RunAsync);
    }

    public static Command Create(CliHost host)
    {
        var command = new Command("convert", "Copies a disk to a new image.");
        _ = new ConvertCommand(host, command);
        return command;
    }

    private async Task<int> RunAsync(ParseResult result, TextWriter writer, CancellationToken cancellation)
    {
        string format = result.GetValue(_targetFormat) ?? "raw";
        if (FormatOptions.AsksForHelp(result.GetValue(_options)))
        {
            FormatOptions.WriteHelp(writer, format);
            return ExitCodes.Success;
        }

        Check(result);
        string[] files = result.GetValue(_files)!;
        var sources = new List<IBlockDevice>();
        try
        {
            foreach (string file in files[..^1])
                sources.Add(_open.Open(result, file, result.GetValue(_format), readOnly: true));
            // a snapshot is read through its image, which is closed last
            IBlockDevice disk = sources.Count > 1 ? DiskImage.Join(sources, leaveOpen: true) : await SnapshotName.OpenAsync((BlockDevice)sources[0], result.GetValue(_snapshot)).ConfigureAwait(false);
            if (result.GetValue(_existing))
                await CopyAsync(result, disk, files[^1], cancellation).ConfigureAwait(false);
            else
                await ConvertAsync(result, disk, sources[0], files[^1], format, cancellation).ConfigureAwait(false);
            return ExitCodes.Success;
        }
        finally
        {
            foreach (IBlockDevice source in sources)
                await source.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Check(ParseResult result)
    {
        bool several = result.GetValue(_files)!.Length > 2;
        bool existing = result.GetValue(_existing);
        (bool Wrong, string Why)[] rules =
        [
            (result.GetValue(_targetOptions), "--target-image-opts is not supported; -n and -O name an image that is there"),
            (several && result.GetValue(_snapshot) is not null, "-l goes with one source only"),
            (several && result.GetValue(_backing) is not null, "-B goes with one source only"),
            (several && result.GetValue(_bitmaps), "--bitmaps goes with one source only"),
            (existing && result.GetValue(_options) is { Length: > 0 }, "-o and -n exclude each other: the target is there already"),
            (existing && result.GetValue(_backing) is not null, "-B and -n exclude each other: the target is there already"),
            (existing && result.GetValue(_bitmaps), "--bitmaps and -n exclude each other"),
            (!existing && result.GetValue(_targetIsZero), "--target-is-zero needs -n"),
            (result.GetValue(_backing) is null && result.GetValue(_backingFormat) is not null, "-F needs -B"),
            (result.GetResult(_workers) is not null && result.GetValue(_workers) is < 1 or > 16, "-m: 1 to 16 pieces are possible"),
        ];
        foreach ((bool wrong, string why) in rules)
        {
            if (wrong)
                throw new UsageException(why);
        }
    }

    private DiskCopyOptions CopyOptions(ParseResult result)
    {
        long sparse = ImgOptions.Bytes(result, _sparse) ?? 4096;
        if (sparse % 512 != 0 || sparse > 16 << 20)
            throw new UsageException("-S: multiples of 512 up to 16M are possible, and 0");
        return new DiskCopyOptions
        {
            SparseSize = sparse == 0 ? 0 : 1 << System.Numerics.BitOperations.Log2((uint)sparse),
            Workers = result.GetValue(_workers),
            CallerWorks = true,
            BytesPerSecond = ImgOptions.Bytes(result, _rate) ?? 0,
            Unreadable = result.GetValue(_salvage) ? new Warnings(result.GetValue(_quiet) ? TextWriter.Null : _host.Error) : null,
        };
    }

    private async Task ConvertAsync(ParseResult result, IBlockDevice disk, IBlockDevice source, string target, string format, CancellationToken cancellation)
    {
        DiskCreateOptions create = FormatOptions.Parse(format, result.GetValue(_options), _open.Secrets(result), out string? size);
        if (size is not null)
            throw new UsageException("-o size: the new image is as large as its source");
        var convert = new DiskConvertOptions
        {
            Target = NewImage.WithBacking(create, result.GetValue(_backing), result.GetValue(_backingFormat)),
            Compress = result.GetValue(_compress),
            Flush = result.GetValue(_cache) is not (null or "unsafe"),
            Copy = CopyOptions(result),
        };
        if (result.GetValue(_bitmaps) && (source is not Qcow2Image || create is not Qcow2CreateOptions { Version: > 2, Passphrase: null }))
            throw new UsageException("--bitmaps: source and target must be qcow2 images, the target of version 3 and not encrypted");
        using var file = new OutputFile(target);
        await file.WriteAsync(async path =>
        {
            await ShowAsync(result, report => DiskJobs.ConvertAsync(disk, path, convert with { FinalPath = file.FinalPath }, report, cancellation)).ConfigureAwait(false);
            if (result.GetValue(_bitmaps))
                await CopyBitmapsAsync((Qcow2Image)source, path).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private async Task CopyAsync(ParseResult result, IBlockDevice disk, string target, CancellationToken cancellation)
    {
        // -O names its format, as for a new one
        string? format = result.GetValue(_targetFormat);
        if (format is not null)
            ImgCommand.CheckFormat(format);
        var open = new DiskImageOptions { Format = FormatTables.Name(format ?? "raw"), Passphrase = _open.Secrets(result).Passphrase };
        await using BlockDevice existing = DiskImage.Open(target, open);
        DiskCopyOptions copy = CopyOptions(result) with { TargetIsZero = result.GetValue(_targetIsZero), Compress = result.GetValue(_compress) };
        await ShowAsync(result, report => DiskJobs.CopyAsync(disk, existing, copy, report, cancellation)).ConfigureAwait(false);
        if (result.GetValue(_cache) is not (null or "unsafe"))
            await existing.FlushAsync(cancellation).ConfigureAwait(false);
    }

    private Task ShowAsync(ParseResult result, Func<IProgress<DiskProgress>?, Task> job)
        => ImgProgress.RunAsync(_host, result.GetValue(_progress), result.GetValue(_quiet), "converting", job);

    private static async Task CopyBitmapsAsync(Qcow2Image source, string path)
    {
        await using var target = (Qcow2Image)DiskImage.Open(path, new DiskImageOptions { Format = "qcow2", IgnoreBacking = true });
        foreach (Qcow2Bitmap bitmap in source.Bitmaps)
        {
            if (!bitmap.Consistent)
                throw new UsageException($"--bitmaps: bitmap '{bitmap.Name}' cannot be relied on; remove it");
            await target.AddBitmapAsync(bitmap.Name, bitmap.Granularity, bitmap.Enabled).ConfigureAwait(false);
            await target.MergeBitmapAsync(bitmap.Name, bitmap.Name, source).ConfigureAwait(false);
        }
    }

    private sealed class Warnings(TextWriter writer) : IProgress<UnreadableRange>
    {
        public void Report(UnreadableRange value)
            => writer.WriteLine($"emu: warning: {value.Length} bytes from byte {value.Offset} cannot be read and become zeros: {value.Reason}");
    }
}
