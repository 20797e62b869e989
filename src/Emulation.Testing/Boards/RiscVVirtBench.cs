using Emulation.Boards;
using Emulation.Boards.RiscV;
using Emulation.Core;
using Emulation.Debugging;

namespace Emulation.Testing;

/// <summary>The boards <c>riscv32-virt</c> and <c>riscv64-virt</c> with bare-metal firmware, which starts in machine mode at its entry.</summary>
public sealed class RiscVVirtBench : VirtualBoard
{
    /// <summary>Makes a board and brings it to power-on.</summary>
    /// <param name="firmware">Says what it runs; a file for 64 bits makes it <c>riscv64-virt</c>.</param>
    /// <param name="configure">Changes the board's options; null for one hart and 16 MiB.</param>
    public RiscVVirtBench(Action<FirmwareOptions> firmware, Action<RiscVVirtOptions>? configure = null)
        : base(options => RecipeFor(options.Images.Any(static i => i.Architecture == FirmwareArchitecture.RiscV64), configure), firmware)
        => (Board, Uart) = Find();

    private RiscVVirtBench(RiscVVirtBench origin)
        : base(origin)
        => (Board, Uart) = Find();

    /// <summary>The typed parts.</summary>
    public RiscVVirtBoard Board { get; }

    /// <summary>The serial port.</summary>
    public TestUart Uart { get; }

    /// <summary>The first bank of flash.</summary>
    public IFaultableMemory Flash => Board.Flash[0];

    /// <summary>Makes a copy in the present state. May be called from several threads as long as this board does not run.</summary>
    public RiscVVirtBench Fork() => new(this);

    /// <inheritdoc/>
    protected override VirtualBoard ForkBoard() => Fork();

    private static BoardRecipe RecipeFor(bool wide, Action<RiscVVirtOptions>? configure)
        => new(wide ? "riscv64-virt" : "riscv32-virt", wide ? FirmwareArchitecture.RiscV64 : FirmwareArchitecture.RiscV32, (builder, firmware) => builder
            .UseRiscVVirt(options =>
            {
                options.Isa = wide ? RiscVVirtOptions.DefaultIsa64 : RiscVVirtOptions.DefaultIsa32;
                options.Memory = 16.MiB();
                options.Engine = options.Engine with { Engine = firmware.Engine };
                configure?.Invoke(options);
            })
            .WithoutFirmware())
        {
            StartsAtEntry = true,
        };

    private (RiscVVirtBoard, TestUart) Find()
    {
        RiscVVirtBoard board = Machine.Get<RiscVVirtBoard>();
        return (board, AddUart("uart0", board.Console));
    }
}
