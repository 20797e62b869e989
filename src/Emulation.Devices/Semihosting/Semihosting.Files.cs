using System.Globalization;
using System.Text;
using Emulation.Core;

namespace Emulation.Devices;

// Handles and what is read and written through them.
public sealed partial class Semihosting
{
    private const string ConsoleName = ":tt", FeaturesName = ":semihosting-features";
    private const ulong MaxPosition = 1UL << 40;

    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    private enum HandleKind : byte
    {
        Input,
        Output,
        Errors,
        Features,
        File,
    }

    // the magic number, then SH_EXT_EXIT_EXTENDED and SH_EXT_STDOUT_STDERR
    private static ReadOnlySpan<byte> Features => "SHFB\u0003"u8;

    private long Open(ISemihostingCaller caller, ulong address, ulong number, ulong length)
    {
        if (number >= OpenMode.Count)
            return Fail(SemihostingError.Invalid);
        var mode = new OpenMode((byte)number);
        if (ReadName(caller, address, length, out string name) is not 0 and var error)
            return Fail(error);
        int index = _handles.IndexOf(null);
        if (index < 0 && _handles.Count == MaxHandles)
            return Fail(SemihostingError.TooManyFiles);
        HandleKind kind = HandleKind.File;
        ISemihostingFile? file = null;
        switch (name)
        {
            case ConsoleName:
                kind = mode.Existing ? HandleKind.Input : mode.Truncates ? HandleKind.Output : HandleKind.Errors;
                break;
            case FeaturesName when mode.IsPlainRead:
                kind = HandleKind.Features;
                break;
            case FeaturesName:
                return Fail(SemihostingError.Access);
            default:
                if (_files.Open(name, mode, out file) is not 0 and var failure)
                    return Fail(failure);
                break;
        }

        var handle = new Handle(kind, name, mode, file);
        if (index < 0)
        {
            _handles.Add(handle);
            return _handles.Count;
        }

        _handles[index] = handle;
        return index + 1;
    }

    private long Close(ulong number)
    {
        if (Find(number) is not { } handle)
            return -1;
        handle.File?.Dispose();
        _handles[(int)number - 1] = null;
        while (_handles is [.., null])
            _handles.RemoveAt(_handles.Count - 1);
        return 0;
    }

    private long WriteCharacter(ISemihostingCaller caller)
    {
        Span<byte> one = stackalloc byte[1];
        if (!caller.TryRead(caller.Parameter, one))
            return Fail(SemihostingError.Fault);
        _console.Transmit(one[0]);
        return 0;
    }

    private long WriteText(ISemihostingCaller caller)
    {
        const int MostAtOnce = 256;
        Span<byte> buffer = stackalloc byte[MostAtOnce];
        ulong address = caller.Parameter;
        for (int done = 0; done < MaxTransfer;)
        {
            Span<byte> part = buffer[..Math.Min(MostAtOnce, ToPageEnd(address))];
            if (!caller.TryRead(address, part))
                return Fail(SemihostingError.Fault);
            int end = part.IndexOf((byte)0);
            Transmit(_console, end < 0 ? part : part[..end]);
            if (end >= 0)
                break;
            done += part.Length;
            address += (ulong)part.Length;
        }

        return 0;
    }

    // the bytes that are not written
    private long Write(ISemihostingCaller caller, ulong number, ulong address, ulong length)
    {
        if (Find(number) is not { } handle)
            return (long)length;
        Span<byte> buffer = stackalloc byte[PageSize];
        ulong most = Math.Min(length, MaxTransfer), done = 0;
        while (done < most)
        {
            Span<byte> part = buffer[..(int)Math.Min((ulong)ToPageEnd(address + done), most - done)];
            if (!caller.TryRead(address + done, part))
            {
                Fail(SemihostingError.Fault);
                break;
            }

            int written = Write(handle, part);
            if (written < 0)
            {
                Fail(-written);
                break;
            }

            done += (ulong)written;
        }

        return (long)(length - done);
    }

    private int Write(Handle handle, ReadOnlySpan<byte> bytes)
    {
        if (!handle.Mode.CanWrite)
            return -SemihostingError.BadHandle;
        if (handle.IsConsole)
        {
            Transmit(handle.Kind == HandleKind.Errors ? _errors : _console, bytes);
            return bytes.Length;
        }

        if (handle.Mode.Appends)
            handle.Position = Math.Max(0, handle.File!.Length);
        if (handle.Position > (long)MaxPosition - bytes.Length)
            return -SemihostingError.NoSpace;
        int written = handle.File!.Write(handle.Position, bytes);
        handle.Position += Math.Max(0, written);
        return written;
    }

    // the bytes that are not read; null to wait for some
    private long? Read(ISemihostingCaller caller, ulong number, ulong address, ulong length)
    {
        if (Find(number) is not { } handle)
            return (long)length;
        if (!handle.Mode.CanRead)
        {
            Fail(SemihostingError.BadHandle);
            return (long)length;
        }

        if (handle.IsConsole && length > 0 && !InputWaits && !_inputEnded)
            return null;
        Span<byte> buffer = stackalloc byte[PageSize];
        ulong most = Math.Min(length, MaxTransfer), done = 0;
        while (done < most)
        {
            Span<byte> part = buffer[..(int)Math.Min((ulong)ToPageEnd(address + done), most - done)];
            int count = Read(handle, part);
            if (count < 0)
                Fail(-count);
            if (count <= 0)
                break;
            if (!caller.TryWrite(address + done, part[..count]))
            {
                Fail(SemihostingError.Fault);
                break;
            }

            handle.Position += count;
            done += (ulong)count;
        }

        return (long)(length - done);
    }

    private int Read(Handle handle, Span<byte> destination)
    {
        switch (handle.Kind)
        {
            case HandleKind.File:
                return handle.File!.Read(handle.Position, destination);
            case HandleKind.Features:
                ReadOnlySpan<byte> left = Features[(int)Math.Min(handle.Position, Features.Length)..];
                left = left[..Math.Min(left.Length, destination.Length)];
                left.CopyTo(destination);
                return left.Length;
            default:
                int count = 0;
                while (count < destination.Length && InputWaits && _console.TryReceive(out SerialSymbol symbol))
                    destination[count++] = symbol.Value;
                return count;
        }
    }

    private long? ReadCharacter()
    {
        if (InputWaits && _console.TryReceive(out SerialSymbol symbol))
            return symbol.Value;
        return _inputEnded ? -1 : null;
    }

    private bool InputWaits => _console.PendingInput > 0;

    private long Seek(ulong number, ulong position)
    {
        if (Find(number) is not { } handle)
            return -1;
        if (handle.IsConsole)
            return Fail(SemihostingError.NotSeekable);
        if (position > MaxPosition)
            return Fail(SemihostingError.Invalid);
        handle.Position = (long)position;
        return 0;
    }

    private long LengthOf(ulong number)
    {
        if (Find(number) is not { } handle)
            return -1;
        if (handle.IsConsole)
            return Fail(SemihostingError.NotSeekable);
        long length = handle.Kind == HandleKind.Features ? Features.Length : handle.File!.Length;
        return length >= 0 ? length : Fail((int)-length);
    }

    private long TemporaryName(ISemihostingCaller caller, ulong buffer, ulong id, ulong size)
    {
        const int MaxId = 255;
        byte[] name = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"semihosting-{id:x2}.tmp\0"));
        if (id > MaxId || size < (ulong)name.Length)
            return Fail(SemihostingError.Invalid);
        return caller.TryWrite(buffer, name) ? 0 : Fail(SemihostingError.Fault);
    }

    private long Remove(ISemihostingCaller caller, ulong address, ulong length)
    {
        int error = ReadName(caller, address, length, out string name);
        if (error == 0)
            error = _files.Remove(name);
        return error == 0 ? 0 : Fail(error);
    }

    private long Rename(ISemihostingCaller caller, ulong address, ulong length, ulong newAddress, ulong newLength)
    {
        int error = ReadName(caller, address, length, out string name);
        string newName = "";
        if (error == 0)
            error = ReadName(caller, newAddress, newLength, out newName);
        if (error == 0)
            error = _files.Rename(name, newName);
        return error == 0 ? 0 : Fail(error);
    }

    private Handle? Find(ulong number)
    {
        if (number - 1 < (ulong)_handles.Count && _handles[(int)number - 1] is { } handle)
            return handle;
        Fail(SemihostingError.BadHandle);
        return null;
    }

    private static int ReadName(ISemihostingCaller caller, ulong address, ulong length, out string name)
    {
        name = "";
        if (length > MaxName)
            return SemihostingError.NameTooLong;
        Span<byte> bytes = stackalloc byte[(int)length];
        if (!bytes.IsEmpty && !caller.TryRead(address, bytes))
            return SemihostingError.Fault;
        int end = bytes.IndexOf((byte)0);
        try
        {
            name = s_strict.GetString(end < 0 ? bytes : bytes[..end]);
        }
        catch (DecoderFallbackException)
        {
            return SemihostingError.Invalid;
        }

        return name.Length == 0 ? SemihostingError.NoEntry : 0;
    }

    private static void Transmit(ISerialLine line, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
            line.Transmit(value);
    }

    private static int ToPageEnd(ulong address) => PageSize - (int)(address % PageSize);

    private void CloseAll()
    {
        foreach (Handle? handle in _handles)
            handle?.File?.Dispose();
        _handles.Clear();
    }

    private void SaveFiles(StateWriter writer)
    {
        _files.Save(writer, _handles.Select(static h => h?.File).OfType<ISemihostingFile>());
        writer.Write(_handles.Count);
        foreach (Handle? handle in _handles)
        {
            writer.Write(handle is not null);
            if (handle is null)
                continue;
            writer.Write((byte)handle.Kind);
            writer.Write(handle.Name);
            writer.Write(handle.Mode.Number);
            writer.Write(handle.Position);
            if (handle.File is { } file)
                _files.SaveHandle(writer, file);
        }
    }

    private void LoadFiles(StateReader reader)
    {
        CloseAll();
        _files.Load(reader);
        int count = reader.ReadCount(1);
        if (count > MaxHandles)
            throw reader.Damaged($"{count} handles");
        for (int i = 0; i < count; i++)
            _handles.Add(reader.ReadBoolean() ? LoadHandle(reader) : null);
    }

    private Handle LoadHandle(StateReader reader)
    {
        var kind = (HandleKind)reader.ReadByte();
        string name = reader.ReadString();
        byte number = reader.ReadByte();
        long position = reader.ReadInt64();
        if (kind > HandleKind.File || number >= OpenMode.Count || position is < 0 or > (long)MaxPosition)
            throw reader.Damaged($"a handle of kind {kind}, mode {number}, at {position}");
        var mode = new OpenMode(number);
        return new Handle(kind, name, mode, kind == HandleKind.File ? _files.Reopen(reader, name, mode) : null) { Position = position };
    }

    private sealed class Handle(HandleKind kind, string name, OpenMode mode, ISemihostingFile? file)
    {
        public HandleKind Kind => kind;

        public string Name => name;

        public OpenMode Mode => mode;

        public ISemihostingFile? File => file;

        public long Position { get; set; }

        public bool IsConsole => kind <= HandleKind.Errors;
    }
}
