using Emulation.Core;

namespace Emulation.Devices;

/// <content>Unlocking, programming and erasing.</content>
public sealed partial class Stm32F4Flash
{
    /// <summary>Raised under the device lock when an operation begins, before the content changes: the place to tear a write or to cut the power at the n-th one.</summary>
    public event Stm32FlashHandler? Operating;

    /// <summary>Asked about each operation on main memory, after <see cref="Operating"/>; null for none. Not saved.</summary>
    public MemoryOperationHook? BeforeOperation { get; set; }

    /// <inheritdoc/>
    RamBlock IFaultableMemory.Content => Main;

    /// <summary>Operations that began since power-on: programming accesses and erases of main memory, OTP and option bytes.</summary>
    public long OperationCount { get; private set; }

    /// <summary>Whether an operation is going on.</summary>
    public bool IsBusy => _busy.IsArmed;

    /// <summary>First byte and size of a sector of main memory (RM0090 table 5).</summary>
    /// <param name="sector">0 to 11.</param>
    public static (uint Offset, uint Size) Sector(int sector) => sector switch
    {
        < 0 or >= SectorCount => throw new ArgumentOutOfRangeException(nameof(sector), sector, $"main memory has sectors 0 to {SectorCount - 1}"),
        < 4 => ((uint)sector * 0x4000, 0x4000),
        4 => (0x1_0000, 0x1_0000),
        _ => ((uint)(sector - 4) * 0x2_0000, 0x2_0000),
    };

    /// <summary>The sector of a byte of main memory.</summary>
    /// <param name="offset">Below <see cref="MainSize"/>.</param>
    public static int SectorOf(uint offset) => offset switch
    {
        < 0x1_0000 => (int)(offset >> 14),
        < 0x2_0000 => 4,
        < MainSize => (int)(offset >> 17) + 4,
        _ => throw new ArgumentOutOfRangeException(nameof(offset), offset, "lies outside main memory"),
    };

    // 3.6.1: a wrong key keeps the register locked until the next reset
    private void Unlock(uint key)
    {
        _keyStep = Step(_keyStep, key, Key1, Key2);
        if (_keyStep == 2)
            (_lock.Value, _keyStep) = (false, 0);
    }

    private void UnlockOptions(uint key)
    {
        _optionKeyStep = Step(_optionKeyStep, key, OptionKey1, OptionKey2);
        if (_optionKeyStep == 2)
            (_optionLock.Value, _optionKeyStep) = (false, 0);
    }

    private int Step(int step, uint key, uint first, uint second)
    {
        if (step >= 0 && key == (step == 0 ? first : second))
            return step + 1;
        Log.Error(Name, "a wrong key locks the control register until the next reset");
        return -1;
    }

    private void OnControl()
    {
        const uint Lock = 1u << 31;
        if ((_controlBefore & Lock) != 0)
        {
            // a locked register takes nothing; a programmed key sequence cleared LOCK before
            _control.Value = _controlBefore;
            return;
        }

        if (_start.Value)
            Erase();
        _start.Value = _busy.IsArmed && _start.Value;
        Update();
    }

    private void Erase()
    {
        if (_program.Value || (!_sectorErase.Value && !_massErase.Value))
        {
            Fail(SequenceError);
            return;
        }

        if (_massErase.Value)
        {
            if (!IsWritable(0, SectorCount))
                Fail(WriteProtectionError);
            else
                EraseMain(0, MainSize, Stm32FlashOperationKind.MassErase, Milliseconds(16_000, 11_000, 8000, 6900));
            return;
        }

        int sector = (int)_sector.Value;
        if (sector >= SectorCount)
        {
            Fail(SequenceError);
            return;
        }

        if (!IsWritable(sector, 1))
        {
            Fail(WriteProtectionError);
            return;
        }

        (uint offset, uint size) = Sector(sector);
        EraseMain(offset, size, Stm32FlashOperationKind.SectorErase, size switch
        {
            0x4000 => Milliseconds(400, 300, 250, 230),
            0x1_0000 => Milliseconds(1200, 700, 550, 490),
            _ => Milliseconds(2000, 1300, 1000, 875),
        });
    }

    private void EraseMain(uint offset, uint size, Stm32FlashOperationKind kind, long time)
    {
        var operation = new Stm32FlashOperation(OperationCount++, kind, MainBase + offset, (int)size, 0, ulong.MaxValue);
        Operating?.Invoke(ref operation);
        if (!operation.IsCancelled)
        {
            byte[] erased = new byte[Allowed(MemoryOperationKind.Erase, offset, size)];
            Array.Fill(erased, (byte)0xff);
            Main.Write(offset, erased);
        }

        Begin(time);
    }

    private long Milliseconds(int byte8, int half, int word, int doubleWord)
        => 1_000_000L * _parallelism.Value switch { 0 => byte8, 1 => half, 2 => word, _ => doubleWord };

    // 3.6.3: the bus access is the command
    private void Program(bool system, ulong offset, int size, ulong value)
    {
        const long Time = 16_000;
        if (!_program.Value || _lock.Value)
        {
            Log.Error(Name, $"write to flash at 0x{(system ? SystemBase : MainBase) + offset:x} while FLASH_CR.PG is 0");
            Fail(SequenceError);
            return;
        }

        if (size != 1 << (int)_parallelism.Value && !(size == 4 && _parallelism.Value == 3))
        {
            Log.Error(Name, $"write of {size} bytes to flash while FLASH_CR.PSIZE says {1 << (int)_parallelism.Value}");
            Fail(ParallelismError);
            return;
        }

        if ((offset & 0xf) + (ulong)size > 16)
        {
            Fail(AlignmentError);
            return;
        }

        if (system ? !IsOtpWritable(offset, size) : !IsWritable(SectorOf((uint)offset), 1))
        {
            Fail(WriteProtectionError);
            return;
        }

        RamBlock memory = system ? System : Main;
        ulong before = memory.Read(offset, size);
        var operation = new Stm32FlashOperation(OperationCount++, Stm32FlashOperationKind.Program, (uint)((system ? SystemBase : MainBase) + offset), size, before, before & value);
        Operating?.Invoke(ref operation);
        if (!operation.IsCancelled)
        {
            value = operation.Value;
            int count = system ? size : (int)Allowed(MemoryOperationKind.Program, offset, (ulong)size);
            if (count < size)
                value |= ulong.MaxValue << (8 * count);
            memory.Write(offset, size, value & before);
        }

        Begin(Time);
    }

    private ulong Allowed(MemoryOperationKind kind, ulong offset, ulong count)
        => BeforeOperation is { } ask ? Math.Min(count, ask(new MemoryOperation(kind, offset, count))) : count;

    private bool IsWritable(int sector, int count)
    {
        uint protection = (uint)(_options.Read(8, 4) & 0xfff);
        uint mask = ((1u << count) - 1) << sector;
        return (protection & mask) == mask;
    }

    private void Fail(uint flag)
    {
        _status.Value |= flag;
        // OPERR is set only where its interrupt is enabled (3.9.4)
        if (_errorInterrupt.Value)
            _status.Value |= OperationError;
        Update();
    }

    private void Begin(long time) => _busy.Arm((_busy.IsArmed ? _busy.Deadline : _clock.Now) + time);

    private void OnDone()
    {
        _start.Value = false;
        _optionStart.Value = false;
        // EOP is set only where its interrupt is enabled (3.9.4)
        if (_endInterrupt.Value)
            _status.Value |= Eop;
        Update();
    }

    private void Update()
        => Irq.Set((_endInterrupt.Value && (_status.Value & Eop) != 0) || (_errorInterrupt.Value && (_status.Value & OperationError) != 0));
}
