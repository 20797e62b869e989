/* A door bell: the red LED blinks with two hertz, a button at GPIO 18 rings, and the console answers. */
#include <stdbool.h>
#include "fe310.h"

#define RED 22
#define BUTTON 18
#define TICK (RTC_HZ / 64)

volatile uint32_t ticks;
volatile uint32_t rings;

static void put(const char *text)
{
    while (*text) {
        while (UART0_TXDATA & 1u << 31)
            ;
        UART0_TXDATA = (uint8_t)*text++;
    }
}

static void put_number(uint32_t value)
{
    char digits[11];
    char *p = digits + sizeof digits - 1;
    *p = 0;
    do
        *--p = (char)('0' + value % 10);
    while ((value /= 10) > 0);
    put(p);
}

__attribute__((interrupt)) void trap(void)
{
    CLINT_MTIMECMP_LOW += TICK;
    ticks++;
    if (ticks % 16 == 0)
        GPIO_OUTPUT_VAL ^= 1u << RED;
}

static void init(void)
{
    PRCI_HFXOSCCFG |= 1u << 30;
    while (!(PRCI_HFXOSCCFG & 1u << 31))
        ;
    PRCI_PLLCFG = PLLCFG_SEL | PLLCFG_REFSEL | PLLCFG_BYPASS;
    PRCI_HFROSCCFG &= ~(1u << 30);
    GPIO_IOF_EN = 3u << 16;
    GPIO_OUTPUT_EN = 1u << RED;
    GPIO_INPUT_EN = 1u << BUTTON;
    GPIO_PUE = 1u << BUTTON;
    UART0_DIV = CRYSTAL_HZ / 115200 - 1;
    UART0_TXCTRL = 1;
    UART0_RXCTRL = 1;
    CLINT_MTIMECMP_HIGH = 0;
    CLINT_MTIMECMP_LOW = CLINT_MTIME_LOW + TICK;
    __asm volatile("csrw mie, %0; csrs mstatus, %1" : : "r"(MIE_MTIE), "r"(MSTATUS_MIE));
}

int main(void)
{
    init();
    put("bell ready\r\n");
    bool before = false;
    for (;;) {
        __asm volatile("wfi");
        bool pressed = !(GPIO_INPUT_VAL & 1u << BUTTON);
        if (pressed && !before) {
            rings++;
            put("ding dong ");
            put_number(rings);
            put("\r\n");
        }
        before = pressed;
        uint32_t received = UART0_RXDATA;
        if (!(received & 1u << 31) && (char)received == '?') {
            put("rings ");
            put_number(rings);
            put("\r\n");
        }
    }
}
