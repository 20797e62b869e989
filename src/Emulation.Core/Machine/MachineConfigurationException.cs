namespace Emulation.Core;

/// <summary>A machine cannot be built as described. Every fault that was found is listed.</summary>
public sealed class MachineConfigurationException : Exception
{
    /// <summary>Creates the exception.</summary>
    public MachineConfigurationException() { }

    /// <summary>Creates the exception with one fault.</summary>
    /// <param name="message">The fault.</param>
    public MachineConfigurationException(string message) : base(message) => Errors = [message];

    /// <summary>Creates the exception with one fault and its cause.</summary>
    /// <param name="message">The fault.</param>
    /// <param name="inner">The cause.</param>
    public MachineConfigurationException(string message, Exception inner) : base(message, inner) => Errors = [message];

    /// <summary>Creates the exception with all faults.</summary>
    /// <param name="machine">Name of the machine.</param>
    /// <param name="errors">The faults.</param>
    /// <param name="inner">The first cause, if a part threw.</param>
    public MachineConfigurationException(string machine, IReadOnlyList<string> errors, Exception? inner = null)
        : base($"machine '{machine}' cannot be built:{string.Concat(errors.Select(e => $"{Environment.NewLine}  - {e}"))}", inner) => Errors = errors;

    /// <summary>The faults, one sentence each.</summary>
    public IReadOnlyList<string> Errors { get; } = [];
}
