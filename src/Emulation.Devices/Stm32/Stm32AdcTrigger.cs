namespace Emulation.Devices;

/// <summary>The external trigger of a group of conversions: one of 16 lines, on the edges that EXTEN selects.</summary>
internal sealed class Stm32AdcTrigger(Action triggered)
{
    private Stm32Trigger? _heard;
    private Action<bool>? _sink;
    private int _edges;

    public Stm32Trigger?[] Sources { get; } = new Stm32Trigger?[16];

    /// <summary>Listens to a line.</summary>
    /// <param name="edges">1 rising, 2 falling, 3 both, 0 none.</param>
    /// <param name="source">0 to 15.</param>
    public void Select(int edges, int source)
    {
        _edges = edges;
        Stm32Trigger? wanted = edges == 0 ? null : Sources[source];
        if (wanted == _heard)
            return;
        _sink ??= OnChanged;
        if (_heard != null)
            _heard.Changed -= _sink;
        _heard = wanted;
        if (wanted != null)
            wanted.Changed += _sink;
    }

    private void OnChanged(bool level)
    {
        if ((_edges & (level ? 1 : 2)) != 0)
            triggered();
    }
}
