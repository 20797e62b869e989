namespace Emulation.Boards.Arm;

// What users need to connect devices of their own.
public sealed partial class ArmVirtBoard
{
    /// <summary>A shared peripheral interrupt, to connect a line to. The board uses 1 to 111; a device tree says <c>interrupts = &lt;0 NUMBER 4&gt;</c>.</summary>
    /// <param name="number">0 to 255, counted from the first that is shared (interrupt 32).</param>
    public Action<bool> SharedInterrupt(int number)
    {
        if (number is < 0 or >= ArmVirtMap.Spis)
            throw new ArgumentOutOfRangeException(nameof(number), number, $"{Name} has shared interrupts 0 to {ArmVirtMap.Spis - 1}");
        return Spi(number);
    }
}
