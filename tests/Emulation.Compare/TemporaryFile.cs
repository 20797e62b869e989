namespace Emulation.Compare;

/// <summary>A name for a file that nobody else uses; what is there in the end is deleted.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"emu-compare-{Guid.NewGuid():n}");

    public void Dispose() => File.Delete(Path);
}
