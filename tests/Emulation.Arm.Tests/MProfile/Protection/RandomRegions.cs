namespace Emulation.Arm.Tests.MProfile.Protection;

/// <summary>Regions near each other, so that they overlap, touch and leave holes, and addresses at their ends.</summary>
/// <param name="seed">What they follow from.</param>
internal sealed class RandomRegions(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>An address in one of few areas.</summary>
    public uint Address()
    {
        uint area = _random.Next(6) switch { 0 => 0x2000_0000, 1 => 0x4000_0000, 2 => 0xe000_0000, 3 => 0xe010_0000, 4 => 0xffff_0000, _ => 0u };
        return area + (uint)_random.Next(0x1_0000);
    }

    /// <summary>MPU_RBAR without VALID, and MPU_RASR.</summary>
    public (uint Base, uint Attributes) V7()
    {
        uint size = (uint)(_random.Next(8) == 0 ? _random.Next(32) : _random.Next(4, 16));
        uint disabled = _random.Next(2) == 0 ? 0 : (uint)_random.Next(256);
        uint attributes = ((uint)_random.Next(2) << 28) | ((uint)_random.Next(8) << 24) | ((uint)_random.Next(64) << 16) | (disabled << 8) | (size << 1);
        return (Address() & ~31u, attributes | (_random.Next(5) == 0 ? 0u : 1));
    }

    /// <summary>MPU_RBAR and MPU_RLAR, or with two bits of these SAU_RBAR and SAU_RLAR.</summary>
    public (uint Base, uint Limit) V8()
    {
        uint start = Address() & ~31u;
        uint length = (uint)_random.Next(1 << _random.Next(5, 16));
        uint end = start > uint.MaxValue - length ? uint.MaxValue : start + length;
        return (start | (uint)_random.Next(32), (end & ~31u) | ((uint)_random.Next(8) << 1) | (_random.Next(5) == 0 ? 0u : 1));
    }

    /// <summary>A number below another.</summary>
    /// <param name="limit">The other.</param>
    public int Next(int limit) => _random.Next(limit);
}
