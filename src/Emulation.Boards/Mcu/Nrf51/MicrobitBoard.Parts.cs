using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Boards.Mcu;

/// <content>Buses, analog inputs, encryption and radio.</content>
public sealed partial class MicrobitBoard
{
    /// <summary>The serial blocks: SPI0 and TWI0, SPI1, SPIS1 and TWI1.</summary>
    public IReadOnlyList<NrfSerial> Serial { get; private set; } = [];

    /// <summary>The I²C buses of TWI0, which has the sensors, and TWI1.</summary>
    public IReadOnlyList<I2cBus> I2cBuses { get; private set; } = [];

    /// <summary>The SPI buses of SPI0 and SPI1. Chip selects are numbered as the pins that drive them.</summary>
    public IReadOnlyList<SpiBus> SpiBuses { get; private set; } = [];

    /// <summary>The analog-to-digital converter.</summary>
    public NrfAdc Adc { get; private set; } = null!;

    /// <summary>The comparator.</summary>
    public NrfLpcomp Lpcomp { get; private set; } = null!;

    /// <summary>The quadrature decoder.</summary>
    public NrfQdec Qdec { get; private set; } = null!;

    /// <summary>Block encryption.</summary>
    public NrfEcb Ecb { get; private set; } = null!;

    /// <summary>Packet encryption and address resolution.</summary>
    public NrfCcmAar CcmAar { get; private set; } = null!;

    /// <summary>The radio.</summary>
    public NrfRadio Radio { get; private set; } = null!;

    /// <summary>The accelerometer.</summary>
    public Mma8653 Accelerometer => I2cBuses[0].Get<Mma8653>(AccelerometerAddress);

    /// <summary>The magnetometer.</summary>
    public Mag3110 Magnetometer => I2cBuses[0].Get<Mag3110>(MagnetometerAddress);

    private const int AccelerometerAddress = 0x1d;
    private const int MagnetometerAddress = 0x0e;

    private void AddMoreDevices(MachineContext context)
    {
        (VirtualClock clock, GuestLog log) = (context.Clock, context.Log);
        I2cBuses = [context.AddDevice(new I2cBus("twi0 bus", context)), context.AddDevice(new I2cBus("twi1 bus", context))];
        SpiBuses = [context.AddDevice(new SpiBus("spi0 bus", context)), context.AddDevice(new SpiBus("spi1 bus", context))];
        I2cBuses[0].Attach(AccelerometerAddress, new Mma8653());
        I2cBuses[0].Attach(MagnetometerAddress, new Mag3110());
        Serial =
        [
            Add(context, NrfMap.Serial0, new NrfSerial("serial0", SpiBuses[0], I2cBuses[0], context.Memory, clock, log)),
            Add(context, NrfMap.Serial1, new NrfSerial("serial1", SpiBuses[1], I2cBuses[1], context.Memory, clock, log)),
        ];
        for (int i = 0; i < NrfGpio.PinCount; i++)
        {
            int pin = i;
            Gpio.Pins[i].Changed += level =>
            {
                foreach (SpiBus bus in SpiBuses)
                    bus.SetSelectLevel(pin, level);
            };
        }

        // AIN0 to AIN7
        Pin[] analog = [Gpio.Pins[26], Gpio.Pins[27], Gpio.Pins[1], Gpio.Pins[2], Gpio.Pins[3], Gpio.Pins[4], Gpio.Pins[5], Gpio.Pins[6]];
        Adc = Add(context, NrfMap.Adc, new NrfAdc("adc", analog, clock, log));
        Lpcomp = Add(context, NrfMap.Lpcomp, new NrfLpcomp("lpcomp", analog, clock, log));
        Qdec = Add(context, NrfMap.Qdec, new NrfQdec("qdec", Gpio, clock, log));
        Ecb = Add(context, NrfMap.Ecb, new NrfEcb("ecb", context.Memory, clock, log));
        CcmAar = Add(context, NrfMap.CcmAar, new NrfCcmAar("ccm", context.Memory, clock, log));
        Radio = Add(context, NrfMap.Radio, new NrfRadio("radio", context.Memory, clock, log));
    }
}
