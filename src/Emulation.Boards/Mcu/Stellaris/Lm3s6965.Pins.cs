using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Boards.Mcu;

/// <content>Analog, motion and I²C peripherals, and the alternate functions. LM3S6965 data sheet, "Signals by Function".</content>
public sealed partial class Lm3s6965
{
    /// <summary>The converter.</summary>
    public StellarisAdc Adc { get; private set; } = null!;

    /// <summary>The analog comparators.</summary>
    public StellarisComparators Comparators { get; private set; } = null!;

    /// <summary>The PWM module.</summary>
    public StellarisPwm Pwm { get; private set; } = null!;

    /// <summary>The quadrature encoder interfaces.</summary>
    public IReadOnlyList<StellarisQei> Qei { get; private set; } = [];

    /// <summary>The I²C modules.</summary>
    public IReadOnlyList<StellarisI2c> I2c { get; private set; } = [];

    /// <summary>Their buses.</summary>
    public IReadOnlyList<I2cBus> I2cBuses { get; private set; } = [];

    private void AddAnalog()
    {
        Adc = _context.AddDevice(Lm3s6965Map.Adc, new StellarisAdc("ADC", _context.Clock, _context.Log, Clocks.Gate("ADC"), Clocks.Converter, () => System.ConverterSpeed));
        System.OnReset("ADC", Adc.Reset);
        for (int i = 0; i < 4; i++)
        {
            Connect(Lm3s6965Map.AdcIrq + i, Adc.Irq(i));
            Adc.ConnectInput(i, Pins.Add($"ADC{i}"));
            OnRise(Timers[i].Trigger, 5);
        }

        Comparators = _context.AddDevice(Lm3s6965Map.Comparators, new StellarisComparators("COMP", _context.Log));
        Comparators.Region.Gate = new StellarisClockGuard("COMP", _context.Log, Clocks.Gate("COMP0"), Clocks.Gate("COMP1"));
        System.OnReset("COMP0", Comparators.Reset);
        Comparators.ConnectInputs(0, Pins["PB4"], Pins["PB6"]);
        Comparators.ConnectInputs(1, Pins["PB5"], Pins["PC5"]);
        for (int i = 0; i < 2; i++)
        {
            Connect(Lm3s6965Map.ComparatorIrq + i, Comparators.Irq(i));
            OnRise(Comparators.Trigger(i), 1 + i);
        }

        OnRise(Ports[1].Trigger, 4);
        var buses = new I2cBus[2];
        var modules = new StellarisI2c[2];
        for (int i = 0; i < 2; i++)
        {
            string name = $"I2C{i}";
            buses[i] = _context.AddDevice(new I2cBus($"i2c{i}", _context));
            modules[i] = _context.AddDevice(Lm3s6965Map.I2c + ((ulong)i * 0x1000), new StellarisI2c(name, buses[i], _context.Clock, _context.Log, Clocks.Gate(name)));
            System.OnReset(name, modules[i].Reset);
            Connect(Lm3s6965Map.I2cIrqs[i], modules[i].Irq);
        }

        (I2cBuses, I2c) = (buses, modules);
    }

    private void AddMotion()
    {
        Pwm = _context.AddDevice(Lm3s6965Map.Pwm, new StellarisPwm("PWM", _context.Clock, _context.Log, Clocks.Gate("PWM")));
        System.OnReset("PWM", Pwm.Reset);
        Connect(Lm3s6965Map.PwmFaultIrq, Pwm.FaultIrq);
        for (int i = 0; i < StellarisPwm.GeneratorCount; i++)
        {
            Connect(Lm3s6965Map.PwmIrq + i, Pwm.Irq(i));
            OnRise(Pwm.Trigger(i), 6 + i);
        }

        var encoders = new StellarisQei[2];
        for (int i = 0; i < 2; i++)
        {
            string name = $"QEI{i}";
            encoders[i] = _context.AddDevice(Lm3s6965Map.Qei + ((ulong)i * 0x1000), new StellarisQei(name, _context.Clock, _context.Log, Clocks.Gate(name)));
            System.OnReset(name, encoders[i].Reset);
            Connect(Lm3s6965Map.QeiIrqs[i], encoders[i].Irq);
        }

        Qei = encoders;
    }

    private void OnRise(IrqLine line, int trigger) => line.Connect(level =>
    {
        if (level)
            Adc.Trigger(trigger);
    });

    // serial ports and I²C go over lines and buses of their own, whatever their pins are set to
    private void ConnectPins()
    {
        foreach ((string pin, PinSignal signal) in (ReadOnlySpan<(string, PinSignal)>)
            [
                ("PA3", Ssi0.Frame),
                ("PD4", Timers[0].CaptureA), ("PD5", Timers[1].CaptureA),
                ("PF0", Pwm.Output(0)), ("PD1", Pwm.Output(1)), ("PB0", Pwm.Output(2)), ("PB1", Pwm.Output(3)), ("PE0", Pwm.Output(4)), ("PE1", Pwm.Output(5)), ("PD6", Pwm.Fault),
                ("PC4", Qei[0].PhaseA), ("PD0", Qei[0].IndexPulse), ("PE3", Qei[1].PhaseA), ("PE2", Qei[1].PhaseB), ("PF1", Qei[1].IndexPulse),
            ])
            Ports[pin[1] - 'A'].ConnectFunction(pin[2] - '0', signal);
    }
}
