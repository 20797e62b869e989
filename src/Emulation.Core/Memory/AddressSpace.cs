using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Emulation.Core;

/// <summary>A physical address space: a tree of regions and the accesses that the bus routes into it.</summary>
public sealed class AddressSpace
{
    private readonly GuestLog _log;
    private FlatView? _view;

    /// <summary>Creates an empty address space.</summary>
    /// <param name="name">Shown in messages.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="deviceLock">Taken around device accesses; the machine's, so that all its spaces share one.</param>
    /// <param name="size">Bytes from address 0; the default covers a 64-bit space but its last byte.</param>
    public AddressSpace(string name, GuestLog log, Lock? deviceLock = null, ulong size = ulong.MaxValue)
    {
        Name = name;
        _log = log;
        DeviceLock = deviceLock ?? new Lock();
        Root = new ContainerRegion(name, size);
        Root.Changed += OnChanged;
    }

    /// <summary>Shown in messages.</summary>
    public string Name { get; }

    /// <summary>The region at address 0. Adding or removing children changes the map at once.</summary>
    public ContainerRegion Root { get; }

    /// <summary>What happens where no region is.</summary>
    public UnmappedPolicy Unmapped { get; set; }

    /// <summary>Serialises device accesses of several vCPUs, timers and host input.</summary>
    public Lock DeviceLock { get; }

    /// <summary>The flattened map; rebuilt after a change.</summary>
    public FlatView View => Volatile.Read(ref _view) ?? BuildView();

    /// <summary>Raised after the map changed, on the thread that changed it: cached translations are void. The CPUs of a machine hold none of the old map when the change returns.</summary>
    public event Action? MapChanged;

    /// <summary>Names what the real machine has at an address and this one does not model; null for nothing. For messages: accesses there are unmapped ones.</summary>
    public Func<ulong, string?>? MissingName { get; set; }

    /// <summary>Raised for an access under <see cref="UnmappedPolicy.Stop"/>: address, width in bytes, is-write.</summary>
    public event Action<ulong, int, bool>? UnmappedAccess;

    /// <summary>Called after each device access, under the device lock.</summary>
    internal Action? AfterDeviceAccess { get; set; }

    /// <summary>Takes the device lock when another thread has it, in the way the scheduler wants its vCPUs to wait.</summary>
    internal Action? EnterContended { get; set; }

    /// <summary>Finds the range at <paramref name="address"/>.</summary>
    /// <param name="address">A physical address.</param>
    /// <param name="range">The range that holds it.</param>
    /// <returns>False where nothing is mapped.</returns>
    public bool TryFind(ulong address, out FlatRange range)
    {
        FlatView view = View;
        int index = view.IndexOf(address);
        range = index < 0 ? default : view.Ranges[index];
        return index >= 0;
    }

    /// <summary>Reads 1, 2, 4 or 8 bytes, little-endian for memory, as one access.</summary>
    /// <param name="address">A physical address; the access must not cross a region's end.</param>
    /// <param name="size">Width in bytes.</param>
    /// <param name="value">The value, zero-extended; 0 unless the result is Ok.</param>
    public BusResult Read(ulong address, int size, out ulong value)
    {
        value = 0;
        FlatView view = View;
        int index = view.IndexOf(address);
        if (index < 0)
            return OnUnmapped(address, size, write: false);
        ref readonly FlatRange range = ref view.Ranges[index];
        ulong offset = range.Offset + (address - range.Start);
        if (range.Last - address < (ulong)(size - 1))
            return BusResult.Refused;
        if (range.Region is RamRegion memory)
        {
            value = memory.Ram.Read(offset, size);
            return BusResult.Ok;
        }

        var io = (MmioRegion)range.Region;
        if (!Accepts(io, offset, size, write: false))
            return BusResult.Refused;
        EnterDeviceLock();
        try
        {
            if (io.Gate is { } gate && gate.Check(offset, size, write: false) is var answer and not GateAnswer.Pass)
                return answer == GateAnswer.Ignore ? BusResult.Ok : BusResult.Refused;
            value = io.Handler.Read(offset, size);
            AfterDeviceAccess?.Invoke();
        }
        finally
        {
            DeviceLock.Exit();
        }

        if (io.BigEndian)
            value = BinaryPrimitives.ReverseEndianness(value) >> (64 - (8 * size));
        return BusResult.Ok;
    }

    /// <summary>Writes 1, 2, 4 or 8 bytes, little-endian for memory, as one access.</summary>
    /// <param name="address">A physical address; the access must not cross a region's end.</param>
    /// <param name="size">Width in bytes.</param>
    /// <param name="value">The value; higher bytes are ignored.</param>
    public BusResult Write(ulong address, int size, ulong value)
    {
        FlatView view = View;
        int index = view.IndexOf(address);
        if (index < 0)
            return OnUnmapped(address, size, write: true);
        ref readonly FlatRange range = ref view.Ranges[index];
        ulong offset = range.Offset + (address - range.Start);
        if (range.Last - address < (ulong)(size - 1))
            return BusResult.Refused;
        if (range.Region is RamRegion memory)
        {
            if (!memory.ReadOnly)
                memory.Ram.Write(offset, size, value);
            else if (memory.WriteHandler != null)
                WriteThroughHandler(memory.WriteHandler, offset, size, value);
            return BusResult.Ok;
        }

        var io = (MmioRegion)range.Region;
        if (!Accepts(io, offset, size, write: true))
            return BusResult.Refused;
        if (size < 8)
            value &= (1UL << (8 * size)) - 1;
        if (io.BigEndian)
            value = BinaryPrimitives.ReverseEndianness(value) >> (64 - (8 * size));
        EnterDeviceLock();
        try
        {
            if (io.Gate is { } gate && gate.Check(offset, size, write: true) is var answer and not GateAnswer.Pass)
                return answer == GateAnswer.Ignore ? BusResult.Ok : BusResult.Refused;
            io.Handler.Write(offset, size, value);
            AfterDeviceAccess?.Invoke();
        }
        finally
        {
            DeviceLock.Exit();
        }

        return BusResult.Ok;
    }

    /// <summary>Takes <see cref="DeviceLock"/> on a vCPU's thread: a vCPU that has to wait here does not hold up exclusive work. Release with <see cref="Lock.Exit"/>.</summary>
    public void EnterDeviceLock()
    {
        if (DeviceLock.TryEnter())
            return;
        if (EnterContended is { } wait)
            wait();
        else
            DeviceLock.Enter();
    }

    /// <summary>Copies memory out. DMA and the host use it; device registers are not read.</summary>
    /// <param name="address">First physical address.</param>
    /// <param name="destination">Filled whole on success.</param>
    /// <returns>False when a byte is not memory; the destination is then partly filled.</returns>
    public bool TryRead(ulong address, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            if (!TryFind(address, out FlatRange range) || range.Region is not RamRegion memory)
                return false;
            int count = (int)Math.Min((ulong)destination.Length - 1, range.Last - address) + 1;
            memory.Ram.Read(range.Offset + (address - range.Start), destination[..count]);
            destination = destination[count..];
            address += (ulong)count;
        }

        return true;
    }

    /// <summary>Copies into memory. DMA uses it: translated code is invalidated, ROM and registers refuse.</summary>
    /// <param name="address">First physical address.</param>
    /// <param name="source">The bytes.</param>
    /// <returns>False when a byte is not writable memory; bytes before it are written.</returns>
    public bool TryWrite(ulong address, ReadOnlySpan<byte> source) => Write(address, source, intoRom: false);

    /// <summary>Copies into memory on behalf of the host (loaders, debuggers): ROM is written too.</summary>
    /// <param name="address">First physical address.</param>
    /// <param name="source">The bytes.</param>
    /// <returns>False when a byte is not memory; bytes before it are written.</returns>
    public bool TryLoad(ulong address, ReadOnlySpan<byte> source) => Write(address, source, intoRom: true);

    // Once somebody uses the map, each change shows the next one whole: others may be looking things up meanwhile. A map under construction is not rendered.
    private void OnChanged()
    {
        if (_view is not null)
            BuildView();
        MapChanged?.Invoke();
    }

    private FlatView BuildView()
    {
        var view = FlatView.Build(Root);
        Volatile.Write(ref _view, view);
        return view;
    }

    private bool Write(ulong address, ReadOnlySpan<byte> source, bool intoRom)
    {
        while (!source.IsEmpty)
        {
            if (!TryFind(address, out FlatRange range) || range.Region is not RamRegion memory || (memory.ReadOnly && !intoRom))
                return false;
            int count = (int)Math.Min((ulong)source.Length - 1, range.Last - address) + 1;
            memory.Ram.Write(range.Offset + (address - range.Start), source[..count]);
            source = source[count..];
            address += (ulong)count;
        }

        return true;
    }

    private void WriteThroughHandler(IMmio handler, ulong offset, int size, ulong value)
    {
        // not a plain lock: the one that has it may ask for exclusive work, such as making a shared chunk private
        EnterDeviceLock();
        try
        {
            handler.Write(offset, size, size < 8 ? value & ((1UL << (8 * size)) - 1) : value);
        }
        finally
        {
            DeviceLock.Exit();
        }
    }

    private bool Accepts(MmioRegion io, ulong offset, int size, bool write)
    {
        if (((int)io.Sizes & size) != 0 && (!io.Aligned || (offset & (ulong)(size - 1)) == 0))
            return true;
        _log.Error(io.Name, $"{(write ? "write" : "read")} of {size} bytes at offset 0x{offset:x} is not a width or alignment it has");
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private BusResult OnUnmapped(ulong address, int size, bool write)
    {
        string? missing = MissingName?.Invoke(address);
        if (missing is not null)
            _log.Error(Name, $"not modelled: {missing}, {(write ? "written" : "read")} at 0x{address:x}");
        if (Unmapped == UnmappedPolicy.Fault)
            return BusResult.Unmapped;
        if (Unmapped == UnmappedPolicy.Stop)
        {
            UnmappedAccess?.Invoke(address, size, write);
            return BusResult.Unmapped;
        }

        if (missing is null)
            _log.Error(Name, $"{(write ? "write to" : "read from")} unmapped page 0x{address & ~0xfffUL:x}");
        return BusResult.Ok;
    }
}
