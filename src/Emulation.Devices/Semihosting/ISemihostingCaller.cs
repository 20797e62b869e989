namespace Emulation.Devices;

/// <summary>A CPU that makes a semihosting call, in words that every instruction set has.</summary>
public interface ISemihostingCaller
{
    /// <summary>Number of the CPU, from 0 and below 64.</summary>
    int Index { get; }

    /// <summary>Whether fields of data blocks have 64 bits and not 32.</summary>
    bool Is64Bit { get; }

    /// <summary>Byte order of fields in memory.</summary>
    bool IsBigEndian { get; }

    /// <summary>The operation number register.</summary>
    uint Operation { get; }

    /// <summary>The parameter register, zero-extended.</summary>
    ulong Parameter { get; set; }

    /// <summary>The return register.</summary>
    /// <param name="value">A caller of 32 bits takes the low half.</param>
    void SetResult(ulong value);

    /// <summary>Reads memory as the caller's loads would.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="destination">Filled whole.</param>
    /// <returns>False when a load would fault; no fault is taken.</returns>
    bool TryRead(ulong address, Span<byte> destination);

    /// <summary>Writes memory as the caller's stores would.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="source">The bytes.</param>
    /// <returns>False when a store would fault; a part may be written then. No fault is taken.</returns>
    bool TryWrite(ulong address, ReadOnlySpan<byte> source);
}
