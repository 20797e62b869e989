using System.IO.Pipelines;
using System.Text;

namespace Emulation.Core;

/// <summary>The host's end of a guest's serial line.</summary>
/// <remarks>
/// Events are synchronous: they run on the guest's thread at the instant of the transmission, so that what a handler sends back arrives at a definite
/// instruction. <see cref="Output"/> and <see cref="Input"/> are for streams that need not be deterministic.
/// </remarks>
public sealed class SerialPort : ISerialLine, IForkable<SerialPort>
{
    /// <summary>Transmitted bytes that <see cref="GetText"/> can still give.</summary>
    public const int HistorySize = 1 << 16;

    // The pump for Input stops here until the guest has read some, so that a fast writer sees back-pressure.
    private const int PumpLimit = 1 << 16;
    private const int MaxLine = 1 << 14;

    private readonly Queue<SerialSymbol> _input = new();
    private readonly byte[] _history = new byte[HistorySize];
    private readonly List<byte> _line = [];
    private Lock _lock;
    private Pipe? _output;
    private Pipe? _inputPipe;
    private TaskCompletionSource? _drained;
    private Action? _inputArrived;

    /// <summary>Creates a port that nothing is connected to.</summary>
    /// <param name="name">Shown in messages.</param>
    /// <param name="deviceLock">The device lock of its machine; a port that is made before its machine gets it by <see cref="Attach"/>.</param>
    public SerialPort(string name, Lock? deviceLock = null)
    {
        Name = name;
        _lock = deviceLock ?? new Lock();
    }

    /// <summary>Raised for each character the guest transmits, on its thread and under the device lock.</summary>
    public event Action<byte>? Transmitted;

    /// <summary>Raised for each line the guest transmits, without its line ending, on its thread and under the device lock.</summary>
    public event Action<string>? LineTransmitted;

    /// <summary>Raised for each byte that is sent to the guest, under the device lock, before the guest can take it.</summary>
    public event Action<byte>? Sent;

    /// <summary>Raised when the guest begins (true) or ends (false) a break.</summary>
    public event Action<bool>? BreakChanged;

    event Action? ISerialLine.InputArrived
    {
        add => _inputArrived += value;
        remove => _inputArrived -= value;
    }

    /// <summary>Shown in messages.</summary>
    public string Name { get; }

    /// <summary>Bytes the guest transmitted so far: a position for <see cref="GetText"/>.</summary>
    public long TransmittedCount { get; private set; }

    /// <summary>Symbols the guest has not taken yet.</summary>
    public int PendingInput
    {
        get
        {
            lock (_lock)
                return _input.Count;
        }
    }

    /// <summary>What the guest transmits from the first use of this property on. Never blocks the guest; what is not read is kept.</summary>
    public PipeReader Output
    {
        get
        {
            lock (_lock)
                return (_output ??= new Pipe(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false))).Reader;
        }
    }

    /// <summary>Bytes for the guest; a flush waits while the guest is 64 KiB behind.</summary>
    public PipeWriter Input
    {
        get
        {
            lock (_lock)
            {
                if (_inputPipe == null)
                {
                    _inputPipe = new Pipe(new PipeOptions(useSynchronizationContext: false));
                    _ = PumpAsync(_inputPipe.Reader);
                }

                return _inputPipe.Writer;
            }
        }
    }

    /// <summary>The last <see cref="HistorySize"/> bytes the guest transmitted, as UTF-8 text.</summary>
    public string RecentText => GetText(0);

    /// <summary>Puts the port under the lock of a machine that is being composed. Nothing may be sent before.</summary>
    /// <param name="deviceLock">The machine's device lock.</param>
    public void Attach(Lock deviceLock) => _lock = deviceLock;

    /// <summary>A port for a fork of the machine: the same history, and neither listeners nor pipes.</summary>
    public SerialPort Fork()
    {
        var copy = new SerialPort(Name);
        lock (_lock)
        {
            _history.CopyTo(copy._history, 0);
            copy.TransmittedCount = TransmittedCount;
            copy._line.AddRange(_line);
        }

        return copy;
    }

    /// <summary>Sends bytes to the guest. May be called on any thread.</summary>
    /// <param name="bytes">The bytes.</param>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            foreach (byte value in bytes)
            {
                Sent?.Invoke(value);
                _input.Enqueue(new SerialSymbol(value));
            }

            _inputArrived?.Invoke();
        }
    }

    /// <summary>Sends text to the guest as UTF-8. May be called on any thread.</summary>
    /// <param name="text">The text; a terminal's Enter key is a carriage return.</param>
    public void Send(string text) => Send(Encoding.UTF8.GetBytes(text));

    /// <summary>Sends a break to the guest. May be called on any thread.</summary>
    public void SendBreak()
    {
        lock (_lock)
        {
            _input.Enqueue(new SerialSymbol(0, IsBreak: true));
            _inputArrived?.Invoke();
        }
    }

    /// <summary>What the guest transmitted since a position, as UTF-8 text; its beginning is missing when that is more than <see cref="HistorySize"/> bytes ago.</summary>
    /// <param name="position">A value <see cref="TransmittedCount"/> had.</param>
    public string GetText(long position)
    {
        lock (_lock)
        {
            long start = Math.Max(position, Math.Max(0, TransmittedCount - HistorySize));
            if (start >= TransmittedCount)
                return "";
            byte[] bytes = new byte[TransmittedCount - start];
            for (int i = 0; i < bytes.Length; i++)
                bytes[i] = _history[(start + i) % HistorySize];
            return Encoding.UTF8.GetString(bytes);
        }
    }

    bool ISerialLine.TryReceive(out SerialSymbol symbol)
    {
        bool any = _input.TryDequeue(out symbol);
        if (_drained != null && _input.Count < PumpLimit / 2)
        {
            _drained.TrySetResult();
            _drained = null;
        }

        return any;
    }

    void ISerialLine.Transmit(byte value)
    {
        _history[TransmittedCount++ % HistorySize] = value;
        if (_output != null)
            CopyToOutput(_output.Writer, value);

        Transmitted?.Invoke(value);
        AddToLine(value);
    }

    void ISerialLine.SetBreak(bool on) => BreakChanged?.Invoke(on);

    void ISerialLine.Save(StateWriter writer)
    {
        writer.Write(_input.Count);
        foreach (SerialSymbol symbol in _input)
            writer.Write((ushort)(symbol.Value | (symbol.IsBreak ? 0x100 : 0)));
    }

    void ISerialLine.Load(StateReader reader)
    {
        _input.Clear();
        for (int left = reader.ReadCount(2); left > 0; left--)
        {
            ushort saved = reader.ReadUInt16();
            _input.Enqueue(new SerialSymbol((byte)saved, (saved & 0x100) != 0));
        }
    }

    void ISerialLine.Reset() => _input.Clear();

    private void CopyToOutput(PipeWriter writer, byte value)
    {
        writer.GetSpan(1)[0] = value;
        writer.Advance(1);
        // completes at once, for the pipe has no limit; a result that is completed means that nobody reads any more
        ValueTask<FlushResult> flush = writer.FlushAsync();
        if (flush.IsCompleted && flush.GetAwaiter().GetResult().IsCompleted)
            _output = null;
    }

    private void AddToLine(byte value)
    {
        if (value != '\n')
            _line.Add(value);
        if (value != '\n' && _line.Count < MaxLine)
            return;
        if (_line is [.., (byte)'\r'])
            _line.RemoveAt(_line.Count - 1);
        string? text = LineTransmitted == null ? null : Encoding.UTF8.GetString(_line.ToArray());
        _line.Clear();
        if (text != null)
            LineTransmitted?.Invoke(text);
    }

    private async Task PumpAsync(PipeReader reader)
    {
        while (true)
        {
            ReadResult result = await reader.ReadAsync().ConfigureAwait(false);
            foreach (ReadOnlyMemory<byte> segment in result.Buffer)
                Send(segment.Span);
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted || result.IsCanceled)
                break;
            if (WaitUntilDrained() is Task drained)
                await drained.ConfigureAwait(false);
        }

        await reader.CompleteAsync().ConfigureAwait(false);
    }

    private Task? WaitUntilDrained()
    {
        lock (_lock)
        {
            if (_input.Count < PumpLimit)
                return null;
            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task;
        }
    }
}
