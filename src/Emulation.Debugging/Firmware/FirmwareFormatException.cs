namespace Emulation.Debugging;

/// <summary>A firmware or description file cannot be used. The message names the file, what is wrong with it, and what to do about it.</summary>
public sealed class FirmwareFormatException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="file">The file.</param>
    /// <param name="problem">What is wrong, as the rest of a sentence that begins with the file.</param>
    /// <param name="remedy">What to do about it.</param>
    /// <param name="inner">The cause.</param>
    public FirmwareFormatException(string file, string problem, string remedy, Exception? inner = null)
        : base($"'{file}' {problem}; {remedy}", inner)
    {
    }
}
