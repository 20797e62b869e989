using Emulation.Core;

namespace Emulation.Cli.Running;

/// <summary>Brings what a user types to the guest, or to the monitor while that is open.</summary>
/// <param name="machine">The machine.</param>
/// <param name="port">Its serial port.</param>
/// <param name="stream">Where input comes from.</param>
/// <param name="keys">Finds commands in it; null where the input is no terminal and every byte is the guest's.</param>
/// <param name="command">Called for each command, on the pump's thread.</param>
internal sealed class InputPump(Machine machine, SerialPort port, Stream stream, EscapeKeys? keys, Action<EscapeCommand> command)
{
    private const int MostPending = 1 << 16;
    private readonly object _sync = new();
    private readonly Queue<byte> _monitor = [];
    private bool _arrived;
    private volatile bool _monitorOpen;
    private volatile bool _ended;

    /// <summary>Raised on the pump's thread when there will never be more.</summary>
    public event Action? InputEnded;

    /// <summary>Whether there will never be more.</summary>
    public bool Ended => _ended;

    /// <summary>Sends input to the monitor from the next byte on.</summary>
    public void OpenMonitor() => _monitorOpen = true;

    /// <summary>Sends input to the guest again, also what was typed ahead.</summary>
    public void CloseMonitor()
    {
        byte[] left = [];
        Change(() =>
        {
            _monitorOpen = false;
            left = [.. _monitor];
            _monitor.Clear();
        });
        if (left.Length > 0)
            machine.Post(() => port.Send(left));
    }

    public void Start() => new Thread(Read) { IsBackground = true, Name = "console input" }.Start();

    /// <summary>Waits until something arrived for the guest, or input ended.</summary>
    public void WaitForInput(CancellationToken cancellation)
    {
        WaitUntil(() => _arrived, cancellation);
        _arrived = false;
    }

    /// <summary>The next byte for the monitor; null when there are no more.</summary>
    public byte? ReadForMonitor(CancellationToken cancellation)
    {
        WaitUntil(() => _monitor.Count > 0 || _ended, cancellation);
        lock (_sync)
            return _monitor.TryDequeue(out byte value) ? value : null;
    }

    private void WaitUntil(Func<bool> condition, CancellationToken cancellation)
    {
        using CancellationTokenRegistration registration = cancellation.Register(() => Change(static () => { }));
        lock (_sync)
        {
            while (!condition())
            {
                cancellation.ThrowIfCancellationRequested();
                Monitor.Wait(_sync);
            }
        }
    }

    private void Change(Action action)
    {
        lock (_sync)
        {
            action();
            Monitor.PulseAll(_sync);
        }
    }

    private void Read()
    {
        byte[] buffer = new byte[4096];
        var forGuest = new List<byte>();
        try
        {
            int count;
            while ((count = stream.Read(buffer)) > 0)
            {
                foreach (byte value in buffer.AsSpan(0, count))
                    Take(value, forGuest);
                Flush(forGuest);
            }
        }
        catch (IOException)
        {
            // the terminal or the peer is gone: that is the end of input
        }
        catch (ObjectDisposedException)
        {
            // so is the end of the run
        }

        InputEnded?.Invoke();
        Change(() => _ended = _arrived = true);
    }

    private void Take(byte value, List<byte> forGuest)
    {
        if (_monitorOpen && TakeForMonitor(value))
            return;

        if (keys is null)
        {
            forGuest.Add(value);
            return;
        }

        EscapeCommand found = keys.Next(value, forGuest);
        if (found == EscapeCommand.None)
            return;
        Flush(forGuest);
        if (found == EscapeCommand.Break)
            machine.Post(port.SendBreak);
        else
            command(found);
    }

    private bool TakeForMonitor(byte value)
    {
        bool taken = false;
        Change(() =>
        {
            taken = _monitorOpen;
            if (taken)
                _monitor.Enqueue(value);
        });
        return taken;
    }

    private void Flush(List<byte> forGuest)
    {
        if (forGuest.Count == 0)
            return;
        byte[] bytes = [.. forGuest];
        forGuest.Clear();
        while (port.PendingInput > MostPending)
            Thread.Sleep(10);
        machine.Post(() => port.Send(bytes));
        Change(() => _arrived = true);
    }
}
