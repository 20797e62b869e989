using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Emulation.Core;
using Emulation.IR;

namespace Emulation.Cpu;

/// <summary>A virtual CPU: flat state, software TLBs, run loop. An instruction set derives from it; engines execute its blocks.</summary>
public abstract unsafe partial class VirtualCpu : IVirtualCpu, IDisposable
{
    private readonly byte* _allocation;
    private GCHandle _self;
    private readonly Lock _freeing = new();
    private readonly long[] _reported;
    private bool _disposed;

    /// <summary>Allocates the state and connects the CPU to its machine.</summary>
    /// <param name="name">Unique in the machine, such as <c>cpu0</c>.</param>
    /// <param name="index">Number of the CPU in its machine.</param>
    /// <param name="frontend">The instruction set.</param>
    /// <param name="context">What the CPU is connected to.</param>
    protected VirtualCpu(string name, int index, IFrontend frontend, CpuContext context)
    {
        Name = name;
        Index = index;
        Frontend = frontend;
        Context = context;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frontend.MmuIndexCount, SecondLevelTlb.MaxRegimes);
        nuint tlbs = (nuint)(frontend.MmuIndexCount * StateLayout.TlbBytes);
        nuint bytes = tlbs + StateLayout.FrameBytes + StateLayout.JumpCacheBytes;
        _allocation = (byte*)NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(_allocation, bytes);
        NativeMemory.Fill(_allocation, tlbs, 0xff);
        _filled = new ulong[frontend.MmuIndexCount * StateLayout.TlbEntries / 64];
        State = _allocation + tlbs;
        _foldShift = TlbIndex.ShiftOf(frontend);
        _secondLevel = new SecondLevelTlb((CpuHeader*)State, _foldShift);
        _self = GCHandle.Alloc(this, GCHandleType.Weak);
        Header.Owner = GCHandle.ToIntPtr(_self);
        Header.ReservationAddress = ulong.MaxValue;
        Header.Generation = 1;
        _generations = new uint[frontend.MmuIndexCount];
        Array.Fill(_generations, 1u);
        _lastGenerations = [.. _generations];
        _jumpsLocally = new bool[frontend.MmuIndexCount];
        Hooks.Changed += OnHooksChanged;
        Context.Memory.MapChanged += OnMapChanged;
        Cache.Instrumentation ??= new HookInstrumentation(Hooks, Cache);
        Cache.Register(this);
        _reported = context.Meters?.NewCounts() ?? [];
        context.Meters?.Add(this);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Number of the CPU in its machine.</summary>
    public int Index { get; }

    /// <summary>The instruction set.</summary>
    public IFrontend Frontend { get; }

    /// <summary>What the CPU is connected to.</summary>
    public CpuContext Context { get; }

    /// <summary>The flat state: header, guest registers, temporaries.</summary>
    public byte* State { get; }

    /// <summary>The part of the state that all instruction sets share.</summary>
    public ref CpuHeader Header => ref *(CpuHeader*)State;

    /// <inheritdoc/>
    public ulong Pc => Header.Pc;

    /// <summary>What the CPU is doing just now; <see cref="CpuActivity.Outside"/> once it is disposed. From any thread.</summary>
    public CpuActivity Activity
    {
        get
        {
            lock (_freeing)
                return _disposed ? CpuActivity.Outside : Header.Activity;
        }
    }

    /// <summary>Exceptions and interrupts taken since power-on.</summary>
    public ulong Traps { get; private set; }

    /// <summary>Accesses to devices since power-on.</summary>
    public ulong DeviceAccesses { get; private set; }

    /// <summary>Times it went on after it had waited for an interrupt, since power-on.</summary>
    public ulong Wakes { get; private set; }

    /// <summary>Times translated code came back to the run loop since power-on.</summary>
    public ulong Dispatches { get; private set; }

    /// <summary>The CPU that owns a state pointer; for helpers.</summary>
    /// <param name="state">What a helper was given.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static VirtualCpu From(byte* state)
        => Unsafe.As<VirtualCpu>(GCHandle.FromIntPtr(((CpuHeader*)state)->Owner).Target!);

    /// <summary>Records a guest exception: the present instruction ends without completing.</summary>
    /// <param name="code">Exception in the words of the instruction set, not negative.</param>
    /// <param name="value">The address or value that goes with it.</param>
    public void RecordException(int code, ulong value)
    {
        ref CpuHeader header = ref Header;
        header.ExceptionCode = code;
        header.ExceptionValue = value;
        header.Exit |= ExitRequest.Exception;
    }

    /// <summary>Asks the run loop to look at the CPU before the next instruction: interrupts may be pending, the CPU may be halted, a limit may have changed.</summary>
    public void RequestAttention() => Header.Exit |= ExitRequest.Attention;

    /// <summary>Sets the mode bits of the block key.</summary>
    /// <param name="mode">Everything that changes translation.</param>
    public void SetMode(uint mode)
    {
        Header.Mode = mode;
        Header.Generation = _generations[FetchMmuIndex];
    }

    /// <summary>Reads a register, zero-extended; of one of 256 bits the low 128.</summary>
    /// <param name="slot">A slot of <see cref="IFrontend.Registers"/>.</param>
    public UInt128 GetWideRegister(RegisterSlot slot)
        => slot.Bytes >= 16 ? new UInt128(*(ulong*)(State + slot.Offset + 8), *(ulong*)(State + slot.Offset)) : GetRegister(slot);

    /// <summary>Writes a register of at most 128 bits, or the low 128.</summary>
    /// <param name="slot">A slot of <see cref="IFrontend.Registers"/>.</param>
    /// <param name="value">The value; higher bits are ignored.</param>
    public void SetWideRegister(RegisterSlot slot, UInt128 value)
    {
        SetRegister(slot, (ulong)value);
        if (slot.Bytes >= 16)
            *(ulong*)(State + slot.Offset + 8) = (ulong)(value >> 64);
    }

    /// <summary>Reads a register of any width as bytes, the lowest first.</summary>
    /// <param name="slot">A slot of <see cref="IFrontend.Registers"/>.</param>
    /// <param name="bytes">Filled whole; at most as many as the register has.</param>
    public void GetRegisterBytes(RegisterSlot slot, Span<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, slot.Bytes);
        new ReadOnlySpan<byte>(State + slot.Offset, bytes.Length).CopyTo(bytes);
    }

    /// <summary>Writes a register of any width as bytes, the lowest first.</summary>
    /// <param name="slot">A slot of <see cref="IFrontend.Registers"/>.</param>
    /// <param name="bytes">At most as many as the register has; the others stay.</param>
    public void SetRegisterBytes(RegisterSlot slot, ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, slot.Bytes);
        bytes.CopyTo(new Span<byte>(State + slot.Offset, bytes.Length));
    }

    /// <summary>Reads a register, zero-extended; of a vector the low 64 bits.</summary>
    /// <param name="slot">A slot of <see cref="IFrontend.Registers"/>.</param>
    public ulong GetRegister(RegisterSlot slot)
    {
        byte* p = State + slot.Offset;
        return slot.Bytes switch
        {
            1 => *p,
            2 => *(ushort*)p,
            4 => *(uint*)p,
            _ => *(ulong*)p,
        };
    }

    /// <summary>Writes a register; of a vector the low 64 bits.</summary>
    /// <param name="slot">A slot of <see cref="IFrontend.Registers"/>.</param>
    /// <param name="value">The value; higher bits are ignored.</param>
    public void SetRegister(RegisterSlot slot, ulong value)
    {
        byte* p = State + slot.Offset;
        switch (slot.Bytes)
        {
            case 1: *p = (byte)value; break;
            case 2: *(ushort*)p = (ushort)value; break;
            case 4: *(uint*)p = (uint)value; break;
            default: *(ulong*)p = value; break;
        }
    }

    /// <summary>Frees the state.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the state.</summary>
    /// <param name="disposing">Whether called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        lock (_freeing)
        {
            if (_disposed)
                return;
            _disposed = true;
        }

        UnwatchAll();
        Hooks.Changed -= OnHooksChanged;
        Context.Memory.MapChanged -= OnMapChanged;
        Cache.Unregister(this);
        _self.Free();
        NativeMemory.AlignedFree(_allocation);
    }
}
