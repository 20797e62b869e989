using Emulation.Core;

namespace Emulation.Devices;

// What is read and written, page by page of the guest's memory.
public sealed partial class Semihosting
{
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

    private static void Transmit(ISerialLine line, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
            line.Transmit(value);
    }

    private static int ToPageEnd(ulong address) => PageSize - (int)(address % PageSize);
}
