namespace Emulation.Devices;

/// <summary>A sample of one channel that goes over I2S lines.</summary>
/// <param name="Right">Whether it is the right channel's.</param>
/// <param name="Bits">Bits of the sample: 16, 24 or 32.</param>
/// <param name="Value">The sample, two's complement, right-justified.</param>
public readonly record struct I2sSample(bool Right, int Bits, uint Value);
