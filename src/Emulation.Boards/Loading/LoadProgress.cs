namespace Emulation.Boards.Loading;

/// <summary>How far the loading of a file is. Register an <see cref="IProgress{T}"/> of this with the builder's services to be told.</summary>
/// <param name="Purpose">What the file is for, such as <c>kernel</c>.</param>
/// <param name="Path">The file.</param>
/// <param name="Done">Bytes of the file that were read.</param>
/// <param name="Total">Bytes of the file.</param>
public readonly record struct LoadProgress(string Purpose, string Path, long Done, long Total);
