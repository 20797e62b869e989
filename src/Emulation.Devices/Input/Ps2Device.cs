using Emulation.Core;

namespace Emulation.Devices;

/// <summary>What is at the other end of a PS/2 cable. IBM Personal System/2 Hardware Interface Technical Reference, "Keyboard" and "Mouse".</summary>
/// <remarks>Bytes take no time. What the host does to it is done under the device lock.</remarks>
public abstract class Ps2Device
{
    private protected const byte Acknowledge = 0xfa, TestPassed = 0xaa;
    private const byte Resend = 0xfe;
    private const int QueueSize = 16;
    private readonly ByteQueue _replies = new(QueueSize);
    private byte _argumentOf;
    private byte _lastSent;

    private readonly bool _reportsAtFirst;

    private protected Ps2Device(bool reportsAtFirst) => IsReporting = _reportsAtFirst = reportsAtFirst;

    /// <summary>Called when there is a byte to take where there was none.</summary>
    internal Action? Changed { get; set; }

    /// <summary>Whether a byte waits for the guest.</summary>
    internal bool HasData => _replies.Count + Events.Count > 0;

    /// <summary>Whether the guest wants to hear of keys or movements.</summary>
    public bool IsReporting { get; private protected set; }

    /// <summary>Events on their way; replies overtake them.</summary>
    private protected ByteQueue Events { get; } = new(QueueSize);

    /// <summary>Takes the next byte; the last one again when there is none.</summary>
    internal byte Take()
    {
        if (_replies.Count > 0)
            return _lastSent = _replies.Take();
        if (Events.Count == 0)
            return _lastSent;
        _lastSent = Events.Take();
        if (Events.Count == 0)
            OnEventsSent();
        return _lastSent;
    }

    /// <summary>The guest sends a byte.</summary>
    internal void Write(byte value)
    {
        byte command = _argumentOf;
        _argumentOf = 0;
        if (command != 0)
            WriteArgument(command, value);
        else if (value == Resend)
            _replies.Add(_lastSent);
        else
            WriteCommand(value);
        Changed?.Invoke();
    }

    internal void Reset()
    {
        _argumentOf = _lastSent = 0;
        _replies.Clear();
        Events.Clear();
        ResetState();
        IsReporting = _reportsAtFirst;
    }

    internal void Save(StateWriter writer)
    {
        _replies.Save(writer);
        Events.Save(writer);
        writer.Write(_argumentOf);
        writer.Write(_lastSent);
        writer.Write(IsReporting);
        SaveState(writer);
    }

    internal void Load(StateReader reader)
    {
        _replies.Load(reader);
        Events.Load(reader);
        _argumentOf = reader.ReadByte();
        _lastSent = reader.ReadByte();
        IsReporting = reader.ReadBoolean();
        LoadState(reader);
    }

    private protected void Reply(params ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
            _replies.Add(value);
    }

    /// <summary>The command takes an argument; it is acknowledged.</summary>
    private protected void ExpectArgument(byte command)
    {
        _argumentOf = command;
        Reply(Acknowledge);
    }

    /// <summary>A command or an argument that there is not.</summary>
    private protected void Refuse() => Reply(Resend);

    private protected abstract void WriteCommand(byte command);

    private protected abstract void WriteArgument(byte command, byte value);

    private protected abstract void ResetState();

    private protected virtual void OnEventsSent() { }

    private protected abstract void SaveState(StateWriter writer);

    private protected abstract void LoadState(StateReader reader);
}
