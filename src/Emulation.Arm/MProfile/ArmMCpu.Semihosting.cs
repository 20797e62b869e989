using System.Buffers.Binary;
using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Arm;

// Calls of the host by BKPT #0xAB, and memory as the host sees it for them. "Semihosting for AArch32 and AArch64".
public sealed unsafe partial class ArmMCpu
{
    private const int SemihostingCall = 0xab;
    private bool _repeatsCall;

    /// <summary>What answers semihosting calls, BKPT #0xAB; null for nothing: it is a plain breakpoint then.</summary>
    public IArmMSemihosting? Semihosting { get; set; }

    /// <summary>Makes the present semihosting call wait: the instruction is executed again after <see cref="WakeFromHost"/> or an interrupt. From the call only, under the device lock.</summary>
    public void WaitForHost()
    {
        _event = false;
        (_waitsForEvent, _repeatsCall) = (true, true);
    }

    /// <summary>Ends <see cref="WaitForHost"/>. From any thread, under the device lock.</summary>
    public void WakeFromHost() => SetEvent();

    /// <summary>Reads memory as loads of the present state would, but takes no fault. On the CPU's own thread, between two instructions, or while it does not run.</summary>
    /// <param name="address">Address.</param>
    /// <param name="destination">Filled whole.</param>
    /// <returns>False when a load would fault.</returns>
    public bool TryReadMemory(ulong address, Span<byte> destination)
    {
        for (int i = 0; i < destination.Length;)
        {
            int size = Step((uint)address + (uint)i, destination.Length - i);
            if (!TryAsNow((uint)address + (uint)i, size, false, 0, out ulong value))
                return false;
            for (int k = 0; k < size; k++)
                destination[i++] = (byte)(value >> (8 * k));
        }

        return true;
    }

    /// <summary>Writes memory as stores of the present state would, but takes no fault. On the CPU's own thread, between two instructions, or while it does not run.</summary>
    /// <param name="address">Address.</param>
    /// <param name="source">The bytes.</param>
    /// <returns>False when a store would fault; what lies before is written then.</returns>
    public bool TryWriteMemory(ulong address, ReadOnlySpan<byte> source)
    {
        Span<byte> word = stackalloc byte[4];
        for (int i = 0; i < source.Length;)
        {
            int size = Step((uint)address + (uint)i, source.Length - i);
            source.Slice(i, size).CopyTo(word);
            if (!TryAsNow((uint)address + (uint)i, size, true, BinaryPrimitives.ReadUInt32LittleEndian(word), out _))
                return false;
            i += size;
        }

        return true;
    }

    private static int Step(uint address, int left) => (address & 3) == 0 && left >= 4 ? 4 : 1;

    private bool TryAsNow(uint address, int size, bool writes, ulong stored, out ulong value)
    {
        ref CpuHeader header = ref Header;
        (ExitRequest exit, int code, ulong faultValue) = (header.Exit, header.ExceptionCode, header.ExceptionValue);
        var how = new MemOp(size, false, FetchMmuIndex);
        value = 0;
        if (writes ? TryStore(address, how, stored) : TryLoad(address, how, out value))
            return true;
        (header.Exit, header.ExceptionCode, header.ExceptionValue) = (exit, code, faultValue);
        return false;
    }

    private bool TryHost(int immediate)
    {
        if (immediate != SemihostingCall || Semihosting is not { } semihosting)
            return false;
        uint mode = Header.Mode;
        ulong pc = Header.Pc;
        SetMode(A32Mode.WithIt(mode, A32Mode.Advance(A32Mode.It(mode))));
        Header.Pc = (uint)pc + 2;
        _repeatsCall = false;
        if (semihosting.HandleCall(this) && !_repeatsCall)
        {
            RequestAttention();
            return true;
        }

        SetMode(mode);
        Header.Pc = pc;
        if (!_repeatsCall)
            return false;
        Halted = true;
        RequestAttention();
        return true;
    }
}
