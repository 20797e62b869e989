using Emulation.Core;

namespace Emulation.Devices;

/// <summary>Debug support of the STM32F4: identification, and what stands still while a debugger halts the CPU. RM0090 38.6, 38.16. Ports: 1 KiB MMIO.</summary>
/// <remarks>While the emulated CPU is halted, virtual time stands still for all devices: the freeze bits are kept as written and change nothing.</remarks>
public sealed class Stm32Dbgmcu : MmioDevice
{
    private readonly Stm32RetainedRegisters _retained;

    /// <summary>Creates the device.</summary>
    /// <param name="name">Unique in the machine.</param>
    /// <param name="system">A system reset leaves the registers.</param>
    /// <param name="log">Where guest errors go.</param>
    /// <param name="idCode">DBGMCU_IDCODE; the default is an STM32F405/407 of revision 2.</param>
    public Stm32Dbgmcu(string name, Stm32System system, GuestLog log, uint idCode = 0x1007_6413)
        : base(name, log, 0x400, AccessSizes.Byte | AccessSizes.Half | AccessSizes.Word)
    {
        Registers.Define(0x00, "DBGMCU_IDCODE", reset: idCode).Bits(11, 0, "DEV_ID", FieldMode.ReadOnly).Bits(15, 12, "reserved", FieldMode.ReadOnly).Bits(31, 16, "REV_ID", FieldMode.ReadOnly);
        Register control = Registers.Define(0x04, "DBGMCU_CR").Bits(2, 0, "DBG_SLEEP, DBG_STOP, DBG_STANDBY").Reserved(4, 3).Bits(7, 5, "TRACE_IOEN, TRACE_MODE").Reserved(31, 8);
        Register apb1 = Registers.Define(0x08, "DBGMCU_APB1_FZ").Bits(8, 0, "DBG_TIM2_STOP to DBG_TIM14_STOP").Reserved(9, 9).Bits(12, 10, "DBG_RTC_STOP, DBG_WWDG_STOP, DBG_IWDG_STOP")
            .Reserved(20, 13).Bits(23, 21, "DBG_I2C1_SMBUS_TIMEOUT to DBG_I2C3_SMBUS_TIMEOUT").Reserved(24, 24).Bits(26, 25, "DBG_CAN1_STOP, DBG_CAN2_STOP").Reserved(31, 27);
        Register apb2 = Registers.Define(0x0c, "DBGMCU_APB2_FZ").Bits(1, 0, "DBG_TIM1_STOP, DBG_TIM8_STOP").Reserved(15, 2).Bits(18, 16, "DBG_TIM9_STOP to DBG_TIM11_STOP").Reserved(31, 19);
        _retained = new Stm32RetainedRegisters(system, (control, uint.MaxValue), (apb1, uint.MaxValue), (apb2, uint.MaxValue));
    }

    /// <inheritdoc/>
    protected override void ResetState() => _retained.Restore();

    /// <inheritdoc/>
    protected override void SaveState(StateWriter writer) => _retained.Save(writer);

    /// <inheritdoc/>
    protected override void LoadState(StateReader reader) => _retained.Load(reader);
}
