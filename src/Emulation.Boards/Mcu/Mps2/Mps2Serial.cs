using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Boards.Mcu;

/// <summary>The SPI and I²C controllers that the FPGA images of the MPS2 boards have in common, and their buses. Arm DAI 0385, DAI 0505, "SPI", "I2C", "FPGA system control and I/O". The board maps the controllers.</summary>
internal sealed class Mps2Serial
{
    // bits of MISC
    private static readonly int[] s_selects = [1, 0, 7, 8, 9];

    // SPI header, display, analog converter of the shield adapter, shields; touch screen, audio, shields
    public Mps2Serial(MachineContext context, ClockSignal system, Mps2FpgaIo io)
    {
        for (int i = 0; i < s_selects.Length; i++)
        {
            SpiBus bus = context.AddDevice(new SpiBus($"spi{i}", context));
            io.ConnectSelect(s_selects[i], bus);
            SpiBuses.Add(bus);
            Spi.Add(new Pl022($"SPI{i}", bus, system, context.Clock, context.Log));
        }

        for (int i = 0; i < 4; i++)
        {
            I2cBus bus = context.AddDevice(new I2cBus($"i2c{i}", context));
            I2cBuses.Add(bus);
            I2c.Add(new SbCon($"I2C{i}", bus, context.Log));
        }
    }

    public List<SpiBus> SpiBuses { get; } = [];

    public List<Pl022> Spi { get; } = [];

    public List<I2cBus> I2cBuses { get; } = [];

    public List<SbCon> I2c { get; } = [];
}
