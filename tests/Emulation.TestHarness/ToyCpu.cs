using Emulation.Core;
using Emulation.Cpu;

namespace Emulation.TestHarness;

/// <summary>A CPU of the toy instruction set. Addresses are physical, with pages that refuse; an exception is noted and its instruction skipped.</summary>
public sealed class ToyCpu(int index, ToyFrontend frontend, CpuContext context) : VirtualCpu($"toy{index}", index, frontend, context)
{
    /// <summary>Everything from here on refuses every access (exceptions 4 and 5).</summary>
    public const ulong Forbidden = 0x300000;

    /// <summary>A page of memory that refuses stores (exception 7).</summary>
    public const ulong ReadOnlyPage = ToyFrontend.Data + 0x5000;

    private volatile bool _line;

    public ToyRegisters Toy { get; } = frontend.Toy;

    /// <summary>Whether exceptions end the run instead of skipping the instruction.</summary>
    public bool StopsOnException { get; set; }

    /// <summary>Whether every block holds one instruction.</summary>
    public bool Steps
    {
        get => SingleStep;
        set => SingleStep = value;
    }

    /// <summary>Where pages lie instead of at their own address, and with what rights; null for those that it leaves alone. A change takes a flush.</summary>
    public Func<ulong, PageTranslation?>? Mapping { get; set; }

    /// <summary>Interrupts taken; each adds to sys2.</summary>
    public int Interrupts { get; private set; }

    protected override bool InterruptPending => _line;

    protected override bool WakePending => _line;

    protected override int FetchMmuIndex => 0;

    /// <summary>Raises an interrupt that the CPU acknowledges by taking it.</summary>
    public void Interrupt()
    {
        _line = true;
        NotifyInterrupt();
    }

    /// <summary>Goes to another address space.</summary>
    public void EnterSpace(uint tag) => SwitchAddressSpace(tag);

    /// <summary>Forgets what is cached of an address space.</summary>
    public void ForgetSpace(uint tag) => FlushAddressSpace(tag);

    internal void Wait()
    {
        Halted = true;
        RequestAttention();
    }

    protected override void TakeInterrupt()
    {
        _line = false;
        Interrupts++;
        SetRegister(Toy.Sys[2], (GetRegister(Toy.Sys[2]) * 31) + InstructionCount);
    }

    protected override bool TakeException(int code, ulong value)
    {
        if (StopsOnException)
            return false;
        SetRegister(Toy.Epc, Header.Pc);
        SetRegister(Toy.Cause, (ulong)code);
        SetRegister(Toy.Value, value);
        ulong hash = (GetRegister(Toy.Faults) * 0x100000001b3) ^ (ulong)code ^ (value << 8) ^ (Header.Pc << 32) ^ (InstructionCount << 20);
        SetRegister(Toy.Faults, hash);
        Header.Pc += 4;
        return true;
    }

    protected override string ExceptionName(int code) => $"exception {code}";

    protected override bool TryTranslate(ulong address, int size, MemoryAccessKind kind, int mmuIndex, out PageTranslation translation)
    {
        ulong page = address & ~0xfffUL;
        translation = Mapping?.Invoke(page) ?? new PageTranslation(page, page == ReadOnlyPage ? PageRights.Read : PageRights.All);
        if (page >= Forbidden)
            RecordException(kind == MemoryAccessKind.Write ? 5 : 4, address);
        else if (kind == MemoryAccessKind.Write && (translation.Rights & PageRights.Write) == 0)
            RecordException(7, address);
        else
            return true;
        return false;
    }

    protected override void RecordBusFault(ulong address, MemoryAccessKind kind) => RecordException(6, address);

    protected override void RecordMisaligned(ulong address, MemoryAccessKind kind) => RecordException(8, address);

    protected override void ResetState()
    {
        _line = false;
        Interrupts = 0;
    }
}
