/* 16550 console with an interrupt for received characters, so that waiting costs nothing. */
#include "hello.h"

#define UART ((volatile uint8_t *)0x10000000)
#define PLIC 0x0c000000UL
#define UART_IRQ 10

enum { DATA = 0, INTERRUPT_ENABLE = 1, LINE_CONTROL = 3, MODEM_CONTROL = 4, LINE_STATUS = 5 };

static volatile uint32_t *plic(uintptr_t offset) { return (volatile uint32_t *)(PLIC + offset); }

void uart_init(void)
{
    UART[LINE_CONTROL] = 3;                     /* 8 bits, no parity */
    UART[MODEM_CONTROL] = 8;                    /* OUT2: interrupts reach the controller */
    UART[INTERRUPT_ENABLE] = 1;                 /* received data */
    *plic(4 * UART_IRQ) = 1;                    /* priority */
    *plic(0x2000) = 1u << UART_IRQ;             /* enabled for M-mode of hart 0 */
    *plic(0x200000) = 0;                        /* threshold */
    __asm__ volatile("csrw mie, %0" ::"r"(1 << 11));
}

void put_char(char c)
{
    if (c == '\n')
        put_char('\r');
    while (!(UART[LINE_STATUS] & 0x20))
        ;
    UART[DATA] = (uint8_t)c;
}

void put_text(const char *text)
{
    while (*text)
        put_char(*text++);
}

void put_hex(uint64_t value, int digits)
{
    while (digits-- > 0) {
        uint32_t half = (uint32_t)(digits < 8 ? value : value >> 32);
        put_char("0123456789abcdef"[(half >> (4 * (digits & 7))) & 15]);
    }
}

/* Decimal without a 64-bit division (or, above, a 64-bit shift by a variable), which a 32-bit hart does not have: subtracts powers of ten. */
void put_number(uint64_t value)
{
    static const uint64_t powers[] = {
        10000000000000000000ULL, 1000000000000000000ULL, 100000000000000000ULL, 10000000000000000ULL, 1000000000000000ULL,
        100000000000000ULL, 10000000000000ULL, 1000000000000ULL, 100000000000ULL, 10000000000ULL, 1000000000ULL,
        100000000ULL, 10000000ULL, 1000000ULL, 100000ULL, 10000ULL, 1000ULL, 100ULL, 10ULL, 1ULL,
    };
    int started = 0;
    for (unsigned i = 0; i < sizeof powers / sizeof *powers; i++) {
        char digit = '0';
        while (value >= powers[i]) {
            value -= powers[i];
            digit++;
        }
        started |= digit != '0' || powers[i] == 1;
        if (started)
            put_char(digit);
    }
}

/* Interrupts stay off in mstatus: WFI ends when one is pending. It is claimed and completed, and polling goes on. */
static char get_char(void)
{
    while (!(UART[LINE_STATUS] & 1)) {
        __asm__ volatile("wfi" ::: "memory");
        *plic(0x200004) = *plic(0x200004);
    }
    return (char)UART[DATA];
}

int get_line(char *line, int size)
{
    int length = 0;
    for (;;) {
        char c = get_char();
        if (c == '\r' || c == '\n') {
            put_char('\n');
            line[length] = 0;
            return length;
        }
        if ((c == '\b' || c == 127) && length > 0) {
            length--;
            put_text("\b \b");
        } else if (c >= ' ' && c < 127 && length < size - 1) {
            line[length++] = c;
            put_char(c);
        }
    }
}
