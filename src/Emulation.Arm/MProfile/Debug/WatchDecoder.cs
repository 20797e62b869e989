namespace Emulation.Arm;

/// <summary>What DWT_FUNCTIONn says. DDI 0403E, tables C1-14 and C1-15; DDI 0553, "DWT_FUNCTIONn".</summary>
internal static class WatchDecoder
{
    private const uint EmitRange = 1 << 5, DataMatch = 1 << 8;

    /// <summary>A comparator of Armv6-M and Armv7-M.</summary>
    /// <param name="function">DWT_FUNCTIONn.</param>
    /// <param name="comparator">DWT_COMPn, DWT_MASKn, DWT_FUNCTIONn of each.</param>
    /// <param name="n">Which.</param>
    public static WatchComparator V7(uint function, Func<int, (uint Value, uint Mask, uint Function)> comparator, int n)
    {
        (uint value, uint bits, _) = comparator(n);
        bool offset = (function & EmitRange) != 0;
        (WatchKind kind, WatchAction action) = (function & 15) switch
        {
            1 => (WatchKind.Read | WatchKind.Write, offset ? WatchAction.TraceOffset : WatchAction.TracePc),
            2 => (WatchKind.Read | WatchKind.Write, WatchAction.TraceValue | (offset ? WatchAction.TraceOffset : 0)),
            3 => (WatchKind.Read | WatchKind.Write, WatchAction.TraceValue | (offset ? WatchAction.TraceOffset : WatchAction.TracePc)),
            4 => (WatchKind.Instruction, WatchAction.Event),
            5 => (WatchKind.Read, WatchAction.Event),
            6 => (WatchKind.Write, WatchAction.Event),
            7 => (WatchKind.Read | WatchKind.Write, WatchAction.Event),
            8 => (WatchKind.Instruction, WatchAction.None),
            9 => (WatchKind.Read, WatchAction.None),
            10 => (WatchKind.Write, WatchAction.None),
            11 => (WatchKind.Read | WatchKind.Write, WatchAction.None),
            12 => (WatchKind.Read, WatchAction.TraceValue | (offset ? WatchAction.TraceOffset : 0)),
            13 => (WatchKind.Write, WatchAction.TraceValue | (offset ? WatchAction.TraceOffset : 0)),
            14 => (WatchKind.Read, WatchAction.TraceValue | (offset ? WatchAction.TraceOffset : WatchAction.TracePc)),
            15 => (WatchKind.Write, WatchAction.TraceValue | (offset ? WatchAction.TraceOffset : WatchAction.TracePc)),
            _ => (WatchKind.None, WatchAction.None),
        };
        if ((function & DataMatch) == 0)
        {
            (uint first, uint last) = Range(value, bits);
            return new WatchComparator(kind, first, last, action);
        }

        // the value is compared at the addresses of the comparator that is linked; itself as a link it means any address
        kind &= WatchKind.Read | WatchKind.Write;
        int linked = (int)(function >> 12) & 15;
        (uint from, uint to) = linked == n ? (0, uint.MaxValue) : Range(comparator(linked).Value, comparator(linked).Mask);
        return new WatchComparator(kind, from, to, action, value, Size(function));
    }

    /// <summary>A comparator of Armv8-M.</summary>
    /// <param name="function">DWT_FUNCTIONn.</param>
    /// <param name="comparator">DWT_COMPn, nothing, DWT_FUNCTIONn of each.</param>
    /// <param name="n">Which.</param>
    public static WatchComparator V8(uint function, Func<int, (uint Value, uint Mask, uint Function)> comparator, int n)
    {
        uint match = function & 15, value = comparator(n).Value;
        WatchAction action = ((function >> 4) & 3) switch
        {
            1 => WatchAction.Event,
            2 => WatchAction.TraceValue,
            3 => WatchAction.TracePc,
            _ => WatchAction.None,
        };
        WatchKind kind = KindOf(match);
        bool limits = match is 3 or 7, isValue = match is >= 8 and <= 11;
        if (n + 1 < 16 && !limits && !isValue && IsLimit(comparator(n + 1).Function & 15, kind) && (n & 1) == 0)
            return new WatchComparator(kind, value, Math.Max(value, comparator(n + 1).Value), action);
        if (limits)
            return default;                              // it is part of the comparator before
        if (match == 11)
        {
            (uint at, _, uint linked) = comparator(n - 1);
            return n == 0 ? default : new WatchComparator(KindOf(linked & 15) & ~WatchKind.Instruction, at, at + (uint)Size(linked) - 1, action, value, Size(function));
        }

        if (isValue)
            return new WatchComparator(kind, 0, uint.MaxValue, action, value, Size(function));
        return kind == WatchKind.Instruction
            ? new WatchComparator(kind, value & ~1u, value & ~1u, action)
            : new WatchComparator(kind, value, value + (uint)Size(function) - 1, action);
    }

    private static bool IsLimit(uint match, WatchKind kind) => kind switch
    {
        WatchKind.Instruction => match == 3,
        WatchKind.None => false,
        _ => match == 7,
    };

    private static WatchKind KindOf(uint match) => match switch
    {
        2 => WatchKind.Instruction,
        4 or 8 or 12 => WatchKind.Read | WatchKind.Write,
        5 or 9 or 13 => WatchKind.Write,
        6 or 10 or 14 => WatchKind.Read,
        _ => WatchKind.None,
    };

    private static int Size(uint function) => 1 << Math.Min(2, (int)(function >> 10) & 3);

    private static (uint First, uint Last) Range(uint value, uint bits)
    {
        uint inside = bits >= 32 ? uint.MaxValue : (1u << (int)bits) - 1;
        return (value & ~inside, value | inside);
    }
}
