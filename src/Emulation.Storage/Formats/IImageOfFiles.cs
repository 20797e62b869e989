namespace Emulation.Storage;

/// <summary>An image that lies in several files.</summary>
internal interface IImageOfFiles
{
    /// <summary>Paths of the files besides the one that was named.</summary>
    IReadOnlyList<string> MoreFiles { get; }
}
