namespace Emulation.Jit;

/// <summary>A set of cached register slots by number, 0 to <see cref="Capacity"/> - 1.</summary>
internal readonly record struct SlotSet(ulong A, ulong B, ulong C, ulong D)
{
    public const int Capacity = 256;

    public bool IsEmpty => (A | B | C | D) == 0;

    public int Count => System.Numerics.BitOperations.PopCount(A) + System.Numerics.BitOperations.PopCount(B)
        + System.Numerics.BitOperations.PopCount(C) + System.Numerics.BitOperations.PopCount(D);

    public static SlotSet operator |(SlotSet x, SlotSet y) => new(x.A | y.A, x.B | y.B, x.C | y.C, x.D | y.D);

    public static SlotSet operator &(SlotSet x, SlotSet y) => new(x.A & y.A, x.B & y.B, x.C & y.C, x.D & y.D);

    public static SlotSet operator ~(SlotSet x) => new(~x.A, ~x.B, ~x.C, ~x.D);

    public static SlotSet Of(int slot) => (slot >> 6) switch
    {
        0 => new(1UL << slot, 0, 0, 0),
        1 => new(0, 1UL << slot, 0, 0),
        2 => new(0, 0, 1UL << slot, 0),
        _ => new(0, 0, 0, 1UL << slot),
    };

    public bool Contains(int slot) => !(this & Of(slot)).IsEmpty;
}
