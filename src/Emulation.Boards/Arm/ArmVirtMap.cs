namespace Emulation.Boards.Arm;

/// <summary>Physical addresses and interrupt numbers of the <c>virt</c> machine. QEMU documentation, "virt generic virtual platform".</summary>
internal static class ArmVirtMap
{
    public const ulong Flash = 0;
    public const ulong FlashSize = 0x400_0000;
    public const ulong GicDistributor = 0x800_0000;
    public const ulong GicWindow = 0x1_0000;
    public const ulong GicCpuInterface = 0x801_0000;
    public const ulong GicV2m = 0x802_0000;
    public const ulong GicVirtualControl = 0x803_0000;
    public const ulong GicVirtualCpuInterface = 0x804_0000;
    public const ulong GicIts = 0x808_0000;
    public const ulong GicRedistributors = 0x80a_0000;
    public const ulong GicRedistributorSpace = 0xf6_0000;
    public const ulong Uart = 0x900_0000;
    public const ulong Rtc = 0x901_0000;
    public const ulong FwCfg = 0x902_0000;
    public const ulong Gpio = 0x903_0000;
    public const ulong SecureUart = 0x904_0000;
    public const ulong SecureGpio = 0x90b_0000;
    public const ulong Virtio = 0xa00_0000;
    public const ulong VirtioSize = 0x200;
    public const ulong SecureRam = 0xe00_0000;
    public const ulong SecureRamSize = 0x100_0000;
    public const ulong PcieMemory = 0x1000_0000;
    public const ulong PcieMemorySize = 0x2eff_0000;
    public const ulong PciePorts = 0x3eff_0000;
    public const ulong PciePortsSize = 0x1_0000;
    public const ulong PcieConfig = 0x40_1000_0000;
    public const ulong PcieConfigSize = 0x1000_0000;
    public const ulong PcieConfigLow = 0x3f00_0000;
    public const ulong PcieConfigLowSize = 0x100_0000;
    public const ulong PcieMemoryHigh = 0x80_0000_0000;
    public const ulong PcieMemoryHighSize = 0x80_0000_0000;
    /// <summary>Where the CPUs' address spaces have Secure memory: above all physical addresses.</summary>
    public const ulong SecureSpace = 1UL << 56;

    public const ulong Ram = 0x4000_0000;

    /// <summary>Where a Linux image counts from: the first 2 MiB are left to what starts it.</summary>
    public const ulong KernelBase = 0x20_0000;

    public const int Spis = 256;
    public const int UartSpi = 1;
    public const int RtcSpi = 2;
    public const int FirstPcieSpi = 3;
    public const int GpioSpi = 7;
    public const int SecureUartSpi = 8;
    public const int SecureGpioSpi = 0;
    public const int FirstVirtioSpi = 16;
    public const int VirtioSlots = 32;

    /// <summary>First and number of the message-signalled interrupts of version 2, counted from SPI 0.</summary>
    public const int FirstMessageSpi = 48;
    public const int Messages = 64;

    public const int PmuPpi = 7;
    public const int MaintenancePpi = 9;
    public const int HypervisorTimerPpi = 10;
    public const int VirtualTimerPpi = 11;
    public const int HypervisorVirtualTimerPpi = 12;
    public const int SecureTimerPpi = 13;
    public const int PhysicalTimerPpi = 14;

    public const int PowerKey = 3;
    public const int SecurePowerOff = 0;
    public const int SecureReset = 1;

    public const uint PeripheralClock = 24_000_000;
}
