/* The registers of the FE310-G000 that this firmware uses. SiFive FE310-G000 Manual. */
#pragma once
#include <stdint.h>

#define REG(address) (*(volatile uint32_t *)(address))

#define CLINT_MTIMECMP_LOW REG(0x02004000)
#define CLINT_MTIMECMP_HIGH REG(0x02004004)
#define CLINT_MTIME_LOW REG(0x0200bff8)
#define PRCI_HFROSCCFG REG(0x10008000)
#define PRCI_HFXOSCCFG REG(0x10008004)
#define PRCI_PLLCFG REG(0x10008008)
#define PLLCFG_SEL (1u << 16)
#define PLLCFG_REFSEL (1u << 17)
#define PLLCFG_BYPASS (1u << 18)
#define GPIO_INPUT_VAL REG(0x10012000)
#define GPIO_INPUT_EN REG(0x10012004)
#define GPIO_OUTPUT_EN REG(0x10012008)
#define GPIO_OUTPUT_VAL REG(0x1001200c)
#define GPIO_PUE REG(0x10012010)
#define GPIO_IOF_EN REG(0x10012038)
#define UART0_TXDATA REG(0x10013000)
#define UART0_RXDATA REG(0x10013004)
#define UART0_TXCTRL REG(0x10013008)
#define UART0_RXCTRL REG(0x1001300c)
#define UART0_DIV REG(0x10013018)

#define CRYSTAL_HZ 16000000u
#define RTC_HZ 32768u
#define MIE_MTIE (1u << 7)
#define MSTATUS_MIE (1u << 3)
