using System.CommandLine;
using Emulation.Cli.Options;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>emu img dd.</summary>
internal static class DdCommand
{
    public static Command Create(CliHost host)
    {
        var operands = new Argument<string[]>("OPERAND") { Description = "if=FILE, of=FILE, bs=BYTES (512), count=BLOCKS, skip=BLOCKS.", Arity = ArgumentArity.OneOrMore };
        Option<string?> format = ImgOptions.Format();
        Option<string?> targetFormat = ImgOptions.Format("-O", "Format of the new image; raw by default.");
        var command = new Command("dd", "Copies blocks of a disk to a new image.") { operands, format, targetFormat };
        OpenOptions open = OpenOptions.AddTo(command);
        command.Do(host, async (result, _, cancellation) =>
        {
            DdOperands given = DdOperands.Parse(result.GetValue(operands)!);
            DiskCreateOptions target = FormatOptions.Parse(result.GetValue(targetFormat) ?? "raw", null, open.Secrets(result), out string? _);
            using BlockDevice source = open.Open(result, given.Input, result.GetValue(format), readOnly: true);
            (long start, long length) = given.Range(source.Length);
            using IBlockDevice part = source.Slice(start, length, leaveOpen: true);
            using var file = new OutputFile(given.Output);
            await file.WriteAsync(path => DiskJobs.ConvertAsync(part, path, new DiskConvertOptions { Target = target, FinalPath = file.FinalPath }, null, cancellation)).ConfigureAwait(false);
            return ExitCodes.Success;
        });
        return command;
    }
}

/// <summary>The operands of dd.</summary>
/// <param name="Input">if=</param>
/// <param name="Output">of=</param>
/// <param name="BlockSize">bs=</param>
/// <param name="Count">count=; null: all.</param>
/// <param name="Skip">skip=</param>
internal sealed record DdOperands(string Input, string Output, long BlockSize, long? Count, long Skip)
{
    public static DdOperands Parse(IEnumerable<string> operands)
    {
        (string? input, string? output, long blockSize, long? count, long skip) = (null, null, 512, null, 0);
        foreach (string operand in operands)
        {
            int equals = operand.IndexOf('=', StringComparison.Ordinal);
            (string name, string value) = equals < 0 ? (operand, "") : (operand[..equals], operand[(equals + 1)..]);
            switch (name)
            {
                case "if": input = value; break;
                case "of": output = value; break;
                case "bs": blockSize = Number(name, value); break;
                case "count": count = Number(name, value); break;
                case "skip": skip = Number(name, value); break;
                default: throw new UsageException($"dd: '{operand}' is not understood; there are if, of, bs, count and skip");
            }
        }

        if (string.IsNullOrEmpty(input) || string.IsNullOrEmpty(output))
            throw new UsageException("dd: if=FILE and of=FILE must both be given");
        if (blockSize is < 1 or > int.MaxValue)
            throw new UsageException($"dd: a block of {blockSize} bytes is not possible");
        return new DdOperands(input, output, blockSize, count, skip);
    }

    /// <summary>What of a disk is copied.</summary>
    public (long Start, long Length) Range(long length)
    {
        UInt128 start = (UInt128)(ulong)Skip * (ulong)BlockSize;
        if (start >= (ulong)length)
            throw new UsageException($"dd: {Skip} blocks of {BlockSize} bytes are all of a disk of {length} bytes: there is nothing to copy");
        UInt128 rest = (ulong)length - start;
        UInt128 wanted = Count is { } blocks ? (UInt128)(ulong)blocks * (ulong)BlockSize : rest;
        if (wanted == 0)
            throw new UsageException("dd: count=0 leaves nothing to copy");
        return ((long)start, (long)UInt128.Min(wanted, rest));
    }

    private static long Number(string name, string value) => value == "0" ? 0 : (long)Math.Min(SizeText.ParseSize(value, $"dd: {name}"), long.MaxValue);
}
