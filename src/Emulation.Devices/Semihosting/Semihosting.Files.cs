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

    private void CloseAll()
    {
        foreach (Handle? handle in _handles)
            handle?.File?.Dispose();
        _handles.Clear();
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
