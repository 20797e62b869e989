using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Flash memory controller of the LM3S6965: 256 KiB in 1 KiB pages. LM3S6965 data sheet, "Internal Memory". Ports: 4 KiB MMIO; a region of memory; the registers of System Control's window at 0x130 to 0x400; out IRQ "flash".</summary>
/// <remarks>
/// Contents are the machine's memory and stay over resets. Programming clears bits. The content changes when an operation begins; WRITE, ERASE, MERASE and COMT stay set for its
/// typical time: 20 us a word, 20 ms a page, 200 ms for all. Code that runs from flash meanwhile is not stalled.
/// </remarks>
public sealed class StellarisFlash : MmioDevice, IFaultableMemory
{
    /// <summary>Bytes of flash memory.</summary>
    public const uint Size = 256 << 10;

    /// <summary>Bytes that are erased at once.</summary>
    public const uint PageSize = 1024;

    private const uint Key = 0xa442_0000;
    private const int AccessFlag = 1, ProgramFlag = 2;
    private const long WordTime = 20_000, PageTime = 20_000_000, MassTime = 200_000_000;

    private readonly VirtualClock _clock;
    private readonly ClockTimer _busy;
    private readonly BitField _address, _data, _mask;
    private readonly uint[] _read = new uint[4], _program = new uint[4], _user = new uint[3];
    private uint _command, _raw;

    /// <summary>Creates the device over memory that holds its contents.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="memory">256 KiB; erased bytes are 0xff.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public StellarisFlash(string name, RamBlock memory, VirtualClock clock, GuestLog log)
        : base(name, log, 0x1000, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(clock);
        if (memory.Size != Size)
            throw new ArgumentException($"'{name}' has 256 KiB of memory", nameof(memory));
        (_clock, Memory) = (clock, memory);
        Irq = AddLine("flash");
        _busy = clock.CreateTimer($"{name} operation", OnDone);
        MemoryRegion = new RamRegion(memory, readOnly: true) { WriteHandler = new Writes(this) };
        Registers.Define(0x000, "FMA").Bits(17, 0, "OFFSET", out _address).Ignored(31, 18);
        Registers.Define(0x004, "FMD").Bits(31, 0, "DATA", out _data);
        Registers.Define(0x008, "FMC").Bits(31, 0, "WRKEY, COMT, MERASE, ERASE, WRITE", read: () => _command, write: v => Command((uint)v));
        Registers.Define(0x00c, "FCRIS", access: RegisterAccess.ReadOnly).Bits(1, 0, "PRIS, ARIS", FieldMode.ReadOnly, read: () => _raw).Reserved(31, 2);
        Registers.Define(0x010, "FCIM").Bits(1, 0, "PMASK, AMASK", out _mask).Ignored(31, 2).Then(UpdateIrq);
        Registers.Define(0x014, "FCMISC").Bits(1, 0, "PMISC, AMISC", read: () => _raw & _mask!.Value, write: ClearInterrupts).Ignored(31, 2);
        Protection = new StellarisFlashProtection($"{name} protection", log, _read, _program, _user);
        ResetMemoryControl();
    }

    /// <summary>Contents.</summary>
    public RamBlock Memory { get; }

    /// <summary>Contents, for the board to map at 0.</summary>
    public RamRegion MemoryRegion { get; }

    /// <summary>Protection and user registers, which lie in the window of the system control.</summary>
    public StellarisFlashProtection Protection { get; }

    /// <summary>The interrupt output.</summary>
    public IrqLine Irq { get; }

    /// <summary>Whether an operation is going on.</summary>
    public bool IsBusy => _busy.IsArmed;

    /// <summary>Asked about each operation; null for none. Not saved.</summary>
    public MemoryOperationHook? BeforeOperation { get; set; }

    /// <inheritdoc/>
    RamBlock IFaultableMemory.Content => Memory;

    /// <inheritdoc/>
    protected override void ResetState()
    {
        (_command, _raw) = (0, 0);
        _busy.Disarm();
        Protection.Registers.Reset();
        ResetMemoryControl();
    }

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer)
    {
        writer.Write(_command);
        writer.Write(_raw);
        _busy.Save(writer);
        Protection.Registers.Save(writer);
        foreach (uint value in (uint[])[.. _read, .. _program, .. _user])
            writer.Write(value);
    }

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader)
    {
        _command = reader.ReadUInt32();
        _raw = reader.ReadUInt32() & 3;
        _busy.Load(reader);
        Protection.Registers.Load(reader);
        foreach (uint[] values in (uint[][])[_read, _program, _user])
        {
            for (int i = 0; i < values.Length; i++)
                values[i] = reader.ReadUInt32();
        }
    }

    // what was not committed is open again after a reset
    private void ResetMemoryControl()
    {
        Array.Fill(_read, uint.MaxValue);
        Array.Fill(_program, uint.MaxValue);
        Array.Fill(_user, uint.MaxValue);
        _user[0] = 0xffff_fffe;
    }

    private void Command(uint value)
    {
        if ((value & 0xffff_0000) != Key || (value & 0xf) == 0)
            return;
        if (_busy.IsArmed)
        {
            Log.Error(Name, "a command while another goes on");
            return;
        }

        uint address = (uint)_address.Value;
        _command = value & 0xf;
        if ((value & 8) != 0)
            Begin(WordTime);
        else if ((value & 4) != 0)
            EraseAll();
        else if ((value & 2) != 0)
            Erase(address & ~(PageSize - 1));
        else
            Program(address & ~3u);
    }

    private void EraseAll()
    {
        if (_program.AsSpan().ContainsAnyExcept(uint.MaxValue))
        {
            Refuse();
            return;
        }

        Fill(0, Size);
        Begin(MassTime);
    }

    private void Erase(uint address)
    {
        if (!IsWritable(address))
        {
            Refuse();
            return;
        }

        Fill(address, PageSize);
        Begin(PageTime);
    }

    private void Program(uint address)
    {
        if (!IsWritable(address))
        {
            Refuse();
            return;
        }

        ulong value = _data.Value, count = Allowed(MemoryOperationKind.Program, address, 4);
        if (count < 4)
            value |= ulong.MaxValue << (8 * (int)count);
        Memory.Write(address, 4, Memory.Read(address, 4) & value);
        Begin(WordTime);
    }

    private void Fill(uint address, uint size)
    {
        byte[] erased = new byte[Allowed(MemoryOperationKind.Erase, address, size)];
        Array.Fill(erased, (byte)0xff);
        Memory.Write(address, erased);
    }

    private ulong Allowed(MemoryOperationKind kind, ulong offset, ulong count)
        => BeforeOperation is { } ask ? Math.Min(count, ask(new MemoryOperation(kind, offset, count))) : count;

    // a bit of FMPPE for each 2 KiB
    private bool IsWritable(uint address) => (_program[address >> 16] >> (int)(address >> 11 & 31) & 1) != 0;

    private void Begin(long time) => _busy.Arm(_clock.Now + time);

    private void OnDone()
    {
        _command = 0;
        _raw |= ProgramFlag;
        UpdateIrq();
    }

    private void Refuse()
    {
        _command = 0;
        _raw |= AccessFlag;
        UpdateIrq();
    }

    private void ClearInterrupts(ulong bits)
    {
        _raw &= ~(uint)bits;
        UpdateIrq();
    }

    private void UpdateIrq() => Irq.Set((_raw & _mask.Value) != 0);

    private sealed class Writes(StellarisFlash flash) : IMmio
    {
        public ulong Read(ulong offset, int size) => flash.Memory.Read(offset, size);

        public void Write(ulong offset, int size, ulong value) => flash.Log.Error(flash.Name, $"write to flash at 0x{offset:x}: it is programmed through FMA, FMD and FMC");
    }
}
