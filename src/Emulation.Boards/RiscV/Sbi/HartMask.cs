namespace Emulation.Boards.RiscV.Sbi;

/// <summary>Sets of harts in arguments. RISC-V SBI 2.0, "Hart list parameter".</summary>
internal static class HartMask
{
    /// <summary>Reads a mask and its base.</summary>
    /// <returns>False when the base or the mask names a hart that does not exist.</returns>
    public static bool TryRead(in SbiCall call, ulong mask, ulong first, out uint harts)
    {
        int count = call.Firmware.Harts.Count;
        harts = (1u << count) - 1;
        if (first == call.AllOnes)
            return true;
        if (first >= (ulong)count)
            return false;
        ulong shifted = mask << (int)first;
        if (shifted >> (int)first != mask || (shifted & ~(ulong)harts) != 0)
            return false;
        harts = (uint)shifted;
        return true;
    }
}
