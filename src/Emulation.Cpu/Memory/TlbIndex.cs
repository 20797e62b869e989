using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Emulation.Cpu;

/// <summary>Which entry of a software TLB belongs to an address: both levels, every engine.</summary>
/// <remarks>
/// An index is made of the low bits of the page's number. Where <see cref="IFrontend.FoldsTlb"/> says so, higher bits are folded in first: the memories of a
/// microcontroller begin at multiples of 128 MiB and their first pages are the ones in use, so that all would contend for a few entries. Folded by
/// <see cref="FoldShift"/>, memories at multiples of 128 MiB below 2 GiB are 64 entries apart: each has that many pages of its own in either level.
/// </remarks>
internal static unsafe class TlbIndex
{
    /// <summary>By how many bits an address is folded.</summary>
    public const int FoldShift = 9;

    /// <summary>The shift of addresses that are not folded: it changes no bit of a page's number.</summary>
    public const int NoFold = 63;

    private const int PlaceShift = StateLayout.PageShift - StateLayout.TlbEntryShift;

    /// <summary>The shift that an instruction set wants.</summary>
    /// <param name="frontend">The instruction set.</param>
    public static int ShiftOf(IFrontend frontend) => frontend.FoldsTlb ? FoldShift : NoFold;

    /// <summary>The folded number of a page, times the bytes of an entry; low bits mean nothing.</summary>
    /// <param name="address">Any address in the page.</param>
    /// <param name="shift"><see cref="FoldShift"/> or <see cref="NoFold"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Place(ulong address, int shift) => (address ^ (address >> shift)) >> PlaceShift;

    /// <summary>The entry of the first level.</summary>
    /// <param name="state">The CPU's state.</param>
    /// <param name="address">Any address in the page.</param>
    /// <param name="mmuIndex">Translation regime.</param>
    /// <param name="shift"><see cref="FoldShift"/> or <see cref="NoFold"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TlbEntry* Entry(byte* state, ulong address, int mmuIndex, int shift)
        => (TlbEntry*)(state + StateLayout.TlbOffset(mmuIndex) + (nint)(Place(address, shift) & FirstMask));

    /// <summary>The entry of the first level that a memory operation of tier 0 looks at.</summary>
    /// <param name="state">The CPU's state.</param>
    /// <param name="op">The operation.</param>
    /// <param name="address">Any address in the page.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TlbEntry* Entry(byte* state, Op* op, ulong address)
        => Entry(state, (op->Regime & Op.Folds) != 0 ? address ^ (address >> FoldShift) : address, op->Mmu, NoFold);

    /// <summary>Emits <see cref="Place"/>.</summary>
    /// <param name="il">Where.</param>
    /// <param name="address">Holds the address.</param>
    /// <param name="folds">Whether addresses are folded.</param>
    public static void EmitPlace(ILGenerator il, LocalBuilder address, bool folds)
    {
        il.Emit(OpCodes.Ldloc, address);
        if (folds)
        {
            il.Emit(OpCodes.Ldloc, address);
            il.Emit(OpCodes.Ldc_I4, FoldShift);
            il.Emit(OpCodes.Shr_Un);
            il.Emit(OpCodes.Xor);
        }

        il.Emit(OpCodes.Ldc_I4, PlaceShift);
        il.Emit(OpCodes.Shr_Un);
    }

    /// <summary>Emits the address of an entry of the first level; argument 0 is the state.</summary>
    /// <param name="il">Where.</param>
    /// <param name="address">Holds the address.</param>
    /// <param name="mmuIndex">Translation regime.</param>
    /// <param name="folds">Whether addresses are folded.</param>
    public static void EmitEntry(ILGenerator il, LocalBuilder address, int mmuIndex, bool folds)
    {
        il.Emit(OpCodes.Ldarg_0);
        EmitPlace(il, address, folds);
        il.Emit(OpCodes.Ldc_I8, (long)FirstMask);
        il.Emit(OpCodes.And);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldc_I4, StateLayout.TlbOffset(mmuIndex));
        il.Emit(OpCodes.Add);
    }

    private const ulong FirstMask = (ulong)(StateLayout.TlbEntries - 1) << StateLayout.TlbEntryShift;
}
