using Emulation.Cpu;
using Emulation.IR;

namespace Emulation.Arm;

// What extensions need of the system level, with what a process of Linux sees as the default.
public sealed partial class ArmCpu
{
    private Func<ulong, bool>? _isGuarded;

    /// <summary>What the present regime says about signed pointers.</summary>
    internal PointerRules PointerRules { get; set; } = new();

    /// <summary>Mode bits of extensions, for the block key.</summary>
    internal uint ExtensionMode => _isGuarded is null ? 0 : ArmMode.Guarded;

    /// <summary>How helpers access memory as loads and stores of the present regime do.</summary>
    /// <param name="size">Bytes.</param>
    /// <param name="unprivileged">Whether as LDTR and STTR do.</param>
    internal MemOp DataAccess(int size, bool unprivileged = false)
    {
        _ = unprivileged;                                // without the system level there is one regime
        return new MemOp(size, false, ArmMode.Mmu);
    }

    /// <summary>Whether the present instruction is in a guarded page.</summary>
    internal bool IsInGuardedPage => _isGuarded?.Invoke(Header.Pc) == true;

    /// <summary>Says which pages are guarded (GP of their descriptors); null when none can be. Not while the CPU runs.</summary>
    /// <param name="isGuarded">Tells by an address.</param>
    internal void GuardPages(Func<ulong, bool>? isGuarded)
    {
        _isGuarded = isGuarded;
        SetMode((Header.Mode & ~ArmMode.Guarded) | ExtensionMode);
    }

    /// <summary>An indirect branch came to an instruction that does not accept it.</summary>
    /// <param name="type">BTYPE.</param>
    /// <param name="isSign">Whether the instruction is PACIASP or PACIBSP.</param>
    internal void CheckBranchTarget(int type, bool isSign)
    {
        bool accepts = isSign && !PointerRules.RestrictsJumps;
        if (!accepts && IsInGuardedPage)
            RecordException(ArmException.Code(ArmException.BranchTarget, type), 0);
    }

    /// <summary>A pointer had a wrong code.</summary>
    /// <param name="key">Which key: IA, IB, DA, DB.</param>
    internal void ReportPointer(int key) => RecordException(ArmException.Code(ArmException.PointerAuthentication, key), 0);

    /// <summary>A copy or set goes on with registers that are not its own.</summary>
    /// <param name="syndrome">ISS.</param>
    internal void ReportCopy(int syndrome) => RecordException(ArmException.Code(ArmException.MemoryCopy, syndrome), 0);

    internal void ReportMisaligned(ulong address, bool isStore) => RecordMisaligned(address, isStore ? MemoryAccessKind.Write : MemoryAccessKind.Read);

    private void ResetExtensions() => this[Registers.Entropy] = Options.EntropySeed ^ ((ulong)Index * 0xd134_2543_de82_ef95);
}
