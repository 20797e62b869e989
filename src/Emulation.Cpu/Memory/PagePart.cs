namespace Emulation.Cpu;

/// <summary>A part of a page that may be used differently from the rest of it (PMP, MPU).</summary>
/// <param name="First">First virtual address.</param>
/// <param name="Last">Last virtual address.</param>
/// <param name="Rights">What the present regime may do there without another walk.</param>
public readonly record struct PagePart(ulong First, ulong Last, PageRights Rights);
