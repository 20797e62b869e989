/* A TMP102 at address 0x48 of I2C1. RM0090 27.3.3 has the order of events for a master that receives two bytes. */
#include "app.h"
#include "stm32f4.h"

#define ADDRESS 0x48
#define TIMEOUT 10

void sensor_init(void)
{
    GPIOB->afr[0] |= 0x44000000;                  /* PB6, PB7: function 4, open drain */
    GPIOB->otyper |= 1u << 6 | 1u << 7;
    GPIOB->pupdr |= 1u << 12 | 1u << 14;
    GPIOB->moder |= 2u << 12 | 2u << 14;
    I2C1_CR2 = CPU_HZ / 1000000;
    I2C1_CCR = CPU_HZ / 2 / 100000;
    I2C1_TRISE = CPU_HZ / 1000000 + 1;
    I2C1_CR1 = I2C_CR1_PE;
}

static bool wait_for(uint32_t flag)
{
    uint32_t started = milliseconds;
    while (!(I2C1_SR1 & flag)) {
        if (I2C1_SR1 & I2C_SR1_AF || milliseconds - started > TIMEOUT) {
            I2C1_SR1 = ~I2C_SR1_AF & 0xffff;
            I2C1_CR1 |= I2C_CR1_STOP;
            return false;
        }
    }
    return true;
}

static bool start(uint8_t address)
{
    I2C1_CR1 |= I2C_CR1_START;
    if (!wait_for(I2C_SR1_SB))
        return false;
    I2C1_DR = address;
    return wait_for(I2C_SR1_ADDR);
}

bool sensor_read(int32_t *sixteenths)
{
    I2C1_CR1 &= ~(I2C_CR1_POS | I2C_CR1_ACK);
    if (!start(ADDRESS << 1))
        return false;
    (void)I2C1_SR2;
    I2C1_DR = 0;                                  /* the temperature register */
    if (!wait_for(I2C_SR1_BTF))
        return false;
    I2C1_CR1 |= I2C_CR1_ACK | I2C_CR1_POS;
    if (!start(ADDRESS << 1 | 1))
        return false;
    (void)I2C1_SR2;
    I2C1_CR1 &= ~I2C_CR1_ACK;
    if (!wait_for(I2C_SR1_BTF))
        return false;
    I2C1_CR1 |= I2C_CR1_STOP;
    uint32_t high = I2C1_DR, low = I2C1_DR;
    *sixteenths = (int16_t)(high << 8 | low) / 16;
    return true;
}
