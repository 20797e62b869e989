namespace Emulation.Arm;

/// <summary>The security of an address, from SAU and IDAU. DDI 0553, SecurityCheck().</summary>
/// <param name="IsNonSecure">Whether memory there is Non-secure.</param>
/// <param name="IsCallable">Whether it is Secure and Non-secure callable: SG works there.</param>
/// <param name="First">First address around it that is known to have the same attribution.</param>
/// <param name="Last">Last address around it that is known to have the same attribution.</param>
/// <param name="Region">SAU region that TT shows; null for none and for several.</param>
/// <param name="IdauRegion">IDAU region that TT shows; null for none.</param>
internal readonly record struct SecurityAttribution(bool IsNonSecure, bool IsCallable, uint First, uint Last, byte? Region = null, byte? IdauRegion = null);
