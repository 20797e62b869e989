namespace Emulation.Arm;

/// <summary>One system register of AArch32, or one operation of that space.</summary>
/// <param name="Name">Operands that name it.</param>
/// <param name="Text">Its name in the manual.</param>
/// <param name="Slot">Where its value is; null for constants and operations.</param>
/// <param name="Constant">What reading gives when there is no slot.</param>
/// <param name="IsReadable">Whether there is a read.</param>
/// <param name="IsWritable">Whether there is a write.</param>
/// <param name="Mask">Bits that a write changes.</param>
internal sealed record A32SystemRegister(
    A32SystemName Name, string Text, A32SystemSlot? Slot, uint Constant = 0, bool IsReadable = true, bool IsWritable = true, uint Mask = uint.MaxValue);
