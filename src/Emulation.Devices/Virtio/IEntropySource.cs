using System.Buffers.Binary;
using System.Security.Cryptography;
using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Where a random number device gets its bytes.</summary>
public interface IEntropySource
{
    /// <summary>Fills <paramref name="destination"/> with random bytes.</summary>
    /// <param name="destination">Filled whole.</param>
    void Fill(Span<byte> destination);

    /// <summary>Returns to the state of a new source.</summary>
    void Reset();

    /// <summary>Writes what decides the bytes to come.</summary>
    /// <param name="writer">The device's section.</param>
    void Save(StateWriter writer);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">The device's section.</param>
    void Load(StateReader reader);
}

/// <summary>The host's cryptographic generator. Not repeatable: for machines in real time.</summary>
public sealed class HostEntropy : IEntropySource
{
    /// <inheritdoc/>
    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);

    /// <inheritdoc/>
    public void Reset() { }

    /// <inheritdoc/>
    public void Save(StateWriter writer) { }

    /// <inheritdoc/>
    public void Load(StateReader reader) { }
}

/// <summary>A repeatable generator whose state is part of snapshots: same seed, same bytes. Fit for tests and deterministic machines, not for secrets.</summary>
/// <remarks>SplitMix64: a counter through a mixing function.</remarks>
public sealed class SeededEntropy : IEntropySource
{
    private readonly ulong _seed;
    private ulong _state;

    /// <summary>Creates a source at the start of its sequence.</summary>
    /// <param name="seed">Chooses the sequence.</param>
    public SeededEntropy(ulong seed) => _seed = _state = seed;

    /// <inheritdoc/>
    public void Fill(Span<byte> destination)
    {
        Span<byte> last = stackalloc byte[8];
        while (!destination.IsEmpty)
        {
            _state += 0x9e37_79b9_7f4a_7c15;
            ulong value = _state;
            value = (value ^ (value >> 30)) * 0xbf58_476d_1ce4_e5b9;
            value = (value ^ (value >> 27)) * 0x94d0_49bb_1331_11eb;
            BinaryPrimitives.WriteUInt64LittleEndian(last, value ^ (value >> 31));
            int count = Math.Min(destination.Length, 8);
            last[..count].CopyTo(destination);
            destination = destination[count..];
        }
    }

    /// <inheritdoc/>
    public void Reset() => _state = _seed;

    /// <inheritdoc/>
    public void Save(StateWriter writer) => writer.Write(_state);

    /// <inheritdoc/>
    public void Load(StateReader reader) => _state = reader.ReadUInt64();
}
