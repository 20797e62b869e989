using Emulation.Core;

namespace Emulation.Devices;

/// <content>Alternate functions, set and reset, and the lock.</content>
public sealed partial class Stm32Gpio
{
    private readonly PinSignal[]?[,] _functions = new PinSignal[]?[PinCount, 16];
    private readonly PinSignal[]?[] _selected = new PinSignal[]?[PinCount];
    private readonly Action[] _outputChanged = new Action[PinCount];
    private uint _sets;
    private uint _resets;
    private uint _lockWritten;
    private bool _lockKey;

    /// <summary>Connects a peripheral's signal to a pin's alternate function (DS8626 table 9). Several may share one: the first that drives the pin does.</summary>
    /// <param name="number">0 to 15.</param>
    /// <param name="function">0 to 15.</param>
    /// <param name="signal">The signal.</param>
    public void ConnectFunction(int number, int function, PinSignal signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        _functions[number, function] = [.. _functions[number, function] ?? [], signal];
        Drive(number);
    }

    // Listens to the signal that the pin shows now, and stops listening to the one before.
    private void Select(int number, bool quiet = false)
    {
        PinSignal[]? signals = Mode(number) == (int)Alternate ? _functions[number, Function(number)] : null;
        if (ReferenceEquals(signals, _selected[number]))
            return;
        Action changed = _outputChanged[number] ??= () => _drivers[number]?.Set(Wanted(number));
        foreach (PinSignal before in _selected[number] ?? [])
        {
            before.OutputChanged -= changed;
            if (!quiet)
                before.ReleaseInput();
        }

        _selected[number] = signals;
        foreach (PinSignal signal in signals ?? [])
        {
            signal.OutputChanged += changed;
            if (_pins[number] is not null && !quiet)
                signal.SetInput(Level(number));
        }
    }

    private PinDrive FunctionOutput(int number)
    {
        foreach (PinSignal signal in _selected[number] ?? [])
        {
            if (signal.Output is not PinDrive.Floating and var drive)
                return drive;
        }

        return PinDrive.Floating;
    }

    private void Set(uint bits) => _sets = bits;

    // setting wins over resetting (8.4.7)
    private void ApplySetReset()
    {
        uint output = ((uint)_output.Value & ~_resets) | _sets;
        (_sets, _resets) = (0, 0);
        if (output == _output.Value)
            return;
        _output.Value = output;
        Update();
    }

    // 8.4.8: key and bits are written as 1, 0, 1 with the same bits; then the lock holds until the next reset
    private void OnLock()
    {
        if (_lockStep == 3)
            return;
        bool expected = _lockStep != 1;
        if (_lockKey == expected && (_lockStep == 0 || _lockWritten == _lockBits))
            _lockStep++;
        else
            _lockStep = 0;
        _lockBits = _lockWritten;
    }

    private void KeepLocked()
    {
        for (int i = 0; i < PinCount; i++)
        {
            if ((_lockBits >> i & 1) == 0)
                continue;
            Keep(_mode, _modeBefore, 3UL << (2 * i));
            Keep(_type, _typeBefore, 1UL << i);
            Keep(_speed, _speedBefore, 3UL << (2 * i));
            Keep(_pull, _pullBefore, 3UL << (2 * i));
            Keep(i < 8 ? _functionsLow : _functionsHigh, i < 8 ? _lowBefore : _highBefore, 0xfUL << (4 * (i & 7)));
        }
    }

    private static void Keep(Register register, ulong before, ulong mask) => register.Value = (register.Value & ~mask) | (before & mask);
}
