namespace Emulation.Core;

/// <summary>What stands before a register window and may turn an access away, such as a protection controller.</summary>
/// <remarks>Calls come under the machine's device lock. It may note the access, as protection controllers do for their interrupts.</remarks>
public interface IMmioGate
{
    /// <summary>Decides about an access that has a legal width.</summary>
    /// <param name="offset">Byte offset from the start of the region.</param>
    /// <param name="size">Width in bytes.</param>
    /// <param name="write">Whether it is a write.</param>
    GateAnswer Check(ulong offset, int size, bool write);
}

/// <summary>What a gate does with an access.</summary>
public enum GateAnswer
{
    /// <summary>The device gets it.</summary>
    Pass,

    /// <summary>The device does not get it: a read gives zero, a write vanishes.</summary>
    Ignore,

    /// <summary>The device does not get it, and the access fails with <see cref="BusResult.Refused"/>.</summary>
    Refuse,
}
