using System.Text.Json;
using Emulation.Storage;

namespace Emulation.Cli.Images;

/// <summary>Facts as JSON, under the names that qemu-img gives them.</summary>
internal static class ImgJson
{
    private static readonly JsonSerializerOptions s_options = new() { WriteIndented = true };

    public static void Write(TextWriter writer, object value) => writer.WriteLine(JsonSerializer.Serialize(value, s_options));

    public static Dictionary<string, object> Of(Qcow2Snapshot snapshot) => new()
    {
        ["id"] = snapshot.Id,
        ["name"] = snapshot.Name,
        ["vm-state-size"] = snapshot.StateSize,
        ["date-sec"] = snapshot.Date.ToUnixTimeSeconds(),
        ["date-nsec"] = snapshot.Date.Ticks % TimeSpan.TicksPerSecond * 100,
        ["vm-clock-sec"] = snapshot.GuestNanoseconds / 1_000_000_000,
        ["vm-clock-nsec"] = snapshot.GuestNanoseconds % 1_000_000_000,
    };
}
