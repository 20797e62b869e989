using Emulation.Debugging;

namespace Emulation.Testing;

// Stacks.
public abstract partial class VirtualBoard
{
    // as the linker scripts of CMSIS, newlib, STM32Cube, ChibiOS, SiFive and others name them
    private static readonly string[] s_stackTops = ["stack_top", "_stack_top", "__stack_top", "__StackTop", "_estack", "__initial_sp", "__main_stack_end__", "__stack_end__", "_stack_end", "_sp", "__stack"];
    private static readonly string[] s_stackBottoms = ["stack_bottom", "_stack_bottom", "__stack_bottom", "__StackLimit", "_sstack", "__stack_limit", "__main_stack_base__", "__stack_start__", "_stack_start"];
    private static readonly string[] s_stackSizes = ["_Min_Stack_Size", "__stack_size", "__stack_size__", "__STACK_SIZE", "_stack_size", "__main_stack_size__"];
    private static readonly string[] s_dataEnds = ["_end", "end", "__end__", "_ebss", "__bss_end__", "bss_end", "__bss_end"];
    private readonly List<IStackUse> _stacks = [];

    /// <summary>The stacks that are watched or were painted: failures show them.</summary>
    public IReadOnlyList<IStackUse> Stacks => _stacks;

    /// <summary>Watches how deep a stack gets.</summary>
    /// <param name="bottom">Symbol at its lowest address.</param>
    /// <param name="top">Symbol behind its highest.</param>
    /// <param name="watchPointer">Whether the first CPU's stack pointer is watched, too, and not only writes. Each instruction then costs a call.</param>
    public StackMonitor WatchStack(string bottom, string top, bool watchPointer = false)
        => Watch(bottom, Symbol(bottom).Address, Symbol(top).Address, watchPointer);

    /// <summary>Watches how deep the stack of a thread gets.</summary>
    /// <param name="stack">The variable that it is, such as the array that an RTOS takes for a thread.</param>
    /// <param name="watchPointer">Whether the first CPU's stack pointer is watched, too, and not only writes. Each instruction then costs a call.</param>
    /// <exception cref="ArgumentException">The symbol has no size.</exception>
    public StackMonitor WatchStack(string stack, bool watchPointer = false)
    {
        (ulong bottom, ulong top) = StackOf(stack);
        return Watch(stack, bottom, top, watchPointer);
    }

    /// <summary>Watches how deep the stack gets that the firmware starts with. Its place is that of the linker script: the end by the vector table or a symbol, the start by a symbol, a size, or the end of the variables.</summary>
    /// <param name="watchPointer">Whether the first CPU's stack pointer is watched, too, and not only writes. Each instruction then costs a call.</param>
    /// <exception cref="KeyNotFoundException">The linker script defines none of the usual symbols; name those that it has.</exception>
    public StackMonitor WatchMainStack(bool watchPointer = false)
    {
        (ulong bottom, ulong top) = MainStack();
        return Watch("main stack", bottom, top, watchPointer);
    }

    /// <summary>Paints the part of the stack that is free now, to see later what was used. Start-up code that clears the stack's memory must be over; a thread that uses it must be running, or not be there yet.</summary>
    /// <param name="bottom">Symbol at its lowest address.</param>
    /// <param name="top">Symbol behind its highest.</param>
    public StackPaint PaintStack(string bottom, string top) => Paint(bottom, Symbol(bottom).Address, Symbol(top).Address);

    /// <summary>Paints the part of a thread's stack that is free now, to see later what was used. Start-up code that clears the stack's memory must be over; the thread must be running, or not be there yet.</summary>
    /// <param name="stack">The variable that it is, such as the array that an RTOS takes for a thread.</param>
    /// <exception cref="ArgumentException">The symbol has no size.</exception>
    public StackPaint PaintStack(string stack)
    {
        (ulong bottom, ulong top) = StackOf(stack);
        return Paint(stack, bottom, top);
    }

    /// <summary>Paints the part that is free now of the stack that the firmware starts with; see <see cref="WatchMainStack"/>.</summary>
    /// <exception cref="KeyNotFoundException">The linker script defines none of the usual symbols; name those that it has.</exception>
    public StackPaint PaintMainStack()
    {
        (ulong bottom, ulong top) = MainStack();
        return Paint("main stack", bottom, top);
    }

    /// <summary>Takes a stack that the firmware painted itself, as an RTOS does.</summary>
    /// <param name="stack">The variable that it is.</param>
    /// <param name="colour">The byte it is painted with: FreeRTOS takes 0xa5, Zephyr 0xaa, ThreadX 0xef.</param>
    /// <exception cref="ArgumentException">The symbol has no size.</exception>
    public StackPaint MeasureStack(string stack, byte colour)
    {
        (ulong bottom, ulong top) = StackOf(stack);
        return Keep(new StackPaint(Machine.Memory, bottom, top, colour, stack));
    }

    private StackMonitor Watch(string name, ulong bottom, ulong top, bool watchPointer)
        => Keep(new StackMonitor(Machine, bottom, top, name, watchPointer ? View(Cpu) : null));

    private StackPaint Paint(string name, ulong bottom, ulong top)
    {
        StackPaint paint = Keep(new StackPaint(Machine.Memory, bottom, top, StackPaint.DefaultColour, name));

        // of a CPU with two stack pointers either may be in this stack
        ulong? pointer = null;
        if (View(Cpu) is { } view)
        {
            foreach (ulong? candidate in new[] { view.StackPointer, view.Read("msp"), view.Read("psp") })
            {
                if (candidate is { } value && value >= bottom && value <= top)
                    pointer = Math.Min(pointer ?? value, value);
            }
        }

        paint.Paint(pointer);
        return paint;
    }

    private T Keep<T>(T stack)
        where T : IStackUse
    {
        _stacks.Add(stack);
        return stack;
    }

    private (ulong Bottom, ulong Top) StackOf(string name)
    {
        Symbol symbol = Symbol(name);
        if (symbol.Size == 0)
            throw new ArgumentException($"'{name}' has no size, so that it is no stack; name the symbols at the stack's two ends", nameof(name));
        return (symbol.Address, symbol.Address + symbol.Size);
    }

    private (ulong Bottom, ulong Top) MainStack()
    {
        ulong? top = Recipe.VectorTable is { } table ? ReadMemory<uint>(table) & ~3u : FirstOf(s_stackTops);
        if (top is not { } end)
            throw new KeyNotFoundException($"the firmware has no symbol for the end of its stack (looked for {string.Join(", ", s_stackTops)}); call {nameof(WatchStack)} with the two symbols of its linker script");
        ulong? bottom = FirstOf(s_stackBottoms) ?? (FirstOf(s_stackSizes) is { } size && size < end ? end - size : (ulong?)null) ?? FirstOf(s_dataEnds);
        return bottom is { } start && start < end
            ? (start, end)
            : throw new KeyNotFoundException($"the firmware has no symbol for the start of its stack below 0x{end:x8} (looked for {string.Join(", ", [.. s_stackBottoms, .. s_stackSizes, .. s_dataEnds])}); call {nameof(WatchStack)} with the two symbols of its linker script");
    }

    private ulong? FirstOf(string[] names)
    {
        foreach (string name in names)
        {
            if (Firmware.Symbols.Find(name) is { } symbol)
                return symbol.Address;
        }

        return null;
    }
}
