namespace Emulation.Boards;

/// <summary>Published by boards whose guest can say, when it powers off, that it failed.</summary>
public interface IReportsFailure
{
    /// <summary>The code it gave; null when it did not fail.</summary>
    int? FailureCode { get; }
}
