using Emulation.Core;

namespace Emulation.Devices;

/// <summary>What an analog input is connected to: nothing, a pin, a voltage, a waveform.</summary>
internal sealed class Stm32AdcInput
{
    private Func<long, int>? _waveform;
    private Pin? _pin;

    public void Set(Pin? pin, Func<long, int>? waveform) => (_pin, _waveform) = (pin, waveform);

    /// <summary>Millivolts at a time; a pin gives its present voltage.</summary>
    public int At(long time) => _waveform?.Invoke(time) ?? _pin?.Millivolts ?? 0;
}
