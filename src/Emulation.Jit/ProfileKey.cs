using System.Buffers.Binary;
using Emulation.IR;

namespace Emulation.Jit;

/// <summary>What is known of a block in every run: its place in its page, its mode and what it does. Not its page, which loaders and kernels choose anew.</summary>
/// <param name="Offset">Byte offset in the page.</param>
/// <param name="Mode">Mode bits.</param>
/// <param name="Hash">Of the guest bytes and the instruction set.</param>
internal readonly record struct ProfileKey(ushort Offset, uint Mode, ulong Hash)
{
    private const ulong Prime = 0x9e3779b97f4a7c15;

    /// <summary>Tells instruction sets apart by their registers.</summary>
    /// <param name="registers">Registers of the CPUs.</param>
    public static ulong SeedOf(RegisterFile registers)
    {
        ulong hash = Prime;
        foreach (RegisterSlot slot in registers.Slots)
        {
            foreach (char c in slot.Name)
                hash = Mix(hash, c);
            hash = Mix(hash, ((ulong)slot.Offset << 32) | (uint)slot.Type);
        }

        return hash;
    }

    /// <summary>Hashes guest bytes; the same on every host.</summary>
    /// <param name="seed">From <see cref="SeedOf"/>, or another hash to go on from.</param>
    /// <param name="bytes">Code.</param>
    public static ulong HashOf(ulong seed, ReadOnlySpan<byte> bytes)
    {
        ulong hash = Mix(seed, (ulong)bytes.Length);
        for (; bytes.Length >= 8; bytes = bytes[8..])
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        ulong rest = 0;
        foreach (byte b in bytes)
            rest = (rest << 8) | b;
        return Mix(hash, rest);
    }

    private static ulong Mix(ulong hash, ulong value)
    {
        ulong high = Math.BigMul(hash ^ value, Prime, out ulong low);
        return (high ^ low) + Prime;
    }
}

/// <summary>A block of a recorded region.</summary>
/// <param name="Offset">Byte offset in the page.</param>
/// <param name="Hash">Low half of the hash of its code.</param>
internal readonly record struct ProfileMember(ushort Offset, uint Hash);

/// <summary>A region that an earlier run compiled.</summary>
/// <param name="Members">Its blocks but the first, in the order of the region.</param>
/// <param name="Heat">How often it was entered.</param>
/// <param name="Age">Runs since it was last compiled.</param>
internal readonly record struct ProfileRegion(ProfileMember[] Members, uint Heat, byte Age);
