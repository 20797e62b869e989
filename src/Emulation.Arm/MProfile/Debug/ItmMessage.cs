namespace Emulation.Arm;

/// <summary>What a program wrote to a stimulus port of the ITM.</summary>
/// <param name="Port">The port, 0 to 31.</param>
/// <param name="Value">The value, zero-extended.</param>
/// <param name="Size">Its bytes: 1, 2 or 4.</param>
public readonly record struct ItmMessage(int Port, uint Value, int Size);
