/* A Cortex-M4F program for the small board of the tests: UART at 0x40000000, GPIO at 0x40001000, SysTick of 1 ms at 16 MHz. */
#include <stdint.h>

#define REG(address) (*(volatile uint32_t *)(address))
#define UART_DATA REG(0x40000000)
#define UART_STATUS REG(0x40000004)
#define GPIO_OUT REG(0x40001000)
#define GPIO_IN REG(0x40001004)
#define SYST_CSR REG(0xe000e010)
#define SYST_RVR REG(0xe000e014)
#define SYST_CVR REG(0xe000e018)
#define SHCSR REG(0xe000ed24)
#define CCR REG(0xe000ed14)
#define CPACR REG(0xe000ed88)

extern uint32_t stack_top, data_start, data_end, data_load, bss_start, bss_end;
void Reset_Handler(void);
void SysTick_Handler(void);
void Fault_Handler(void);

volatile uint32_t ticks;
volatile uint32_t presses;
volatile float level = 1.5f;
uint32_t initialised = 0x600d;

static void put(const char *text)
{
    while (*text)
        UART_DATA = (uint8_t)*text++;
}

__attribute__((noinline)) void on_tick(void)
{
    ticks++;
    if (ticks % 5 == 0)
        GPIO_OUT ^= 1;
    level = level * 1.25f;
}

void SysTick_Handler(void)
{
    static uint32_t before;
    uint32_t now = GPIO_IN & 2;
    if (now && !before) {
        presses++;
        put("pressed\r\n");
    }
    before = now;
    on_tick();
}

void Fault_Handler(void)
{
    put("fault\r\n");
    for (;;)
        ;
}

__attribute__((noinline)) uint32_t divide(uint32_t a, uint32_t b)
{
    return a / b;
}

__attribute__((noinline)) void execute(uint32_t command)
{
    if (command == 'd')
        put(divide(10, command - 'd') ? "one\r\n" : "none\r\n");
    else if (command == 'l')
        put("level\r\n");
}

__attribute__((section(".vectors"), used)) static const void *const vectors[16] = {
    &stack_top, Reset_Handler, Fault_Handler, Fault_Handler, Fault_Handler, Fault_Handler, Fault_Handler,
    0, 0, 0, 0, Fault_Handler, Fault_Handler, 0, Fault_Handler, SysTick_Handler,
};

int main(void)
{
    put("hello\r\n");
    for (;;) {
        __asm__ volatile("wfi");
        if (UART_STATUS & 1)
            execute(UART_DATA);
    }
}

void Reset_Handler(void)
{
    uint32_t *from = &data_load;
    for (uint32_t *to = &data_start; to < &data_end;)
        *to++ = *from++;
    for (uint32_t *to = &bss_start; to < &bss_end;)
        *to++ = 0;
    CPACR |= 0xf00000;
    SHCSR |= 0x70000;
    CCR |= 0x10;
    SYST_RVR = 16000 - 1;
    SYST_CVR = 0;
    SYST_CSR = 7;
    main();
}
