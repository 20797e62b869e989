using System.Buffers;
using System.Buffers.Binary;
using System.Net.Security;
using System.Security.Authentication;
using System.Text;

namespace Emulation.Storage;

/// <summary>The server's side of the handshake: fixed newstyle negotiation (protocol, "Handshake").</summary>
internal sealed class NbdNegotiation(NbdTransport transport, NbdServer server)
{
    private const NbdHandshakeFlags Offered = NbdHandshakeFlags.FixedNewstyle | NbdHandshakeFlags.NoZeroes;

    // an export's name and some contexts fit many times; more is read over up to a limit, so that the peer can be told
    private const int MaxOption = 64 << 10;
    private const int MaxSkippedOption = 1 << 20;
    private const int MaxOptions = 1000;

    private readonly NbdServerTls? _tls = server.Options.Tls;
    private NbdTransport _transport = transport;
    private bool _encrypted;
    private bool _structured;
    private string? _contextExport;
    private List<string> _contexts = [];

    /// <summary>The connection, encrypted or not.</summary>
    public NbdTransport Transport => _transport;

    /// <summary>Lets the client choose; null when it leaves without.</summary>
    /// <exception cref="InvalidDataException">The peer does not speak the protocol.</exception>
    public async ValueTask<NbdSessionSetup?> RunAsync(CancellationToken cancellationToken)
    {
        byte[] header = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(header, NbdProtocol.InitMagic);
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(8), NbdProtocol.OptionMagic);
        _transport.Output.Write(header);
        WriteUInt16((ushort)Offered);
        await FlushAsync(cancellationToken).ConfigureAwait(false);

        if (!await _transport.TryReadAsync(header.AsMemory(0, 4), cancellationToken).ConfigureAwait(false))
            return null;
        uint flags = BinaryPrimitives.ReadUInt32BigEndian(header);
        if ((flags & ~(uint)Offered) != 0)
            throw new InvalidDataException($"its client flags are 0x{flags:x}");
        bool fixedNewstyle = (flags & (uint)NbdHandshakeFlags.FixedNewstyle) != 0;
        bool noZeroes = (flags & (uint)NbdHandshakeFlags.NoZeroes) != 0;
        if (!fixedNewstyle && _tls is { Required: true })
            throw new InvalidDataException("it does not know fixed newstyle negotiation, which TLS needs");

        for (int i = 0; i < MaxOptions; i++)
        {
            if (!await _transport.TryReadAsync(header, cancellationToken).ConfigureAwait(false))
                return null;
            if (BinaryPrimitives.ReadUInt64BigEndian(header) != NbdProtocol.OptionMagic)
                throw new InvalidDataException($"an option begins with 0x{BinaryPrimitives.ReadUInt64BigEndian(header):x16}");
            var option = (NbdOption)BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(8));
            uint length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(12));
            if (!fixedNewstyle && option != NbdOption.ExportName)
                throw new InvalidDataException($"it sends option {option} without fixed newstyle negotiation");
            byte[]? data = await ReadDataAsync(length, cancellationToken).ConfigureAwait(false);
            if (option == NbdOption.ExportName)
                return await ExportNameAsync(data, noZeroes, cancellationToken).ConfigureAwait(false);
            if (option == NbdOption.Abort)
            {
                await ReplyAsync(option, NbdOptionReply.Ack, cancellationToken).ConfigureAwait(false);
                return null;
            }

            if (await AnswerAsync(option, data, cancellationToken).ConfigureAwait(false) is { } export)
                return new NbdSessionSetup(export, _structured, ContextsOf(export));
        }

        throw new InvalidDataException($"it sends more than {MaxOptions} options");
    }

    private async ValueTask<byte[]?> ReadDataAsync(uint length, CancellationToken cancellationToken)
    {
        if (length > MaxSkippedOption)
            throw new InvalidDataException($"it sends an option of {length} bytes");
        if (length > MaxOption)
        {
            await _transport.SkipAsync(length, cancellationToken).ConfigureAwait(false);
            return null;
        }

        byte[] data = new byte[length];
        await _transport.ReadAsync(data, cancellationToken).ConfigureAwait(false);
        return data;
    }

    private async ValueTask<NbdSessionSetup> ExportNameAsync(byte[]? data, bool noZeroes, CancellationToken cancellationToken)
    {
        if (_tls is { Required: true } && !_encrypted)
            throw new InvalidDataException("it wants an export without TLS");
        string name = data is null ? "" : Encoding.UTF8.GetString(data);
        ServedExport export = (data is null ? null : server.Find(name)) ?? throw new InvalidDataException($"it wants export '{NbdText.Printable(name)}', which does not exist");
        byte[] reply = new byte[10 + (noZeroes ? 0 : NbdProtocol.ReservedZeroes)];
        BinaryPrimitives.WriteInt64BigEndian(reply, export.Length);
        BinaryPrimitives.WriteUInt16BigEndian(reply.AsSpan(8), (ushort)export.Flags(_structured));
        _transport.Output.Write(reply);
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        return new NbdSessionSetup(export, _structured, ContextsOf(export));
    }

    // contexts count only for the export that they were chosen for
    private List<string> ContextsOf(ServedExport export) => _contextExport is { } name && server.Find(name) == export ? _contexts : [];

    /// <summary>Answers an option; gives the export when the transmission phase begins.</summary>
    private async ValueTask<ServedExport?> AnswerAsync(NbdOption option, byte[]? data, CancellationToken cancellationToken)
    {
        if (option == NbdOption.StartTls)
        {
            await StartTlsAsync(data, cancellationToken).ConfigureAwait(false);
            return null;
        }

        if (_tls is { Required: true } && !_encrypted)
        {
            await FailAsync(option, NbdOptionReply.ErrorTlsRequired, "TLS is required", cancellationToken).ConfigureAwait(false);
            return null;
        }

        if (data is null)
        {
            await FailAsync(option, NbdOptionReply.ErrorTooBig, "the option is too long", cancellationToken).ConfigureAwait(false);
            return null;
        }

        switch (option)
        {
            case NbdOption.List when data.Length == 0:
                foreach (ServedExport export in server.Exports)
                    WriteServer(export);
                await ReplyAsync(option, NbdOptionReply.Ack, cancellationToken).ConfigureAwait(false);
                return null;
            case NbdOption.StructuredReply when data.Length == 0:
                _structured = true;
                await ReplyAsync(option, NbdOptionReply.Ack, cancellationToken).ConfigureAwait(false);
                return null;
            case NbdOption.Info or NbdOption.Go:
                return await InfoAsync(option, data, cancellationToken).ConfigureAwait(false);
            case NbdOption.ListMetaContext or NbdOption.SetMetaContext:
                await ContextsAsync(option, data, cancellationToken).ConfigureAwait(false);
                return null;
            case NbdOption.List or NbdOption.StructuredReply:
                await FailAsync(option, NbdOptionReply.ErrorInvalid, "the option has no data", cancellationToken).ConfigureAwait(false);
                return null;
            default:
                await FailAsync(option, NbdOptionReply.ErrorUnsupported, "the option is not known", cancellationToken).ConfigureAwait(false);
                return null;
        }
    }

    private async ValueTask StartTlsAsync(byte[]? data, CancellationToken cancellationToken)
    {
        const NbdOption Option = NbdOption.StartTls;
        if (_tls is null)
        {
            await FailAsync(Option, NbdOptionReply.ErrorPolicy, "this server has no TLS", cancellationToken).ConfigureAwait(false);
            return;
        }

        if (_encrypted || data is not { Length: 0 })
        {
            await FailAsync(Option, NbdOptionReply.ErrorInvalid, _encrypted ? "TLS has begun already" : "the option has no data", cancellationToken).ConfigureAwait(false);
            return;
        }

        // bytes that came in the clear must not count as if they had come encrypted
        if (_transport.HasUnreadBytes())
            throw new InvalidDataException("it sends more before TLS has begun");
        await ReplyAsync(Option, NbdOptionReply.Ack, cancellationToken).ConfigureAwait(false);
        var stream = new SslStream(_transport.Stream, leaveInnerStreamOpen: false);
        _transport = _transport.Over(stream);
        await stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(_tls.Certificate, _tls.Intermediates, offline: true),
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                // every connection shows its certificate anew, whatever another server of this process was content with
                AllowTlsResume = false,
                ClientCertificateRequired = _tls.ClientAuthorities is not null,
                CertificateChainPolicy = _tls.ClientAuthorities is { } authorities ? NbdCertificates.Policy(authorities) : null,
                RemoteCertificateValidationCallback = (_, _, _, errors) => _tls.ClientAuthorities is null || errors == SslPolicyErrors.None,
            },
            cancellationToken).ConfigureAwait(false);
        (_encrypted, _structured, _contextExport, _contexts) = (true, false, null, []);
    }

    private async ValueTask<ServedExport?> InfoAsync(NbdOption option, byte[] data, CancellationToken cancellationToken)
    {
        var reader = new NbdOptionReader(data);
        if (!reader.TryReadString(out string? name) || !reader.TryReadUInt16(out ushort count) || reader.Remaining != count * 2)
        {
            await FailAsync(option, NbdOptionReply.ErrorInvalid, "the lengths in the option do not fit", cancellationToken).ConfigureAwait(false);
            return null;
        }

        var wanted = new HashSet<NbdInfo>();
        while (reader.TryReadUInt16(out ushort info))
            wanted.Add((NbdInfo)info);
        if (server.Find(name) is not { } export)
        {
            await FailAsync(option, NbdOptionReply.ErrorUnknown, $"there is no export '{NbdText.Printable(name)}'", cancellationToken).ConfigureAwait(false);
            return null;
        }

        WriteInfo(option, export, wanted);
        await ReplyAsync(option, NbdOptionReply.Ack, cancellationToken).ConfigureAwait(false);
        return option == NbdOption.Go ? export : null;
    }

    private async ValueTask ContextsAsync(NbdOption option, byte[] data, CancellationToken cancellationToken)
    {
        bool setting = option == NbdOption.SetMetaContext;
        if (setting)
            (_contextExport, _contexts) = (null, []);
        var reader = new NbdOptionReader(data);
        var queries = new List<string>();
        bool valid = reader.TryReadString(out string? name);
        valid &= reader.TryReadUInt32(out uint count);
        for (uint i = 0; valid && i < count; i++)
        {
            valid = reader.TryReadString(out string? query);
            if (valid)
                queries.Add(query!);
        }

        if (!valid || reader.Remaining != 0 || !_structured)
        {
            await FailAsync(option, NbdOptionReply.ErrorInvalid, _structured ? "the lengths in the option do not fit" : "structured replies come first", cancellationToken).ConfigureAwait(false);
            return;
        }

        if (server.Find(name!) is not { } export)
        {
            await FailAsync(option, NbdOptionReply.ErrorUnknown, $"there is no export '{NbdText.Printable(name!)}'", cancellationToken).ConfigureAwait(false);
            return;
        }

        List<string> found = [.. export.Contexts.Where(c => setting ? queries.Contains(c) : queries.Count == 0 || queries.Exists(q => Matches(q, c)))];
        for (int id = 0; id < found.Count; id++)
        {
            WriteReplyHeader(option, NbdOptionReply.MetaContext, 4 + Encoding.UTF8.GetByteCount(found[id]));
            WriteUInt32(setting ? (uint)id : 0);
            _transport.Output.Write(Encoding.UTF8.GetBytes(found[id]));
        }

        if (setting)
            (_contextExport, _contexts) = (export.Name, found);
        await ReplyAsync(option, NbdOptionReply.Ack, cancellationToken).ConfigureAwait(false);
    }

    // a namespace alone stands for all that is in it; so does QEMU's "qemu:dirty-bitmap:"
    private static bool Matches(string query, string context)
        => query == context || (query is "base:" or "qemu:" or NbdProtocol.DirtyBitmapPrefix && context.StartsWith(query, StringComparison.Ordinal));

    private void WriteServer(ServedExport export)
    {
        byte[] name = Encoding.UTF8.GetBytes(export.Name);
        byte[] description = Encoding.UTF8.GetBytes(export.Export.Description ?? "");
        WriteReplyHeader(NbdOption.List, NbdOptionReply.Server, 4 + name.Length + description.Length);
        WriteUInt32((uint)name.Length);
        _transport.Output.Write(name);
        _transport.Output.Write(description);
    }

    private void WriteInfo(NbdOption option, ServedExport export, HashSet<NbdInfo> wanted)
    {
        if (wanted.Contains(NbdInfo.Name))
            WriteInfoText(option, NbdInfo.Name, export.Name);
        if (wanted.Contains(NbdInfo.Description) && export.Export.Description is { } description)
            WriteInfoText(option, NbdInfo.Description, description);
        // also to those who do not ask: they are free not to look at it
        WriteReplyHeader(option, NbdOptionReply.Info, 14);
        WriteUInt16((ushort)NbdInfo.BlockSize);
        WriteUInt32(1);
        WriteUInt32(export.PreferredBlockSize);
        WriteUInt32(NbdProtocol.MaxPayload);

        WriteReplyHeader(option, NbdOptionReply.Info, 12);
        WriteUInt16((ushort)NbdInfo.Export);
        BinaryPrimitives.WriteInt64BigEndian(_transport.Output.GetSpan(8), export.Length);
        _transport.Output.Advance(8);
        WriteUInt16((ushort)export.Flags(_structured));
    }

    private void WriteInfoText(NbdOption option, NbdInfo info, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        WriteReplyHeader(option, NbdOptionReply.Info, 2 + bytes.Length);
        WriteUInt16((ushort)info);
        _transport.Output.Write(bytes);
    }

    private ValueTask FailAsync(NbdOption option, NbdOptionReply reply, string message, CancellationToken cancellationToken)
    {
        byte[] text = Encoding.UTF8.GetBytes(message);
        WriteReplyHeader(option, reply, text.Length);
        _transport.Output.Write(text);
        return FlushAsync(cancellationToken);
    }

    private ValueTask ReplyAsync(NbdOption option, NbdOptionReply reply, CancellationToken cancellationToken)
    {
        WriteReplyHeader(option, reply, 0);
        return FlushAsync(cancellationToken);
    }

    private void WriteReplyHeader(NbdOption option, NbdOptionReply reply, int length)
    {
        Span<byte> header = _transport.Output.GetSpan(20);
        BinaryPrimitives.WriteUInt64BigEndian(header, NbdProtocol.OptionReplyMagic);
        BinaryPrimitives.WriteUInt32BigEndian(header[8..], (uint)option);
        BinaryPrimitives.WriteUInt32BigEndian(header[12..], (uint)reply);
        BinaryPrimitives.WriteInt32BigEndian(header[16..], length);
        _transport.Output.Advance(20);
    }

    private void WriteUInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_transport.Output.GetSpan(4), value);
        _transport.Output.Advance(4);
    }

    private void WriteUInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_transport.Output.GetSpan(2), value);
        _transport.Output.Advance(2);
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken) => await _transport.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
}
