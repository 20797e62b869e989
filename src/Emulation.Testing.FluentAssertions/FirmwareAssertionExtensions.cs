using Emulation.Debugging;

namespace Emulation.Testing.FluentAssertions;

/// <summary>Begins assertions about boards.</summary>
public static class FirmwareAssertionExtensions
{
    /// <summary>Asserts about a signal.</summary>
    /// <param name="signal">The signal.</param>
    public static SignalAssertions Should(this TestSignal signal) => new(signal);

    /// <summary>Asserts about a serial line.</summary>
    /// <param name="uart">The line.</param>
    public static UartAssertions Should(this TestUart uart) => new(uart);

    /// <summary>Asserts about a fault.</summary>
    /// <param name="fault">The fault.</param>
    public static FaultAssertions Should(this Fault fault) => new(fault);

    /// <summary>Asserts about a variable.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="variable">The variable.</param>
    public static VariableAssertions<T> Should<T>(this FirmwareVariable<T> variable)
        where T : unmanaged
        => new(variable);

    /// <summary>Asserts about coverage.</summary>
    /// <param name="report">The report.</param>
    public static CoverageAssertions Should(this CoverageReport report) => new(report);

    /// <summary>Asserts about the depth of a stack.</summary>
    /// <param name="stack">The stack.</param>
    public static StackAssertions Should(this IStackUse stack) => new(stack);

    /// <summary>Asserts about a variable that was found by its type.</summary>
    /// <param name="value">The variable.</param>
    public static ValueAssertions Should(this FirmwareValue value) => new(value);

    /// <summary>Asserts about what was said on buses.</summary>
    /// <param name="transcript">The transcript.</param>
    public static TranscriptAssertions Should(this BusTranscript transcript) => new(transcript);
}
