namespace Emulation.Storage.Tests;

/// <summary>A device that stays open when the image on it is closed.</summary>
internal sealed class KeptOpen(IBlockDevice inner) : PassThrough(inner, leaveOpen: true);
