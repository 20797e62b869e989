namespace Emulation.Storage;

/// <summary>One header extension, kept as it is.</summary>
/// <param name="Type">Which.</param>
/// <param name="Data">Its bytes, without padding.</param>
internal sealed record Qcow2HeaderExtension(uint Type, byte[] Data);
