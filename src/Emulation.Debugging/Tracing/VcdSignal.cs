namespace Emulation.Debugging;

/// <summary>A signal of a <see cref="VcdRecorder"/>.</summary>
public sealed class VcdSignal
{
    private readonly VcdRecorder _recorder;

    internal VcdSignal(VcdRecorder recorder, string name, int width, string code)
    {
        _recorder = recorder;
        (Name, Width, Code) = (name, width, code);
    }

    /// <summary>Its name; dots make scopes.</summary>
    public string Name { get; }

    /// <summary>Bits.</summary>
    public int Width { get; }

    internal string Code { get; }

    internal ulong? Last { get; set; }

    /// <summary>Writes down a value at the present time.</summary>
    /// <param name="value">The value.</param>
    public void Set(ulong value) => _recorder.Change(this, value);
}
