using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Emulation.Storage;

/// <summary>The client's side of the handshake (protocol, "Handshake"). Whatever the server sends is bounded.</summary>
internal sealed class NbdClientHandshake(NbdTransport transport, NbdUri uri)
{
    private const int MaxReply = 64 << 10;
    private const int MaxReplies = 10_000;

    // an export of its own would say so
    private const uint DefaultMaxPayload = NbdProtocol.MaxPayload;

    private NbdTransport _transport = transport;
    private bool _fixedNewstyle;
    private bool _noZeroes;

    /// <summary>The connection, encrypted or not.</summary>
    public NbdTransport Transport => _transport;

    /// <summary>Whether replies will be structured.</summary>
    public bool Structured { get; private set; }

    /// <summary>Greets the server and begins TLS.</summary>
    public async ValueTask BeginAsync(NbdClientTls? tls, CancellationToken cancellationToken)
    {
        byte[] greeting = new byte[18];
        if (!await _transport.TryReadAsync(greeting.AsMemory(0, 16), cancellationToken).ConfigureAwait(false))
            throw Error("the server closed the connection at once");
        if (BinaryPrimitives.ReadUInt64BigEndian(greeting) != NbdProtocol.InitMagic)
            throw Error("what answers there is no NBD server");
        ulong magic = BinaryPrimitives.ReadUInt64BigEndian(greeting.AsSpan(8));
        if (magic == NbdProtocol.OldstyleMagic)
            throw Error("the server speaks the old style of the protocol only, which is not supported");
        if (magic != NbdProtocol.OptionMagic)
            throw Error($"the server greets with 0x{magic:x16}, which is not known");
        await _transport.ReadAsync(greeting.AsMemory(16, 2), cancellationToken).ConfigureAwait(false);
        var offered = (NbdHandshakeFlags)BinaryPrimitives.ReadUInt16BigEndian(greeting.AsSpan(16));
        _fixedNewstyle = (offered & NbdHandshakeFlags.FixedNewstyle) != 0;
        _noZeroes = (offered & NbdHandshakeFlags.NoZeroes) != 0;
        BinaryPrimitives.WriteUInt32BigEndian(greeting, (uint)(offered & (NbdHandshakeFlags.FixedNewstyle | NbdHandshakeFlags.NoZeroes)));
        _transport.Output.Write(greeting.AsSpan(0, 4));
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        if (tls is null)
            return;
        if (!_fixedNewstyle)
            throw Error("the server has no TLS");
        await BeginTlsAsync(tls, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Agrees on structured replies, where the server has them.</summary>
    public async ValueTask AgreeOnStructureAsync(CancellationToken cancellationToken)
    {
        if (!_fixedNewstyle)
            return;
        await SendOptionAsync(NbdOption.StructuredReply, [], cancellationToken).ConfigureAwait(false);
        Structured = await ReadReplyAsync(NbdOption.StructuredReply, null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The names and descriptions of all exports.</summary>
    public async ValueTask<List<NbdExportInfo>> ListAsync(CancellationToken cancellationToken)
    {
        if (!_fixedNewstyle)
            throw Error("the server cannot list its exports");
        var exports = new List<NbdExportInfo>();
        await SendOptionAsync(NbdOption.List, [], cancellationToken).ConfigureAwait(false);
        bool known = await ReadReplyAsync(
            NbdOption.List,
            (type, data) =>
            {
                var reader = new NbdOptionReader(data);
                if (type != NbdOptionReply.Server || !reader.TryReadString(out string? name))
                    throw Error("the server's list of exports is malformed");
                exports.Add(new NbdExportInfo { Name = name, Description = reader.Remaining == 0 ? null : NbdText.Printable(reader.Rest) });
            },
            cancellationToken).ConfigureAwait(false);
        return known ? exports : throw Error("the server cannot list its exports");
    }

    /// <summary>Which metadata contexts an export has, or which of them will be used.</summary>
    /// <param name="export">The export's name.</param>
    /// <param name="wanted">Those to use; null lists all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<List<(uint Id, string Name)>> ContextsAsync(string export, IReadOnlyList<string>? wanted, CancellationToken cancellationToken)
    {
        var contexts = new List<(uint Id, string Name)>();
        if (!Structured)
            return contexts;
        NbdOption option = wanted is null ? NbdOption.ListMetaContext : NbdOption.SetMetaContext;
        var data = new ArrayBufferWriter<byte>();
        WriteString(data, export);
        WriteUInt32(data, (uint)(wanted?.Count ?? 0));
        foreach (string name in wanted ?? [])
            WriteString(data, name);
        await SendOptionAsync(option, data.WrittenSpan.ToArray(), cancellationToken).ConfigureAwait(false);
        bool known = await ReadReplyAsync(
            option,
            (type, reply) =>
            {
                var reader = new NbdOptionReader(reply);
                if (type != NbdOptionReply.MetaContext || !reader.TryReadUInt32(out uint id) || reader.Remaining > NbdProtocol.MaxString)
                    throw Error("the server's list of metadata contexts is malformed");
                string name = Encoding.UTF8.GetString(reader.Rest);
                if (wanted is not null && (!wanted.Contains(name) || contexts.Exists(c => c.Id == id || c.Name == name)))
                    throw Error($"the server chose metadata context '{NbdText.Printable(name)}', which was not asked for or has been chosen already");
                contexts.Add((id, name));
            },
            cancellationToken).ConfigureAwait(false);
        return known ? contexts : [];
    }

    /// <summary>What an export is; <paramref name="go"/> begins to use it.</summary>
    public async ValueTask<NbdExportInfo> InfoAsync(string export, bool go, CancellationToken cancellationToken)
    {
        NbdOption option = go ? NbdOption.Go : NbdOption.Info;
        if (_fixedNewstyle)
        {
            var data = new ArrayBufferWriter<byte>();
            WriteString(data, export);
            data.Write((ReadOnlySpan<byte>)[0, 3, 0, (byte)NbdInfo.Name, 0, (byte)NbdInfo.Description, 0, (byte)NbdInfo.BlockSize]);
            await SendOptionAsync(option, data.WrittenSpan.ToArray(), cancellationToken).ConfigureAwait(false);
            var parser = new NbdInfoParser(export, Error);
            if (await ReadReplyAsync(option, parser.Add, cancellationToken).ConfigureAwait(false))
                return parser.Finish();
        }

        if (!go)
            throw Error("the server has no information about its exports");
        return await ExportNameAsync(export, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Says goodbye before an export was chosen.</summary>
    public async ValueTask AbortAsync(CancellationToken cancellationToken)
    {
        if (!_fixedNewstyle)
            return;
        try
        {
            await SendOptionAsync(NbdOption.Abort, [], cancellationToken).ConfigureAwait(false);
            await ReadReplyAsync(NbdOption.Abort, null, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // some servers close without an answer
        }
    }

    public NbdException Error(string what) => new($"NBD server {uri}: {what}");

    // for servers that do not know GO
    private async ValueTask<NbdExportInfo> ExportNameAsync(string export, CancellationToken cancellationToken)
    {
        await SendOptionAsync(NbdOption.ExportName, Encoding.UTF8.GetBytes(export), cancellationToken).ConfigureAwait(false);
        byte[] reply = new byte[10 + (_noZeroes ? 0 : NbdProtocol.ReservedZeroes)];
        if (!await _transport.TryReadAsync(reply, cancellationToken).ConfigureAwait(false))
            throw Error($"the server refuses export '{export}' and does not say why");
        ulong length = BinaryPrimitives.ReadUInt64BigEndian(reply);
        if (length > long.MaxValue)
            throw Error($"the server says that export '{export}' has {length} bytes");
        return new NbdExportInfo
        {
            Name = export,
            Length = (long)length,
            Flags = (NbdExportFlags)BinaryPrimitives.ReadUInt16BigEndian(reply.AsSpan(8)),
            MaximumPayload = DefaultMaxPayload,
        };
    }

    private async ValueTask BeginTlsAsync(NbdClientTls tls, CancellationToken cancellationToken)
    {
        await SendOptionAsync(NbdOption.StartTls, [], cancellationToken).ConfigureAwait(false);
        if (!await ReadReplyAsync(NbdOption.StartTls, null, cancellationToken).ConfigureAwait(false))
            throw Error("the server has no TLS");
        if (_transport.HasUnreadBytes())
            throw Error("the server sends more before TLS has begun");
        var stream = new SslStream(_transport.Stream, leaveInnerStreamOpen: false);
        _transport = _transport.Over(stream);
        string trouble = "";
        try
        {
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = tls.HostName ?? uri.TlsHostName ?? (uri.Socket is null ? uri.Host : "localhost"),
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    AllowTlsResume = false,
                    ClientCertificates = tls.Certificate is { } own ? [own] : null,
                    LocalCertificateSelectionCallback = (_, _, all, _, _) => all.Count > 0 ? all[0] : null!,
                    CertificateChainPolicy = NbdCertificates.Policy(tls.Authorities),
                    RemoteCertificateValidationCallback = (_, _, chain, errors) =>
                    {
                        trouble = Describe(errors, chain);
                        return errors == SslPolicyErrors.None || !(tls.VerifyPeer && uri.TlsVerifyPeer);
                    },
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (AuthenticationException e)
        {
            throw new NbdException($"NBD server {uri}: TLS failed: {(trouble.Length > 0 ? trouble : e.Message)}", e);
        }
    }

    private static string Describe(SslPolicyErrors errors, X509Chain? chain) => errors switch
    {
        SslPolicyErrors.None => "",
        _ when (errors & SslPolicyErrors.RemoteCertificateNotAvailable) != 0 => "the server has no certificate",
        _ when (errors & SslPolicyErrors.RemoteCertificateChainErrors) != 0
            => $"its certificate is not trusted: {string.Join("; ", chain?.ChainStatus.Select(static s => s.StatusInformation) ?? [])}",
        _ => "its certificate is for another host's name",
    };

    private async ValueTask SendOptionAsync(NbdOption option, byte[] data, CancellationToken cancellationToken)
    {
        byte[] header = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(header, NbdProtocol.OptionMagic);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), (uint)option);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(12), data.Length);
        _transport.Output.Write(header);
        _transport.Output.Write(data);
        await FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken) => await _transport.Output.FlushAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Reads replies to an option up to the last; false when the server does not know the option.</summary>
    private async ValueTask<bool> ReadReplyAsync(NbdOption option, Action<NbdOptionReply, byte[]>? each, CancellationToken cancellationToken)
    {
        byte[] header = new byte[20];
        for (int i = 0; i < MaxReplies; i++)
        {
            if (!await _transport.TryReadAsync(header, cancellationToken).ConfigureAwait(false))
                throw Error($"the server closed the connection in answer to option {option}");
            var answered = (NbdOption)BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(8));
            var type = (NbdOptionReply)BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(12));
            uint length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(16));
            if (BinaryPrimitives.ReadUInt64BigEndian(header) != NbdProtocol.OptionReplyMagic || answered != option)
                throw Error($"the server does not answer option {option} as the protocol wants it");
            if (length > MaxReply)
                throw Error($"the server answers option {option} with {length} bytes");
            byte[] data = new byte[length];
            await _transport.ReadAsync(data, cancellationToken).ConfigureAwait(false);
            if (type == NbdOptionReply.Ack)
                return length == 0 ? true : throw Error($"the server's answer to option {option} is malformed");
            if (type == NbdOptionReply.ErrorUnsupported)
                return false;
            if ((uint)type >> 31 != 0)
                throw Refused(option, type, data);
            if (each is null)
                throw Error($"the server answers option {option} with a reply of type {(uint)type}");
            each(type, data);
        }

        throw Error($"the server answers option {option} with more than {MaxReplies} replies");
    }

    private NbdException Refused(NbdOption option, NbdOptionReply type, byte[] data)
    {
        string text = data.Length == 0 ? "" : $" ({NbdText.Printable(data)})";
        string name = uri.ExportName;
        return Error(type switch
        {
            NbdOptionReply.ErrorTlsRequired => $"the server wants TLS: the scheme is nbds then, or nbds+unix{text}",
            NbdOptionReply.ErrorUnknown => $"there is no export '{name}'{text}",
            NbdOptionReply.ErrorPolicy when option == NbdOption.StartTls => $"the server has no TLS{text}",
            NbdOptionReply.ErrorPolicy => $"the server does not allow option {option}{text}",
            NbdOptionReply.ErrorShutdown => $"the server is ending{text}",
            NbdOptionReply.ErrorInvalid or NbdOptionReply.ErrorTooBig or NbdOptionReply.ErrorPlatform => $"the server cannot do option {option}{text}",
            _ => string.Create(CultureInfo.InvariantCulture, $"the server answers option {option} with error 0x{(uint)type:x8}{text}"),
        });
    }

    private static void WriteString(ArrayBufferWriter<byte> data, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        WriteUInt32(data, (uint)bytes.Length);
        data.Write(bytes);
    }

    private static void WriteUInt32(ArrayBufferWriter<byte> data, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(data.GetSpan(4), value);
        data.Advance(4);
    }
}
