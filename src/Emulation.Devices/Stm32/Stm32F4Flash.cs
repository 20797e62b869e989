using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Flash memory and its interface of the STM32F405/407: 1 MB in 12 sectors. RM0090 chapter 3. Ports: 1 KiB MMIO; regions of main memory, system memory and option bytes; out IRQ "flash".</summary>
/// <remarks>
/// <para>Contents are the machine's memory: read at full speed, saved as such, kept over resets. Programming clears bits and never sets them. The content changes when an operation
/// begins; <c>BSY</c> lasts for its typical time (DS8626 tables 41 and 42). A guest that goes on to program without waiting is not stalled: the time adds up in <c>BSY</c>.
/// Code that runs from flash meanwhile runs on, where the device would stall it: time until the operation is over is the same.</para>
/// <para>Wait states, prefetch and caches do not change the speed of the emulated CPU.</para>
/// </remarks>
public sealed partial class Stm32F4Flash : MmioDevice, IFaultableMemory
{
    /// <summary>Bytes of main memory.</summary>
    public const uint MainSize = 0x10_0000;

    /// <summary>Number of sectors of main memory.</summary>
    public const int SectorCount = 12;

    private const uint Eop = 1 << 0;
    private const uint OperationError = 1 << 1;
    private const uint WriteProtectionError = 1 << 4;
    private const uint AlignmentError = 1 << 5;
    private const uint ParallelismError = 1 << 6;
    private const uint SequenceError = 1 << 7;
    private const uint Key1 = 0x4567_0123;
    private const uint Key2 = 0xcdef_89ab;
    private const uint OptionKey1 = 0x0819_2a3b;
    private const uint OptionKey2 = 0x4c5d_6e7f;
    private const uint OptionMask = 0x0fff_ffec;
    private const uint DefaultOptions = 0x0fff_aaec;

    private readonly VirtualClock _clock;
    private readonly ClockTimer _busy;
    private readonly RamBlock _options;
    private readonly Register _status, _control, _optionControl;
    private readonly BitField _sector, _parallelism;
    private readonly FlagField _program, _sectorErase, _massErase, _start, _endInterrupt, _errorInterrupt, _lock, _optionLock, _optionStart;
    private uint _controlBefore, _optionsBefore;
    private int _keyStep, _optionKeyStep;

    /// <summary>Creates the device over memory that holds its contents.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="main">1 MB of main memory; erased bytes are 0xff.</param>
    /// <param name="system">32 KiB: the boot loader of the vendor, then OTP bytes and the device's identity.</param>
    /// <param name="options">4 KiB whose first bytes are the option bytes.</param>
    /// <param name="clock">Virtual time.</param>
    /// <param name="log">Where guest errors go.</param>
    public Stm32F4Flash(string name, RamBlock main, RamBlock system, RamBlock options, VirtualClock clock, GuestLog log)
        : base(name, log, 0x400, AccessSizes.Word | AccessSizes.Half | AccessSizes.Byte)
    {
        ArgumentNullException.ThrowIfNull(main);
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        if (main.Size != MainSize || system.Size != SystemSize || options.Size < 16)
            throw new ArgumentException($"'{name}' has 1 MB of main memory and 32 KiB of system memory", nameof(main));
        (_clock, Main, System, _options) = (clock, main, system, options);
        Irq = AddLine("flash");
        _busy = clock.CreateTimer($"{name} operation", OnDone);
        MainRegion = new RamRegion(main, readOnly: true) { WriteHandler = new Writes(this, false) };
        SystemRegion = new RamRegion(system, readOnly: true) { WriteHandler = new Writes(this, true) };
        OptionRegion = new RamRegion(options, readOnly: true);
        Registers.Define(0x00, "FLASH_ACR").Bits(2, 0, "LATENCY").Reserved(7, 3).Flag(8, "PRFTEN").Flag(9, "ICEN").Flag(10, "DCEN").Flag(11, "ICRST").Flag(12, "DCRST").Reserved(31, 13);
        Registers.Define(0x04, "FLASH_KEYR").Bits(31, 0, "FKEYR", read: static () => 0, write: v => Unlock((uint)v));
        Registers.Define(0x08, "FLASH_OPTKEYR").Bits(31, 0, "OPTKEYR", read: static () => 0, write: v => UnlockOptions((uint)v));
        _status = Registers.Define(0x0c, "FLASH_SR").Bits(1, 0, "EOP, OPERR", FieldMode.WriteOneToClear).Reserved(3, 2).Bits(7, 4, "WRPERR, PGAERR, PGPERR, PGSERR", FieldMode.WriteOneToClear)
            .Reserved(15, 8).Flag(16, "BSY", FieldMode.ReadOnly, read: () => _busy.IsArmed).Reserved(31, 17).Then(Update);
        _control = Registers.Define(0x10, "FLASH_CR", reset: 0x8000_0000)
            .Flag(0, "PG", out _program).Flag(1, "SER", out _sectorErase).Flag(2, "MER", out _massErase).Bits(6, 3, "SNB", out _sector).Reserved(7, 7)
            .Bits(9, 8, "PSIZE", out _parallelism).Reserved(15, 10).Flag(16, "STRT", out _start).Reserved(23, 17)
            .Flag(24, "EOPIE", out _endInterrupt).Flag(25, "ERRIE", out _errorInterrupt).Reserved(30, 26).Flag(31, "LOCK", out _lock).Then(OnControl);
        _optionControl = Registers.Define(0x14, "FLASH_OPTCR", reset: DefaultOptions | 1)
            .Flag(0, "OPTLOCK", out _optionLock).Flag(1, "OPTSTRT", out _optionStart).Bits(3, 2, "BOR_LEV").Ignored(4, 4).Bits(7, 5, "WDG_SW, nRST_STOP, nRST_STDBY")
            .Bits(15, 8, "RDP").Bits(27, 16, "nWRP").Reserved(31, 28).Then(OnOptionControl);
        if (options.Read(0, 4) is 0 or uint.MaxValue)
            StoreOptions(DefaultOptions);
        ResetState();
    }
}
