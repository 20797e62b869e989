namespace Emulation.Cli.Images;

/// <summary>An option of a format, under the name that qemu-img gives it.</summary>
/// <param name="Name">The name in -o NAME=VALUE.</param>
/// <param name="Takes">Its values.</param>
/// <param name="What">What it is for.</param>
/// <param name="Set">Sets it in the options of a new image.</param>
/// <typeparam name="T">The options of a new image.</typeparam>
internal sealed record FormatOption<T>(string Name, string Takes, string What, Func<T, OptionValue, T> Set);
