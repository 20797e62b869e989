namespace Emulation.Storage;

/// <summary>One header extension, kept as it is.</summary>
/// <param name="Type">Which.</param>
/// <param name="Data">Its bytes, without padding.</param>
internal readonly record struct Qcow2HeaderExtension(uint Type, byte[] Data);
