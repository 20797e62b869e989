using Emulation.Core;
using Emulation.Devices;

namespace Emulation.Boards.Arm;

// What only Secure accesses reach.
public sealed partial class ArmVirtBoard
{
    private readonly ContainerRegion _secureDevices = new("secure-devices", ArmVirtMap.SecureSpace);

    // The system's memory and devices, and in front of them those of secure software.
    private void AddSecureSpace(MachineContext context)
    {
        SecureMemory = context.AddAddressSpace("secure", ArmVirtMap.SecureSpace);
        SecureMemory.Root.Add(0, new AliasRegion("system", context.Memory.Root, 0, ArmVirtMap.SecureSpace));
        SecureMemory.Root.Add(0, _secureDevices, priority: 1);
    }

    private void AddSecureDevices(MachineContext context, Pl011Options options)
    {
        SecureUart = context.AddDevice(new Pl011("uart1", _serial.Take(1, "serial1", context), context.Clock, context.Log, options));
        SecureUart.Irq.Connect(Spi(ArmVirtMap.SecureUartSpi));
        _secureDevices.Add(ArmVirtMap.SecureUart, SecureUart.Region);
        _secureDevices.Add(ArmVirtMap.SecureRam, new RamRegion(context.CreateRam("secure-ram", ArmVirtMap.SecureRamSize)));

        SecureGpio = context.AddDevice(new Pl061("secure-gpio", context.Log));
        SecureGpio.Irq.Connect(Spi(ArmVirtMap.SecureGpioSpi));
        _secureDevices.Add(ArmVirtMap.SecureGpio, SecureGpio.Region);
        Machine machine = context.Machine;
        SecureGpio.Output(ArmVirtMap.SecurePowerOff).Connect(level =>
        {
            if (level)
                machine.RequestPowerOff();
        });
        SecureGpio.Output(ArmVirtMap.SecureReset).Connect(level =>
        {
            if (level)
                machine.RequestReset();
        });
    }
}
