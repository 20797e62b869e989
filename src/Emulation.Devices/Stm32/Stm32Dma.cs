using Emulation.Core;

namespace Emulation.Devices;

/// <summary>DMA controller of the STM32F2 and F4: 8 streams that choose among 8 requests each. RM0090 chapter 10. Ports: 1 KiB MMIO; out IRQ "stream0" to "stream7"; request lines.</summary>
/// <remarks>
/// One request is served at a time: of those that wait, the one of the highest priority, among equals the lowest stream. It takes the cycles of its beats on both ports and
/// of arbitration (AN4031 3.1); what its ports reach of the address space the board says (<see cref="PeripheralReach"/>, <see cref="MemoryReach"/>).
/// </remarks>
public sealed class Stm32Dma : Stm32Peripheral
{
    private const int Streams = 8;
    private const int Channels = 8;

    // arbitration and the synchronisation of a request (AN4031, table 4)
    private const ulong ArbitrationCycles = 3;

    // where the flags of streams 0 to 3 stand in LISR
    private static ReadOnlySpan<byte> FlagShifts => [0, 6, 16, 22];

    private readonly Stm32DmaStream[] _streams = new Stm32DmaStream[Streams];
    private readonly DmaRequest[][] _requests = [.. Enumerable.Range(0, Streams * Channels).Select(static _ => Array.Empty<DmaRequest>())];
    private readonly CycleTimer _serving;
    private readonly uint[] _flags = new uint[Streams];
    private int _served = -1;

    /// <summary>Creates the controller.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="busClock">The gated AHB clock.</param>
    /// <param name="bus">What its ports reach.</param>
    /// <param name="memoryToMemory">Whether it copies memory: DMA2 does.</param>
    public Stm32Dma(string name, GuestLog log, VirtualClock clock, ClockSignal busClock, AddressSpace bus, bool memoryToMemory)
        : base(name, log, clock, busClock)
    {
        ArgumentNullException.ThrowIfNull(bus);
        (Bus, CopiesMemory) = (bus, memoryToMemory);
        _serving = new CycleTimer($"{name}.transfer", clock, busClock, OnServed);
        for (int half = 0; half < 2; half++)
        {
            int first = half * 4;
            Registers.Define(0x00 + ((ulong)half * 4), half == 0 ? "LISR" : "HISR", access: RegisterAccess.ReadOnly)
                .Bits(31, 0, "flags", FieldMode.ReadOnly, read: () => ReadFlags(first));
            Registers.Define(0x08 + ((ulong)half * 4), half == 0 ? "LIFCR" : "HIFCR")
                .Bits(31, 0, "clear", read: static () => 0, write: v => ClearFlags(first, v));
        }

        for (int i = 0; i < Streams; i++)
        {
            _ = AddLine($"stream{i}");
            _streams[i] = new Stm32DmaStream(this, i);
        }

        busClock.Changed += Kick;
    }

    /// <summary>The interrupt of one stream.</summary>
    /// <param name="stream">0 to 7.</param>
    public IrqLine Irq(int stream) => Lines[stream];

    /// <summary>The addresses that the peripheral port reaches; null for all of the bus.</summary>
    public IReadOnlyList<Stm32DmaRange>? PeripheralReach { get; init; }

    /// <summary>The addresses that the memory port reaches; null for all of the bus.</summary>
    public IReadOnlyList<Stm32DmaRange>? MemoryReach { get; init; }

    internal AddressSpace Bus { get; }

    internal bool CopiesMemory { get; }

    /// <summary>Connects a request line; one of several at a place that are wired together.</summary>
    /// <param name="stream">0 to 7.</param>
    /// <param name="channel">0 to 7.</param>
    /// <param name="request">The line; it may be connected at several places.</param>
    public void Connect(int stream, int channel, DmaRequest request)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)stream, (uint)Streams, nameof(stream));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)channel, (uint)Channels, nameof(channel));
        ArgumentNullException.ThrowIfNull(request);
        if (!Array.Exists(_requests, lines => lines.Contains(request)))
            request.Raised += Kick;
        ref DmaRequest[] place = ref _requests[(stream * Channels) + channel];
        place = [.. place, request];
    }

    /// <summary>Connects request lines by a table such as <see cref="Stm32F4DmaRequests"/>; a line that the table does not name is left out.</summary>
    /// <param name="table">Names by stream and channel.</param>
    /// <param name="requests">The lines.</param>
    public void Connect(IReadOnlyList<Stm32DmaRequestLine> table, IEnumerable<DmaRequest> requests)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(requests);
        foreach (DmaRequest request in requests)
        {
            foreach (Stm32DmaRequestLine line in table.Where(l => l.Request == request.Name))
                Connect(line.Stream, line.Channel, request);
        }
    }

    /// <summary>The line that asks for a transfer; null when none does.</summary>
    internal DmaRequest? Request(int stream, int channel) => Array.Find(_requests[(stream * Channels) + channel], static l => l.Level);

    /// <summary>Whether no other stream runs.</summary>
    internal bool IsAlone(int stream)
    {
        for (int i = 0; i < Streams; i++)
        {
            if (i != stream && _streams[i].IsEnabled)
                return false;
        }

        return true;
    }

    /// <summary>Whether a port reaches an address: elsewhere its access ends with an error (10.3.17).</summary>
    internal bool Reaches(bool memory, ulong address)
    {
        if ((memory ? MemoryReach : PeripheralReach) is not { } ranges)
            return true;
        foreach (Stm32DmaRange range in ranges)
        {
            if (address >= range.First && address <= range.Last)
                return true;
        }

        return false;
    }

    internal void Error(string message) => Log.Error(Name, message);

    internal void Raise(int stream, uint flags)
    {
        _flags[stream] |= flags;
        UpdateIrq(stream);
    }

    internal void UpdateIrq(int stream) => Lines[stream].Set((_flags[stream] & _streams[stream].EnabledFlags) != 0);

    /// <summary>Begins to serve a request if the controller is free and one waits.</summary>
    internal void Kick()
    {
        if (_served < 0 && BusClock.IsRunning)
            Serve(extend: false);
    }

    /// <inheritdoc/>
    protected override void ResetState()
    {
        _serving.Disarm();
        _served = -1;
        Array.Clear(_flags);
        foreach (Stm32DmaStream stream in _streams)
            stream.Reset();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        _serving.Save(writer);
        writer.Write(_served);
        foreach (uint flags in _flags)
            writer.Write(flags);
        foreach (Stm32DmaStream stream in _streams)
            stream.Save(writer);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _serving.Load(reader);
        _served = Math.Clamp(reader.ReadInt32(), -1, Streams - 1);
        for (int i = 0; i < Streams; i++)
            _flags[i] = reader.ReadUInt32() & 0x3d;
        foreach (Stm32DmaStream stream in _streams)
            stream.Load(reader);
    }

    private void Serve(bool extend)
    {
        _served = -1;
        int best = -1;
        for (int i = 0; i < Streams; i++)
        {
            if (_streams[i].Wants && (best < 0 || _streams[i].Priority > _streams[best].Priority))
                best = i;
        }

        if (best < 0)
            return;
        _served = best;
        ulong cycles = ArbitrationCycles + _streams[best].NextCycles;
        if (extend)
            _serving.Extend(cycles);
        else
            _serving.Arm(cycles);
    }

    private void OnServed()
    {
        if (_served >= 0 && _streams[_served].Wants)
            _streams[_served].Transfer();
        Serve(extend: true);
    }

    private ulong ReadFlags(int first)
    {
        ulong value = 0;
        for (int i = 0; i < 4; i++)
            value |= (ulong)_flags[first + i] << FlagShifts[i];
        return value;
    }

    private void ClearFlags(int first, ulong value)
    {
        for (int i = 0; i < 4; i++)
        {
            _flags[first + i] &= ~(uint)(value >> FlagShifts[i]);
            UpdateIrq(first + i);
        }
    }
}
