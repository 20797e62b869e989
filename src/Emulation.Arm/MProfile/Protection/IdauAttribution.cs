namespace Emulation.Arm;

/// <summary>What an <see cref="IArmIdau"/> says of an address.</summary>
/// <param name="IsNonSecure">Whether the address may be Non-secure.</param>
/// <param name="IsCallable">Whether Secure memory may be Non-secure callable.</param>
/// <param name="First">First address around it with the same attribution.</param>
/// <param name="Last">Last address around it with the same attribution.</param>
/// <param name="Region">Region number that TT shows, 0 to 255; null for none.</param>
/// <param name="IsExempt">Whether the address has the security of whoever accesses it.</param>
public readonly record struct IdauAttribution(bool IsNonSecure, bool IsCallable, uint First, uint Last, byte? Region = null, bool IsExempt = false);
