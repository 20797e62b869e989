namespace Emulation.Storage;

/// <summary>What a copy does with each of its pieces. Each step blocks its thread until it is done.</summary>
internal interface ICopySteps
{
    /// <summary>Whether pieces are written one after the other, in the order they were taken.</summary>
    bool InOrder { get; }

    /// <summary>Chooses the next piece; called by one thread at a time. False at the end of the disk.</summary>
    bool Take(CopyPiece piece, CancellationToken cancellationToken);

    /// <summary>Reads and prepares it; several threads at once.</summary>
    void Read(CopyPiece piece, CancellationToken cancellationToken);

    /// <summary>Writes it.</summary>
    void Write(CopyPiece piece, CancellationToken cancellationToken);
}
