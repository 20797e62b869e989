namespace Emulation.Testing;

/// <summary>Firmware did not do what a test expects. The message shows what it did instead: output, source line, call stack, registers, device accesses.</summary>
public class FirmwareTestException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="summary">What was expected and what happened, in a sentence.</param>
    /// <param name="report">The state of the board.</param>
    public FirmwareTestException(string summary, string report)
        : base($"{summary}{Environment.NewLine}{report}")
    {
        (Summary, Report) = (summary, report);
    }

    /// <summary>What was expected and what happened.</summary>
    public string Summary { get; }

    /// <summary>The state of the board.</summary>
    public string Report { get; }
}
