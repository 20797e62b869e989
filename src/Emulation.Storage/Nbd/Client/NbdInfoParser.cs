using System.Numerics;
using System.Text;

namespace Emulation.Storage;

/// <summary>Gathers what a server says in answer to INFO or GO, and checks it.</summary>
/// <param name="export">The name that was asked for.</param>
/// <param name="error">Makes an error of a sentence.</param>
internal sealed class NbdInfoParser(string export, Func<string, NbdException> error)
{
    private const int MaxMinimumBlockSize = 64 << 10;

    private NbdExportInfo _info = new() { Name = export };
    private bool _complete;

    public void Add(NbdOptionReply type, byte[] data)
    {
        var reader = new NbdOptionReader(data);
        if (type != NbdOptionReply.Info || !reader.TryReadUInt16(out ushort kind))
            throw Malformed();
        switch ((NbdInfo)kind)
        {
            case NbdInfo.Export:
                if (!reader.TryReadUInt64(out ulong length) || !reader.TryReadUInt16(out ushort flags) || reader.Remaining != 0)
                    throw Malformed();
                if (length > long.MaxValue)
                    throw error($"the server says that export '{export}' has {length} bytes");
                _info = _info with { Length = (long)length, Flags = (NbdExportFlags)flags };
                _complete = true;
                break;
            case NbdInfo.Name when reader.Remaining <= NbdProtocol.MaxString:
                _info = _info with { Name = Encoding.UTF8.GetString(reader.Rest) };
                break;
            case NbdInfo.Description when reader.Remaining <= NbdProtocol.MaxString:
                _info = _info with { Description = NbdText.Printable(reader.Rest) };
                break;
            case NbdInfo.BlockSize:
                AddBlockSize(ref reader);
                break;
        }
    }

    public NbdExportInfo Finish()
    {
        if (!_complete)
            throw error($"the server does not say how large export '{export}' is");
        return _info.Length % _info.MinimumBlockSize == 0
            ? _info
            : throw error($"export '{export}' has {_info.Length} bytes, which its smallest block of {_info.MinimumBlockSize} does not divide");
    }

    private void AddBlockSize(ref NbdOptionReader reader)
    {
        if (!reader.TryReadUInt32(out uint minimum) || !reader.TryReadUInt32(out uint preferred) || !reader.TryReadUInt32(out uint maximum) || reader.Remaining != 0)
            throw Malformed();
        if (!BitOperations.IsPow2(minimum) || minimum > MaxMinimumBlockSize || !BitOperations.IsPow2(preferred) || preferred < minimum || maximum < minimum)
            throw error($"the block sizes {minimum}, {preferred}, {maximum} of export '{export}' are not possible");
        _info = _info with
        {
            MinimumBlockSize = (int)minimum,
            PreferredBlockSize = (int)Math.Min(preferred, 1u << 30),
            MaximumPayload = maximum,
        };
    }

    private NbdException Malformed() => error($"what the server says about export '{export}' is malformed");
}
