using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Flash controller of the nRF51: erases pages and lets words be written. nRF51 Series Reference Manual, chapter 6, "Non-Volatile Memory Controller (NVMC)". Ports: 4 KiB MMIO; takes the writes to flash.</summary>
/// <remarks>
/// A word takes 46 µs, a page 22.3 ms: what the nRF51822 product specification has at most. READY tells; the CPU is not halted meanwhile, and a write that comes
/// while it is busy is carried out. A write clears bits and never sets one.
/// </remarks>
public sealed class NrfNvmc : MmioDevice, IFaultableMemory
{
    /// <summary>Bytes of a page.</summary>
    public const int PageSize = 1024;

    private const long WordTime = 46_300;
    private const long EraseTime = 22_300_000;
    private const ulong WriteEnabled = 1;
    private const ulong EraseEnabled = 2;

    private readonly RamBlock _flash;
    private readonly RamBlock _uicr;
    private readonly VirtualClock _clock;
    private readonly BitField _mode;
    private long _busyUntil;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="flash">The code memory.</param>
    /// <param name="uicr">The user's configuration registers.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public NrfNvmc(string name, RamBlock flash, RamBlock uicr, VirtualClock clock, GuestLog log)
        : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(clock);
        (_flash, _uicr, _clock) = (flash, uicr, clock);
        Registers.Define(0x400, "READY", 1, access: RegisterAccess.ReadOnly).Flag(0, "READY", FieldMode.ReadOnly, read: () => _clock.Now >= _busyUntil).Reserved(31, 1);
        Registers.Define(0x504, "CONFIG").Bits(1, 0, "WEN", out _mode).Ignored(31, 2);
        Registers.Define(0x508, "ERASEPAGE").Bits(31, 0, "ERASEPAGE", FieldMode.WriteOnly, write: ErasePage);
        Registers.Define(0x50c, "ERASEALL").Flag(0, "ERASEALL", FieldMode.WriteOnly, write: EraseAll).Ignored(31, 1);
        Registers.Define(0x510, "ERASEPCR0").Bits(31, 0, "ERASEPCR0", FieldMode.WriteOnly, write: ErasePage);
        Registers.Define(0x514, "ERASEUICR").Flag(0, "ERASEUICR", FieldMode.WriteOnly, write: on => EraseUicr(on)).Ignored(31, 1);
        FlashWrites = new Target(this, flash);
        UicrWrites = new Target(this, uicr);
    }

    /// <summary>Takes the guest's writes to flash: the board's read-only region hands them on.</summary>
    public IMmio FlashWrites { get; }

    /// <summary>Takes the guest's writes to UICR.</summary>
    public IMmio UicrWrites { get; }

    /// <summary>Raised for each word that is written or page that is erased, before it happens: offset in flash, bytes.</summary>
    public event Action<ulong, int>? Changing;

    /// <summary>Asked about each operation on code memory; null for none. Not saved.</summary>
    public MemoryOperationHook? BeforeOperation { get; set; }

    /// <inheritdoc/>
    RamBlock IFaultableMemory.Content => _flash;

    /// <inheritdoc/>
    protected override void ResetState() => _busyUntil = 0;

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer) => writer.Write(_busyUntil);

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader) => _busyUntil = reader.ReadInt64();

    private void Busy(long time) => _busyUntil = Math.Max(_busyUntil, _clock.Now) + time;

    private void ErasePage(ulong address)
    {
        if (!CanErase() || address >= _flash.Size)
            return;
        ulong page = address & ~(ulong)(PageSize - 1);
        Changing?.Invoke(page, PageSize);
        Fill(_flash, page, Allowed(MemoryOperationKind.Erase, page, PageSize));
        Busy(EraseTime);
    }

    private void EraseAll(bool on)
    {
        if (!on || !CanErase())
            return;
        Fill(_flash, 0, Allowed(MemoryOperationKind.Erase, 0, _flash.Size));
        Fill(_uicr, 0, PageSize);
        Busy(EraseTime);
    }

    private void EraseUicr(bool on)
    {
        if (!on || !CanErase())
            return;
        Fill(_uicr, 0, PageSize);
        Busy(EraseTime);
    }

    private bool CanErase()
    {
        if (_mode.Value == EraseEnabled)
            return true;
        Log.Error(Name, "an erase that CONFIG does not allow");
        return false;
    }

    private static void Fill(RamBlock block, ulong start, ulong size)
    {
        Span<byte> erased = stackalloc byte[PageSize];
        erased.Fill(0xff);
        for (ulong done = 0; done < size; done += PageSize)
            block.Write(start + done, erased[..(int)Math.Min(PageSize, size - done)]);
    }

    private void WriteWord(RamBlock block, ulong offset, int size, ulong value)
    {
        if (_mode.Value != WriteEnabled || size != 4)
        {
            Log.Error(Name, size != 4 ? $"a write of {size} bytes to flash, which takes words" : "a write to flash that CONFIG does not allow");
            return;
        }

        if (block == _flash)
        {
            Changing?.Invoke(offset, size);
            ulong count = Allowed(MemoryOperationKind.Program, offset, 4);
            if (count < 4)
                value |= ulong.MaxValue << (8 * (int)count);
        }

        Span<byte> bytes = stackalloc byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)(block.Read(offset, 4) & value));
        block.Write(offset, bytes);
        Busy(WordTime);
    }

    private ulong Allowed(MemoryOperationKind kind, ulong offset, ulong count)
        => BeforeOperation is { } ask ? Math.Min(count, ask(new MemoryOperation(kind, offset, count))) : count;

    private sealed class Target(NrfNvmc owner, RamBlock block) : IMmio
    {
        public ulong Read(ulong offset, int size) => block.Read(offset, size);

        public void Write(ulong offset, int size, ulong value) => owner.WriteWord(block, offset, size, value);
    }
}
