using System.Buffers.Binary;
using System.Numerics;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>
/// What a program without an operating system asks the host for: a console, files, time, an exit. "Semihosting for AArch32 and AArch64", release 2.0, with
/// the extensions SH_EXT_EXIT_EXTENDED and SH_EXT_STDOUT_STDERR. Ports: calls of CPUs; the console.
/// </summary>
/// <remarks>
/// Files are in the machine's memory, and then part of its state; or, where a folder is given, in that folder alone. Open files of a folder are opened again by
/// name when a state is loaded; their content is the host's. No command of the host is ever run. One call moves at most 16 MiB. All members are used under the device lock.
/// </remarks>
public sealed partial class Semihosting : IDevice, IDisposable
{
    private const int MaxHandles = 256;
    private const int MaxName = 4096;
    private const int MaxTransfer = 16 << 20;
    private const int PageSize = 4096;
    private const long TickFrequency = VirtualClock.Second;
    private readonly ISerialLine _console;
    private readonly ISerialLine _errors;
    private readonly VirtualClock _clock;
    private readonly GuestLog _log;
    private readonly ISemihostingFiles _files;
    private readonly byte[] _commandLine;
    private readonly ulong _epoch;
    private readonly List<Handle?> _handles = [];
    private ulong _waiting;
    private int _errno;
    private bool _inputEnded;

    /// <summary>Creates it.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="console">Where <c>:tt</c> leads.</param>
    /// <param name="errors">Where <c>stderr</c> leads; null for the console.</param>
    /// <param name="clock">The machine's time.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="options">Files and command line.</param>
    /// <param name="epoch">Nanoseconds since 1970 at power-on.</param>
    /// <exception cref="DirectoryNotFoundException">The folder in the options is not there.</exception>
    public Semihosting(string name, ISerialLine console, ISerialLine? errors, VirtualClock clock, GuestLog log, SemihostingOptions options, ulong epoch)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(options);
        (Name, _console, _errors, _clock, _log, _epoch) = (name, console, errors ?? console, clock, log, epoch);
        _commandLine = System.Text.Encoding.UTF8.GetBytes(options.CommandLine + "\0");
        _files = options.Directory is { } folder ? new DirectoryFiles(folder, options.ReadOnly) : new MemoryFiles(options.Files, options.MemoryLimit);
        _files.Reset();
        console.InputArrived += WakeWaiting;
    }

    /// <summary>Raised when a program ends.</summary>
    public event Action<SemihostingExit>? Exited;

    /// <summary>Raised with the number of a CPU whose call waited and may be made again.</summary>
    public event Action<int>? InputReady;

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>What <c>:tt</c> leads to.</summary>
    public ISerialLine Console => _console;

    /// <summary>How the program ended; null when it has not.</summary>
    public SemihostingExit? Exit { get; private set; }

    /// <summary>What SYS_HEAPINFO gives. Not part of the state: the board says it.</summary>
    public SemihostingHeap Heap { get; set; }

    /// <summary>Content of a file in memory.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>A copy; null when there is no such file, or files are in a folder.</returns>
    public byte[]? FindFile(string name) => (_files as MemoryFiles)?.Find(name);

    /// <summary>Says that no input will come any more: reads of the console give what waits, then the end.</summary>
    public void EndInput()
    {
        _inputEnded = true;
        WakeWaiting();
    }

    /// <summary>Does what a CPU asks for.</summary>
    /// <param name="caller">The CPU.</param>
    public SemihostingResult Call(ISemihostingCaller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ulong bit = 1UL << caller.Index;
        if (Operate(caller) is not { } result)
        {
            _waiting |= bit;
            return SemihostingResult.Waits;
        }

        _waiting &= ~bit;
        caller.SetResult((ulong)result);
        return SemihostingResult.Done;
    }

    /// <inheritdoc/>
    public void Reset()
    {
        CloseAll();
        _files.Reset();
        _console.Reset();
        if (_errors != _console)
            _errors.Reset();
        (_waiting, _errno, Exit) = (0, 0, null);
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _console.Save(writer);
        writer.Write(_waiting);
        writer.Write(_errno);
        writer.Write(Exit is not null);
        writer.Write(Exit?.Reason ?? 0);
        writer.Write(Exit?.Code ?? 0);
        SaveFiles(writer);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _console.Load(reader);
        _waiting = reader.ReadUInt64();
        _errno = reader.ReadInt32();
        bool exited = reader.ReadBoolean();
        var exit = new SemihostingExit(reader.ReadUInt32(), reader.ReadInt32());
        Exit = exited ? exit : null;
        LoadFiles(reader);
    }

    /// <summary>Closes what is open.</summary>
    public void Dispose() => CloseAll();

    // null when it waits
    private long? Operate(ISemihostingCaller caller)
    {
        Span<ulong> fields = stackalloc ulong[4];
        uint operation = caller.Operation;
        if (!TryReadFields(caller, fields[..FieldCount(operation, caller.Is64Bit)]))
            return Fail(SemihostingError.Fault);
        switch (operation)
        {
            case SemihostingOperation.Open: return Open(caller, fields[0], fields[1], fields[2]);
            case SemihostingOperation.Close: return Close(fields[0]);
            case SemihostingOperation.WriteC: return WriteCharacter(caller);
            case SemihostingOperation.Write0: return WriteText(caller);
            case SemihostingOperation.Write: return Write(caller, fields[0], fields[1], fields[2]);
            case SemihostingOperation.Read: return Read(caller, fields[0], fields[1], fields[2]);
            case SemihostingOperation.ReadC: return ReadCharacter();
            case SemihostingOperation.IsError: return (caller.Is64Bit ? (long)fields[0] : (int)fields[0]) < 0 ? 1 : 0;
            case SemihostingOperation.IsTty: return Find(fields[0]) is { } tty ? tty.IsConsole ? 1 : 0 : -1;
            case SemihostingOperation.Seek: return Seek(fields[0], fields[1]);
            case SemihostingOperation.FLen: return LengthOf(fields[0]);
            case SemihostingOperation.TmpNam: return TemporaryName(caller, fields[0], fields[1], fields[2]);
            case SemihostingOperation.Remove: return Remove(caller, fields[0], fields[1]);
            case SemihostingOperation.Rename: return Rename(caller, fields[0], fields[1], fields[2], fields[3]);
            case SemihostingOperation.Clock: return _clock.Now / (VirtualClock.Second / 100);
            case SemihostingOperation.Time: return (long)((_epoch + (ulong)_clock.Now) / VirtualClock.Second);
            case SemihostingOperation.System: return Fail(SemihostingError.NotSupported);
            case SemihostingOperation.Errno: return _errno;
            case SemihostingOperation.GetCmdLine: return CommandLine(caller, fields[0], fields[1]);
            case SemihostingOperation.HeapInfo: return HeapInfo(caller, fields[0]);
            case SemihostingOperation.Exit when !caller.Is64Bit: return End((uint)caller.Parameter, 0);
            case SemihostingOperation.Exit or SemihostingOperation.ExitExtended: return End((uint)fields[0], (int)fields[1]);
            case SemihostingOperation.Elapsed: return Elapsed(caller);
            case SemihostingOperation.TickFreq: return TickFrequency;
            default:
                _log.Error(Name, $"there is no operation 0x{operation:x}");
                return Fail(SemihostingError.NotSupported);
        }
    }

    private static int FieldCount(uint operation, bool wide) => operation switch
    {
        SemihostingOperation.Close or SemihostingOperation.IsError or SemihostingOperation.IsTty or SemihostingOperation.FLen or SemihostingOperation.HeapInfo => 1,
        SemihostingOperation.Seek or SemihostingOperation.Remove or SemihostingOperation.System or SemihostingOperation.GetCmdLine or SemihostingOperation.ExitExtended => 2,
        SemihostingOperation.Exit => wide ? 2 : 0,
        SemihostingOperation.Open or SemihostingOperation.Write or SemihostingOperation.Read or SemihostingOperation.TmpNam => 3,
        SemihostingOperation.Rename => 4,
        _ => 0,
    };

    private long CommandLine(ISemihostingCaller caller, ulong buffer, ulong size)
    {
        if ((ulong)_commandLine.Length > size)
            return Fail(SemihostingError.TooBig);
        ulong lengthField = caller.Parameter + (caller.Is64Bit ? 8u : 4);
        return caller.TryWrite(buffer, _commandLine) && TryWriteFields(caller, lengthField, [(ulong)_commandLine.Length - 1]) ? 0 : Fail(SemihostingError.Fault);
    }

    private long HeapInfo(ISemihostingCaller caller, ulong block)
        => TryWriteFields(caller, block, [Heap.HeapBase, Heap.HeapLimit, Heap.StackBase, Heap.StackLimit]) ? 0 : Fail(SemihostingError.Fault);

    // two fields of 32 bits, the lower first in either byte order
    private long Elapsed(ISemihostingCaller caller)
    {
        ulong ticks = (ulong)_clock.Now;
        ReadOnlySpan<ulong> fields = caller.Is64Bit ? [ticks] : [(uint)ticks, ticks >> 32];
        if (TryWriteFields(caller, caller.Parameter, fields))
            return 0;
        caller.Parameter = ulong.MaxValue;
        return Fail(SemihostingError.Fault);
    }

    private long End(uint reason, int code)
    {
        SemihostingExit exit = new(reason, reason == SemihostingExit.ApplicationExit ? code : 1);
        Exit = exit;
        Exited?.Invoke(exit);
        return 0;
    }

    private long Fail(int error)
    {
        _errno = error;
        return -1;
    }

    private void WakeWaiting()
    {
        for (ulong left = _waiting; left != 0; left &= left - 1)
            InputReady?.Invoke(BitOperations.TrailingZeroCount(left));
    }

    private static bool TryReadFields(ISemihostingCaller caller, Span<ulong> fields)
    {
        int size = caller.Is64Bit ? 8 : 4;
        Span<byte> bytes = stackalloc byte[4 * 8];
        bytes = bytes[..(size * fields.Length)];
        if (!bytes.IsEmpty && !caller.TryRead(caller.Parameter, bytes))
            return false;
        for (int i = 0; i < fields.Length; i++)
        {
            ReadOnlySpan<byte> field = bytes.Slice(i * size, size);
            fields[i] = (size, caller.IsBigEndian) switch
            {
                (8, false) => BinaryPrimitives.ReadUInt64LittleEndian(field),
                (8, true) => BinaryPrimitives.ReadUInt64BigEndian(field),
                (_, false) => BinaryPrimitives.ReadUInt32LittleEndian(field),
                (_, true) => BinaryPrimitives.ReadUInt32BigEndian(field),
            };
        }

        return true;
    }

    private static bool TryWriteFields(ISemihostingCaller caller, ulong address, ReadOnlySpan<ulong> fields)
    {
        int size = caller.Is64Bit ? 8 : 4;
        Span<byte> bytes = stackalloc byte[8];
        for (int i = 0; i < fields.Length; i++)
        {
            if (caller.IsBigEndian)
                BinaryPrimitives.WriteUInt64BigEndian(bytes, size == 8 ? fields[i] : fields[i] << 32);
            else
                BinaryPrimitives.WriteUInt64LittleEndian(bytes, fields[i]);
            if (!caller.TryWrite(address + (ulong)(i * size), bytes[..size]))
                return false;
        }

        return true;
    }
}
