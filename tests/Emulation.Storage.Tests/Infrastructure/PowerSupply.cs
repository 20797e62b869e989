namespace Emulation.Storage.Tests;

/// <summary>What a host lives on; it lasts for so many operations of all its disks.</summary>
internal sealed class PowerSupply
{
    public long Operations { get; set; } = long.MaxValue;
}
