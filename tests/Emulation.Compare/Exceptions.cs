namespace Emulation.Compare;

/// <summary>The command line makes no sense.</summary>
internal sealed class UsageException(string message) : Exception($"{message}\n\n{Options.Usage}");

/// <summary>A file or program that the comparison needs is not there.</summary>
internal sealed class MissingPartException(string message) : Exception(message);
