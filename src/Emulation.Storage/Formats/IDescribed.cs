namespace Emulation.Storage;

/// <summary>An image that tells what it is.</summary>
internal interface IDescribed
{
    /// <summary>What it says.</summary>
    DiskImageInfo Info { get; }
}
