/* The registers of the STM32F407 that this firmware uses. RM0090; core registers: Armv7-M Architecture Reference Manual, B3. */
#pragma once
#include <stdint.h>

#define REG(address) (*(volatile uint32_t *)(address))

#define RCC_AHB1ENR REG(0x40023830)
#define RCC_APB1ENR REG(0x40023840)
#define RCC_APB2ENR REG(0x40023844)
#define RCC_AHB1ENR_GPIOA (1u << 0)
#define RCC_AHB1ENR_GPIOB (1u << 1)
#define RCC_AHB1ENR_GPIOD (1u << 3)
#define RCC_APB1ENR_USART2 (1u << 17)
#define RCC_APB1ENR_I2C1 (1u << 21)
#define RCC_APB2ENR_SYSCFG (1u << 14)

struct gpio {
    volatile uint32_t moder, otyper, ospeedr, pupdr, idr, odr, bsrr, lckr, afr[2];
};
#define GPIOA ((struct gpio *)0x40020000)
#define GPIOB ((struct gpio *)0x40020400)
#define GPIOD ((struct gpio *)0x40020c00)

#define EXTI_IMR REG(0x40013c00)
#define EXTI_RTSR REG(0x40013c08)
#define EXTI_PR REG(0x40013c14)

#define USART2_SR REG(0x40004400)
#define USART2_DR REG(0x40004404)
#define USART2_BRR REG(0x40004408)
#define USART2_CR1 REG(0x4000440c)
#define USART_SR_RXNE (1u << 5)
#define USART_SR_TXE (1u << 7)
#define USART_CR1_RE (1u << 2)
#define USART_CR1_TE (1u << 3)
#define USART_CR1_RXNEIE (1u << 5)
#define USART_CR1_UE (1u << 13)

#define I2C1_CR1 REG(0x40005400)
#define I2C1_CR2 REG(0x40005404)
#define I2C1_DR REG(0x40005410)
#define I2C1_SR1 REG(0x40005414)
#define I2C1_SR2 REG(0x40005418)
#define I2C1_CCR REG(0x4000541c)
#define I2C1_TRISE REG(0x40005420)
#define I2C_CR1_PE (1u << 0)
#define I2C_CR1_START (1u << 8)
#define I2C_CR1_STOP (1u << 9)
#define I2C_CR1_ACK (1u << 10)
#define I2C_CR1_POS (1u << 11)
#define I2C_SR1_SB (1u << 0)
#define I2C_SR1_ADDR (1u << 1)
#define I2C_SR1_BTF (1u << 2)
#define I2C_SR1_AF (1u << 10)

#define FLASH_KEYR REG(0x40023c04)
#define FLASH_SR REG(0x40023c0c)
#define FLASH_CR REG(0x40023c10)
#define FLASH_SR_BSY (1u << 16)
#define FLASH_CR_PG (1u << 0)
#define FLASH_CR_SER (1u << 1)
#define FLASH_CR_SNB(sector) ((uint32_t)(sector) << 3)
#define FLASH_CR_PSIZE_WORD (2u << 8)
#define FLASH_CR_STRT (1u << 16)
#define FLASH_CR_LOCK (1u << 31)

#define SYST_CSR REG(0xe000e010)
#define SYST_RVR REG(0xe000e014)
#define SYST_CVR REG(0xe000e018)
#define NVIC_ISER ((volatile uint32_t *)0xe000e100)
#define IRQ_EXTI0 6
#define IRQ_USART2 38

#define CPU_HZ 16000000u
