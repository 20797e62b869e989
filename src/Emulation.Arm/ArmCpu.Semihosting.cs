using System.Buffers.Binary;
using System.Numerics;
using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Arm;

// Calls of the host, and memory as the host sees it for them. "Semihosting for AArch32 and AArch64", "The semihosting interface".
public sealed unsafe partial class ArmCpu
{
    private bool _repeatsCall;

    /// <summary>What answers semihosting calls: HLT #0xF000, in A32 also SVC #0x123456, in T32 HLT #0x3C and SVC #0xAB. Null for nothing: they are plain instructions then.</summary>
    public IArmSemihosting? Semihosting { get; set; }

    /// <summary>Whether data is big-endian at the present exception level.</summary>
    public bool IsBigEndian => (Header.Mode & ArmMode.BigEndian) != 0;

    /// <summary>Makes the present semihosting call wait, in standby: the instruction is executed again after <see cref="WakeFromHost"/> or an interrupt. From the call only, under the device lock.</summary>
    public void WaitForHost()
    {
        // an event that waits already would end the wait at once; the end of the wait sets it again
        Volatile.Write(ref _event, false);
        (_waitsForEvent, _limitReached, _repeatsCall) = (true, false, true);
    }

    /// <summary>Ends <see cref="WaitForHost"/>. From any thread, under the device lock. To a CPU that does not wait it is an event as of SEV.</summary>
    public void WakeFromHost() => SetEvent();

    /// <summary>Reads memory as loads of the present exception level would, but takes no fault. On the CPU's own thread, between two instructions, or while it does not run.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="destination">Filled whole.</param>
    /// <returns>False when a load would fault.</returns>
    public bool TryReadMemory(ulong address, Span<byte> destination)
    {
        Span<byte> bytes = stackalloc byte[8];
        while (!destination.IsEmpty)
        {
            int size = Step(ref address, destination.Length);
            if (!Quietly(address, size, false, 0, out ulong value))
                return false;
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            bytes[..size].CopyTo(destination);
            destination = destination[size..];
            address += (uint)size;
        }

        return true;
    }

    /// <summary>Writes memory as stores of the present exception level would, but takes no fault. On the CPU's own thread, between two instructions, or while it does not run.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="source">The bytes.</param>
    /// <returns>False when a store would fault; what lies before is written then.</returns>
    public bool TryWriteMemory(ulong address, ReadOnlySpan<byte> source)
    {
        Span<byte> bytes = stackalloc byte[8];
        while (!source.IsEmpty)
        {
            int size = Step(ref address, source.Length);
            source[..size].CopyTo(bytes);
            if (!Quietly(address, size, true, BinaryPrimitives.ReadUInt64LittleEndian(bytes), out _))
                return false;
            source = source[size..];
            address += (uint)size;
        }

        return true;
    }

    private bool TryHost()
    {
        if (Semihosting is not { } semihosting)
            return false;
        uint mode = Header.Mode, branchType = (uint)this[Registers.BranchType];
        ulong pc = Header.Pc, length = IsAArch32 && (mode & A32Mode.Thumb) != 0 ? 2UL : 4;
        if (IsAArch32)
            AdvanceIt();
        this[Registers.BranchType] = 0;
        _repeatsCall = false;
        Header.Pc = pc + length;
        if (semihosting.HandleCall(this) && !_repeatsCall)
        {
            Syndrome = 0;
            CompleteStep();
            RequestAttention();
            return true;
        }

        if (IsAArch32)
            SetMode(mode);
        this[Registers.BranchType] = branchType;
        Header.Pc = pc;
        if (!_repeatsCall)
            return false;
        Halted = true;
        RequestAttention();
        return true;
    }

    // the widest aligned part, which no rule about alignment forbids
    private int Step(ref ulong address, int left)
    {
        if (IsAArch32)
            address = (uint)address;
        int aligned = address == 0 ? 8 : 1 << Math.Min(3, BitOperations.TrailingZeroCount(address));
        return Math.Min(aligned, 1 << Math.Min(3, BitOperations.Log2((uint)left)));
    }

    private bool Quietly(ulong address, int size, bool write, ulong stored, out ulong value)
    {
        ref CpuHeader header = ref Header;
        (ExitRequest exit, int code, ulong faultValue) = (header.Exit, header.ExceptionCode, header.ExceptionValue);
        var how = new MemOp(size, false, ArmMode.Mmu(header.Mode));
        value = 0;
        if (write ? TryStore(address, how, stored) : TryLoad(address, how, out value))
            return true;
        (header.Exit, header.ExceptionCode, header.ExceptionValue) = (exit, code, faultValue);
        (_target, _fault) = (0, default);
        return false;
    }
}
