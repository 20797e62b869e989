namespace Emulation.Devices;

// Registers of distributors and redistributors, which versions 2 and 3 have alike. Interrupts that the access may not touch are outside of "visible", the bits of their word.
internal sealed partial class GicInterrupts
{
    /// <summary>Reads GICD_ISENABLER, GICD_ISPENDR, GICD_ISACTIVER or what clears their bits.</summary>
    /// <param name="index">Place of the word.</param>
    /// <param name="register">Offset of the first register of the kind.</param>
    /// <param name="visible">Bits that the access sees.</param>
    public uint ReadBits(int index, int register, uint visible) => visible & (register switch
    {
        0x100 or 0x180 => Enabled[index],
        0x200 or 0x280 => Pending(index),
        _ => Active[index],
    });

    /// <summary>Writes GICD_ISENABLER, GICD_ICENABLER and so on.</summary>
    /// <param name="index">Place of the word.</param>
    /// <param name="register">Offset of the first register of the kind.</param>
    /// <param name="bits">Ones of visible interrupts.</param>
    public void WriteBits(int index, int register, uint bits)
    {
        switch (register)
        {
            case 0x100: Enabled[index] |= bits; break;
            case 0x180: Enabled[index] &= ~bits; break;
            case 0x200: Latched[index] |= bits; break;
            case 0x280: Latched[index] &= ~bits; break;
            case 0x300: Active[index] |= bits; break;
            case 0x380: Active[index] &= ~bits; break;
        }
    }

    /// <summary>Reads GICD_IPRIORITYR.</summary>
    /// <param name="cpu">The CPU that looks.</param>
    /// <param name="first">First of the four interrupts.</param>
    /// <param name="visible">Bits of their word that the access sees.</param>
    /// <param name="nonSecure">Whether the access sees the lower half of the levels.</param>
    public uint ReadPriorities(int cpu, int first, uint visible, bool nonSecure)
    {
        uint result = 0;
        for (int i = 0; i < 4; i++)
        {
            if (Sees(visible, first + i))
                result |= (uint)(byte)(nonSecure ? Priority(cpu, first + i) << 1 : Priority(cpu, first + i)) << (8 * i);
        }

        return result;
    }

    /// <summary>Writes GICD_IPRIORITYR.</summary>
    /// <param name="cpu">The CPU that writes.</param>
    /// <param name="first">First of the four interrupts.</param>
    /// <param name="lanes">Bits that are written.</param>
    /// <param name="bits">Their values.</param>
    /// <param name="visible">Bits of their word that the access sees.</param>
    /// <param name="nonSecure">Whether the access sees the lower half of the levels.</param>
    public void WritePriorities(int cpu, int first, uint lanes, uint bits, uint visible, bool nonSecure)
    {
        for (int i = 0; i < 4; i++)
        {
            if ((lanes >> (8 * i) & 0xff) == 0 || !Sees(visible, first + i))
                continue;
            byte value = (byte)(bits >> (8 * i));
            Priority(cpu, first + i) = nonSecure ? GicPriority.FromNonSecure(value) : (byte)(value & GicPriority.Mask);
        }
    }

    /// <summary>Reads GICD_ICFGR.</summary>
    /// <param name="cpu">The CPU that looks.</param>
    /// <param name="register">Its number: it has 16 interrupts.</param>
    /// <param name="visible">Bits of their word that the access sees.</param>
    public uint ReadConfiguration(int cpu, int register, uint visible)
    {
        uint result = 0;
        for (int i = 0; i < 16; i++)
        {
            if (Sees(visible, (16 * register) + i) && Test(Edge, cpu, (16 * register) + i))
                result |= 2u << (2 * i);
        }

        return result;
    }

    /// <summary>Writes GICD_ICFGR. SGIs are edge-triggered.</summary>
    /// <param name="cpu">The CPU that writes.</param>
    /// <param name="register">Its number: it has 16 interrupts.</param>
    /// <param name="lanes">Bits that are written.</param>
    /// <param name="bits">Their values.</param>
    /// <param name="visible">Bits of their word that the access sees.</param>
    public void WriteConfiguration(int cpu, int register, uint lanes, uint bits, uint visible)
    {
        for (int i = 0; i < 16; i++)
        {
            int interrupt = (16 * register) + i;
            if (interrupt >= 16 && (lanes >> (2 * i) & 2) != 0 && Sees(visible, interrupt))
                Set(Edge, cpu, interrupt, (bits >> (2 * i) & 2) != 0);
        }
    }

    private static bool Sees(uint visible, int interrupt) => (visible >> (interrupt % 32) & 1) != 0;
}
